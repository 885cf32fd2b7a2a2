#include "core/plan/tenant_tables.hpp"

#include "core/error.hpp"
#include "core/import_options.hpp"
#include "core/plan/naming.hpp"
#include "core/plan/table_plan.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

// Ways to a tenant multiply with each table on them; beyond this the first of a table must do.
constexpr std::size_t kMaxLookups = 64;

[[noreturn]] void fail_no_column(const Schema &schema, const std::string &column) {
    std::vector<std::string_view> names;
    for (const Table &table : schema.tables) {
        for (const Column &each : table.columns)
            if (table.kind == TableKind::ordinary)
                names.push_back(each.name);
    }
    Error error(sqlstate::kUndefinedColumn,
                "no table of the file has the tenant column \"" + column + "\"");
    const std::string nearest = nearest_name(column, names);
    if (!nearest.empty())
        throw std::move(error).with_hint("Perhaps you meant the column \"" + nearest + "\".");
    throw std::move(error).with_hint(
        "Option \"tenant_key\" names the column that tells whose a row is.");
}

int find_table(const Schema &schema, std::string_view name) {
    const std::string folded = fold_ascii(name);
    for (std::size_t i = 0; i < schema.tables.size(); ++i) {
        if (schema.tables[i].kind == TableKind::ordinary &&
            fold_ascii(schema.tables[i].name) == folded)
            return static_cast<int>(i);
    }
    return -1;
}

bool is_key(const Table &table, const std::vector<int> &columns) {
    const std::set<int> wanted(columns.begin(), columns.end());
    if (wanted == std::set<int>(table.primary_key.begin(), table.primary_key.end()))
        return true;
    return std::ranges::any_of(table.indexes, [&](const Index &index) {
        std::set<int> indexed;
        for (const KeyColumn &column : index.columns)
            indexed.insert(column.column);
        return index.is_unique && !index.predicate && indexed == wanted;
    });
}

std::size_t count_lookups(const std::vector<Lookup> &lookups) {
    std::size_t count = lookups.size();
    for (const Lookup &lookup : lookups)
        count += count_lookups(lookup.lookups);
    return count;
}

// The table of a schema whose tenants are looked for.
class TenantFinder {
  public:
    TenantFinder(const Schema &schema, const std::string &column)
        : schema_(schema), found_(schema.tables.size()), parents_(schema.tables.size()) {
        for (std::size_t i = 0; i < found_.size(); ++i) {
            const Table &table = schema.tables[i];
            if (table.kind != TableKind::ordinary)
                continue;
            found_[i].column = find_column(table, column);
            if (found_[i].column >= 0)
                found_[i].role = TenantRole::owner;
            for (const ForeignKey &key : table.foreign_keys)
                parents_[i].push_back(find_parent_key(schema, key));
        }
    }

    std::vector<TenantTable> take() {
        mark_roots();
        mark_children();
        while (resolve_next()) {
        }
        return std::move(found_);
    }

    bool has_owner() const {
        return std::ranges::any_of(
            found_, [](const TenantTable &table) { return table.role == TenantRole::owner; });
    }

  private:
    // What the tenant column alone refers to, when it is no tenant table itself.
    void mark_roots() {
        for (std::size_t i = 0; i < found_.size(); ++i) {
            for (std::size_t key = 0; key < parents_[i].size(); ++key) {
                const std::vector<int> &columns = schema_.tables[i].foreign_keys[key].columns;
                if (found_[i].role != TenantRole::owner || columns.size() != 1 ||
                    columns[0] != found_[i].column || !parents_[i][key])
                    continue;
                TenantTable &parent = found_[parents_[i][key]->parent];
                if (parent.role != TenantRole::global)
                    continue;
                parent.role = TenantRole::root;
                parent.column = parents_[i][key]->columns[0];
            }
        }
    }

    void mark_children() {
        for (bool is_more = true; is_more;) {
            is_more = false;
            for (std::size_t i = 0; i < found_.size(); ++i) {
                if (found_[i].role != TenantRole::global || !leads_to_tenant(i))
                    continue;
                found_[i].role = TenantRole::child;
                found_[i].column = static_cast<int>(schema_.tables[i].columns.size());
                is_more = true;
            }
        }
    }

    bool leads_to_tenant(std::size_t table) const {
        return std::ranges::any_of(parents_[table], [&](const std::optional<FoundKey> &parent) {
            return parent && found_[parent->parent].is_tenant();
        });
    }

    bool is_resolved(std::size_t table) const {
        return found_[table].role == TenantRole::owner || !found_[table].lookups.empty();
    }

