// COPY … FROM STDIN whose data stand in a script. The utility command would ask the client for
// them, so COPY is begun here, with the checks of DoCopy.
#include "pg/script_runner.hpp"

extern "C" {
#include "access/sysattr.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "commands/copy.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "tcop/utility.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
}

namespace migrate::pg {
namespace {

// COPY's callback has no argument of its own, and COPY nests: a trigger on its target may apply
// migrations of another history.
struct CopyData {
    MemoryContextCallback callback;
    CopyData *previous;
    const char *next;
    std::size_t left;
};
CopyData *copy_data = nullptr;

int read_copy_data(void *target, int, int most) {
    std::size_t size = Min(copy_data->left, static_cast<std::size_t>(most));
    memcpy(target, copy_data->next, size);
    copy_data->next += size;
    copy_data->left -= size;
    return static_cast<int>(size);
}

void leave_copy_data(void *argument) {
    copy_data = static_cast<CopyData *>(argument)->previous;
}

// The data of the innermost COPY, until the context is deleted, or the (sub)transaction deletes it
// after an error: the newest first, either way.
MemoryContext enter_copy_data(const char *data, std::size_t size) {
    MemoryContext memory =
        AllocSetContextCreate(CurTransactionContext, "migrate copy data", ALLOCSET_SMALL_SIZES);
    auto *entry = static_cast<CopyData *>(MemoryContextAllocZero(memory, sizeof(CopyData)));
    entry->callback.func = leave_copy_data;
    entry->callback.arg = entry;
    entry->previous = copy_data;
    entry->next = data;
    entry->left = size;
    MemoryContextRegisterResetCallback(memory, &entry->callback);
    copy_data = entry;
    return memory;
}

CopyStmt *parse_copy(const char *sql) {
    List *parsed = raw_parser(sql, RAW_PARSE_DEFAULT);
    Node *node = linitial_node(RawStmt, parsed)->stmt;
    if (!IsA(node, CopyStmt) || castNode(CopyStmt, node)->relation == nullptr)
        elog(ERROR, "not a COPY into a table: %s", sql);
    return castNode(CopyStmt, node);
}

#if PG_VERSION_NUM >= 160000
RTEPermissionInfo *rights_of(ParseNamespaceItem *item) {
    return item->p_perminfo;
}
void check_rights(ParseState *state, ParseNamespaceItem *item) {
    ExecCheckPermissions(state->p_rtable, list_make1(item->p_perminfo), true);
}
#else
RangeTblEntry *rights_of(ParseNamespaceItem *item) {
    return item->p_rte;
}
void check_rights(ParseState *state, ParseNamespaceItem *) {
    ExecCheckRTPerms(state->p_rtable, true);
}
#endif

// INSERT on every column that COPY writes, and what WHERE asked for when it was transformed.
void check_copy_rights(ParseState *state, ParseNamespaceItem *item, Relation relation,
                       List *columns) {
    Bitmapset **inserted = &rights_of(item)->insertedCols;
    ListCell *cell = nullptr;
    foreach (cell, CopyGetAttnums(RelationGetDescr(relation), relation, columns))
        *inserted =
            bms_add_member(*inserted, lfirst_int(cell) - FirstLowInvalidHeapAttributeNumber);
    check_rights(state, item);
}

void refuse_column(Relation relation, AttrNumber column, const char *kind) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
                    errmsg("%s columns are not supported in COPY FROM WHERE conditions", kind),
                    errdetail("Column \"%s\" is a %s column.",
                              get_attname(RelationGetRelid(relation), column, false), kind)));
}

// Generated columns have no value yet when the row is filtered, nor have system columns, but for
// tableoid. A reference to the whole row is one to every column.
void check_condition_columns(Relation relation, Node *condition) {
    constexpr int kWholeRow = 0 - FirstLowInvalidHeapAttributeNumber;
    Bitmapset *columns = nullptr;
    pull_varattnos(condition, 1, &columns);
    if (bms_is_member(kWholeRow, columns))
        columns = bms_add_range(columns, kWholeRow + 1,
                                kWholeRow + RelationGetNumberOfAttributes(relation));
    for (int i = bms_next_member(columns, -1); i >= 0; i = bms_next_member(columns, i)) {
        auto column = static_cast<AttrNumber>(i - kWholeRow);
        if (column < 0 && column != TableOidAttributeNumber)
            refuse_column(relation, column, "system");
        if (column > 0 && TupleDescAttr(RelationGetDescr(relation), column - 1)->attgenerated)
            refuse_column(relation, column, "generated");
    }
}

Node *copy_condition(ParseState *state, ParseNamespaceItem *item, Relation relation,
                     Node *condition) {
    if (condition == nullptr)
        return nullptr;
    addNSItemToQuery(state, item, false, true, true);
    condition = transformExpr(state, condition, EXPR_KIND_COPY_WHERE);
    condition = coerce_to_boolean(state, condition, "WHERE");
    assign_expr_collations(state, condition);
    check_condition_columns(relation, condition);
    condition = eval_const_expressions(nullptr, condition);
    return reinterpret_cast<Node *>(
        make_ands_implicit(canonicalize_qual(reinterpret_cast<Expr *>(condition), false)));
}

// The data are UTF-8, as the file is, unless the statement says otherwise.
List *copy_options(List *options) {
    ListCell *cell = nullptr;
    foreach (cell, options)
        if (strcmp(lfirst_node(DefElem, cell)->defname, "encoding") == 0)
            return options;
    return lappend(options, makeDefElem(pstrdup("encoding"),
                                        reinterpret_cast<Node *>(makeString(pstrdup("UTF8"))), -1));
}

void check_row_security(Relation relation) {
    if (check_enable_rls(RelationGetRelid(relation), InvalidOid, false) == RLS_ENABLED)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("COPY FROM not supported with row-level security"),
                        errhint("Use INSERT statements instead.")));
}

} // namespace

void run_copy(const char *sql, const char *data, std::size_t size) {
    CopyStmt *statement = parse_copy(sql);
    ParseState *state = make_parsestate(nullptr);
    state->p_sourcetext = sql;
    // Before WHERE is transformed: what is constant in it is computed there, by functions too.
    PushActiveSnapshot(GetTransactionSnapshot());
    Relation relation = table_openrv(statement->relation, RowExclusiveLock);
    ParseNamespaceItem *item =
        addRangeTableEntryForRelation(state, relation, RowExclusiveLock, nullptr, false, false);
    rights_of(item)->requiredPerms = ACL_INSERT;
    Node *condition = copy_condition(state, item, relation, statement->whereClause);
    check_copy_rights(state, item, relation, statement->attlist);
    check_row_security(relation);
    if (!relation->rd_islocaltemp)
        PreventCommandIfReadOnly("COPY FROM");
    MemoryContext memory = enter_copy_data(data, size);
    CopyFromState copy = BeginCopyFrom(state, relation, condition, nullptr, false, read_copy_data,
                                       statement->attlist, copy_options(statement->options));
    (void)CopyFrom(copy);
    EndCopyFrom(copy);
    MemoryContextDelete(memory);
    PopActiveSnapshot();
    table_close(relation, NoLock);
    free_parsestate(state);
    CommandCounterIncrement();
}

} // namespace migrate::pg
