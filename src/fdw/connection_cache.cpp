#include "fdw/connection_cache.hpp"

#include "core/error.hpp"
#include "fdw/fdw_options.hpp"
#include "pg/error_bridge.hpp"
#include "pg/interrupts.hpp"
#include "pg/owned.hpp"
#include "pg/permissions.hpp"

#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "pg/postgres.hpp"

extern "C" {
#include "access/parallel.h"
#include "access/xact.h"
#include "storage/ipc.h"
#include "storage/proc.h"
#include "utils/inval.h"
#include "utils/syscache.h"
}

namespace migrate::fdw {
namespace {

using core::fdw::Connection;
using core::fdw::Lease;
using pg::call_core;

struct Entry {
    std::shared_ptr<Connection> connection;
    uint32 hash = 0;         // of the server's line in the system cache
    bool is_current = false; // its options were read since they last changed
    bool is_used = false;    // by this transaction
    int64 lock_timeout_ms = 0;
    int64 max_value_size = 0;
};

// A writer that waits for the leader's scan to end would be waited for in vain.
constexpr int64 kWorkerWaitMs = 1;

using Entries = std::map<Oid, Entry>;

// Made with the first connection; TopMemoryContext owns it.
Entries *entries = nullptr;

// 0 stands for all servers.
void on_server_change(Datum, int, uint32 hash) {
    for (auto &[server, entry] : *entries)
        if (hash == 0 || entry.hash == hash)
            entry.is_current = false;
}

// How long to wait for the file's lock: what the server says, and no longer than the session's
// lock_timeout; 0 is for ever.
int64 lock_timeout(const Entry &entry) {
    if (IsParallelWorker())
        return kWorkerWaitMs;
    const bool is_shorter =
        LockTimeout > 0 && (entry.lock_timeout_ms == 0 || LockTimeout < entry.lock_timeout_ms);
    return is_shorter ? LockTimeout : entry.lock_timeout_ms;
}

bool has_written(const Entry &entry) {
    return entry.connection != nullptr && entry.connection->has_written();
}

void refuse_prepare() {
    for (auto &[server, entry] : *entries)
        if (entry.is_used && has_written(entry))
            ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                            errmsg("cannot PREPARE a transaction that has written to a SQLite "
                                   "database")));
}

// After all that can fail of the reading connections.
void commit_writes() {
    for (auto &[server, entry] : *entries) {
        if (!entry.is_used || !has_written(entry))
            continue;
        Connection *connection = entry.connection.get();
        const int64 timeout = lock_timeout(entry);
        call_core([&] {
            connection->set_busy_timeout(timeout);
            connection->commit_write();
        });
        entry.is_used = false;
    }
}

void end_transaction() {
    for (auto &[server, entry] : *entries) {
        if (!entry.is_used || has_written(entry))
            continue;
        Connection *connection = entry.connection.get();
        call_core([&] { connection->release(); });
        entry.is_used = false;
    }
    commit_writes();
}

// Nothing here can fail: a connection that is still in use by a scan goes with it.
void abort_transaction() noexcept {
    for (auto &[server, entry] : *entries)
        if (entry.is_used && entry.connection != nullptr)
            entry.connection->undo_write(); // scans may keep the connection for a while yet
    std::erase_if(*entries, [](const auto &each) { return each.second.is_used; });
}

void on_transaction_end(XactEvent event, void *) {
    switch (event) {
    case XACT_EVENT_PRE_PREPARE:
        refuse_prepare();
        end_transaction();
        break;
    case XACT_EVENT_PRE_COMMIT:
    case XACT_EVENT_PARALLEL_PRE_COMMIT:
        end_transaction();
        break;
    case XACT_EVENT_COMMIT: // of what another callback has begun since
    case XACT_EVENT_ABORT:
    case XACT_EVENT_PARALLEL_ABORT:
        abort_transaction();
        break;
    default:
        break;
    }
}

