#include "pg/writer.hpp"

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

void describe_write(void *argument) {
    const auto *context = static_cast<const WriteContext *>(argument);
    if (context->first_row == context->last_row)
        errcontext("SQLite table \"%s\", row " INT64_FORMAT, context->source_name,
                   context->first_row);
    else
        errcontext("SQLite table \"%s\", rows " INT64_FORMAT " to " INT64_FORMAT,
                   context->source_name, context->first_row, context->last_row);
}

} // namespace

Writer *open_writer(const WriterTarget &target) {
    Relation relation = table_open(target.relation, RowExclusiveLock);
    if (is_plain_heap(relation) && is_as_planned(relation, target.columns))
        return open_bulk_writer(target, relation);
    return open_sql_writer(target, relation);
}

int bulk_insert_options(Relation relation, bool may_freeze) {
    SubTransactionId now = GetCurrentSubTransactionId();
    int options = TABLE_INSERT_SKIP_FSM;
    if (may_freeze && (relation->rd_createSubid == now || new_file_subtransaction(relation) == now))
        options |= TABLE_INSERT_FROZEN;
    return options;
}

void push_write_context(WriteContext *context, const char *source_name, const core::Batch &batch) {
    context->source_name = source_name;
    context->first_row = batch.row_id(0);
    context->last_row = batch.row_id(batch.rows() - 1);
    context->callback.callback = describe_write;
    context->callback.arg = context;
    context->callback.previous = error_context_stack;
    error_context_stack = &context->callback;
}

void pop_write_context(const WriteContext *context) {
    error_context_stack = context->callback.previous;
}

} // namespace migrate::pg
