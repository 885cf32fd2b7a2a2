// What the rows of a tool's table say: which migrations are applied, and when.
//
//     ForeignHistory history = read_foreign_history(Tool::goose, rows, "");
#pragma once

#include "core/versioned/foreign_tool.hpp"
#include "core/versioned/migration_set.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core::versioned {

// A row: one value a column of columns_of(tool), in the order of order_of(tool).
using ForeignRow = std::vector<std::optional<std::string>>;

// One migration that the tool has applied.
struct ForeignEntry {
    std::string key;                        // equals foreign_key() of its migration
    std::string label;                      // as the tool has it
    std::optional<std::int64_t> applied_at; // microseconds as PostgreSQL counts them
    std::optional<std::int64_t> execution_time_ms;
    std::optional<std::string> checksum; // in the tool's own kind
    bool is_baseline = false;            // stands for everything up to it
};

struct ForeignHistory {
    Tool tool;
    bool is_high_water = false; // the one entry stands for all migrations up to it
    std::vector<ForeignEntry> entries;
};

// `project` is the one that is read of sqitch's table; empty: all. Throws Error 55000 for a
// migration that has failed or was left half done, 0A000 for heads of alembic that are no number,
// 42704 for a project that the table has not.
ForeignHistory read_foreign_history(Tool tool, const std::vector<ForeignRow> &rows,
                                    const std::string &project);

// What the tool would call a migration of ours, as in ForeignEntry::key: node-pg-migrate and
// sql-migrate by its file, Prisma by its folder, sqitch by the change, the others by the version.
// Nothing for a migration that the tool cannot have applied.
std::optional<std::string> foreign_key(Tool tool, const Migration &migration);

} // namespace migrate::core::versioned
