// Rows in the order that the plan promised, where the file has changed since the plan was made and
// SQLite no longer gives that order by itself.
#include "fdw/executor_scan.hpp"

extern "C" {
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/rel.h"
#include "utils/tuplesort.h"
}

namespace migrate::fdw {

struct SortedRows {
    Tuplesortstate *sort;
    TupleTableSlot *slot;
};

namespace {

Tuplesortstate *begin_sort(TupleDesc descriptor, List *order) {
    auto attribute = static_cast<AttrNumber>(list_nth_int(order, 0));
    bool nulls_first = list_nth_int(order, 2) != 0;
    auto operation = static_cast<Oid>(list_nth_int(order, 3));
    auto collation = static_cast<Oid>(list_nth_int(order, 4));
    return tuplesort_begin_heap(descriptor, 1, &attribute, &operation, &collation, &nulls_first,
                                work_mem, nullptr, TUPLESORT_NONE);
}

} // namespace

void sort_rows(ForeignScanState *node, ExecutorScan *state) {
    MemoryContext caller = MemoryContextSwitchTo(node->ss.ps.state->es_query_cxt);
    TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
    TupleDesc descriptor = slot->tts_tupleDescriptor;
    auto *sorted = static_cast<SortedRows *>(palloc0(sizeof(SortedRows)));
    sorted->sort = begin_sort(descriptor, plan_part(node, PlanPart::order));
    sorted->slot = MakeSingleTupleTableSlot(descriptor, &TTSOpsMinimalTuple);
    state->sorted = sorted;
    MemoryContext row_memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate sorted row", ALLOCSET_DEFAULT_SIZES);
    for (;;) {
        MemoryContextReset(row_memory);
        ExecClearTuple(slot);
        memset(slot->tts_isnull, true, sizeof(bool) * descriptor->natts);
        MemoryContextSwitchTo(row_memory);
        bool is_row = next_row(state->scan, slot->tts_values, slot->tts_isnull);
        MemoryContextSwitchTo(node->ss.ps.state->es_query_cxt);
        if (!is_row)
            break;
        ExecStoreVirtualTuple(slot);
        tuplesort_puttupleslot(sorted->sort, slot);
    }
    MemoryContextDelete(row_memory);
    tuplesort_performsort(sorted->sort);
    MemoryContextSwitchTo(caller);
}

bool next_sorted_row(ForeignScanState *node, ExecutorScan *state) {
    SortedRows *sorted = state->sorted;
    if (!tuplesort_gettupleslot(sorted->sort, true, false, sorted->slot, nullptr))
        return false;
    TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
    int count = slot->tts_tupleDescriptor->natts;
    slot_getallattrs(sorted->slot);
    memcpy(slot->tts_values, sorted->slot->tts_values, sizeof(Datum) * count);
    memcpy(slot->tts_isnull, sorted->slot->tts_isnull, sizeof(bool) * count);
    return true;
}

void forget_sorted_rows(ExecutorScan *state) {
    if (state->sorted == nullptr)
        return;
    ExecDropSingleTupleTableSlot(state->sorted->slot);
    tuplesort_end(state->sorted->sort);
    state->sorted = nullptr;
}

} // namespace migrate::fdw
