// The DELETE of a sync: what goes at once, what others still point to, and what cascades take
// along.
#pragma once

#include "pg/table_sync.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

// Rows of other tables that ON DELETE CASCADE reaches from one table, as the statistics of this
// transaction count them. Those of a table of Citus are on its shards: there the rows that are left
// are counted.
struct Cascade {
    int count;
    Oid *tables;    // partitions under the table they belong to
    int64 *deleted; // since watch_cascade
    int64 *first_deleted;
    bool is_counted; // false: track_counts is off
};

// Begins to count; palloc'd.
Cascade *watch_cascade(const TableSync *sync);
void count_cascade(const TableSync *sync, Cascade *cascade);

// Which rows stay for now: those that rows of these tables, which the sources have, still point to.
// (They may be about to point elsewhere.) What follows the condition of the DELETE; palloc'd. NULL
// where Citus cannot tell within a DELETE: all rows of the table stay for now.
const char *reference_guard(const TableSync *sync, TableSync *const *syncs, int count);

// Deletes the missing rows that the guard lets go, adds them to the counts, and returns how many.
int64 delete_missing(TableSync *sync, const char *guard);

} // namespace migrate::pg
