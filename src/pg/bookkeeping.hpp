// The record of runs: migrate.runs_data, run_objects_data and rejects_data. Every value is
// evaluated as the caller; then one constant parameterised statement runs as the owner of the
// tables, as referential integrity triggers do, and the caller's identity comes back.
//
// All calls stand between SPI_connect and SPI_finish, under pinned settings.
#pragma once

#include "core/plan/script.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "utils/timestamp.h"
}

namespace migrate::pg {

// One row of migrate.runs_data. Texts in the server's encoding.
struct RunRecord {
    const char *function_name;
    const char *call;
    const char *source;
    int64 source_size;
    int64 source_mtime_ns; // since 1970
    int64 source_change_counter;
    const char *target_schema;
    Datum options; // jsonb
    bool is_dry_run;
    TimestampTz started_at;
    int64 tables;
    int64 rows_read;
    int64 rows_loaded;
    int64 rows_updated;
    int64 rows_rejected;
    int64 rows_skipped;
};

// Writes the run and returns its id.
int64 record_run(const RunRecord &run);
// Writes one object; `object_id` counts from 1 within the run; `target_oid` may be invalid.
void record_object(int64 run_id, int64 object_id, const core::plan::ObjectRecord &object,
                   const char *target_schema, Oid target_oid);
// Inserts the rows of the registered relation migrate_rejects (pg/reject_store.hpp).
void insert_rejects(int64 run_id, const char *source);

// Deletes the run of the caller's own (a superuser: anybody's); false when there is none.
bool forget_run(int64 run_id);

} // namespace migrate::pg
