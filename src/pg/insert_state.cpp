#include "pg/insert_state.hpp"

#include "pg/error_bridge.hpp"

#include "pg/executor_compat.hpp"

extern "C" {
#include "access/sysattr.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "catalog/catalog.h"
#include "catalog/pg_class_d.h"
#include "catalog/pg_proc_d.h"
#include "commands/trigger.h"
#include "nodes/makefuncs.h"
#include "parser/parse_coerce.h"
#include "rewrite/rewriteHandler.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"
}

namespace migrate::pg {
namespace {

bool is_named(const WriterTarget &target, Form_pg_attribute attribute) {
    for (int i = 0; i < target.columns; i++)
        if (strcmp(server_text(target.names[i]), NameStr(attribute->attname)) == 0)
            return true;
    return false;
}

// A column that takes its default: neither filled nor computed.
bool takes_default(const WriterTarget &target, Form_pg_attribute attribute) {
    return !attribute->attisdropped && attribute->attgenerated == '\0' &&
           !is_named(target, attribute);
}

// The expression for a column that is not filled; NULL where it is plainly NULL. A domain without a
// default may refuse NULL.
Node *default_expression(Relation relation, Form_pg_attribute attribute) {
    Node *expression = build_column_default(relation, attribute->attnum);
    if (expression != nullptr || get_typtype(attribute->atttypid) != TYPTYPE_DOMAIN)
        return expression;
    int32 typmod = attribute->atttypmod;
    Oid base = getBaseTypeAndTypmod(attribute->atttypid, &typmod);
    Const *null = makeConst(base, typmod, attribute->attcollation, attribute->attlen, Datum{0},
                            true, attribute->attbyval);
    return coerce_to_domain(reinterpret_cast<Node *>(null), base, typmod, attribute->atttypid,
                            COERCION_IMPLICIT, COERCE_IMPLICIT_CAST, -1, false);
}

// Volatile functions of PostgreSQL's own (now() is not even one, gen_random_uuid, random, nextval)
// do not look at the table; a user's may.
bool is_unknown_volatile(Oid function, void *) {
    return function >= FirstNormalObjectId && func_volatile(function) == PROVOLATILE_VOLATILE;
}

bool may_read_table(Node *node, void *) {
    return node != nullptr && (check_functions_in_node(node, is_unknown_volatile, nullptr) ||
                               walk_expression(node, may_read_table, nullptr));
}

bool has_plain_defaults(const WriterTarget &target, Relation relation) {
    TupleDesc descriptor = RelationGetDescr(relation);
    for (int i = 0; i < descriptor->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
        if (takes_default(target, attribute) &&
            may_read_table(default_expression(relation, attribute), nullptr))
            return false;
    }
    return true;
}

// AFTER ROW triggers alone, foreign keys among them, can wait for the end of a portion.
bool has_late_triggers_only(const TriggerDesc *triggers) {
    return triggers == nullptr ||
           (!triggers->trig_insert_before_row && !triggers->trig_insert_instead_row &&
            !triggers->trig_insert_before_statement && !triggers->trig_insert_after_statement &&
            !triggers->trig_insert_new_table);
}

bool is_plain_insert(const WriterTarget &target) {
    return !target.is_created && !target.is_guarded && !target.updates_only() &&
           target.where == nullptr && target.on_conflict == Conflict::error;
}

Bitmapset *filled_columns(const WriterTarget &target, TupleDesc descriptor,
                          const DatumColumn *columns) {
    Bitmapset *filled = nullptr;
    for (int i = 0; i < target.columns; i++) {
        Form_pg_attribute attribute = TupleDescAttr(descriptor, columns[i].attribute);
        if (attribute->attgenerated == '\0')
            filled = bms_add_member(filled, attribute->attnum - FirstLowInvalidHeapAttributeNumber);
    }
    return filled;
}

void prepare_defaults(InsertState *state, const WriterTarget &target, Relation relation) {
    TupleDesc descriptor = RelationGetDescr(relation);
    state->defaults =
        static_cast<ColumnDefault *>(palloc(sizeof(ColumnDefault) * (descriptor->natts + 1)));
    for (int i = 0; i < descriptor->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
        if (!takes_default(target, attribute))
            continue;
        Node *expression = default_expression(relation, attribute);
        if (expression != nullptr)
            state->defaults[state->default_count++] = {
                i, ExecPrepareExpr(reinterpret_cast<Expr *>(expression), state->estate)};
    }
}

} // namespace

bool takes_rows_in_bulk(const WriterTarget &target, Relation relation) {
    Form_pg_class form = relation->rd_rel;
    return is_plain_insert(target) && form->relkind == RELKIND_RELATION &&
           form->relpersistence != RELPERSISTENCE_TEMP &&
           relation->rd_tableam == GetHeapamTableAmRoutine() && !form->relhasrules &&
           !form->relrowsecurity && !IsSystemRelation(relation) &&
           has_late_triggers_only(relation->trigdesc) && has_plain_defaults(target, relation);
}

InsertState *open_insert_state(const WriterTarget &target, Relation relation,
                               const DatumColumn *columns) {
    auto *state = static_cast<InsertState *>(palloc0(sizeof(InsertState)));
    state->estate = CreateExecutorState();
    MemoryContext caller = MemoryContextSwitchTo(state->estate->es_query_cxt);
    init_insert_range(state->estate, relation,
                      filled_columns(target, RelationGetDescr(relation), columns));
    state->result = makeNode(ResultRelInfo);
    // An ordinary table, which takes_rows_in_bulk has seen to, is always a valid target of INSERT.
    ExecInitResultRelation(state->estate, state->result, 1);
    ExecOpenIndices(state->result, false);
    prepare_defaults(state, target, relation);
    MemoryContextSwitchTo(caller);
    return state;
}

void close_insert_state(InsertState *state) {
    ExecResetTupleTable(state->estate->es_tupleTable, false);
    ExecCloseResultRelations(state->estate);
    ExecCloseRangeTableRelations(state->estate);
    FreeExecutorState(state->estate);
}

void fill_defaults(const InsertState *state, Datum *values, bool *nulls) {
    ExprContext *context = GetPerTupleExprContext(state->estate);
    for (int i = 0; i < state->default_count; i++) {
        const ColumnDefault &column = state->defaults[i];
        values[column.attribute] =
            ExecEvalExprSwitchContext(column.expression, context, &nulls[column.attribute]);
    }
}

} // namespace migrate::pg
