#include "fdw/scan_spool.hpp"

#include "core/fdw/packed_batch.hpp"
#include "fdw/executor_scan.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"

#include <string>
#include <utility>
#include <vector>

#include "pg/postgres.hpp"

extern "C" {
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/tuplestore.h"
}

namespace migrate::fdw {

// Its file belongs to what owned the scan when it began: a write may come from a subtransaction
// that ends before the scan does.
struct ScanSpool {
    ScanSpool *next;  // of those that were not read to their end
    ScanSpool **link; // what points to this one; NULL: it is none of them
    bool can_rewind;
    bool is_broken; // reading it to its end failed, and somebody caught the error
    TableScan *scan;
    ForeignScanState *state;
    MemoryContext context;
    ResourceOwner owner;
    Tuplestorestate *current; // of those two; NULL: the scan reads SQLite
    Tuplestorestate *rest;    // what was left of a running scan
    Tuplestorestate *all;     // from the first row
    TupleTableSlot *slot;
};

namespace {

using core::Fetch;
using pg::call_core;

ScanSpool *unspooled = nullptr;

void unlist(ScanSpool *spool) noexcept {
    if (spool->link == nullptr)
        return;
    *spool->link = spool->next;
    if (spool->next != nullptr)
        spool->next->link = spool->link;
    spool->link = nullptr;
}

void enlist(ScanSpool *spool) noexcept {
    spool->next = unspooled;
    spool->link = &unspooled;
    if (spool->next != nullptr)
        spool->next->link = &spool->next;
    unspooled = spool;
}

// Goes with the scan's memory context, so that an error takes the scan off the list too.
struct Membership {
    ScanSpool *spool;
    explicit Membership(ScanSpool *of) : spool(of) {}
    Membership(const Membership &) = delete;
    Membership &operator=(const Membership &) = delete;
    ~Membership() { unlist(spool); }
};

// What a scan is drained with.
struct Drain {
    core::Batch batch;
    std::string bytes;
    explicit Drain(std::size_t columns) : batch(columns) {}
};

TupleDesc packed_descriptor() {
    TupleDesc descriptor = CreateTemplateTupleDesc(1);
    TupleDescInitEntry(descriptor, 1, "batch", BYTEAOID, -1, 0);
    return descriptor;
}

void put_batch(ScanSpool *spool, Tuplestorestate *store, const Drain *drain) {
    const Size size = drain->bytes.size();
    auto *packed = static_cast<bytea *>(palloc(VARHDRSZ + size));
    SET_VARSIZE(packed, VARHDRSZ + size);
    memcpy(VARDATA(packed), drain->bytes.data(), size);
    Datum value = PointerGetDatum(packed);
    bool is_null = false;
    tuplestore_putvalues(store, spool->slot->tts_tupleDescriptor, &value, &is_null);
    pfree(packed);
}

// What the reader has not given yet.
Tuplestorestate *drain_reader(ScanSpool *spool, Drain *drain, bool can_rewind) {
    core::fdw::QueryReader *reader = spool->scan->state->reader.get();
    Tuplestorestate *store = tuplestore_begin_heap(can_rewind, false, work_mem);
    Fetch fetch = Fetch::rows;
    while (fetch != Fetch::end) {
        CHECK_FOR_INTERRUPTS();
        const bool has_rows = call_core([&] {
            fetch = reader->fetch(drain->batch, core::Batch::kMaxRows);
            core::fdw::pack(drain->batch, drain->bytes);
            return !drain->batch.is_empty();
        });
        if (has_rows)
            put_batch(spool, store, drain);
    }
    return store;
}

// Whether all operands of the condition have the value that they will have at the next start.
bool is_fixed(const ExecutorScan *state, int condition) {
    for (int i = 0; i < state->count; i++)
        if (state->places[i].condition == condition && !state->places[i].is_fixed)
            return false;
    return true;
}

// Runs the query again without the conditions whose operands may change.
void restart_whole(ScanSpool *spool) {
    auto *state = static_cast<ExecutorScan *>(spool->state->fdw_state);
    ScanState *scan = spool->scan->state;
    evaluate_operands(spool->state, Known::fixed);
    auto *kept = static_cast<bool *>(palloc0(scan->request.conditions.size() + 1));
    for (std::size_t i = 0; i < scan->request.conditions.size(); i++)
        kept[i] = is_fixed(state, static_cast<int>(i));
    core::fdw::Lease *lease = spool->scan->source->lease;
    call_core([&] {
        core::fdw::ScanRequest request = scan->request;
        request.conditions.clear();
        for (std::size_t i = 0; i < scan->request.conditions.size(); i++)
            if (kept[i])
                request.conditions.push_back(scan->request.conditions[i]);
        scan->reader->start(core::fdw::write_query(**lease, request));
    });
}

void spool_scan(ScanSpool *spool) {
    auto *state = static_cast<ExecutorScan *>(spool->state->fdw_state);
    MemoryContext drain_context =
        AllocSetContextCreate(CurrentMemoryContext, "migrate drained scan", ALLOCSET_DEFAULT_SIZES);
    const auto columns = static_cast<std::size_t>(spool->scan->count);
    auto *drain =
        pg::own<Drain>(drain_context, [columns] { return std::make_unique<Drain>(columns); });
    MemoryContext caller = MemoryContextSwitchTo(spool->context);
    ResourceOwner owner = CurrentResourceOwner;
    CurrentResourceOwner = spool->owner;
    spool->is_broken = true; // until all of it went well
    spool->slot = MakeSingleTupleTableSlot(packed_descriptor(), &TTSOpsMinimalTuple);
    if (state->is_started && !spool->scan->is_at_end)
        spool->rest = drain_reader(spool, drain, false);
    if (!state->is_started || spool->can_rewind) {
        restart_whole(spool);
        spool->all = drain_reader(spool, drain, true);
    }
    spool->current = spool->rest;
    spool->is_broken = false;
    unlist(spool);
    CurrentResourceOwner = owner;
    MemoryContextSwitchTo(caller);
    MemoryContextDelete(drain_context);
}

void check_whole(const ScanSpool *spool) {
    if (spool->is_broken)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("cannot go on with the scan of SQLite table \"%s\"",
                               pg::server_text(spool->scan->source->table)),
                        errdetail("An error stopped it while it was read to its end before a "
                                  "write to the same file.")));
}

} // namespace

