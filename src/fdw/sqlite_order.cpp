// Orders and limits that SQLite is told of. Both are checked once more when the scan begins, on
// what the file then is: a limit that would be wrong is left out (PostgreSQL's own Limit stays
// above the scan), and rows that do not come in order are sorted here.
#include "fdw/clause.hpp"
#include "fdw/planned_table.hpp"
#include "pg/planner_compat.hpp"

extern "C" {
#include "access/htup_details.h"
#include "catalog/pg_type_d.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "optimizer/paths.h"
#include "parser/parsetree.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"
}

namespace migrate::fdw {
namespace {

bool is_text_type(Oid type) {
    return type == TEXTOID || type == VARCHAROID;
}

// The column of the relation whose order the key is, by bytes where it is text; NULL when none.
Var *ordered_column(RelOptInfo *rel, const PathKey *key) {
    if (key->pk_eclass->ec_has_volatile)
        return nullptr;
    ListCell *cell = nullptr;
    foreach (cell, key->pk_eclass->ec_members) {
        auto *member = static_cast<EquivalenceMember *>(lfirst(cell));
        Var *var = column_of(rel->relid, reinterpret_cast<Node *>(member->em_expr));
        // One above an outer join may be NULL where the table's column is not.
        if (member->em_is_child || !bms_equal(member->em_relids, rel->relids) || var == nullptr ||
            key->pk_opfamily != order_of(var->vartype))
            continue;
        if (!is_text_type(var->vartype) || pg::is_bytewise_order(key->pk_eclass->ec_collation))
            return var;
    }
    return nullptr;
}

void add_ordered_path(PlannerInfo *root, RelOptInfo *rel, PathKey *key) {
    auto *planned = static_cast<PlannedTable *>(rel->fdw_private);
    Var *var = ordered_column(rel, key);
    if (var == nullptr || !bms_is_member(var->varattno, planned->ordered))
        return;
    ScanChoice choice = {nullptr, rel->baserestrictinfo, list_make1(key), var->varattno, 0};
    add_path(rel, reinterpret_cast<Path *>(make_scan_path(root, rel, choice)));
}

// The order in which a merge join would want the column.
void add_merge_path(PlannerInfo *root, RelOptInfo *rel, AttrNumber attribute, Oid relation) {
    Oid type = InvalidOid;
    int32 typmod = -1;
    Oid collation = InvalidOid;
    get_atttypetypmodcoll(relation, attribute, &type, &typmod, &collation);
    if (type == VARCHAROID)
        return;
    Var *var = makeVar(rel->relid, attribute, type, typmod, collation, 0);
    Oid less = lookup_type_cache(type, TYPECACHE_LT_OPR)->lt_opr;
    List *keys = pg::make_pathkey(root, reinterpret_cast<Expr *>(var), less, rel->relids);
    if (truncate_useless_pathkeys(root, rel, keys) != NIL)
        add_ordered_path(root, rel, static_cast<PathKey *>(linitial(keys)));
}

// Whether what the scan gives is what the query's LIMIT counts.
bool is_limited_by(PlannerInfo *root, RelOptInfo *rel, const Path *path) {
    const Query *query = root->parse;
    if (!static_cast<PlannedTable *>(rel->fdw_private)->is_read_only ||
        query->commandType != CMD_SELECT || query->limitCount == nullptr ||
        query->limitOption != LIMIT_OPTION_COUNT || rel->reloptkind != RELOPT_BASEREL ||
        path->param_info != nullptr || path->parallel_aware)
        return false;
    if (query->hasAggs || query->groupClause != NIL || query->groupingSets != NIL ||
        query->distinctClause != NIL || query->havingQual != nullptr || query->hasWindowFuncs ||
        query->hasTargetSRFs || query->setOperations != nullptr || root->rowMarks != NIL)
        return false;
    return bms_equal(root->all_baserels, rel->relids) &&
           pathkeys_contained_in(root->sort_pathkeys, path->pathkeys);
}

bool is_pushable(Node *expression) {
    return !contain_subplans(expression) && !contain_volatile_functions(expression);
}

int keep_expression(Node *expression, List **expressions) {
    if (expression == nullptr)
        return -1;
    *expressions = lappend(*expressions, expression);
    return list_length(*expressions) - 1;
}

} // namespace

void add_ordered_paths(PlannerInfo *root, RelOptInfo *rel) {
    auto *planned = static_cast<PlannedTable *>(rel->fdw_private);
    if (!bms_is_empty(rel->lateral_relids))
        return;
    if (root->query_pathkeys != NIL)
        add_ordered_path(root, rel, static_cast<PathKey *>(linitial(root->query_pathkeys)));
    Oid relation = planner_rt_fetch(rel->relid, root)->relid;
    int attribute = -1;
    while (rel->has_eclass_joins && (attribute = bms_next_member(planned->ordered, attribute)) >= 0)
        add_merge_path(root, rel, static_cast<AttrNumber>(attribute), relation);
}

List *plan_order(RelOptInfo *rel, const Path *path) {
    if (path->pathkeys == NIL)
        return NIL;
    auto *key = static_cast<PathKey *>(linitial(path->pathkeys));
    Var *var = ordered_column(rel, key);
    Oid type = is_text_type(var->vartype) ? TEXTOID : var->vartype;
    bool is_descending = pg::is_descending(key);
    Oid operation =
        get_opfamily_member(key->pk_opfamily, type, type,
                            is_descending ? BTGreaterStrategyNumber : BTLessStrategyNumber);
    return list_make5_int(var->varattno, is_descending, key->pk_nulls_first,
                          static_cast<int>(operation),
                          static_cast<int>(key->pk_eclass->ec_collation));
}

List *plan_limit(PlannerInfo *root, RelOptInfo *rel, const Path *path, List **expressions) {
    Node *count = root->parse->limitCount;
    Node *offset = root->parse->limitOffset;
    if (!is_limited_by(root, rel, path) || !is_pushable(count) ||
        (offset != nullptr && !is_pushable(offset)))
        return NIL;
    int count_place = keep_expression(count, expressions);
    return list_make2_int(count_place, keep_expression(offset, expressions));
}

} // namespace migrate::fdw