void on_subtransaction_end(SubXactEvent event, SubTransactionId, SubTransactionId, void *) {
    if (event != SUBXACT_EVENT_PRE_COMMIT_SUB && event != SUBXACT_EVENT_ABORT_SUB)
        return;
    const int level = GetCurrentTransactionNestLevel();
    for (auto &[server, entry] : *entries) {
        if (!entry.is_used || !has_written(entry))
            continue;
        core::fdw::WriteTransaction *writes = entry.connection->writing();
        if (event == SUBXACT_EVENT_ABORT_SUB)
            writes->undo(level);
        else
            call_core([&] { writes->release(level); });
    }
}

// The last connection to a file in WAL mode clears its -wal away, which the end of a process alone
// would not do.
void close_all(int, Datum) {
    entries->clear();
}

void start_cache() {
    if (entries != nullptr)
        return;
    entries = pg::own<Entries>(TopMemoryContext, [] { return std::make_unique<Entries>(); });
    RegisterXactCallback(on_transaction_end, nullptr);
    RegisterSubXactCallback(on_subtransaction_end, nullptr);
    on_proc_exit(close_all, Datum{0});
    CacheRegisterSyscacheCallback(FOREIGNSERVEROID, on_server_change, Datum{0});
}

// Reads the server's options and opens another file when they name one.
void bring_up_to_date(Entry *entry, Oid server) {
    const ServerOptions options = server_options(server);
    const char *os_user = pg::os_user_name();
    const uint32 hash = GetSysCacheHashValue1(FOREIGNSERVEROID, ObjectIdGetDatum(server));
    call_core([&] {
        entry->hash = hash;
        entry->lock_timeout_ms = options.lock_timeout_ms;
        if (entry->connection == nullptr || entry->connection->path() != options.database ||
            entry->connection->is_writable() != options.is_writable ||
            entry->max_value_size != options.max_value_size) {
            if (has_written(*entry))
                throw core::Error(core::sqlstate::kObjectInUse,
                                  "cannot change the file of a server that this transaction has "
                                  "written to");
            core::sqlite::OpenOptions open;
            open.is_writable = options.is_writable;
            open.is_interrupted = pg::is_stop_requested;
            open.os_user = os_user;
            open.max_value_size = options.max_value_size;
            entry->connection = std::make_shared<Connection>(options.database, open);
            entry->max_value_size = options.max_value_size;
        }
    });
    entry->is_current = true;
}

Entry *use_entry(Oid server) {
    start_cache();
    Entry *entry = call_core([&] { return &(*entries)[server]; });
    if (!entry->is_current)
        bring_up_to_date(entry, server);
    entry->is_used = true;
    entry->connection->set_busy_timeout(lock_timeout(*entry));
    return entry;
}

} // namespace

void begin_write(Oid server) {
    Entry *entry = use_entry(server);
    call_core([&] { entry->connection->begin_write(); });
}

void save_level(Lease *lease) {
    const int level = GetCurrentTransactionNestLevel();
    call_core([&] { (*lease)->writing()->save(level); });
}

bool try_connection(Oid server) {
    Entry *entry = use_entry(server);
    return call_core([&] {
        try {
            Lease lease(entry->connection);
            entry->connection->hold();
            return true;
        } catch (const core::Error &error) {
            if (std::string_view(error.code()) != core::sqlstate::kLockNotAvailable)
                throw;
            return false;
        }
    });
}

Lease *open_lease(MemoryContext context, Oid server) {
    Entry *entry = use_entry(server);
    const bool is_held = IsolationUsesXactSnapshot();
    return pg::own<Lease>(context, [entry, is_held] {
        auto lease = std::make_unique<Lease>(entry->connection);
        if (is_held)
            entry->connection->hold();
        return lease;
    });
}

int disconnect() {
    if (entries == nullptr)
        return 0;
    int closed = 0;
    for (auto entry = entries->begin(); entry != entries->end();) {
        Connection *connection = entry->second.connection.get();
        const bool is_kept = connection != nullptr && connection->is_in_use();
        closed += connection != nullptr && !is_kept ? 1 : 0;
        entry = is_kept ? std::next(entry) : entries->erase(entry);
    }
    return closed;
}

} // namespace migrate::fdw

extern "C" {
PG_FUNCTION_INFO_V1(migrate_disconnect);

PGDLLEXPORT Datum migrate_disconnect(PG_FUNCTION_ARGS) {
    (void)fcinfo;
    PG_RETURN_INT32(migrate::fdw::disconnect());
}
}
