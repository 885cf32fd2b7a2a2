// The two sides of a verification as streams of canonical rows: the source's from its cells, the
// target's from what PostgreSQL prints. Each side is read once for its digest and, when the digests
// differ, once more for the rows that do.
#pragma once

#include "core/verify/canonical.hpp"
#include "core/verify/digest.hpp"
#include "fn/sqlite_call.hpp"
#include "pg/input_check.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace migrate::fn {

// What the run agreed to, of one column: counts of values that are in the target as agreed.
struct AgreedCounts {
    std::int64_t rounded = 0;
    std::int64_t nulled = 0;
    std::int64_t replaced = 0;
};

// The C++ side of verifying one table, owned by a memory context.
struct VerifyState {
    std::vector<core::verify::VerifyColumn> columns;
    std::vector<AgreedCounts> agreed; // by column
    std::int64_t rejected = 0;        // source rows that are not expected in the target
    core::verify::TableDigest source;
    core::verify::TableDigest target;
    std::optional<core::verify::Difference> difference; // set for the second reading
    std::optional<core::verify::CanonicalRow> row;
    // Local times of one batch on their way to UTC through PostgreSQL, in reading order.
    std::vector<std::int64_t> local_times;
    // Of one batch, where the types' input functions are asked: cells whose text is now what the
    // type prints, row by row.
    std::vector<bool> is_printed;
    std::vector<core::CellPlace> places;
    std::size_t next_local_time = 0;
    std::string scratch;
    std::string query;
    // In a shared table only rows whose key is in the source take part. The keys of a part of them
    // at a time, so that memory does not grow with the table.
    bool is_subset = false;
    std::size_t parts = 1;
    std::size_t part = 0;
    std::vector<std::uint64_t> keys;   // hashes, sorted before the target is read
    std::int64_t others = 0;           // rows that only the target has
    pg::InputColumn *inputs = nullptr; // of existing tables: for values that core does not know
};

// Reads every row of the source's table and of the target (by state->query, its columns in the
// order of state->columns) into the digests or the difference.
void read_both(SqliteCall *call, std::size_t table, VerifyState *state);

} // namespace migrate::fn
