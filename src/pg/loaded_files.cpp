#include "pg/loaded_files.hpp"

#include "pg/parameters.hpp"
#include "pg/sql.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/xlog.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
}

namespace migrate::pg {

char *database_identity() {
    return psprintf(UINT64_FORMAT "/%u", GetSystemIdentifier(), MyDatabaseId);
}

void record_file(int64 run_id, int64 object_id, const FileRecord &file) {
    Parameters parameters;
    add_bigint(&parameters, run_id);
    add_bigint(&parameters, object_id);
    add_text(&parameters, file.path);
    add_text(&parameters, file.target_schema);
    add_text(&parameters, file.target_name);
    add_value(&parameters, OIDOID, ObjectIdGetDatum(file.target));
    add_text(&parameters, file.status);
    add_text(&parameters, file.notes);
    add_text(&parameters, file.digest);
    add_value(&parameters, JSONBOID, DirectFunctionCall1(jsonb_in, CStringGetDatum(file.details)));
    run_as_extension("INSERT INTO migrate.run_objects_data (run_id, object_id, object_type, "
                     "source_name, target_schema, target_name, target_oid, status, reason, digest, "
                     "details) "
                     "VALUES ($1, $2, 'file', $3, $4, $5, $6, $7, $8, $9, $10)",
                     &parameters);
}

int64 find_loaded_file(Oid target, const char *target_schema, const char *target_name,
                       const char *digest) {
    Parameters parameters;
    add_text(&parameters, target_schema);
    add_text(&parameters, target_name);
    add_text(&parameters, digest);
    add_value(&parameters, OIDOID, ObjectIdGetDatum(target));
    add_text(&parameters, database_identity());
    // Another session may have loaded the file while this one waited for the lock on the target.
    const uint64 rows = read_latest_as_extension(
        "SELECT f.run_id FROM migrate.run_objects_data f "
        "JOIN migrate.runs_data r ON r.run_id OPERATOR(pg_catalog.=) f.run_id "
        "WHERE f.digest OPERATOR(pg_catalog.=) $3 "
        "AND f.object_type OPERATOR(pg_catalog.=) 'file' "
        "AND CASE WHEN f.details OPERATOR(pg_catalog.->>) 'database' OPERATOR(pg_catalog.=) $5 "
        "  THEN f.target_oid OPERATOR(pg_catalog.=) $4 "
        "  ELSE f.target_schema OPERATOR(pg_catalog.=) $1 "
        "    AND f.target_name OPERATOR(pg_catalog.=) $2 END "
        "AND f.status OPERATOR(pg_catalog.<>) 'skipped' AND NOT r.is_dry_run "
        "AND NOT EXISTS (SELECT FROM migrate.run_objects_data e "
        "  JOIN migrate.runs_data d ON d.run_id OPERATOR(pg_catalog.=) e.run_id "
        "  WHERE e.run_id OPERATOR(pg_catalog.>) f.run_id AND NOT d.is_dry_run "
        "  AND e.object_type OPERATOR(pg_catalog.=) ANY ('{table,emptied "
        "table}'::pg_catalog.text[]) "
        "  AND e.target_schema OPERATOR(pg_catalog.=) f.target_schema "
        "  AND e.target_name OPERATOR(pg_catalog.=) f.target_name) "
        "ORDER BY f.run_id DESC LIMIT 1",
        &parameters);
    return rows == 0 ? 0 : query_bigint(0, 1);
}

void mark_retried(int64 run_id, const char *source, int64 line_first, int64 retried_by) {
    Parameters parameters;
    add_bigint(&parameters, run_id);
    add_text(&parameters, source);
    add_bigint(&parameters, line_first);
    add_bigint(&parameters, retried_by);
    run_as_extension("UPDATE migrate.rejects_data SET retried_by = $4 "
                     "WHERE run_id OPERATOR(pg_catalog.=) $1 "
                     "AND source OPERATOR(pg_catalog.=) $2 "
                     "AND line_first OPERATOR(pg_catalog.=) $3 AND retried_by IS NULL",
                     &parameters);
}

} // namespace migrate::pg
