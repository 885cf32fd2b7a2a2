// The executor's callbacks of migrate_sqlite.
#include "fdw/clause.hpp"
#include "fdw/executor_scan.hpp"
#include "fdw/modify_table.hpp"
#include "fdw/row_identity.hpp"
#include "fdw/scan_spool.hpp"
#include "fdw/sqlite_fdw.hpp"

extern "C" {
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "utils/rel.h"
}

namespace migrate::fdw {
namespace {

List *plan_part(ForeignScanState *node, PlanPart part) {
    auto *plan = reinterpret_cast<ForeignScan *>(node->ss.ps.plan);
    return static_cast<List *>(list_nth(plan->fdw_private, static_cast<int>(part)));
}

bool is_fixed(const Expr *expression) {
    return IsA(expression, Const) ||
           (IsA(expression, Param) &&
            reinterpret_cast<const Param *>(expression)->paramkind == PARAM_EXTERN);
}

// Where each expression of the plan goes: in the order in which store_leaves numbered them.
void find_places(ForeignScanState *node, ExecutorScan *state) {
    auto *plan = reinterpret_cast<ForeignScan *>(node->ss.ps.plan);
    List *conditions = plan_part(node, PlanPart::conditions);
    state->count = list_length(plan->fdw_exprs);
    state->places = static_cast<OperandPlace *>(palloc0(sizeof(OperandPlace) * (state->count + 1)));
    for (int i = 0; i < list_length(conditions); i++) {
        List *leaves = static_cast<List *>(list_nth(conditions, i));
        for (int j = 0; j < list_length(leaves); j++) {
            int operand = -1;
            (void)stored_leaf(static_cast<List *>(list_nth(leaves, j)), &operand);
            if (operand < 0)
                continue;
            auto *expression = static_cast<Expr *>(list_nth(plan->fdw_exprs, operand));
            state->places[operand] = {i,
                                      j,
                                      ExecInitExpr(expression, &node->ss.ps),
                                      exprType(reinterpret_cast<Node *>(expression)),
                                      IsA(expression, Const),
                                      is_fixed(expression)};
        }
    }
}

void begin_scan(ForeignScanState *node, int flags) {
    EState *executor = node->ss.ps.state;
    const bool is_run = (flags & EXEC_FLAG_EXPLAIN_ONLY) == 0;
    if (is_run)
        begin_statement_write(executor, RelationGetRelid(node->ss.ss_currentRelation));
    MemoryContext caller = MemoryContextSwitchTo(executor->es_query_cxt);
    auto *state = static_cast<ExecutorScan *>(palloc0(sizeof(ExecutorScan)));
    state->scan =
        open_scan(executor->es_query_cxt, RelationGetRelid(node->ss.ss_currentRelation),
                  plan_part(node, PlanPart::columns), plan_part(node, PlanPart::conditions));
    find_places(node, state);
    node->fdw_state = state;
    // A scan whose parameters change is begun anew without being told so before.
    if (is_run)
        watch_scan(node, (flags & EXEC_FLAG_REWIND) != 0 || node->ss.ps.plan->extParam != nullptr);
    MemoryContextSwitchTo(caller);
}

void start_query(ForeignScanState *node, ExecutorScan *state) {
    evaluate_operands(node, Known::all);
    write_query(state->scan);
    start_scan(state->scan);
    state->is_started = true;
}

TupleTableSlot *iterate_scan(ForeignScanState *node) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
    if (!state->is_started)
        start_query(node, state);
    ExecClearTuple(slot);
    memset(slot->tts_isnull, true, sizeof(bool) * slot->tts_tupleDescriptor->natts);
    if (next_row(state->scan, slot->tts_values, slot->tts_isnull)) {
        ExecStoreVirtualTuple(slot);
        store_row_id(current_row_id(state->scan), &slot->tts_tid);
    }
    return slot;
}

void rescan(ForeignScanState *node) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    if (!state->is_started)
        return;
    state->is_started = node->ss.ps.chgParam == nullptr && rewind_scan(state->scan);
}

void end_scan(ForeignScanState *node) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    if (state != nullptr)
        close_scan(state->scan);
}

} // namespace

void evaluate_operands(ForeignScanState *node, Known known) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    ExprContext *context = node->ss.ps.ps_ExprContext;
    MemoryContext caller = MemoryContextSwitchTo(context->ecxt_per_tuple_memory);
    for (int i = 0; i < state->count; i++) {
        const OperandPlace &place = state->places[i];
        const bool has_value =
            known == Known::all || place.is_constant || (known == Known::fixed && place.is_fixed);
        if (!has_value) {
            set_sample_operand(state->scan, place.condition, place.leaf);
            continue;
        }
        bool is_null = false;
        Datum value = ExecEvalExpr(place.expression, context, &is_null);
        set_operand(state->scan, place.condition, place.leaf, place.type, value, is_null);
    }
    MemoryContextSwitchTo(caller);
}

void set_scanning(FdwRoutine *routine) {
    routine->BeginForeignScan = begin_scan;
    routine->IterateForeignScan = iterate_scan;
    routine->ReScanForeignScan = rescan;
    routine->EndForeignScan = end_scan;
}

} // namespace migrate::fdw
