// What the sync functions share: the outcome of each table, the run's record, the NOTICE and the
// result rows.
#pragma once

#include "core/delete_limit.hpp"
#include "pg/reject_store.hpp"
#include "pg/table_sync.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "pg/postgres.hpp"

extern "C" {
#include "utils/timestamp.h"
}

namespace migrate::fn {

// One table of a sync; texts in UTF-8.
struct SyncedTable {
    std::string schema;
    std::string display_name; // with its schema, quoted as needed
    std::string source_name;
    Oid relation = InvalidOid;
    pg::SyncCounts counts = {};
    std::int64_t read = 0;
    std::int64_t rejected = 0;
    TimestampTz started_at = 0;
    TimestampTz finished_at = 0;
    std::string notes; // a line each

    // Rows of the source that were in the table as they are.
    std::int64_t unchanged() const noexcept {
        return counts.compared - counts.inserted - counts.updated;
    }
    std::int64_t deleted() const noexcept { return counts.deleted + counts.taken_along; }
};

// What the record says of the source. No destructor: it stands in functions that call PostgreSQL.
struct SyncSource {
    const char *function_name;
    const char *path;
    const char *schema; // server encoding
    int64 size;
    int64 mtime_ns;
    int64 change_counter;
    Datum options; // jsonb as given
    bool is_dry_run;
    TimestampTz started_at;
};

// Takes an exclusive lock against other writers to the end of the transaction, for which the caller
// needs the rights that LOCK TABLE wants. `display_name` in UTF-8.
void lock_synced_table(const char *display_name);

// DELETE, UPDATE and INSERT of all tables, parents before children; counts, notes and, but in a dry
// run, sequences. `syncs` belong to `tables`, one each.
void apply_to_tables(pg::TableSync *const *syncs, std::vector<SyncedTable> *tables,
                     const core::DeleteLimit &limit, bool is_dry_run);

// What every sync ends with: writes the run, its tables and rejects, says so, and returns a row a
// table. Closes the store of rejects.
void finish_sync(FunctionCallInfo fcinfo, const SyncSource &source,
                 const std::vector<SyncedTable> &tables, pg::RejectStore *rejects);

// Adds a line, UTF-8.
void add_sync_note(SyncedTable *table, const char *note);

} // namespace migrate::fn
