// Plans scans of SQLite tables: how many rows, at what cost, and by which parameters an index of
// SQLite can be asked. Every condition stays with PostgreSQL; those that SQLite may be told of are
// handed on as plain data, and become SQL when the scan begins, on what the file then is.
#include "fdw/sqlite_fdw.hpp"

#include "core/fdw/aggregate_query.hpp"
#include "core/fdw/column_index.hpp"
#include "core/fdw/snapshot_mark.hpp"
#include "core/sqlite/row_reader.hpp"
#include "fdw/clause.hpp"
#include "fdw/fdw_options.hpp"
#include "fdw/foreign_source.hpp"
#include "fdw/planned_table.hpp"
#include "fdw/scan_columns.hpp"
#include "pg/error_bridge.hpp"
#include "pg/planner_compat.hpp"

extern "C" {
#include "foreign/foreign.h"
#include "mb/pg_wchar.h"
#include "nodes/makefuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/paths.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"
}

namespace migrate::fdw {
namespace {

using core::fdw::Comparison;
using core::fdw::Family;
using pg::call_core;

// SQLite steps to a row, and its cells are converted: a few operators' worth.
constexpr double kRowOperators = 4;
// A statement is prepared and a lock taken.
constexpr Cost kStartupCost = 10;

void note_indexes(const ForeignSource *source, PlannedTable *planned) {
    for (int i = 0; i < source->count; i++) {
        const int column = source->columns[i].source;
        if (column < 0 || source->found->is_view)
            continue;
        const core::Table *table = source->found->table;
        if (call_core([&] { return core::fdw::is_searchable(*table, column); }))
            planned->searchable = bms_add_member(planned->searchable, i + 1);
        if (call_core([&] { return core::fdw::is_unique(*table, column); }))
            planned->unique = bms_add_member(planned->unique, i + 1);
        if (table->rowid_alias == column)
            planned->rowid = static_cast<AttrNumber>(i + 1);
    }
}

// Text is ordered by its bytes in SQLite; whether the query's order is that too, its collation
// says.
Family ordered_family(const ForeignSource *source, int attribute) {
    switch (source->columns[attribute].type.kind) {
    case core::TypeKind::bigint:
        return Family::integer;
    case core::TypeKind::text:
    case core::TypeKind::varchar:
        return GetDatabaseEncoding() == PG_UTF8 ? Family::text : Family::any;
    default:
        return Family::any;
    }
}

void note_orders(const ForeignSource *source, PlannedTable *planned) {
    for (int i = 0; i < source->count; i++) {
        const int column = source->columns[i].source;
        const Family family = ordered_family(source, i);
        if (column < 0 || family == Family::any)
            continue;
        if (call_core([&] {
                return core::fdw::why_unordered(**source->lease, *source->found, column, family)
                    .empty();
            }))
            planned->ordered = bms_add_member(planned->ordered, i + 1);
        if (family == Family::integer &&
            call_core([&] { return core::fdw::why_uncounted(*source->found, column).empty(); }))
            planned->counted = bms_add_member(planned->counted, i + 1);
    }
}

bool is_shared(const ForeignSource *source) {
    return call_core([&] {
        core::fdw::SnapshotMark mark;
        return !source->found->is_view &&
               !core::sqlite::rowid_name(*source->found->table).empty() &&
               core::fdw::mark_snapshot((*source->lease)->database(), &mark);
    });
}

PlannedTable *measure_table(Oid relation) {
    auto *planned = static_cast<PlannedTable *>(palloc0(sizeof(PlannedTable)));
    ForeignSource *source = open_source(CurrentMemoryContext, relation);
    core::fdw::TableSize size = call_core([&] { return (*source->lease)->size(*source->found); });
    planned->rows = size.rows;
    planned->pages = size.pages;
    planned->page_size = size.page_size;
    note_indexes(source, planned);
    planned->is_read_only = !is_writable_server(GetForeignServerIdByRelId(relation));
    if (planned->is_read_only)
        note_orders(source, planned);
    planned->is_shared = planned->is_read_only && is_shared(source);
    close_source(source);
    return planned;
}

// What ANALYZE counted is the truth of its day; the file may have grown or shrunk since.
double known_rows(const RelOptInfo *rel, const PlannedTable *planned) {
    if (rel->tuples < 0) // never analyzed
        return planned->rows;
    if (rel->pages == 0)
        return rel->tuples;
    double now = planned->pages / rel->pages;
    return clamp_row_est(now > 0.5 && now < 2 ? rel->tuples : rel->tuples * now);
}

bool is_search(const PlannedTable *planned, const Leaf *leaf) {
    return bms_is_member(leaf->attribute, planned->searchable) &&
           leaf->comparison != Comparison::not_equal &&
           leaf->comparison != Comparison::is_not_null && leaf->family != Family::boolean;
}

// The part of the table that SQLite has to step through when it uses an index for what the clauses
// say: all of it where they say nothing that an index knows. `order` is the one attribute whose
// index is used; 0: any.
double searched_part(PlannerInfo *root, RelOptInfo *rel, List *clauses, AttrNumber order) {
    auto *planned = static_cast<PlannedTable *>(rel->fdw_private);
    double part = 1;
    ListCell *cell = nullptr;
    foreach (cell, clauses) {
        RestrictInfo *info = lfirst_node(RestrictInfo, cell);
        const char *reason = nullptr;
        List *leaves = read_clause(rel->relid, reinterpret_cast<Node *>(info->clause), &reason);
        if (list_length(leaves) != 1)
            continue;
        auto *leaf = static_cast<Leaf *>(linitial(leaves));
        if (!is_search(planned, leaf) || (order != 0 && leaf->attribute != order))
            continue;
        double one =
            clause_selectivity(root, reinterpret_cast<Node *>(info), 0, JOIN_INNER, nullptr);
        if (leaf->comparison == Comparison::equal &&
            bms_is_member(leaf->attribute, planned->unique))
            one = Min(one, 1 / Max(planned->rows, 1));
        part = Min(part, one);
    }
    return part;
}

void get_size(PlannerInfo *root, RelOptInfo *rel, Oid relation) {
    PlannedTable *planned = measure_table(relation);
    rel->fdw_private = planned;
    planned->rows = known_rows(rel, planned);
    rel->tuples = planned->rows;
    rel->pages = static_cast<BlockNumber>(planned->pages);
    set_baserel_size_estimates(root, rel);
    // Statistics may be missing, and a key's value still names one row.
    double rows = searched_part(root, rel, rel->baserestrictinfo, 0) * planned->rows;
    rel->rows = clamp_row_est(Min(rel->rows, rows));
}

// An index leads to pages here and there, and so does a walk of it; the table itself is read from
// end to end.
Cost page_cost(const PlannedTable *planned, const ScanChoice &choice, double part, double steps) {
    if (choice.order != 0 && choice.order != planned->rowid)
        return Min(2 * planned->pages, 2 + steps) * random_page_cost;
    return part < 1 ? Min(planned->pages, 2 + steps) * random_page_cost
                    : planned->pages * seq_page_cost;
}

// How many processes' work is done at once, as the planner counts the leader's (costsize.c).
double divisor_of(int workers) {
    double leader = parallel_leader_participation ? 1.0 - 0.3 * workers : 0;
    return workers == 0 ? 1 : workers + Max(leader, 0);
}

// --- parameterised paths: a nested loop that asks SQLite's index for each outer row

struct WantedColumn {
    AttrNumber attribute;
};

bool is_wanted_member(PlannerInfo *, RelOptInfo *rel, EquivalenceClass *, EquivalenceMember *member,
                      void *argument) {
    auto *wanted = static_cast<WantedColumn *>(argument);
    auto *node = reinterpret_cast<Node *>(member->em_expr);
    Var *var = column_of(rel->relid, node);
    return var != nullptr && var->varattno == wanted->attribute;
}

// Whether the clause, given what other tables say, names rows of an index.
bool is_useful(RelOptInfo *rel, RestrictInfo *info) {
    const char *reason = nullptr;
    List *leaves = read_clause(rel->relid, reinterpret_cast<Node *>(info->clause), &reason);
    return list_length(leaves) == 1 && is_search(static_cast<PlannedTable *>(rel->fdw_private),
                                                 static_cast<Leaf *>(linitial(leaves)));
}

List *add_parameters(PlannerInfo *root, RelOptInfo *rel, RestrictInfo *info, List *found) {
    if (!join_clause_is_movable_to(info, rel) || !is_useful(rel, info))
        return found;
    Relids outer = bms_union(info->clause_relids, rel->lateral_relids);
    outer = bms_del_member(outer, static_cast<int>(rel->relid));
    if (bms_is_empty(outer))
        return found;
    ParamPathInfo *parameters = get_baserel_parampathinfo(root, rel, outer);
    return list_append_unique_ptr(found, parameters);
}

List *find_parameters(PlannerInfo *root, RelOptInfo *rel) {
    auto *planned = static_cast<PlannedTable *>(rel->fdw_private);
    List *found = NIL;
    ListCell *cell = nullptr;
    foreach (cell, rel->joininfo)
        found = add_parameters(root, rel, lfirst_node(RestrictInfo, cell), found);
    int attribute = -1;
    while (rel->has_eclass_joins &&
           (attribute = bms_next_member(planned->searchable, attribute)) >= 0) {
        WantedColumn wanted = {static_cast<AttrNumber>(attribute)};
        List *clauses = generate_implied_equalities_for_column(root, rel, is_wanted_member, &wanted,
                                                               rel->lateral_referencers);
        foreach (cell, clauses)
            found = add_parameters(root, rel, lfirst_node(RestrictInfo, cell), found);
    }
    return found;
}

void add_scan_path(PlannerInfo *root, RelOptInfo *rel, ParamPathInfo *parameters, List *clauses) {
    ScanChoice choice = {parameters, clauses, NIL, 0, 0};
    add_path(rel, reinterpret_cast<Path *>(make_scan_path(root, rel, choice)));
}

void get_paths(PlannerInfo *root, RelOptInfo *rel, Oid) {
    add_scan_path(root, rel, nullptr, rel->baserestrictinfo);
    add_ordered_paths(root, rel);
    add_shared_path(root, rel);
    ListCell *cell = nullptr;
    List *all = find_parameters(root, rel);
    foreach (cell, all) {
        auto *parameters = static_cast<ParamPathInfo *>(lfirst(cell));
        List *clauses = list_concat_copy(rel->baserestrictinfo, parameters->ppi_clauses);
        add_scan_path(root, rel, parameters, clauses);
    }
}

// --- the plan

ForeignScan *get_plan(PlannerInfo *root, RelOptInfo *rel, Oid relation, ForeignPath *path,
                      List *tlist, List *clauses, Plan *outer_plan) {
    if (IS_UPPER_REL(rel))
        return plan_aggregates(rel, tlist, outer_plan);
    List *conditions = NIL;
    List *operands = NIL;
    ListCell *cell = nullptr;
    List *local = extract_actual_clauses(clauses, false);
    foreach (cell, local) {
        const char *reason = nullptr;
        List *leaves = read_clause(rel->relid, static_cast<Node *>(lfirst(cell)), &reason);
        if (leaves != NIL)
            conditions = lappend(conditions, store_leaves(leaves, &operands));
    }
    List *columns = needed_columns(rel, local, relation);
    // A condition that stays here may drop rows that SQLite's limit would have counted.
    List *limit = list_length(conditions) < list_length(local)
                      ? NIL
                      : plan_limit(root, rel, &path->path, &operands);
    List *parts = list_make5(conditions, columns, plan_order(rel, &path->path), limit, NIL);
    return make_foreignscan(tlist, local, rel->relid, operands, parts, NIL, NIL, outer_plan);
}

} // namespace

ForeignPath *make_scan_path(PlannerInfo *root, RelOptInfo *rel, const ScanChoice &choice) {
    auto *planned = static_cast<PlannedTable *>(rel->fdw_private);
    double part = searched_part(root, rel, choice.clauses, choice.order);
    double steps = Max(1, planned->rows * part);
    double rows = choice.parameters != nullptr ? choice.parameters->ppi_rows : rel->rows;
    double divisor = divisor_of(choice.workers);
    QualCost quals;
    cost_qual_eval(&quals, choice.clauses, root);
    Cost startup = (choice.parameters != nullptr ? cpu_operator_cost * 50 : kStartupCost) +
                   quals.startup + rel->reltarget->cost.startup;
    Cost run = steps * (cpu_tuple_cost + kRowOperators * cpu_operator_cost + quals.per_tuple) +
               rows * rel->reltarget->cost.per_tuple;
    Cost total = startup + page_cost(planned, choice, part, steps) + run / divisor;
    Relids outer =
        choice.parameters != nullptr ? choice.parameters->ppi_req_outer : rel->lateral_relids;
    ForeignPath *path = pg::make_foreign_path(root, rel, clamp_row_est(rows / divisor), startup,
                                              total, choice.pathkeys, outer);
    // A scan that is not shared would need a lock of its own in each worker, which a waiting writer
    // keeps it from; a shared one can leave all to the leader.
    path->path.parallel_safe = choice.workers > 0;
    path->path.parallel_aware = choice.workers > 0;
    path->path.parallel_workers = choice.workers;
    return path;
}

void set_planning(FdwRoutine *routine) {
    routine->GetForeignRelSize = get_size;
    routine->GetForeignPaths = get_paths;
    routine->GetForeignPlan = get_plan;
}

} // namespace migrate::fdw
