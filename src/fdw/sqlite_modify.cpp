// The executor's callbacks for writes on SQLite tables.
#include "fdw/connection_cache.hpp"
#include "fdw/fdw_options.hpp"
#include "fdw/modify_plan.hpp"
#include "fdw/scan_columns.hpp"
#include "fdw/scan_spool.hpp"
#include "fdw/sqlite_fdw.hpp"
#include "pg/error_bridge.hpp"

extern "C" {
#include "access/table.h"
#include "commands/defrem.h"
#include "commands/explain.h"
#include "executor/executor.h"
#include "nodes/plannodes.h"
#include "utils/rel.h"
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif
}

namespace migrate::fdw {
namespace {

using core::fdw::WriteKind;
using pg::call_core;

WriteKind kind_of(CmdType operation) {
    if (operation == CMD_INSERT)
        return WriteKind::insert;
    return operation == CMD_UPDATE ? WriteKind::update : WriteKind::remove;
}

TableModify *state_of(const ResultRelInfo *result) {
    return static_cast<TableModify *>(result->ri_FdwState);
}

TableModify *open_planned(ModifyTableState *node, const ResultRelInfo *result, List *parts,
                          bool is_run) {
    ModifyRequest request = {};
    read_modify_plan(parts, &request);
    request.kind = kind_of(node->operation);
    PlanState *subplan = outerPlanState(node);
    request.plan_columns = subplan->plan->targetlist;
    request.has_repeats = !IsA(subplan, ForeignScanState);
    return open_modify(node->ps.state->es_query_cxt, RelationGetRelid(result->ri_RelationDesc),
                       request, is_run);
}

void begin_modify(ModifyTableState *node, ResultRelInfo *result, List *parts, int, int flags) {
    if ((flags & EXEC_FLAG_EXPLAIN_ONLY) == 0)
        result->ri_FdwState = open_planned(node, result, parts, true);
}

void end_modify(EState *, ResultRelInfo *result) {
    if (state_of(result) != nullptr)
        close_modify(state_of(result));
}

// COPY, and rows that go to a partition: all columns have values, NULL where nobody gave one.
void begin_insert(ModifyTableState *node, ResultRelInfo *result) {
    auto *plan = reinterpret_cast<ModifyTable *>(node->ps.plan);
    Relation relation = result->ri_RelationDesc;
    TupleDesc descriptor = RelationGetDescr(relation);
    const TriggerDesc *triggers = relation->trigdesc;
    ModifyRequest request = {};
    request.kind = WriteKind::insert;
    request.columns = written_columns(descriptor);
    if (result->ri_projectReturning != nullptr || result->ri_WithCheckOptions != NIL ||
        (triggers != nullptr && triggers->trig_insert_after_row))
        request.returned = all_columns(descriptor);
    request.skips_conflicts = plan != nullptr && plan->onConflictAction == ONCONFLICT_NOTHING;
    TableModify *table =
        open_modify(node->ps.state->es_query_cxt, RelationGetRelid(relation), request, true);
    if (state_of(result) != nullptr)
        state_of(result)->routed = table;
    else
        result->ri_FdwState = table;
}

// A partition whose own rows are updated as well is closed by end_modify.
void end_insert(EState *, ResultRelInfo *result) {
    TableModify *table = state_of(result);
    if (table == nullptr)
        return;
    if (table->routed != nullptr)
        close_modify(table->routed);
    else
        close_modify(table);
    table->routed = nullptr;
}

TableModify *insert_state(ResultRelInfo *result) {
    TableModify *table = state_of(result);
    return table->routed != nullptr ? table->routed : table;
}

TupleTableSlot *exec_insert(EState *, ResultRelInfo *result, TupleTableSlot *slot,
                            TupleTableSlot *plan_slot) {
    return modify_row(insert_state(result), slot, plan_slot) ? slot : nullptr;
}

TupleTableSlot **exec_batch(EState *, ResultRelInfo *result, TupleTableSlot **slots,
                            TupleTableSlot **plan_slots, int *count) {
    int inserted = 0;
    for (int i = 0; i < *count; i++) {
        CHECK_FOR_INTERRUPTS();
        if (modify_row(insert_state(result), slots[i],
                       plan_slots == nullptr ? nullptr : plan_slots[i]))
            inserted++;
    }
    *count = inserted;
    return slots;
}

TupleTableSlot *exec_modify(EState *, ResultRelInfo *result, TupleTableSlot *slot,
                            TupleTableSlot *plan_slot) {
    return modify_row(state_of(result), slot, plan_slot) ? slot : nullptr;
}

// Who wants to see each row as the file has it gets one at a time.
int modify_batch_size(ResultRelInfo *result) {
    const TriggerDesc *triggers = result->ri_TrigDesc;
    if (result->ri_projectReturning != nullptr || result->ri_WithCheckOptions != NIL ||
        (triggers != nullptr &&
         (triggers->trig_insert_before_row || triggers->trig_insert_after_row)))
        return 1;
    return batch_size(RelationGetRelid(result->ri_RelationDesc));
}

void truncate_one(Relation relation, bool restarts) {
    Oid server = GetForeignServerIdByRelId(RelationGetRelid(relation));
    if (!is_writable_server(server))
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("foreign table \"%s\" does not allow truncates",
                               RelationGetRelationName(relation)),
                        errhint("Its server needs the option \"writable\".")));
    begin_write(server);
    ForeignSource *source = open_source(CurrentMemoryContext, RelationGetRelid(relation));
    call_core([&] { core::fdw::check_target(*source->found, false); });
    spool_scans(source);
    save_level(source->lease);
    call_core([&] { core::fdw::truncate_table(**source->lease, *source->found, restarts); });
    close_source(source);
}

void exec_truncate(List *relations, DropBehavior, bool restarts) {
    ListCell *cell = nullptr;
    foreach (cell, relations)
        truncate_one(static_cast<Relation>(lfirst(cell)), restarts);
}

void explain_modify(ModifyTableState *node, ResultRelInfo *result, List *parts, int,
                    ExplainState *output) {
    if (!output->verbose)
        return;
    TableModify *table = state_of(result);
    TableModify *opened = table == nullptr ? open_planned(node, result, parts, false) : nullptr;
    const core::fdw::TableWriter *writer = (opened != nullptr ? opened : table)->writer;
    ExplainPropertyText("SQLite Statement", pg::server_text(writer->sql().c_str()), output);
    if (node->operation == CMD_INSERT)
        ExplainPropertyInteger("Batch Size", nullptr, result->ri_BatchSize, output);
    if (opened != nullptr)
        close_modify(opened);
}

} // namespace

void set_modifying(FdwRoutine *routine) {
    routine->BeginForeignModify = begin_modify;
    routine->EndForeignModify = end_modify;
    routine->BeginForeignInsert = begin_insert;
    routine->EndForeignInsert = end_insert;
    routine->ExecForeignInsert = exec_insert;
    routine->ExecForeignBatchInsert = exec_batch;
    routine->GetForeignModifyBatchSize = modify_batch_size;
    routine->ExecForeignUpdate = exec_modify;
    routine->ExecForeignDelete = exec_modify;
    routine->ExecForeignTruncate = exec_truncate;
    routine->ExplainForeignModify = explain_modify;
}

} // namespace migrate::fdw
