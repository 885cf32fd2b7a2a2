// One runner of migrations at a time for a history.
#include "pg/history_lock.hpp"

#include "pg/sql.hpp"

extern "C" {
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "utils/acl.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/wait_event.h"
}

namespace migrate::pg {

struct HistoryHold {
    MemoryContextCallback callback;
    int32 key;
    bool is_held;
};

namespace {

// 'MIGR', so that people find it in pg_locks.classid.
constexpr int32 kLockClass = 0x4d494752;
constexpr int64 kPollMs = 100;

int32 lock_key(const HistoryTable *history) {
    return static_cast<int32>(
        hash_bytes(reinterpret_cast<const unsigned char *>(history->qualified),
                   static_cast<int>(strlen(history->qualified))));
}

bool try_relation(const HistoryTable *history) {
    return ConditionalLockRelationOid(history->relation, ShareRowExclusiveLock);
}

// Who is in the way, in words; NULL when nobody is any more.
char *holder_of(const HistoryTable *history, bool is_advisory) {
    Oid types[] = {INT4OID, INT4OID, OIDOID, BOOLOID};
    Datum values[] = {Int32GetDatum(kLockClass), Int32GetDatum(lock_key(history)),
                      ObjectIdGetDatum(history->relation), BoolGetDatum(is_advisory)};
    uint64 rows = run_query(
        "SELECT format('Process %s of role \"%s\"%s has held it since %s.', l.pid, a.usename, "
        "CASE WHEN a.application_name <> '' THEN format(', application \"%s\",', "
        "a.application_name) ELSE '' END, LEAST(a.xact_start, a.query_start)) "
        "FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid "
        "WHERE l.granted AND l.pid <> pg_backend_pid() AND l.database = (SELECT oid FROM "
        "pg_database WHERE datname = current_database()) AND CASE WHEN $4 THEN "
        "l.locktype = 'advisory' AND l.classid = $1::bigint::oid AND "
        "l.objid = ($2::bigint & 4294967295)::oid AND l.objsubid = 2 "
        "ELSE l.locktype = 'relation' AND l.relation = $3 AND l.mode IN ('RowExclusiveLock', "
        "'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', "
        "'AccessExclusiveLock') END ORDER BY a.xact_start LIMIT 1",
        4, types, values);
    return rows > 0 ? query_text(0, 1) : nullptr;
}

[[noreturn]] void fail_locked(const HistoryTable *history, bool is_advisory) {
    char *holder = holder_of(history, is_advisory);
    ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
                    errmsg("history %s is locked by another session", history->qualified),
                    holder != nullptr ? errdetail("%s", holder) : 0,
                    errhint("Wait for it to end, or use the option \"lock_wait\".")));
    pg_unreachable();
}

// Polls: a queue behind the holder would stop readers of the table.
void lock_within(const HistoryTable *history, int64 wait_ms, bool (*try_lock)(const HistoryTable *),
                 bool is_advisory) {
    TimestampTz end = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), wait_ms);
    while (!try_lock(history)) {
        if (wait_ms <= 0 || GetCurrentTimestamp() >= end)
            fail_locked(history, is_advisory);
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, kPollMs,
                        PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
        CHECK_FOR_INTERRUPTS();
    }
}

// The same lock as pg_try_advisory_xact_lock(integer, integer) takes.
LOCKTAG lock_tag(int32 key) {
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, static_cast<uint32>(kLockClass),
                         static_cast<uint32>(key), 2);
    return tag;
}

void let_go(void *argument) {
    auto *hold = static_cast<HistoryHold *>(argument);
    if (!hold->is_held)
        return;
    hold->is_held = false;
    LOCKTAG tag = lock_tag(hold->key);
    (void)LockRelease(&tag, ExclusiveLock, true);
}

} // namespace

HistoryHold *open_history_hold(MemoryContext memory) {
    auto *hold = static_cast<HistoryHold *>(MemoryContextAllocZero(memory, sizeof(HistoryHold)));
    hold->callback.func = let_go;
    hold->callback.arg = hold;
    MemoryContextRegisterResetCallback(memory, &hold->callback);
    return hold;
}

void hold_history(HistoryHold *hold, const HistoryTable *history) {
    int32 key = lock_key(history);
    if (hold->is_held && hold->key == key)
        return;
    let_go(hold);
    LOCKTAG tag = lock_tag(key);
    (void)LockAcquire(&tag, ExclusiveLock, true, false);
    hold->key = key;
    hold->is_held = true;
}

bool try_lock_history(const HistoryTable *history) {
    return DatumGetBool(DirectFunctionCall2(pg_try_advisory_xact_lock_int4,
                                            Int32GetDatum(kLockClass),
                                            Int32GetDatum(lock_key(history))));
}

void lock_history_relation(const HistoryTable *history, int64 wait_ms) {
    AclResult result = pg_class_aclcheck(history->relation, GetUserId(), ACL_INSERT);
    if (result != ACLCHECK_OK)
        aclcheck_error(result, OBJECT_TABLE, history->name);
    lock_within(history, wait_ms, try_relation, false);
}

void lock_history(const HistoryTable *history, int64 wait_ms) {
    if (IsolationUsesXactSnapshot())
        ereport(ERROR, (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
                        errmsg("migrations cannot run in isolation level %s",
                               GetConfigOption("transaction_isolation", false, false)),
                        errdetail("The transaction would not see what another runner has just "
                                  "recorded."),
                        errhint("Use READ COMMITTED.")));
    lock_within(history, wait_ms, try_lock_history, true);
    // An advisory lock brings no news of the catalogs: the table may have been made meanwhile.
    AcceptInvalidationMessages();
    if (OidIsValid(history->relation))
        lock_history_relation(history, wait_ms);
}

} // namespace migrate::pg
