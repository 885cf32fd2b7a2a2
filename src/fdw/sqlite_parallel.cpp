// Parallel scans of SQLite tables. The leader and its workers claim ranges of rowids from shared
// memory; each reads them over a connection of its own. The leader's read transaction is open
// before a worker starts and until all have ended, and while it is, nobody can commit to a file in
// rollback-journal mode: so all of them read one state. A worker that cannot be sure of that (a
// waiting writer keeps it from the lock, the file at the path is another one) claims nothing.
#include "core/error.hpp"
#include "core/fdw/snapshot_mark.hpp"
#include "core/sqlite/row_reader.hpp"
#include "fdw/connection_cache.hpp"
#include "fdw/executor_scan.hpp"
#include "fdw/planned_table.hpp"
#include "fdw/scan_columns.hpp"
#include "pg/column_type.hpp"
#include "pg/error_bridge.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/parallel.h"
#include "catalog/pg_proc_d.h"
#include "foreign/foreign.h"
#include "nodes/plannodes.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "storage/spin.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
}

namespace migrate::fdw {

struct SharedScan {
    slock_t mutex; // for the ranges
    core::fdw::RowidRanges ranges;
    core::fdw::SnapshotMark mark;
    bool may_give_up; // the leader reads too, so that a worker may leave all rows to others
};

namespace {

using core::fdw::RowidRange;
using core::fdw::RowidRanges;
using core::fdw::SnapshotMark;
using pg::call_core;

// --- planning

bool is_safe_type(Oid type, int32 typmod) {
    return pg::column_type(type, typmod).kind != core::TypeKind::other || type == BYTEAOID ||
           has_parallel_safe_input(type);
}

// Values are read by the input functions of their types, in a worker too.
bool is_parallel_safe(PlannerInfo *, RelOptInfo *rel, RangeTblEntry *entry) {
    for (AttrNumber i = 1; i <= rel->max_attr; i++) {
        Oid type = InvalidOid;
        int32 typmod = -1;
        Oid collation = InvalidOid;
        if (get_attname(entry->relid, i, true) == nullptr)
            continue;
        get_atttypetypmodcoll(entry->relid, i, &type, &typmod, &collation);
        if (!is_safe_type(type, typmod))
            return false;
    }
    return true;
}

// --- the shared memory

void open_ranges(SharedScan *share) {
    SpinLockAcquire(&share->mutex);
    share->ranges = RowidRanges();
    SpinLockRelease(&share->mutex);
}

// Without workers where they could not read the same state. That may have changed since the plan
// was made.
void start_sharing(ForeignScanState *node, ParallelContext *context, SharedScan *share) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    const ForeignSource *source = state->scan->source;
    SnapshotMark mark;
    const bool is_shared = call_core([&] {
        return !source->found->is_view &&
               !core::sqlite::rowid_name(*source->found->table).empty() &&
               core::fdw::mark_snapshot((*source->lease)->database(), &mark);
    });
    open_ranges(share);
    share->mark = mark;
    share->may_give_up = parallel_leader_participation;
    state->share = is_shared ? share : nullptr;
    state->is_unshared = false;
    if (!is_shared)
        ReinitializeParallelWorkers(context, 0);
}

Size estimate_share(ForeignScanState *, ParallelContext *) {
    return sizeof(SharedScan);
}

void initialize_share(ForeignScanState *node, ParallelContext *context, void *memory) {
    auto *share = static_cast<SharedScan *>(memory);
    SpinLockInit(&share->mutex);
    start_sharing(node, context, share);
}

void reinitialize_share(ForeignScanState *node, ParallelContext *context, void *memory) {
    start_sharing(node, context, static_cast<SharedScan *>(memory));
}

[[noreturn]] void fail_unshared() {
    ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
                    errmsg("could not share the scan of a SQLite table with a parallel worker"),
                    errdetail("Another program waits to write to the file, or has replaced it."),
                    errhint("Try again, or set \"parallel_leader_participation\" to on.")));
    pg_unreachable();
}

bool has_same_state(TableScan *scan, const SnapshotMark &wanted) {
    return call_core([&] {
        SnapshotMark mark;
        return core::fdw::mark_snapshot((*scan->source->lease)->database(), &mark) &&
               mark == wanted;
    });
}

