#include "pg/bookkeeping.hpp"

#include "pg/error_bridge.hpp"
#include "pg/parameters.hpp"

extern "C" {
#include "executor/spi.h"
}

namespace migrate::pg {
namespace {

TimestampTz timestamp_of_unix_ns(int64 nanoseconds) {
    return nanoseconds / 1000 -
           static_cast<int64>(POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;
}

} // namespace

int64 record_run(const RunRecord &run) {
    Parameters parameters;
    add_text(&parameters, run.function_name);
    add_text(&parameters, run.call);
    add_text(&parameters, run.source);
    add_bigint(&parameters, run.source_size);
    add_value(&parameters, TIMESTAMPTZOID,
              TimestampTzGetDatum(timestamp_of_unix_ns(run.source_mtime_ns)));
    add_bigint(&parameters, run.source_change_counter);
    add_text(&parameters, run.target_schema);
    add_value(&parameters, JSONBOID, run.options);
    add_value(&parameters, BOOLOID, BoolGetDatum(run.is_dry_run));
    add_text(&parameters, GetUserNameFromId(GetUserId(), false));
    add_text(&parameters, GetUserNameFromId(GetSessionUserId(), false));
    add_value(&parameters, TIMESTAMPTZOID, TimestampTzGetDatum(run.started_at));
    add_value(&parameters, TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp()));
    for (int64 count : {run.tables, run.rows_read, run.rows_loaded, run.rows_updated,
                        run.rows_rejected, run.rows_skipped})
        add_bigint(&parameters, count);
    run_as_extension(
        "INSERT INTO migrate.runs_data (function_name, call, source, source_size, "
        "source_mtime, source_change_counter, target_schema, options, is_dry_run, run_by, "
        "session_by, started_at, finished_at, tables, rows_read, rows_loaded, "
        "rows_updated, rows_rejected, rows_skipped) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::pg_catalog.name, "
        "$11::pg_catalog.name, $12, $13, $14, $15, $16, $17, $18, $19) RETURNING run_id",
        &parameters);
    bool is_null = false;
    return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
}

void record_object(int64 run_id, int64 object_id, const core::plan::ObjectRecord &object,
                   const char *target_schema, Oid target_oid) {
    Parameters parameters;
    add_bigint(&parameters, run_id);
    add_bigint(&parameters, object_id);
    add_core_text(&parameters, object.object_type.c_str());
    add_text(&parameters, server_text(object.source_name.c_str()));
    add_text(&parameters, object.target_name.empty() ? nullptr : target_schema);
    add_core_text(&parameters, object.target_name.c_str());
    if (OidIsValid(target_oid))
        add_value(&parameters, OIDOID, ObjectIdGetDatum(target_oid));
    else
        add_null(&parameters, OIDOID);
    add_text(&parameters, core::plan::fate_name(object.status).data());
    add_core_text(&parameters, object.reason.c_str());
    add_core_text(&parameters, object.source_sql.c_str());
    run_as_extension(
        "INSERT INTO migrate.run_objects_data (run_id, object_id, object_type, "
        "source_name, target_schema, target_name, target_oid, status, reason, source_sql) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &parameters);
}

void insert_rejects(int64 run_id, const char *source) {
    Parameters parameters;
    add_bigint(&parameters, run_id);
    add_text(&parameters, source);
    run_as_extension(
        "INSERT INTO migrate.rejects_data (run_id, source, table_name, row_id, line_first, "
        "line_last, column_name, sqlstate, reason, value, raw) "
        "SELECT $1, COALESCE(source, $2), table_name, row_id, line_first, line_last, column_name, "
        "sqlstate, reason, value, raw FROM migrate_rejects",
        &parameters);
}

bool forget_run(int64 run_id) {
    Parameters parameters;
    add_bigint(&parameters, run_id);
    // Read as the caller through the view, deleted as the owner: no one deletes what they cannot
    // see. Members of the run's role see it, and keep it.
    const char *find = superuser()
                           ? "SELECT FROM migrate.runs WHERE run_id OPERATOR(pg_catalog.=) $1"
                           : "SELECT FROM migrate.runs WHERE run_id OPERATOR(pg_catalog.=) $1"
                             " AND run_by OPERATOR(pg_catalog.=) CURRENT_USER";
    if (SPI_execute_with_args(find, 1, parameters.types, parameters.values, parameters.nulls, false,
                              0) != SPI_OK_SELECT ||
        SPI_processed == 0)
        return false;
    return run_as_extension("DELETE FROM migrate.runs_data WHERE run_id OPERATOR(pg_catalog.=) $1",
                            &parameters) > 0;
}

} // namespace migrate::pg
