#include "pg/closed_sources.hpp"

#include "pg/parameters.hpp"
#include "pg/sql.hpp"

#include <climits>
#include <cstdlib>

#include "pg/postgres.hpp"

extern "C" {
#include "common/hashfn.h"
#include "executor/spi.h"
#include "storage/lock.h"
#include "utils/timestamp.h"
}

namespace migrate::pg {
namespace {

constexpr uint32 kLockClass = 0x4D494743; // "MIGC"

// To the end of the transaction: what reads a source into the schema shares it, who closes one
// waits for them, so that their rows do not come after the cut-over.
void lock_state(const char *schema, LOCKMODE mode) {
    const uint32 key = DatumGetUInt32(hash_any(reinterpret_cast<const unsigned char *>(schema),
                                               static_cast<int>(strlen(schema))));
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, kLockClass, key, 2);
    (void)LockAcquire(&tag, mode, false, false);
}

// The file behind links; the path itself where there is none (any more). Resolving opens nothing.
const char *resolved(const char *path) {
    char *room = static_cast<char *>(palloc(PATH_MAX));
    return realpath(path, room) != nullptr ? room : path;
}

} // namespace

void check_source_open(const char *path, const char *schema) {
    lock_state(schema, ShareLock);
    Parameters parameters;
    add_text(&parameters, path);
    add_text(&parameters, resolved(path));
    add_text(&parameters, schema);
    const uint64 rows = read_latest_as_extension(
        "SELECT closed_by, closed_at FROM migrate.closed_sources_data "
        "WHERE (path OPERATOR(pg_catalog.=) $1 OR file OPERATOR(pg_catalog.=) $2) "
        "AND schema_name OPERATOR(pg_catalog.=) $3 ORDER BY closed_at LIMIT 1",
        &parameters);
    if (rows > 0)
        ereport(ERROR,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                 errmsg("source \"%s\" is closed for schema \"%s\"", path, schema),
                 errdetail("Role \"%s\" closed it at %s.", query_text(0, 1), query_text(0, 2)),
                 errhint("The schema is ahead of the file: old data must not overwrite "
                         "it.")));
}

bool close_source(const char *path, const char *schema) {
    lock_state(schema, ExclusiveLock);
    Parameters parameters;
    add_text(&parameters, path);
    add_text(&parameters, resolved(path));
    add_text(&parameters, schema);
    add_text(&parameters, GetUserNameFromId(GetUserId(), false));
    add_text(&parameters, GetUserNameFromId(GetSessionUserId(), false));
    add_value(&parameters, TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp()));
    return run_as_extension("INSERT INTO migrate.closed_sources_data "
                            "(path, file, schema_name, closed_by, session_by, closed_at) "
                            "VALUES ($1, $2, $3, $4::pg_catalog.name, $5::pg_catalog.name, $6) "
                            "ON CONFLICT DO NOTHING",
                            &parameters) > 0;
}

} // namespace migrate::pg
