#include "pg/writer.hpp"

#include "pg/citus.hpp"
#include "pg/insert_state.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_class_d.h"
}

namespace migrate::pg {
namespace {

// Whether rows may go straight into the heap. What an event trigger of the database may have added
// since the DDL is why each of these is looked at on the open relation.
bool is_plain_heap(Relation relation) {
    Form_pg_class form = relation->rd_rel;
    return form->relkind == RELKIND_RELATION && form->relpersistence == RELPERSISTENCE_PERMANENT &&
           relation->rd_tableam == GetHeapamTableAmRoutine() && !form->relhasindex &&
           !form->relhasrules && !form->relhastriggers && !form->relrowsecurity &&
           !form->relispartition && !form->relhassubclass && relation->trigdesc == nullptr &&
           has_privs_of_role(GetUserId(), form->relowner);
}

// Whether the attributes are the planned ones and no more: another column, a check or a default
// that an event trigger added would be passed over by the heap.
bool is_as_planned(Relation relation, int columns) {
    TupleDesc descriptor = RelationGetDescr(relation);
    int live = 0;
    for (int i = 0; i < descriptor->natts; i++)
        live += TupleDescAttr(descriptor, i)->attisdropped ? 0 : 1;
    bool has_checks = descriptor->constr != nullptr && descriptor->constr->num_check > 0;
    return live == columns && !has_checks;
}

// Pages that are written here cannot be taken back row by row, and nothing looks for conflicts.
bool may_pass_executor(const WriterTarget &target) {
    return target.is_created && !target.is_guarded && target.where == nullptr &&
           target.on_conflict == Conflict::error;
}

void describe_write(void *argument) {
    const auto *context = static_cast<const WriteContext *>(argument);
    const WriteOrigin &origin = *context->origin;
    if (context->first_row == context->last_row)
        errcontext("%s \"%s\", %s " INT64_FORMAT, origin.kind, origin.name, origin.unit,
                   context->first_row);
    else
        errcontext("%s \"%s\", %ss " INT64_FORMAT " to " INT64_FORMAT, origin.kind, origin.name,
                   origin.unit, context->first_row, context->last_row);
}

} // namespace

Writer *open_writer(const WriterTarget &target) {
    Relation relation = table_open(target.relation, RowExclusiveLock);
    if (is_distributed(target.relation))
        return open_distributed_writer(target, relation);
    if (may_pass_executor(target) && is_plain_heap(relation) &&
        is_as_planned(relation, target.columns))
        return open_bulk_writer(target, relation);
    if (takes_rows_in_bulk(target, relation))
        return open_executor_writer(target, relation);
    return open_sql_writer(target, relation);
}

int bulk_insert_options(Relation relation, bool may_freeze) {
    SubTransactionId now = GetCurrentSubTransactionId();
    int options = TABLE_INSERT_SKIP_FSM;
    if (may_freeze && (relation->rd_createSubid == now || new_file_subtransaction(relation) == now))
        options |= TABLE_INSERT_FROZEN;
    return options;
}

void push_write_context(WriteContext *context, const WriteOrigin *origin, int64 first_row,
                        int64 last_row) {
    context->origin = origin;
    context->first_row = first_row;
    context->last_row = last_row;
    context->callback.callback = describe_write;
    context->callback.arg = context;
    context->callback.previous = error_context_stack;
    error_context_stack = &context->callback;
}

void pop_write_context(const WriteContext *context) {
    error_context_stack = context->callback.previous;
}

} // namespace migrate::pg
