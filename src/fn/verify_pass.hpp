// The two sides of a verification as streams of canonical rows: the source's from its cells, the
// target's from what PostgreSQL prints. Each side is read once for its digest and, when the digests
// differ, once more for the rows that do.
#pragma once

#include "core/verify/canonical.hpp"
#include "core/verify/digest.hpp"
#include "fn/sqlite_call.hpp"

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
    std::size_t next_local_time = 0;
    std::string scratch;
    std::string query;
};

// Reads every row of the source's table into the digest or the difference.
void read_source(SqliteCall *call, std::size_t table, VerifyState *state);
// Reads every row of the target by state->query, its columns in the order of state->columns.
void read_target(VerifyState *state);

} // namespace migrate::fn