    // How many of a table's ways to a tenant are known and how many are not; itself is no way.
    std::pair<int, int> count_ways(std::size_t table) const {
        std::pair<int, int> ways;
        for (const std::optional<FoundKey> &parent : parents_[table]) {
            if (!parent || parent->parent == table || !found_[parent->parent].is_tenant())
                continue;
            ++(is_resolved(parent->parent) ? ways.first : ways.second);
        }
        return ways;
    }

    // A table all of whose parents are known; within a cycle, the first that knows one of them.
    bool resolve_next() {
        std::optional<std::size_t> second;
        for (std::size_t i = 0; i < found_.size(); ++i) {
            if (found_[i].role != TenantRole::child || is_resolved(i))
                continue;
            const auto [known, unknown] = count_ways(i);
            if (known > 0 && unknown == 0) {
                add_lookups(i);
                return true;
            }
            if (known > 0 && !second)
                second = i;
        }
        if (second)
            add_lookups(*second);
        return second.has_value();
    }

    // Ways that no NULL can bar come first.
    void add_lookups(std::size_t table) {
        const Table &source = schema_.tables[table];
        std::vector<Lookup> optional;
        std::vector<Lookup> lookups;
        for (std::size_t i = 0; i < parents_[table].size(); ++i) {
            const std::optional<FoundKey> &parent = parents_[table][i];
            if (!parent || parent->parent == table || !found_[parent->parent].is_tenant() ||
                !is_resolved(parent->parent))
                continue;
            const ForeignKey &key = source.foreign_keys[i];
            (is_mandatory(source, key) ? lookups : optional)
                .push_back(make_lookup(source, key, *parent));
        }
        std::ranges::move(optional, std::back_inserter(lookups));
        if (count_lookups(lookups) > kMaxLookups)
            lookups.resize(1);
        found_[table].lookups = std::move(lookups);
    }

    Lookup make_lookup(const Table &source, const ForeignKey &key, const FoundKey &parent) const {
        const Table &table = schema_.tables[parent.parent];
        const TenantTable &tenant = found_[parent.parent];
        Lookup lookup;
        lookup.parent_table = table.name;
        for (std::size_t i = 0; i < key.columns.size(); ++i) {
            lookup.columns.push_back(source.columns[static_cast<std::size_t>(key.columns[i])].name);
            lookup.parent_columns.push_back(
                table.columns[static_cast<std::size_t>(parent.columns[i])].name);
        }
        if (tenant.role == TenantRole::owner)
            lookup.value_column = table.columns[static_cast<std::size_t>(tenant.column)].name;
        else
            lookup.lookups = tenant.lookups;
        return lookup;
    }

    const Schema &schema_;
    std::vector<TenantTable> found_;
    std::vector<std::vector<std::optional<FoundKey>>> parents_; // by table and foreign key
};

} // namespace

int find_column(const Table &table, std::string_view name) {
    const std::string folded = fold_ascii(name);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].unreadable.empty() && fold_ascii(table.columns[i].name) == folded)
            return static_cast<int>(i);
    }
    return -1;
}

bool is_mandatory(const Table &table, const ForeignKey &key) {
    return std::ranges::all_of(key.columns,
                               [&](int column) { return is_never_null(table, column); });
}

std::optional<FoundKey> find_parent_key(const Schema &schema, const ForeignKey &key) {
    const int parent = find_table(schema, key.parent_table);
    if (parent < 0)
        return std::nullopt;
    FoundKey found;
    found.parent = static_cast<std::size_t>(parent);
    const Table &table = schema.tables[found.parent];
    if (key.parent_columns.empty())
        found.columns = table.primary_key;
    for (const std::string &name : key.parent_columns)
        found.columns.push_back(find_column(table, name));
    const bool is_known = std::ranges::none_of(found.columns, [&](int column) {
        return column < 0 || !table.columns[static_cast<std::size_t>(column)].unreadable.empty();
    });
    const bool is_good = is_known && !found.columns.empty() &&
                         found.columns.size() == key.columns.size() &&
                         std::ranges::none_of(key.columns, [](int column) { return column < 0; }) &&
                         is_key(table, found.columns);
    return is_good ? std::optional(std::move(found)) : std::nullopt;
}

std::vector<TenantTable> find_tenant_tables(const Schema &schema, const std::string &column) {
    TenantFinder finder(schema, column);
    if (!finder.has_owner())
        fail_no_column(schema, column);
    return finder.take();
}

} // namespace migrate::core::plan
