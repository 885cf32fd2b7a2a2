// The executor's callbacks of migrate_sqlite.
#include "fdw/clause.hpp"
#include "fdw/executor_scan.hpp"
#include "fdw/modify_table.hpp"
#include "fdw/row_identity.hpp"
#include "fdw/scan_spool.hpp"
#include "fdw/sqlite_fdw.hpp"
#include "pg/error_bridge.hpp"

extern "C" {
#include "access/parallel.h"
#include "common/int.h"
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "utils/rel.h"
}

namespace migrate::fdw {
namespace {

using pg::call_core;

// A limit's expression; they stand behind the operands.
ExprState *expression_at(ForeignScanState *node, List *limit, int which) {
    auto *plan = reinterpret_cast<ForeignScan *>(node->ss.ps.plan);
    int place = limit == NIL ? -1 : list_nth_int(limit, which);
    return place < 0
               ? nullptr
               : ExecInitExpr(static_cast<Expr *>(list_nth(plan->fdw_exprs, place)), &node->ss.ps);
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
    List *limit = plan_part(node, PlanPart::limit);
    state->count = limit == NIL ? list_length(plan->fdw_exprs) : linitial_int(limit);
    state->limit = expression_at(node, limit, 0);
    state->offset = expression_at(node, limit, 1);
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

// The rows come in an order, or a promise of one is broken when the query is written.
void wish_order(TableScan *scan, List *order) {
    if (order == NIL)
        return;
    auto attribute = static_cast<AttrNumber>(list_nth_int(order, 0));
    bool is_descending = list_nth_int(order, 1) != 0;
    bool nulls_first = list_nth_int(order, 2) != 0;
    check_column(scan->source, attribute);
    const SourceColumn &column = scan->source->columns[attribute - 1];
    const core::fdw::Family family = column.type.kind == core::TypeKind::bigint
                                         ? core::fdw::Family::integer
                                         : core::fdw::Family::text;
    call_core([&] {
        scan->state->request.order = {column.source, family, is_descending, nulls_first};
    });
}

bool is_run_once(Plan *top, const Plan *wanted);

bool is_any_run_once(List *plans, const Plan *wanted) {
    ListCell *cell = nullptr;
    foreach (cell, plans)
        if (is_run_once(static_cast<Plan *>(lfirst(cell)), wanted))
            return true;
    return false;
}

// Whether the wanted node is found where nobody begins it again while the one on top runs once.
bool is_run_once(Plan *top, const Plan *wanted) {
    if (top == nullptr || top == wanted)
        return top != nullptr;
    switch (nodeTag(top)) {
    case T_Append:
        return is_any_run_once(reinterpret_cast<Append *>(top)->appendplans, wanted);
    case T_MergeAppend:
        return is_any_run_once(reinterpret_cast<MergeAppend *>(top)->mergeplans, wanted);
    case T_SubqueryScan:
        return is_run_once(reinterpret_cast<SubqueryScan *>(top)->subplan, wanted);
    case T_HashJoin:
    case T_MergeJoin:
    case T_Hash:
        return is_run_once(outerPlan(top), wanted) || is_run_once(innerPlan(top), wanted);
    default:
        return is_run_once(outerPlan(top), wanted);
    }
}

// EXEC_FLAG_REWIND does not tell: without it a plan may begin again too, only at its leisure, as
// one below a subquery that depends on the row outside does.
bool can_rewind(const ForeignScanState *node) {
    const EState *executor = node->ss.ps.state;
    return (executor->es_top_eflags & EXEC_FLAG_REWIND) != 0 ||
           !is_run_once(executor->es_plannedstmt->planTree, node->ss.ps.plan);
}

void begin_rows(ForeignScanState *node, ExecutorScan *state, int flags) {
    EState *executor = node->ss.ps.state;
    const bool is_run = (flags & EXEC_FLAG_EXPLAIN_ONLY) == 0;
    if (is_run)
        begin_statement_write(executor, RelationGetRelid(node->ss.ss_currentRelation));
    state->scan =
        open_scan(executor->es_query_cxt, RelationGetRelid(node->ss.ss_currentRelation),
                  plan_part(node, PlanPart::columns), plan_part(node, PlanPart::conditions));
    wish_order(state->scan, plan_part(node, PlanPart::order));
    if (is_run)
        watch_scan(node, can_rewind(node));
}

void begin_scan(ForeignScanState *node, int flags) {
    MemoryContext caller = MemoryContextSwitchTo(node->ss.ps.state->es_query_cxt);
    auto *state = static_cast<ExecutorScan *>(palloc0(sizeof(ExecutorScan)));
    node->fdw_state = state;
    if (plan_part(node, PlanPart::aggregates) != NIL)
        begin_aggregates(node, state);
    else if (!node->ss.ps.plan->parallel_aware || !IsParallelWorker())
        begin_rows(node, state, flags); // a worker joins a shared scan later
    find_places(node, state);
    MemoryContextSwitchTo(caller);
}

void start_query(ForeignScanState *node, ExecutorScan *state) {
    const bool is_ranged = state->share != nullptr;
    evaluate_operands(node, Known::all);
    call_core([&] { state->scan->state->request.is_ranged = is_ranged; });
    write_query(state->scan);
    state->is_started = true;
    if (is_ranged)
        return;
    start_scan(state->scan);
    if (plan_part(node, PlanPart::order) != NIL && !state->scan->state->query.is_ordered)
        sort_rows(node, state);
}

bool next_scan_row(ForeignScanState *node, ExecutorScan *state) {
    TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
    if (state->scan == nullptr || state->is_unshared)
        return false;
    if (!state->is_started)
        start_query(node, state);
    ExecClearTuple(slot);
    memset(slot->tts_isnull, true, sizeof(bool) * slot->tts_tupleDescriptor->natts);
    if (state->sorted != nullptr)
        return next_sorted_row(node, state);
    if (state->share == nullptr)
        return next_row(state->scan, slot->tts_values, slot->tts_isnull);
    while (state->scan->range_rows < 0 ||
           !next_row(state->scan, slot->tts_values, slot->tts_isnull))
        if (!start_next_range(state))
            return false;
    return true;
}

TupleTableSlot *iterate_scan(ForeignScanState *node) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
    if (state->count_rows != nullptr)
        return iterate_aggregates(node, state);
    if (!next_scan_row(node, state))
        return ExecClearTuple(slot);
    ExecStoreVirtualTuple(slot);
    if (state->sorted == nullptr) // else nobody wants to write to the row
        store_row_id(current_row_id(state->scan), &slot->tts_tid);
    return slot;
}

void rescan(ForeignScanState *node) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    // Rows of the last time cannot be given again where they were sorted, or shared with others.
    const bool is_whole = state->sorted == nullptr && state->share == nullptr &&
                          !state->is_unshared && state->count_rows == nullptr;
    state->is_unshared = false;
    forget_sorted_rows(state);
    if (!state->is_started)
        return;
    state->is_started = node->ss.ps.chgParam == nullptr && is_whole && rewind_scan(state->scan);
    state->scan->range_rows = -1;
}

void end_scan(ForeignScanState *node) {
    auto *state = static_cast<ExecutorScan *>(node->fdw_state);
    if (state == nullptr || state->scan == nullptr)
        return;
    forget_sorted_rows(state);
    close_scan(state->scan);
}

// -1 for NULL, which is no limit.
int64 evaluate_count(ForeignScanState *node, ExprState *expression) {
    bool is_null = false;
    Datum value = ExecEvalExpr(expression, node->ss.ps.ps_ExprContext, &is_null);
    return is_null ? -1 : DatumGetInt64(value);
}

// No more rows are wanted; nothing where that is not known, or more than can be said.
void evaluate_limit(ForeignScanState *node, ExecutorScan *state, bool is_running) {
    int64 wanted = -1;
    int64 skipped = 0;
    if (state->limit != nullptr && is_running) {
        wanted = evaluate_count(node, state->limit);
        skipped = state->offset == nullptr ? 0 : Max(evaluate_count(node, state->offset), 0);
    }
    int64 sum = 0;
    const bool is_limited = wanted >= 0 && !pg_add_s64_overflow(wanted, skipped, &sum);
    call_core([&] {
        std::optional<std::int64_t> &limit = state->scan->state->request.limit;
        limit.reset();
        if (is_limited || (state->limit != nullptr && !is_running))
            limit = sum;
    });
}

} // namespace

List *plan_part(ForeignScanState *node, PlanPart part) {
    auto *plan = reinterpret_cast<ForeignScan *>(node->ss.ps.plan);
    return static_cast<List *>(list_nth(plan->fdw_private, static_cast<int>(part)));
}

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
    evaluate_limit(node, state, known == Known::all);
    MemoryContextSwitchTo(caller);
}

void set_scanning(FdwRoutine *routine) {
    routine->BeginForeignScan = begin_scan;
    routine->IterateForeignScan = iterate_scan;
    routine->ReScanForeignScan = rescan;
    routine->EndForeignScan = end_scan;
}

} // namespace migrate::fdw
