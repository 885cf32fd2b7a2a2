// Plans writes on SQLite tables: which columns are written and read back, and what names a row.
#include "fdw/modify_plan.hpp"
#include "fdw/scan_columns.hpp"
#include "fdw/sqlite_fdw.hpp"

#include "core/fdw/write_query.hpp"
#include "fdw/fdw_options.hpp"
#include "fdw/row_identity.hpp"
#include "pg/error_bridge.hpp"

extern "C" {
#include "access/sysattr.h"
#include "access/table.h"
#include "nodes/makefuncs.h"
#include "optimizer/inherit.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "parser/parsetree.h"
#include "utils/rel.h"
}

namespace migrate::fdw {
namespace {

using core::fdw::WriteKind;

// A column of the foreign table that PostgreSQL computes is the file's to compute.
bool is_written(TupleDesc descriptor, int attribute) {
    Form_pg_attribute form = TupleDescAttr(descriptor, attribute - 1);
    return !form->attisdropped && form->attgenerated == '\0';
}

// Those that the INSERT names or the foreign table has a default for: for others the file has one.
List *inserted_columns(const Query *query, TupleDesc descriptor) {
    List *columns = NIL;
    ListCell *cell = nullptr;
    foreach (cell, query->targetList) {
        auto *entry = lfirst_node(TargetEntry, cell);
        if (!entry->resjunk && is_written(descriptor, entry->resno))
            columns = lappend_int(columns, entry->resno);
    }
    return columns;
}

List *updated_columns(PlannerInfo *root, Index relation, TupleDesc descriptor) {
    Bitmapset *updated =
        get_rel_all_updated_cols(root, find_base_rel(root, static_cast<int>(relation)));
    List *columns = NIL;
    int member = -1;
    while ((member = bms_next_member(updated, member)) >= 0) {
        const int attribute = member + FirstLowInvalidHeapAttributeNumber;
        if (attribute > 0 && is_written(descriptor, attribute))
            columns = lappend_int(columns, attribute);
    }
    return columns;
}

List *columns_to_write(PlannerInfo *root, CmdType operation, Index result, Relation relation) {
    const TriggerDesc *triggers = relation->trigdesc;
    TupleDesc descriptor = RelationGetDescr(relation);
    if (operation == CMD_DELETE)
        return NIL;
    // A BEFORE trigger may set any column.
    if (triggers != nullptr && (operation == CMD_INSERT ? triggers->trig_insert_before_row
                                                        : triggers->trig_update_before_row))
        return written_columns(descriptor);
    return operation == CMD_INSERT ? inserted_columns(root->parse, descriptor)
                                   : updated_columns(root, result, descriptor);
}

bool has_after_trigger(Relation relation, CmdType operation) {
    const TriggerDesc *triggers = relation->trigdesc;
    if (triggers == nullptr)
        return false;
    return operation == CMD_INSERT   ? triggers->trig_insert_after_row
           : operation == CMD_UPDATE ? triggers->trig_update_after_row
                                     : false;
}

List *columns_to_return(const ModifyTable *plan, int subplan, CmdType operation, Index result,
                        Relation relation) {
    TupleDesc descriptor = RelationGetDescr(relation);
    if (plan->withCheckOptionLists != NIL || has_after_trigger(relation, operation))
        return all_columns(descriptor);
    if (plan->returningLists == NIL)
        return NIL;
    Bitmapset *attributes = nullptr;
    pull_varattnos(static_cast<Node *>(list_nth(plan->returningLists, subplan)), result,
                   &attributes);
    if (bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, attributes))
        return all_columns(descriptor);
    List *columns = NIL;
    ListCell *cell = nullptr;
    foreach (cell, all_columns(descriptor))
        if (bms_is_member(lfirst_int(cell) - FirstLowInvalidHeapAttributeNumber, attributes))
            columns = lappend_int(columns, lfirst_int(cell));
    return columns;
}

RowIdentity identity_of(Oid relation) {
    ForeignSource *source = open_source(CurrentMemoryContext, relation);
    RowIdentity identity = row_identity(source);
    close_source(source);
    return identity;
}

void add_update_targets(PlannerInfo *root, Index index, RangeTblEntry *, Relation relation) {
    add_identity(root, index, RelationGetDescr(relation), identity_of(RelationGetRelid(relation)));
}

List *plan_modify(PlannerInfo *root, ModifyTable *plan, Index result, int subplan) {
    RangeTblEntry *entry = planner_rt_fetch(result, root);
    Relation relation = table_open(entry->relid, NoLock);
    List *columns = columns_to_write(root, plan->operation, result, relation);
    List *returned = columns_to_return(plan, subplan, plan->operation, result, relation);
    RowIdentity identity = {NIL, false};
    if (plan->operation != CMD_INSERT)
        identity = identity_of(entry->relid);
    List *named = plan->operation == CMD_UPDATE
                      ? updated_columns(root, result, RelationGetDescr(relation))
                      : NIL;
    table_close(relation, NoLock);
    List *flags = list_make2_int(identity.has_rowid ? 1 : 0,
                                 plan->onConflictAction == ONCONFLICT_NOTHING ? 1 : 0);
    return list_make5(columns, returned, identity.columns, flags, named);
}

int is_updatable(Relation relation) {
    const bool is_writable =
        is_writable_server(GetForeignServerIdByRelId(RelationGetRelid(relation)));
    return is_writable ? 1 << CMD_INSERT | 1 << CMD_UPDATE | 1 << CMD_DELETE : 0;
}

} // namespace

List *written_columns(TupleDesc descriptor) {
    List *columns = NIL;
    for (int i = 1; i <= descriptor->natts; i++)
        if (is_written(descriptor, i))
            columns = lappend_int(columns, i);
    return columns;
}

void read_modify_plan(List *parts, ModifyRequest *request) {
    request->columns = static_cast<List *>(linitial(parts));
    request->returned = static_cast<List *>(lsecond(parts));
    request->identity.columns = static_cast<List *>(lthird(parts));
    auto *flags = static_cast<List *>(lfourth(parts));
    request->identity.has_rowid = linitial_int(flags) != 0;
    request->skips_conflicts = lsecond_int(flags) != 0;
    request->named = static_cast<List *>(list_nth(parts, 4));
}

void set_modify_planning(FdwRoutine *routine) {
    routine->AddForeignUpdateTargets = add_update_targets;
    routine->PlanForeignModify = plan_modify;
    routine->IsForeignRelUpdatable = is_updatable;
}

} // namespace migrate::fdw
