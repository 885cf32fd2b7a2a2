#include "core/plan/target_match.hpp"

#include "core/error.hpp"
#include "core/plan/column_overrides.hpp"
#include "core/plan/load_order.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

// Names that were given are not given again.
class NameMatcher {
  public:
    NameMatcher(const std::vector<std::string> &targets, std::size_t wanted)
        : targets_(targets), is_taken_(targets.size()), found_(wanted, -1) {}

    void take_equal(const std::vector<std::string> &names) {
        std::map<std::string_view, std::size_t> places;
        for (std::size_t i = 0; i < targets_.size(); ++i)
            places.emplace(targets_[i], i);
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto place = places.find(names[i]);
            if (found_[i] < 0 && place != places.end() && !is_taken_[place->second])
                take(i, place->second);
        }
    }

    void take_without_case(const std::vector<std::string> &names) {
        std::multimap<std::string, std::size_t> places;
        for (std::size_t i = 0; i < targets_.size(); ++i) {
            if (!is_taken_[i])
                places.emplace(fold_ascii(targets_[i]), i);
        }
        for (std::size_t i = 0; i < names.size(); ++i) {
            const std::string folded = fold_ascii(names[i]);
            if (found_[i] < 0 && places.count(folded) == 1 &&
                !is_taken_[places.find(folded)->second])
                take(i, places.find(folded)->second);
        }
    }

    const std::vector<int> &found() const { return found_; }

  private:
    void take(std::size_t wanted, std::size_t target) {
        found_[wanted] = static_cast<int>(target);
        is_taken_[target] = true;
    }

    const std::vector<std::string> &targets_;
    std::vector<bool> is_taken_;
    std::vector<int> found_;
};

std::string dotted(const std::string &table, const std::string &column) {
    return display_identifier(table) + "." + display_identifier(column);
}

void take_column(const TargetColumn &target, ColumnPlan &column) {
    column.target = &target;
    column.name = target.name;
    column.name_note.clear();
    column.type = target.type;
    column.proposal = {target.type, false};
    column.is_overridden = true;
    column.is_not_null = false;
    column.is_identity = false;
    column.is_key = false;
    column.epoch = column.type.is_time_like() ? known_unit(column.epoch_choice) : EpochUnit::none;
}

std::vector<int> match_columns(const TablePlan &planned, const TargetTable &target) {
    std::vector<std::string> wanted;
    std::vector<std::string> folded;
    std::vector<std::string> targets;
    for (const ColumnPlan &column : planned.columns) {
        wanted.push_back(planned.source->columns[static_cast<std::size_t>(column.source)].name);
        folded.push_back(column.name);
    }
    for (const TargetColumn &column : target.columns)
        targets.push_back(column.name);
    return match_names(wanted, folded, targets);
}

// Keeps the columns that the target has.
void take_columns(TablePlan &planned, const TargetTable &target, TargetProblems &problems) {
    const std::vector<int> found = match_columns(planned, target);
    std::vector<ColumnPlan> kept;
    for (std::size_t i = 0; i < planned.columns.size(); ++i) {
        ColumnPlan &column = planned.columns[i];
        const Column &source = planned.source->columns[static_cast<std::size_t>(column.source)];
        if (found[i] < 0 && source.generated != Generated::none)
            planned.left_out.push_back({column.source, "a generated column that the target lacks"});
        else if (found[i] < 0 && !source.lookups.empty())
            planned.left_out.push_back({column.source, "the target has no such column"});
        else if (found[i] < 0)
            problems.columns.push_back(dotted(planned.source->name, source.name));
        else if (target.columns[static_cast<std::size_t>(found[i])].is_generated)
            planned.left_out.push_back({column.source, "the target computes it"});
        else
            take_column(target.columns[static_cast<std::size_t>(found[i])],
                        kept.emplace_back(std::move(column)));
    }
    planned.columns = std::move(kept);
}

bool is_filled(const TablePlan &planned, const TargetColumn &column) {
    return std::any_of(planned.columns.begin(), planned.columns.end(),
                       [&](const ColumnPlan &each) { return each.target == &column; });
}

void check_unfilled(const TablePlan &planned, const TargetTable &target,
                    const ImportOptions &options, TargetProblems &problems) {
    if (target.has_rules || (target.has_before_trigger && options.triggers))
        return;
    for (const TargetColumn &column : target.columns) {
        if (column.is_not_null && !column.has_default && !column.is_generated &&
            !is_filled(planned, column))
            problems.unfilled.push_back(dotted(target.name, column.name));
    }
}

std::vector<std::string> names_of(const TargetTable &target, const TargetKey &key) {
    std::vector<std::string> names;
    for (const int column : key.columns)
        names.push_back(target.columns[static_cast<std::size_t>(column)].name);
    return names;
}

