// How several processes share the rows of one table: each claims a range of rowids, reads it, and
// claims the next one.
//
//     RowidRanges ranges;                                       // in shared memory, under a lock
//     const std::int64_t from = ranges.next;
//     first = seek.first_from(from);                            // without the lock
//     if (claim(ranges, from, first, &range)) …                 // false: somebody was faster
//     report(ranges, rows_found);
#pragma once

#include "core/schema.hpp"
#include "core/sqlite/statement.hpp"

#include <cstdint>
#include <limits>
#include <optional>

namespace migrate::core::fdw {

struct RowidRange {
    std::int64_t first = 0;
    std::int64_t last = 0; // inclusive
};

// Plain data without pointers, so that it can lie in shared memory.
struct RowidRanges {
    std::int64_t next = std::numeric_limits<std::int64_t>::min(); // nobody claimed it yet
    std::int64_t width = 4096;                                    // of the next range
    bool is_done = false;                                         // nothing is left to claim
};

// Claims a range that begins at `first`, the first row from `from` on (nothing: there is none, and
// the ranges are done). False when `from` is no longer what `next` is: look again.
bool claim(RowidRanges &ranges, std::int64_t from, std::optional<std::int64_t> first,
           RowidRange *range) noexcept;

// Makes later ranges wider or narrower, so that each holds about as many rows as are worth the
// claiming, however the rowids lie. `range` is one that was read, `rows` what it held.
void report(RowidRanges &ranges, const RowidRange &range, std::int64_t rows) noexcept;

// Finds where the rows go on: gaps between rowids may be wide.
class RowidSeek {
  public:
    // The Database must outlive it. The table has a rowid that can be named.
    RowidSeek(const sqlite::Database &database, const Table &table);
    std::optional<std::int64_t> first_from(std::int64_t rowid);

  private:
    sqlite::Statement statement_;
};

} // namespace migrate::core::fdw
