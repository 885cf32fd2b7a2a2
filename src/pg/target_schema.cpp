#include "pg/target_schema.hpp"

#include "pg/error_bridge.hpp"

extern "C" {
#include "access/twophase.h"
#include "catalog/namespace.h"
#include "common/hashfn.h"
#include "storage/lock.h"
#include "utils/lsyscache.h"
}

namespace migrate::pg {
namespace {

constexpr uint32 kLockClass = 0x4D494749; // "MIGI"
// Measured: a table with an identity, a text column, a primary key and an index takes 13 locks.
constexpr int64 kLocksPerTable = 13;

} // namespace

void lock_target_schema(const char *schema) {
    uint32 key = DatumGetUInt32(hash_any(reinterpret_cast<const unsigned char *>(schema),
                                         static_cast<int>(strlen(schema))));
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, kLockClass, key, 2);
    (void)LockAcquire(&tag, ExclusiveLock, false, false);
}

Oid find_schema(const char *schema) {
    return get_namespace_oid(schema, true);
}

Oid find_relation(Oid schema, const char *utf8_name) {
    if (!OidIsValid(schema))
        return InvalidOid;
    return get_relname_relid(server_text(utf8_name), schema);
}

void check_lock_budget(int64 tables) {
    int64 backends = MaxBackends + max_prepared_xacts;
    int64 room = static_cast<int64>(max_locks_per_xact) * backends;
    int64 wanted = tables * kLocksPerTable;
    if (wanted <= room / 2)
        return;
    ereport(
        ERROR,
        (errcode(ERRCODE_OUT_OF_MEMORY),
         errmsg("the locks of " INT64_FORMAT " tables do not fit the server's lock table", tables),
         errdetail("The import would take about " INT64_FORMAT " locks of the " INT64_FORMAT
                   " that all sessions share.",
                   wanted, room),
         errhint("Set max_locks_per_transaction to " INT64_FORMAT
                 " or more and restart the server, or import in parts with argument \"tables\".",
                 wanted * 2 / backends + 1)));
}

} // namespace migrate::pg