bool is_loaded(const TablePlan &planned, const std::vector<std::string> &columns) {
    return std::all_of(columns.begin(), columns.end(), [&](const std::string &name) {
        return std::any_of(planned.columns.begin(), planned.columns.end(),
                           [&](const ColumnPlan &column) { return column.name == name; });
    });
}

std::string quoted_list(const std::vector<std::string> &names) {
    std::string text;
    for (const std::string &name : names)
        text += (text.empty() ? "\"" : ", \"") + name + "\"";
    return text;
}

const ConflictKey *find_conflict_key(const ImportOptions &options, const std::string &table) {
    const ConflictKey *found = nullptr;
    for (const ConflictKey &key : options.conflict_keys) {
        if (takes_in(key.table, table) && (found == nullptr || is_exact_name(key.table)))
            found = &key;
    }
    return found;
}

// The target's name of a column that the caller names as the source or as the target has it.
std::string target_name(const TablePlan &planned, const std::string &given) {
    for (const ColumnPlan &column : planned.columns) {
        const auto source = static_cast<std::size_t>(column.source);
        if (column.name == given ||
            fold_ascii(planned.source->columns[source].name) == fold_ascii(given))
            return column.name;
    }
    return given;
}

bool is_unique_key(const TargetTable &target, std::vector<std::string> columns) {
    std::sort(columns.begin(), columns.end());
    return std::any_of(target.keys.begin(), target.keys.end(), [&](const TargetKey &key) {
        std::vector<std::string> names = names_of(target, key);
        std::sort(names.begin(), names.end());
        return !key.is_deferrable && names == columns;
    });
}

// The columns of on_conflict: those that the caller names, else the primary key.
std::vector<std::string> conflict_columns(const TablePlan &planned, const TargetTable &target,
                                          const ConflictKey *given) {
    std::vector<std::string> columns;
    if (given != nullptr) {
        for (const std::string &name : given->columns)
            columns.push_back(target_name(planned, name));
    } else if (const TargetKey *key = target.primary_key()) {
        columns = names_of(target, *key);
    }
    return columns;
}

void take_conflict_key(TablePlan &planned, const TargetTable &target, const ImportOptions &options,
                       TargetProblems &problems) {
    if (options.on_conflict == OnConflict::error)
        return;
    problems.is_sync = options.is_sync;
    const ConflictKey *given = find_conflict_key(options, planned.source->name);
    planned.conflict_key = conflict_columns(planned, target, given);
    const std::string table = "Table \"" + target.name + "\"";
    if (planned.conflict_key.empty())
        problems.keys.push_back(table + " has no primary key.");
    else if (!is_loaded(planned, planned.conflict_key))
        problems.keys.push_back(table + " gets no value for all of " +
                                quoted_list(planned.conflict_key) + ".");
    else if (!options.is_sync && !is_unique_key(target, planned.conflict_key))
        problems.keys.push_back(table + " has no primary key or unique key over " +
                                quoted_list(planned.conflict_key) + ".");
}

// What tells the rows of the table apart: the key of on_conflict, else the first key of the target
// all of whose columns are loaded.
void mark_key(TablePlan &planned, const TargetTable &target) {
    std::vector<std::string> names = planned.conflict_key;
    for (const TargetKey &key : target.keys) {
        if (names.empty() && is_loaded(planned, names_of(target, key)))
            names = names_of(target, key);
    }
    for (ColumnPlan &column : planned.columns)
        column.is_key = std::find(names.begin(), names.end(), column.name) != names.end();
}

std::string joined(const std::vector<std::string> &parts, std::string_view separator) {
    std::string text;
    for (const std::string &part : parts)
        text += (text.empty() ? "" : std::string(separator)) + part;
    return text;
}

std::string counted(std::size_t count, const char *noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

[[noreturn]] void raise_missing(const TargetProblems &problems) {
    const std::size_t tables = problems.tables.size();
    const std::size_t columns = problems.columns.size();
    std::string what = tables > 0 ? counted(tables, "table") : "";
    what += tables > 0 && columns > 0 ? " and " : "";
    what += columns > 0 ? counted(columns, "column") : "";
    std::string detail;
    if (tables > 0)
        detail = "Missing tables: " + joined(problems.tables, ", ") + ".";
    if (columns > 0)
        detail += (detail.empty() ? "" : "\n") +
                  ("Missing columns: " + joined(problems.columns, ", ") + ".");
    throw Error(tables > 0 ? sqlstate::kUndefinedTable : sqlstate::kUndefinedColumn,
                what + " of the file " + (tables + columns == 1 ? "is" : "are") +
                    " missing in schema \"" + problems.schema + "\"")
        .with_detail(std::move(detail))
        .with_hint("Create what is missing, or leave tables out with the argument \"exclude\".");
}

} // namespace

int TargetTable::find_column(std::string_view wanted) const noexcept {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].name == wanted)
            return static_cast<int>(i);
    }
    return -1;
}