void watch_scan(ForeignScanState *node, bool can_rewind) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    auto *spool = static_cast<ScanSpool *>(palloc0(sizeof(ScanSpool)));
    spool->scan = state->scan;
    spool->state = node;
    spool->can_rewind = can_rewind;
    spool->context = CurrentMemoryContext;
    spool->owner = CurrentResourceOwner;
    state->scan->spool = spool;
    (void)pg::own<Membership>(CurrentMemoryContext,
                              [spool] { return std::make_unique<Membership>(spool); });
    enlist(spool);
}

void unwatch_scan(TableScan *scan) {
    ScanSpool *spool = scan->spool;
    if (spool == nullptr)
        return;
    unlist(spool);
    for (Tuplestorestate *store : {spool->rest, spool->all})
        if (store != nullptr)
            tuplestore_end(store);
    scan->spool = nullptr;
}

void spool_scans(const ForeignSource *source) {
    const core::fdw::Connection *connection = &**source->lease;
    ScanSpool *next = nullptr;
    for (ScanSpool *spool = unspooled; spool != nullptr; spool = next) {
        next = spool->next;
        if (&**spool->scan->source->lease != connection)
            continue;
        if (spool->is_broken) // the rows that were read then are lost
            unlist(spool);
        else
            spool_scan(spool);
    }
}

bool is_spooled(const TableScan *scan) {
    return scan->spool != nullptr && (scan->spool->slot != nullptr || scan->spool->is_broken);
}

void rewind_spool(TableScan *scan) {
    check_whole(scan->spool);
    scan->spool->current = scan->spool->all;
    tuplestore_rescan(scan->spool->all);
}

bool fetch_spooled(TableScan *scan) {
    ScanSpool *spool = scan->spool;
    check_whole(spool);
    // A row that is read from disk is the slot's until the next one.
    MemoryContext caller = MemoryContextSwitchTo(spool->context);
    bool has_row = spool->current != nullptr &&
                   tuplestore_gettupleslot(spool->current, true, false, spool->slot);
    MemoryContextSwitchTo(caller);
    if (!has_row)
        return false;
    bool is_null = false;
    Datum value = slot_getattr(spool->slot, 1, &is_null);
    bytea *packed = DatumGetByteaPP(value);
    const char *bytes = VARDATA_ANY(packed);
    const Size size = VARSIZE_ANY_EXHDR(packed);
    core::Batch *batch = &scan->state->rows->batch();
    call_core([&] { core::fdw::unpack({bytes, size}, *batch); });
    return true;
}

} // namespace migrate::fdw
