#include "pg/insert_text.hpp"

#include "pg/error_bridge.hpp"
#include "pg/sql_names.hpp"

extern "C" {
#include "access/htup_details.h"
#include "catalog/index.h"
#include "catalog/pg_class_d.h"
#include "catalog/pg_index.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "utils/lsyscache.h"
#include "utils/relcache.h"
#include "utils/syscache.h"
}

namespace migrate::pg {
namespace {

// The target in ON CONFLICT: a table may itself be named "excluded".
constexpr char kTargetName[] = "migrate_target";

// What the texts are made from.
struct Shape {
    const WriterTarget &target;
    Relation relation;
    const DatumColumn *columns;

    Form_pg_attribute attribute(int column) const {
        return TupleDescAttr(RelationGetDescr(relation), columns[column].attribute);
    }
    const char *name(int column) const {
        return quote_identifier(NameStr(attribute(column)->attname));
    }
    // PostgreSQL computes generated columns itself and refuses a value for them.
    bool is_generated(int column) const { return attribute(column)->attgenerated != '\0'; }
};

// `FROM migrate_batch AS "target" [WHERE (…)]`: the target's own name, so that a condition may
// qualify columns as in a query on the target; the target itself is not visible there.
char *source_clause(const Shape &shape) {
    StringInfoData clause;
    initStringInfo(&clause);
    appendStringInfo(&clause, "FROM %s AS %s", kBatchName,
                     quote_identifier(RelationGetRelationName(shape.relation)));
    // The line end keeps a comment at the condition's end from hiding the parenthesis.
    if (shape.target.where != nullptr)
        appendStringInfo(&clause, " WHERE (%s\n)", shape.target.where);
    return clause.data;
}

int key_column(const Shape &shape, int key) {
    const char *name = server_text(shape.target.key[key]);
    for (int i = 0; i < shape.target.columns; i++)
        if (strcmp(NameStr(shape.attribute(i)->attname), name) == 0)
            return i;
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("key column \"%s\" is not among the columns that are loaded", name)));
    return -1;
}

bool is_key(const Shape &shape, int column) {
    for (int i = 0; i < shape.target.key_columns; i++)
        if (key_column(shape, i) == column)
            return true;
    return false;
}

// An identity GENERATED ALWAYS may be inserted (OVERRIDING SYSTEM VALUE) but never set by UPDATE.
bool is_updatable(const Shape &shape, int column) {
    return !shape.is_generated(column) && !is_key(shape, column) &&
           shape.attribute(column)->attidentity != ATTRIBUTE_IDENTITY_ALWAYS;
}

// Of an UPDATE of rows that are there.
bool is_updated(const Shape &shape, int column) {
    const char *name = NameStr(shape.attribute(column)->attname);
    for (int i = 0; i < shape.target.updated_columns; i++)
        if (strcmp(server_text(shape.target.updated[i]), name) == 0)
            return true;
    return false;
}

int count_updatable(const Shape &shape) {
    int count = 0;
    for (int i = 0; i < shape.target.columns; i++)
        count += is_updatable(shape, i) ? 1 : 0;
    return count;
}

char *key_names(const Shape &shape) {
    StringInfoData names;
    initStringInfo(&names);
    for (int i = 0; i < shape.target.key_columns; i++)
        append_item(&names, ", ", shape.name(key_column(shape, i)));
    return names.data;
}

// Rows whose images are the same are left alone. Images are compared, as json, xml and point have
// no equality; the casts keep the parser from taking it for a comparison column by column.
char *update_clause(const Shape &shape) {
    StringInfoData sets, present, loaded;
    initStringInfo(&sets);
    initStringInfo(&present);
    initStringInfo(&loaded);
    for (int i = 0; i < shape.target.columns; i++) {
        if (!is_updatable(shape, i))
            continue;
        const char *name = shape.name(i);
        append_item(&sets, ", ", psprintf("%s = excluded.%s", name, name));
        append_item(&present, ", ", psprintf("%s.%s", kTargetName, name));
        append_item(&loaded, ", ", psprintf("excluded.%s", name));
    }
    return psprintf("DO UPDATE SET %s WHERE CAST(ROW(%s) AS pg_catalog.record) "
                    "OPERATOR(pg_catalog.*<>) CAST(ROW(%s) AS pg_catalog.record)",
                    sets.data, present.data, loaded.data);
}

const char *conflict_clause(const Shape &shape) {
    if (shape.target.on_conflict == Conflict::error)
        return "";
    bool is_update = shape.target.on_conflict == Conflict::update && count_updatable(shape) > 0;
    return psprintf(" ON CONFLICT (%s) %s", key_names(shape),
                    is_update ? update_clause(shape) : "DO NOTHING");
}

bool has_key_columns(const Shape &shape, Form_pg_index index) {
    if (index->indnkeyatts != shape.target.key_columns)
        return false;
    for (int i = 0; i < index->indnkeyatts; i++) {
        bool is_found = false;
        for (int key = 0; key < shape.target.key_columns; key++)
            is_found |= index->indkey.values[i] == shape.attribute(key_column(shape, key))->attnum;
        if (!is_found)
            return false;
    }
    return true;
}

