// Plans count, min and max that SQLite computes itself: one row comes instead of all of them. The
// statement proves its own answer (core/fdw/aggregate_query.hpp); where it cannot, the rows are
// read and counted here, by the conditions that the plan keeps for that.
#include "fdw/aggregate_plan.hpp"
#include "fdw/clause.hpp"
#include "fdw/planned_table.hpp"
#include "fdw/table_scan.hpp"
#include "pg/error_bridge.hpp"
#include "pg/planner_compat.hpp"

extern "C" {
#include "catalog/pg_type_d.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "optimizer/paths.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"
#include "optimizer/tlist.h"
#include "parser/parsetree.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
}

namespace migrate::fdw {
namespace {

using core::fdw::Comparison;
using core::fdw::Family;
using pg::call_core;
using Kind = core::fdw::Aggregate::Kind;

// SQLite steps over a row and adds one: a part of what it takes to bring the row here.
constexpr double kCountedPart = 0.4;

// What the planner keeps of the aggregation (RelOptInfo.fdw_private of the upper relation).
struct PlannedAggregates {
    RelOptInfo *table;
    Oid relation;
    List *aggregates; // Aggrefs
    List *clauses;    // bare
    List *columns;    // attributes that rows are counted by
    List *conditions; // as store_leaves makes them
    List *operands;
};

bool find_kind(Oid function, Kind *kind) {
    switch (function) {
    case F_COUNT_:
        *kind = Kind::count_rows;
        return true;
    case F_COUNT_ANY:
        *kind = Kind::count;
        return true;
    case F_MIN_INT2:
    case F_MIN_INT4:
    case F_MIN_INT8:
        *kind = Kind::min;
        return true;
    case F_MAX_INT2:
    case F_MAX_INT4:
    case F_MAX_INT8:
        *kind = Kind::max;
        return true;
    default:
        return false;
    }
}

// The attribute that is aggregated, 0 for rows; -1 when the aggregate is not SQLite's to compute.
int aggregated_attribute(RelOptInfo *table, const Aggref *aggregate) {
    auto *planned = static_cast<PlannedTable *>(table->fdw_private);
    Kind kind = Kind::count_rows;
    if (!find_kind(aggregate->aggfnoid, &kind) || aggregate->aggfilter != nullptr ||
        aggregate->aggdistinct != NIL || aggregate->aggorder != NIL || aggregate->agglevelsup != 0)
        return -1;
    if (kind == Kind::count_rows)
        return 0;
    auto *argument = static_cast<TargetEntry *>(linitial(aggregate->args));
    Var *var = column_of(table->relid, reinterpret_cast<Node *>(argument->expr));
    return var != nullptr && bms_is_member(var->varattno, planned->counted) ? var->varattno : -1;
}

bool add_aggregate(PlannedAggregates *planned, Node *node) {
    if (!IsA(node, Aggref))
        return false; // a column
    int attribute = aggregated_attribute(planned->table, reinterpret_cast<Aggref *>(node));
    if (attribute < 0)
        return false;
    if (attribute > 0)
        planned->columns = list_append_unique_int(planned->columns, attribute);
    planned->aggregates = list_append_unique(planned->aggregates, node);
    return true;
}

bool add_aggregates(PlannedAggregates *planned, List *expressions) {
    List *found = pull_var_clause(reinterpret_cast<Node *>(expressions),
                                  PVC_INCLUDE_AGGREGATES | PVC_RECURSE_WINDOWFUNCS |
                                      PVC_RECURSE_PLACEHOLDERS);
    ListCell *cell = nullptr;
    foreach (cell, found)
        if (!add_aggregate(planned, static_cast<Node *>(lfirst(cell))))
            return false;
    return planned->aggregates != NIL;
}

// Whether a row that the test keeps is one that can be read: by what the statement checks itself,
// or as the text that it is equal to.
bool is_counted_by(const PlannedAggregates *planned, const Leaf *leaf) {
    auto *table = static_cast<PlannedTable *>(planned->table->fdw_private);
    if (leaf->comparison == Comparison::is_null)
        return true;
    if (leaf->family != Family::text)
        return bms_is_member(leaf->attribute, table->counted);
    Oid type = InvalidOid;
    int32 typmod = -1;
    Oid collation = InvalidOid;
    get_atttypetypmodcoll(planned->relation, leaf->attribute, &type, &typmod, &collation);
    return typmod < 0 &&
           (leaf->comparison == Comparison::equal || leaf->comparison == Comparison::any_of);
}

bool add_clause(PlannedAggregates *planned, RestrictInfo *info) {
    const char *reason = nullptr;
    auto *clause = reinterpret_cast<Node *>(info->clause);
    List *leaves = read_clause(planned->table->relid, clause, &reason);
    if (leaves == NIL || info->pseudoconstant)
        return false;
    ListCell *cell = nullptr;
    foreach (cell, leaves) {
        auto *leaf = static_cast<Leaf *>(lfirst(cell));
        if (!is_counted_by(planned, leaf))
            return false;
        planned->columns = list_append_unique_int(planned->columns, leaf->attribute);
    }
    planned->clauses = lappend(planned->clauses, clause);
    planned->conditions = lappend(planned->conditions, store_leaves(leaves, &planned->operands));
    return true;
}

bool add_clauses(PlannedAggregates *planned) {
    ListCell *cell = nullptr;
    foreach (cell, planned->table->baserestrictinfo)
        if (!add_clause(planned, lfirst_node(RestrictInfo, cell)))
            return false;
    return true;
}

// The aggregates as the plan keeps them: the relation, then function and attribute of each.
List *stored_aggregates(const PlannedAggregates *planned) {
    List *stored = list_make1_int(static_cast<int>(planned->relation));
    ListCell *cell = nullptr;
    foreach (cell, planned->aggregates) {
        auto *aggregate = static_cast<Aggref *>(lfirst(cell));
        stored = lappend_int(stored, static_cast<int>(aggregate->aggfnoid));
        stored = lappend_int(stored, aggregated_attribute(planned->table, aggregate));
    }
    return stored;
}

// Whether SQLite could be asked as the file is now, whatever the operands will be.
bool is_exact_now(const PlannedAggregates *planned) {
    TableScan *scan =
        open_scan(CurrentMemoryContext, planned->relation, planned->columns, planned->conditions);
    AggregateState *state = make_aggregates(CurrentMemoryContext, scan, stored_aggregates(planned),
                                            planned->conditions);
    set_sample_operands(scan, planned->conditions);
    write_aggregate_query(scan, state);
    const bool is_exact = call_core([&] { return state->query.reason.empty(); });
    close_scan(scan);
    return is_exact;
}

bool is_plain_aggregation(PlannerInfo *root, RelOptInfo *input) {
    const Query *query = root->parse;
    return input->reloptkind == RELOPT_BASEREL && input->fdw_private != nullptr &&
           query->groupClause == NIL && query->groupingSets == NIL &&
           query->havingQual == nullptr && !query->hasTargetSRFs;
}

void add_aggregate_path(PlannerInfo *root, RelOptInfo *input, RelOptInfo *output) {
    ScanChoice choice = {nullptr, input->baserestrictinfo, NIL, 0, 0};
    Path *scan = &make_scan_path(root, input, choice)->path;
    Cost total = scan->startup_cost + kCountedPart * (scan->total_cost - scan->startup_cost);
    ForeignPath *path = pg::make_upper_path(root, output, total, total);
    path->path.parallel_safe = false;
    add_path(output, reinterpret_cast<Path *>(path));
}

void get_upper_paths(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input,
                     RelOptInfo *output, void *) {
    if (stage != UPPERREL_GROUP_AGG || output->fdw_private != nullptr ||
        !is_plain_aggregation(root, input))
        return;
    auto *planned = static_cast<PlannedAggregates *>(palloc0(sizeof(PlannedAggregates)));
    planned->table = input;
    planned->relation = planner_rt_fetch(input->relid, root)->relid;
    if (!add_aggregates(planned, output->reltarget->exprs) || !add_clauses(planned) ||
        !is_exact_now(planned))
        return;
    output->fdw_private = planned;
    add_aggregate_path(root, input, output);
}

// The scan's row: the aggregates, then the columns by which rows are counted here.
List *scan_list(const PlannedAggregates *planned) {
    List *list = add_to_flat_tlist(NIL, planned->aggregates);
    ListCell *cell = nullptr;
    foreach (cell, planned->columns) {
        Oid type = InvalidOid;
        int32 typmod = -1;
        Oid collation = InvalidOid;
        auto attribute = static_cast<AttrNumber>(lfirst_int(cell));
        get_atttypetypmodcoll(planned->relation, attribute, &type, &typmod, &collation);
        Var *var = makeVar(planned->table->relid, attribute, type, typmod, collation, 0);
        auto place = static_cast<AttrNumber>(list_length(list) + 1);
        list = lappend(list, makeTargetEntry(reinterpret_cast<Expr *>(var), place, nullptr, false));
    }
    return list;
}

} // namespace

ForeignScan *plan_aggregates(RelOptInfo *rel, List *tlist, Plan *outer_plan) {
    auto *planned = static_cast<PlannedAggregates *>(rel->fdw_private);
    List *parts =
        list_make5(planned->conditions, planned->columns, NIL, NIL, stored_aggregates(planned));
    return make_foreignscan(tlist, NIL, 0, planned->operands, parts, scan_list(planned),
                            planned->clauses, outer_plan);
}

core::fdw::Aggregate stored_aggregate(const ForeignSource *source, List *stored, int number) {
    core::fdw::Aggregate aggregate;
    int attribute = list_nth_int(stored, 2 * number + 2);
    (void)find_kind(static_cast<Oid>(list_nth_int(stored, 2 * number + 1)), &aggregate.kind);
    if (attribute > 0)
        aggregate.column = source->columns[attribute - 1].source;
    return aggregate;
}

void set_aggregating(FdwRoutine *routine) {
    routine->GetForeignUpperPaths = get_upper_paths;
}

} // namespace migrate::fdw
