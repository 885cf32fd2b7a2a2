// The tables of a source matched with those that an application already owns: by name, exactly,
// else as option "identifiers" would name them, else without the case of ASCII letters.
#pragma once

#include "core/cell_converter.hpp"
#include "core/plan/naming.hpp"
#include "core/plan/table_plan.hpp"
#include "core/plan/target_tables.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace migrate::core::plan {

// A table of the source that a migration tool keeps for itself.
struct ToolTable {
    const Table *table = nullptr;
    const char *tool = nullptr; // its name, for people
};

// What the target lacks, all of it, so that one error can tell it.
struct TargetProblems {
    std::vector<std::string> tables;   // of the source
    std::vector<std::string> columns;  // of the source, item.price
    std::vector<std::string> unfilled; // NOT NULL columns of the target that get no value
    std::vector<std::string> keys;     // one sentence for each key of on_conflict that is none
    std::string schema;
    bool is_sync = false; // whose rows are found by their keys, without option on_conflict

    // Throws the Error of the first kind that there is; nothing where all is well.
    void raise() const;
};

// Throws Error 22023 for options that do not go with the mode.
void check_mode(const ImportOptions &options);

// For each of `wanted` the index of the name in `targets`, or -1. `folded` are the same names as
// option "identifiers" makes them. A target is given once: exact names come before folded ones,
// those before names that differ in case, of which there must be only one.
std::vector<int> match_names(const std::vector<std::string> &wanted,
                             const std::vector<std::string> &folded,
                             const std::vector<std::string> &targets);

// The target of each source table, nullptr (and a problem) where there is none.
std::vector<const TargetTable *> match_tables(const TargetTables &targets,
                                              const std::vector<const Table *> &sources,
                                              const std::vector<Named> &names,
                                              TargetProblems &problems);

// Names, types and keys of a planned table become those of the table that is there.
void take_target(TablePlan &planned, const TargetTable &target, const ImportOptions &options,
                 TargetProblems &problems);

// What the conversion has to know of an existing column.
void set_target_rule(const TargetColumn &target, ColumnRule &rule);

// Load order by the target's foreign keys: indexes into `tables`, parents first; cycles in the
// order of the file.
std::vector<std::size_t> target_order(const TargetTables &targets,
                                      const std::vector<TablePlan> &tables);

} // namespace migrate::core::plan
