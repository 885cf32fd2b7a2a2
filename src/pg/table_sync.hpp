// Brings one existing table to the state of a source, by key: first the rows of both are compared,
// then what differs is deleted, updated and inserted, one statement each.
//
//     TableSync *sync = open_table_sync(request);
//     if (!add_rows(sync, batch)) … restart_sorted(sync) and all rows again
//     end_rows(sync);
//     apply_syncs(&sync, 1);       // sync_apply.hpp
//
// Rows that come in the order of their keys are compared as they come, beside a scan of the table
// in that order, in constant memory; others are sorted by the server first. Values are compared by
// their image, as some types have no equality and others call equal what is not the same (-0.0,
// 1.0 and 1.00, 'a' and 'A' under a nondeterministic collation).
//
// All calls stand between SPI_connect and SPI_finish, under pinned settings.
#pragma once

#include "core/batch.hpp"
#include "pg/writer.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

// Names, types and the key are read when the sync is opened; the origin, the condition and the
// caller's settings must outlive it.
struct SyncRequest {
    WriterTarget target;             // with key; columns that the source lacks are left alone
    bool deletes = false;            // rows that the source lacks go
    const char *watermark = nullptr; // a column, UTF-8: rows below its highest value stay unread
    // The column, UTF-8, that tells whose a row is: rows of tenants that the source does not hold
    // are not missing in it.
    const char *tenant = nullptr;
    const char *keeping_option = "delete"; // what keeps missing rows where nothing is deleted
};

struct SyncCounts {
    int64 compared;    // rows of the source that took part
    int64 passed_over; // by the condition or below the watermark
    int64 present;     // rows of the table that took part
    int64 added;       // as the comparison found them
    int64 changed;
    int64 missing; // in the source
    int64 others;  // rows of tenants that the source does not hold
    int64 inserted;
    int64 updated;
    int64 deleted;     // by the DELETE
    int64 taken_along; // rows of this table that went with rows of another
};

struct TableSync; // sync_state.hpp

// Lives in CurrentMemoryContext. 42809 for what is no table, 55000 for a table with rules, 42883
// for a key without an order.
TableSync *open_table_sync(const SyncRequest &request);
// Compares the rows that are not rejected. False: they are not in the order of their keys.
// Errors: 23505 for a key that comes twice, 23502 for one that is NULL.
bool add_rows(TableSync *sync, const core::Batch &batch);
// Forgets all rows; from now on they may come in any order.
void restart_sorted(TableSync *sync);
// After the last row.
void end_rows(TableSync *sync);
// Leaves the rows of tenants alone that none of the syncs' sources holds (SyncRequest::tenant).
// Once, when all rows were compared.
void scope_syncs(TableSync *const *syncs, int count);
const SyncCounts &sync_counts(const TableSync *sync);
// Rows stay as they are: their values may be among those that were rejected.
void keep_missing_rows(TableSync *sync);
void close_table_sync(TableSync *sync);

} // namespace migrate::pg
