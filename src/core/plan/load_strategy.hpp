// How rows get into tables whose foreign keys are there before: parents first where that is
// possible, and what is done about the keys where it is not.
#pragma once

#include "core/plan/plan.hpp"
#include "core/plan/target_tables.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace migrate::core::plan {

// A foreign key whose parents come later than the rows, or at the same time.
struct LateKey {
    std::size_t table = 0; // index into Plan::tables
    const TargetForeignKey *key = nullptr;
};

struct TableLoad {
    // All rows are one statement, at the end of which its foreign key to itself is checked.
    bool is_one_statement = false;
    // Plan columns that are NULL at first and get their values when all tables are loaded: those of
    // a key in a cycle that cannot be deferred.
    std::vector<std::size_t> late_columns;
};

struct LoadStrategy {
    std::vector<TableLoad> tables;  // by Plan::tables
    std::vector<LateKey> deferred;  // by SET CONSTRAINTS while the tables are loaded
    std::vector<LateKey> late_keys; // whose columns come late, for the notes
};

// Nothing waits in a sync. Throws Error 0A000 that names the tables and keys of a cycle that can be
// loaded in no way.
LoadStrategy load_strategy(const Plan &plan);

} // namespace migrate::core::plan
