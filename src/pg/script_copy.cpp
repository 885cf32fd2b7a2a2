// COPY … FROM STDIN whose data stand in a script. The utility command would ask the client for
// them, so COPY is begun here, with the checks of DoCopy.
#include "pg/script_runner.hpp"

extern "C" {
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
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
}

namespace migrate::pg {
namespace {

// COPY's callback has no argument of its own. Set for the time of one CopyFrom, which cannot nest
// with another of ours: triggers that apply migrations while migrations are applied are refused by
// the lock.
struct CopyData {
    const char *next;
    std::size_t left;
};
CopyData copy_data;

int read_copy_data(void *target, int, int most) {
    std::size_t size = Min(copy_data.left, static_cast<std::size_t>(most));
    memcpy(target, copy_data.next, size);
    copy_data.next += size;
    copy_data.left -= size;
    return static_cast<int>(size);
}

CopyStmt *parse_copy(const char *sql) {
    List *parsed = raw_parser(sql, RAW_PARSE_DEFAULT);
    Node *node = linitial_node(RawStmt, parsed)->stmt;
    if (!IsA(node, CopyStmt) || castNode(CopyStmt, node)->relation == nullptr)
        elog(ERROR, "not a COPY into a table: %s", sql);
    return castNode(CopyStmt, node);
}

// INSERT on every column that COPY writes.
void check_insert_right(ParseState *state, ParseNamespaceItem *item, Relation relation,
                        List *columns) {
    Bitmapset *inserted = nullptr;
    ListCell *cell = nullptr;
    foreach (cell, CopyGetAttnums(RelationGetDescr(relation), relation, columns))
        inserted = bms_add_member(inserted, lfirst_int(cell) - FirstLowInvalidHeapAttributeNumber);
#if PG_VERSION_NUM >= 160000
    item->p_perminfo->requiredPerms = ACL_INSERT;
    item->p_perminfo->insertedCols = inserted;
    ExecCheckPermissions(state->p_rtable, list_make1(item->p_perminfo), true);
#else
    item->p_rte->requiredPerms = ACL_INSERT;
    item->p_rte->insertedCols = inserted;
    ExecCheckRTPerms(state->p_rtable, true);
#endif
}

Node *copy_condition(ParseState *state, ParseNamespaceItem *item, Node *condition) {
    if (condition == nullptr)
        return nullptr;
    addNSItemToQuery(state, item, false, true, true);
    condition = transformExpr(state, condition, EXPR_KIND_COPY_WHERE);
    condition = coerce_to_boolean(state, condition, "WHERE");
    assign_expr_collations(state, condition);
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
    Relation relation = table_openrv(statement->relation, RowExclusiveLock);
    if (!relation->rd_islocaltemp)
        PreventCommandIfReadOnly("COPY FROM");
    ParseNamespaceItem *item =
        addRangeTableEntryForRelation(state, relation, RowExclusiveLock, nullptr, false, false);
    check_insert_right(state, item, relation, statement->attlist);
    check_row_security(relation);
    Node *condition = copy_condition(state, item, statement->whereClause);
    PushActiveSnapshot(GetTransactionSnapshot());
    copy_data = {data, size};
    CopyFromState copy = BeginCopyFrom(state, relation, condition, nullptr, false, read_copy_data,
                                       statement->attlist, copy_options(statement->options));
    (void)CopyFrom(copy);
    EndCopyFrom(copy);
    PopActiveSnapshot();
    table_close(relation, NoLock);
    free_parsestate(state);
    CommandCounterIncrement();
}

} // namespace migrate::pg