// A worker that reads nothing has no scan.
void join_share(ForeignScanState *node, shm_toc *, void *memory) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    auto *share = static_cast<SharedScan *>(memory);
    EState *executor = node->ss.ps.state;
    Oid relation = RelationGetRelid(node->ss.ss_currentRelation);
    state->share = share;
    if (try_connection(GetForeignTable(relation)->serverid)) {
        state->scan =
            open_scan(executor->es_query_cxt, relation, plan_part(node, PlanPart::columns),
                      plan_part(node, PlanPart::conditions));
        if (has_same_state(state->scan, share->mark)) {
            call_core([&] { state->scan->state->request.is_ranged = true; });
            return;
        }
        close_scan(state->scan);
        state->scan = nullptr;
    }
    if (!share->may_give_up)
        fail_unshared();
}

// The shared memory goes after this.
void leave_share(ForeignScanState *node) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    if (state == nullptr || state->share == nullptr)
        return;
    state->share = nullptr;
    state->is_unshared = true;
}

// --- claims

int64 next_rowid(SharedScan *share, bool *is_done) {
    SpinLockAcquire(&share->mutex);
    int64 next = share->ranges.next;
    *is_done = share->ranges.is_done;
    SpinLockRelease(&share->mutex);
    return next;
}

void report_range(SharedScan *share, TableScan *scan) {
    if (scan->range_rows < 0)
        return;
    SpinLockAcquire(&share->mutex);
    core::fdw::report(share->ranges, scan->range, scan->range_rows);
    SpinLockRelease(&share->mutex);
}

// An optional without its destructor's rules.
struct FirstRow {
    int64 rowid;
    bool exists;
};

FirstRow find_first(TableScan *scan, int64 from) {
    ScanState *state = scan->state;
    return call_core([&] {
        if (state->seek == nullptr)
            state->seek = std::make_unique<core::fdw::RowidSeek>((*scan->source->lease)->database(),
                                                                 *scan->source->found->table);
        const std::optional<std::int64_t> first = state->seek->first_from(from);
        return FirstRow{first.value_or(0), first.has_value()};
    });
}

bool claim_range(SharedScan *share, int64 from, FirstRow first, RowidRange *range) {
    SpinLockAcquire(&share->mutex);
    bool is_claimed = core::fdw::claim(
        share->ranges, from, first.exists ? std::optional(first.rowid) : std::nullopt, range);
    SpinLockRelease(&share->mutex);
    return is_claimed;
}

} // namespace

void add_shared_path(PlannerInfo *root, RelOptInfo *rel) {
    auto *planned = static_cast<PlannedTable *>(rel->fdw_private);
    if (!rel->consider_parallel || !planned->is_shared || !bms_is_empty(rel->lateral_relids))
        return;
    int workers = compute_parallel_worker(rel, planned->pages * planned->page_size / BLCKSZ, -1,
                                          max_parallel_workers_per_gather);
    if (workers <= 0)
        return;
    ScanChoice choice = {nullptr, rel->baserestrictinfo, NIL, 0, workers};
    add_partial_path(rel, reinterpret_cast<Path *>(make_scan_path(root, rel, choice)));
}

bool start_next_range(ExecutorScan *state) {
    SharedScan *share = state->share;
    TableScan *scan = state->scan;
    report_range(share, scan);
    for (;;) {
        CHECK_FOR_INTERRUPTS();
        bool is_done = false;
        int64 from = next_rowid(share, &is_done);
        if (is_done)
            return false;
        RowidRange range;
        if (!claim_range(share, from, find_first(scan, from), &range))
            continue;
        call_core([&] { core::fdw::set_range(scan->state->query, range); });
        scan->range = range;
        scan->range_rows = 0;
        start_scan(scan);
        return true;
    }
}

void set_sharing(FdwRoutine *routine) {
    routine->IsForeignScanParallelSafe = is_parallel_safe;
    routine->EstimateDSMForeignScan = estimate_share;
    routine->InitializeDSMForeignScan = initialize_share;
    routine->ReInitializeDSMForeignScan = reinitialize_share;
    routine->InitializeWorkerForeignScan = join_share;
    routine->ShutdownForeignScan = leave_share;
}

} // namespace migrate::fdw