// Whether NULL equals NULL in the key's unique index.
bool nulls_are_equal(const Shape &shape) {
    ListCell *cell = nullptr;
    foreach (cell, RelationGetIndexList(shape.relation)) {
        HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
        if (!HeapTupleIsValid(tuple))
            continue;
        auto *index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
        bool is_one =
            index->indisunique && index->indnullsnotdistinct && has_key_columns(shape, index);
        ReleaseSysCache(tuple);
        if (is_one)
            return true;
    }
    return false;
}

char *join_condition(const Shape &shape) {
    bool has_equal_nulls = nulls_are_equal(shape);
    StringInfoData condition;
    initStringInfo(&condition);
    for (int i = 0; i < shape.target.key_columns; i++) {
        const char *equals = equality_operator(shape.attribute(key_column(shape, i))->atttypid);
        char *same = psprintf("t.k%d %s b.k%d", i, equals, i);
        if (has_equal_nulls)
            same = psprintf("(%s OR t.k%d IS NULL AND b.k%d IS NULL)", same, i, i);
        append_item(&condition, " AND ", same);
    }
    return condition.data;
}

// A position is one in our text, not in the statement that the client sent.
void describe_condition(void *text) {
    int position = geterrposition();
    if (position > 0) {
        errposition(0);
        internalerrposition(position);
        internalerrquery(static_cast<const char *>(text));
    }
    errcontext("option \"where\"");
}

// Whether the statement is SELECT WHERE … and no more.
bool is_bare_condition(const SelectStmt *select) {
    return select->op == SETOP_NONE && select->whereClause != nullptr &&
           select->distinctClause == NIL && select->intoClause == nullptr &&
           select->targetList == NIL && select->fromClause == NIL && select->groupClause == NIL &&
           select->havingClause == nullptr && select->windowClause == NIL &&
           select->valuesLists == NIL && select->sortClause == NIL &&
           select->limitOffset == nullptr && select->limitCount == nullptr &&
           select->lockingClause == NIL && select->withClause == nullptr;
}

} // namespace

void check_condition(const char *where) {
    char *text = psprintf("SELECT WHERE (%s\n)", where);
    ErrorContextCallback context = {};
    context.callback = describe_condition;
    context.arg = text;
    context.previous = error_context_stack;
    error_context_stack = &context;
    List *parsed = raw_parser(text, RAW_PARSE_DEFAULT);
    error_context_stack = context.previous;
    if (list_length(parsed) == 1) {
        Node *node = linitial_node(RawStmt, parsed)->stmt;
        if (IsA(node, SelectStmt) && is_bare_condition(castNode(SelectStmt, node)))
            return;
    }
    ereport(ERROR,
            (errcode(ERRCODE_SYNTAX_ERROR), errmsg("option \"where\" must be one SQL condition")));
}

char *insert_statement(const WriterTarget &target, Relation relation, const DatumColumn *columns) {
    Shape shape = {target, relation, columns};
    StringInfoData names;
    initStringInfo(&names);
    for (int i = 0; i < target.columns; i++)
        if (!shape.is_generated(i))
            append_item(&names, ", ", shape.name(i));
    const char *conflict = conflict_clause(shape);
    return psprintf("INSERT INTO %s%s%s (%s) OVERRIDING SYSTEM VALUE SELECT %s %s%s",
                    qualified_name(relation), *conflict != '\0' ? " AS " : "",
                    *conflict != '\0' ? kTargetName : "", names.data, names.data,
                    source_clause(shape), conflict);
}

char *update_statement(const WriterTarget &target, Relation relation, const DatumColumn *columns) {
    Shape shape = {target, relation, columns};
    StringInfoData sets, condition;
    initStringInfo(&sets);
    initStringInfo(&condition);
    for (int i = 0; i < target.columns; i++) {
        const char *name = shape.name(i);
        if (is_updated(shape, i))
            append_item(&sets, ", ", psprintf("%s = b.%s", name, name));
        else if (is_key(shape, i))
            append_item(&condition, " AND ",
                        psprintf("%s.%s %s b.%s", kTargetName, name,
                                 equality_operator(shape.attribute(i)->atttypid), name));
    }
    return psprintf("UPDATE %s AS %s SET %s FROM %s b WHERE %s", qualified_name(relation),
                    kTargetName, sets.data, kBatchName, condition.data);
}

char *matches_query(const WriterTarget &target, Relation relation, const DatumColumn *columns) {
    Shape shape = {target, relation, columns};
    if (target.on_conflict != Conflict::update || count_updatable(shape) == 0)
        return nullptr;
    StringInfoData aliases;
    initStringInfo(&aliases);
    for (int i = 0; i < target.key_columns; i++)
        append_item(&aliases, ", ", psprintf("k%d", i));
    // A unique index does not reach into inheritance children; partitions are the table itself.
    bool is_partitioned = relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
    char *keys = key_names(shape);
    return psprintf("SELECT pg_catalog.count(*), pg_catalog.count(t.is_there) "
                    "FROM (SELECT %s %s) AS b(%s) "
                    "LEFT JOIN (SELECT true, %s FROM %s%s) AS t(is_there, %s) ON %s",
                    keys, source_clause(shape), aliases.data, keys, is_partitioned ? "" : "ONLY ",
                    qualified_name(relation), aliases.data, join_condition(shape));
}

} // namespace migrate::pg
