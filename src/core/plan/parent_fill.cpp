#include "core/plan/parent_fill.hpp"

#include "core/plan/naming.hpp"
#include "core/plan/target_match.hpp"
#include "core/plan/tenant_tables.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

// As the file has it: it tells rows of the file apart.
bool is_key_of_file(const Table &table, const std::set<int> &columns) {
    const auto same = [&](const std::vector<int> &key) {
        return columns == std::set<int>(key.begin(), key.end());
    };
    const auto &rewrite = table.primary_key_rewrite;
    if (same(rewrite ? rewrite->columns : table.primary_key))
        return true;
    return std::ranges::any_of(table.indexes, [&](const Index &index) {
        if (!index.is_unique || index.predicate)
            return false;
        if (index.rewrite)
            return same(index.rewrite->columns);
        std::vector<int> key;
        for (const KeyColumn &column : index.columns)
            key.push_back(column.column);
        return same(key);
    });
}

// A table of the file beside its target; `columns` are the file's, by those of the target.
struct Pair {
    std::size_t source = 0;
    const TargetTable *target = nullptr;
    std::vector<int> columns{};
};

class ParentFill {
  public:
    ParentFill(Schema &schema, const TargetTables &targets, const ImportOptions &options)
        : schema_(schema), targets_(targets), options_(options) {
        pair_tables();
    }

    // Whatever was added may be what a child of that table waits for.
    void run() {
        for (bool is_more = true; is_more;) {
            is_more = false;
            for (Pair &pair : pairs_)
                is_more = fill(pair) || is_more;
        }
    }