const TargetKey *TargetTable::primary_key() const noexcept {
    return !keys.empty() && keys.front().is_primary ? &keys.front() : nullptr;
}

void TargetProblems::raise() const {
    if (!tables.empty() || !columns.empty())
        raise_missing(*this);
    if (!unfilled.empty())
        throw Error(sqlstate::kNotNullViolation, counted(unfilled.size(), "NOT NULL column") +
                                                     " of schema \"" + schema +
                                                     "\" would get no value")
            .with_detail(
                "They have no default, and the file lacks them: " + joined(unfilled, ", ") + ".")
            .with_hint("Give them a default, or leave the tables out with the argument "
                       "\"exclude\".");
    if (!keys.empty())
        throw Error(sqlstate::kInvalidColumnReference,
                    std::string(is_sync ? "a sync" : "option \"on_conflict\"") +
                        " needs a key that tells the rows apart")
            .with_detail(joined(keys, "\n"))
            .with_hint(std::string("Name the columns of a ") + (is_sync ? "" : "unique ") +
                       "key in the option \"conflict_key\".");
}

void check_mode(const ImportOptions &options) {
    if (options.fills_existing() && options.has_on_type_mismatch &&
        options.on_type_mismatch == TypeMismatch::widen)
        throw Error(sqlstate::kInvalidParameterValue,
                    "option \"on_type_mismatch\" cannot be \"widen\" where the tables exist")
            .with_hint("Use \"error\", \"null\" or \"reject\".");
    const bool has_conflict =
        options.on_conflict != OnConflict::error || !options.conflict_keys.empty();
    if (!options.fills_existing() && has_conflict)
        throw Error(sqlstate::kInvalidParameterValue,
                    "option \"on_conflict\" needs tables that exist")
            .with_hint("Use the option \"mode\" with \"append\".");
    if (options.on_conflict == OnConflict::error && !options.conflict_keys.empty())
        throw Error(sqlstate::kInvalidParameterValue,
                    "option \"conflict_key\" needs the option \"on_conflict\"")
            .with_hint("Use the option \"on_conflict\" with \"nothing\" or \"update\".");
}

std::vector<int> match_names(const std::vector<std::string> &wanted,
                             const std::vector<std::string> &folded,
                             const std::vector<std::string> &targets) {
    NameMatcher matcher(targets, wanted.size());
    matcher.take_equal(wanted);
    matcher.take_equal(folded);
    matcher.take_without_case(wanted);
    return matcher.found();
}

std::vector<const TargetTable *> match_tables(const TargetTables &targets,
                                              const std::vector<const Table *> &sources,
                                              const std::vector<Named> &names,
                                              TargetProblems &problems) {
    std::vector<std::string> wanted;
    std::vector<std::string> folded;
    std::vector<std::string> there;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        wanted.push_back(sources[i]->name);
        folded.push_back(names[i].name);
    }
    for (const TargetTable &target : targets.tables)
        there.push_back(target.name);
    std::vector<const TargetTable *> matched;
    problems.schema = targets.schema;
    for (const int found : match_names(wanted, folded, there)) {
        if (found < 0)
            problems.tables.push_back(display_identifier(wanted[matched.size()]));
        matched.push_back(found < 0 ? nullptr : &targets.tables[static_cast<std::size_t>(found)]);
    }
    return matched;
}

void take_target(TablePlan &planned, const TargetTable &target, const ImportOptions &options,
                 TargetProblems &problems) {
    planned.target = &target;
    planned.name = target.name;
    planned.name_note.clear();
    take_columns(planned, target, problems);
    check_unfilled(planned, target, options, problems);
    take_conflict_key(planned, target, options, problems);
    mark_key(planned, target);
}

void set_target_rule(const TargetColumn &target, ColumnRule &rule) {
    rule.min_integer = target.min_integer;
    rule.max_integer = target.max_integer;
    rule.is_array = target.is_array;
    rule.is_json_array = target.is_json_array;
    rule.refuses_numbers = target.refuses_numbers;
    rule.has_last_resort = true;
}

std::vector<std::size_t> target_order(const TargetTables &targets,
                                      const std::vector<TablePlan> &tables) {
    std::map<const TargetTable *, std::size_t> places;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        if (tables[i].target != nullptr)
            places.emplace(tables[i].target, i);
    }
    std::vector<std::set<std::size_t>> parents(tables.size());
    for (const auto &[target, place] : places) {
        for (const TargetForeignKey &key : target->foreign_keys) {
            if (key.parent < 0)
                continue;
            const auto parent = places.find(&targets.tables[static_cast<std::size_t>(key.parent)]);
            if (parent != places.end())
                parents[place].insert(parent->second);
        }
    }
    return order_by_parents(parents);
}

} // namespace migrate::core::plan