  private:
    void pair_tables() {
        std::vector<std::size_t> places;
        std::vector<const Table *> sources;
        std::vector<Named> names;
        Namer namer(options_.identifiers, NameSpace::relation);
        for (std::size_t i = 0; i < schema_.tables.size(); ++i) {
            if (schema_.tables[i].kind != TableKind::ordinary)
                continue;
            places.push_back(i);
            sources.push_back(&schema_.tables[i]);
            names.push_back(namer.take(schema_.tables[i].name));
        }
        TargetProblems unused;
        const auto found = match_tables(targets_, sources, names, unused);
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (found[i] == nullptr)
                continue;
            pair_of_[found[i]] = pairs_.size();
            pairs_.push_back({places[i], found[i], pair_columns(*sources[i], *found[i])});
        }
    }

    std::vector<int> pair_columns(const Table &source, const TargetTable &target) const {
        std::vector<int> readable;
        std::vector<std::string> wanted;
        std::vector<std::string> folded;
        std::vector<std::string> there;
        Namer namer(options_.identifiers, NameSpace::column);
        for (std::size_t i = 0; i < source.columns.size(); ++i) {
            if (!source.columns[i].unreadable.empty())
                continue;
            readable.push_back(static_cast<int>(i));
            wanted.push_back(source.columns[i].name);
            folded.push_back(namer.take(source.columns[i].name).name);
        }
        for (const TargetColumn &column : target.columns)
            there.push_back(column.name);
        std::vector<int> columns(there.size(), -1);
        const std::vector<int> found = match_names(wanted, folded, there);
        for (std::size_t i = 0; i < found.size(); ++i)
            if (found[i] >= 0)
                columns[static_cast<std::size_t>(found[i])] = readable[i];
        return columns;
    }

    bool fill(Pair &pair) {
        bool is_filled = false;
        for (std::size_t column = 0; column < pair.columns.size(); ++column) {
            if (pair.columns[column] >= 0 || pair.target->columns[column].is_generated)
                continue;
            std::vector<Lookup> lookups = find_lookups(pair, static_cast<int>(column));
            if (lookups.empty())
                continue;
            Table &table = schema_.tables[pair.source];
            pair.columns[column] = static_cast<int>(table.columns.size());
            Column &added = table.columns.emplace_back();
            added.name = pair.target->columns[column].name;
            added.collation = "BINARY";
            added.adaptation = describe_lookups(lookups);
            added.lookups = std::move(lookups);
            is_filled = true;
        }
        return is_filled;
    }

    // Ways that no NULL can bar come first.
    std::vector<Lookup> find_lookups(const Pair &pair, int column) const {
        std::vector<Lookup> lookups;
        std::vector<Lookup> optional;
        for (const TargetForeignKey &key : pair.target->foreign_keys) {
            ForeignKey there; // what the file has of it
            std::optional<Lookup> lookup = find_lookup(pair, key, column, there);
            if (!lookup)
                continue;
            const bool is_sure = is_mandatory(schema_.tables[pair.source], there);
            (is_sure ? lookups : optional).push_back(std::move(*lookup));
        }
        std::ranges::move(optional, std::back_inserter(lookups));
        return lookups;
    }

    std::optional<Lookup> find_lookup(const Pair &pair, const TargetForeignKey &key, int column,
                                      ForeignKey &there) const {
        if (key.parent < 0 || key.columns.size() < 2)
            return std::nullopt;
        const auto found = pair_of_.find(&targets_.tables[static_cast<std::size_t>(key.parent)]);
        if (found == pair_of_.end())
            return std::nullopt;
        const Pair &parent = pairs_[found->second];
        std::set<int> parent_key;
        int value = -1;
        for (std::size_t i = 0; i < key.columns.size(); ++i) {
            const int own = pair.columns[static_cast<std::size_t>(key.columns[i])];
            const int other = parent_column(parent, key.parent_columns[i]);
            if (key.columns[i] == column)
                value = other;
            if (own < 0 || other < 0 || is_added(pair, own))
                continue;
            there.columns.push_back(own);
            there.parent_columns.push_back(column_of(parent, other).name);
            parent_key.insert(other);
        }
        const Table &table = schema_.tables[parent.source];
        if (value < 0 || there.columns.empty() || !is_key_of_file(table, parent_key))
            return std::nullopt;
        return make_lookup(pair, parent, there, value);
    }

    // A lookup of the row itself is none of the file's columns to look up by.
    bool is_added(const Pair &pair, int column) const {
        return !column_of(pair, column).lookups.empty();
    }

    int parent_column(const Pair &parent, const std::string &name) const {
        const int column = parent.target->find_column(name);
        return column < 0 ? -1 : parent.columns[static_cast<std::size_t>(column)];
    }

    Lookup make_lookup(const Pair &pair, const Pair &parent, const ForeignKey &there,
                       int value) const {
        Lookup lookup;
        lookup.parent_table = schema_.tables[parent.source].name;
        for (const int column : there.columns)
            lookup.columns.push_back(column_of(pair, column).name);
        lookup.parent_columns = there.parent_columns;
        const Column &found = column_of(parent, value);
        lookup.lookups = found.lookups;
        if (found.lookups.empty())
            lookup.value_column = found.name;
        return lookup;
    }

    const Column &column_of(const Pair &pair, int column) const {
        return schema_.tables[pair.source].columns[static_cast<std::size_t>(column)];
    }

    Schema &schema_;
    const TargetTables &targets_;
    const ImportOptions &options_;
    std::vector<Pair> pairs_;
    std::map<const TargetTable *, std::size_t> pair_of_;
};

} // namespace

std::string describe_lookups(const std::vector<Lookup> &lookups) {
    std::string text;
    for (const Lookup &lookup : lookups) {
        text += text.empty() ? "filled from the parent \"" : ", else from \"";
        text += lookup.parent_table + "\" (";
        for (std::size_t i = 0; i < lookup.columns.size(); ++i)
            text += (i > 0 ? ", " : "") + lookup.columns[i];
        text += ")";
    }
    return text;
}

void fill_from_parents(Schema &schema, const TargetTables &targets, const ImportOptions &options) {
    ParentFill(schema, targets, options).run();
}

} // namespace migrate::core::plan
