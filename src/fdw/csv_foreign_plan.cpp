// Plans scans of CSV files: how many rows, at what cost, and by how many processes. Every condition
// stays with PostgreSQL.
#include "fdw/csv_fdw.hpp"

#include "core/csv/file_list.hpp"
#include "core/csv/size_estimate.hpp"
#include "fdw/scan_columns.hpp"
#include "pg/error_bridge.hpp"
#include "pg/permissions.hpp"

#include <cmath>

#include "pg/planner_compat.hpp"

extern "C" {
#include "access/sysattr.h"
#include "catalog/pg_proc.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/paths.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"
#include "utils/lsyscache.h"
}

namespace migrate::fdw {
namespace {

using pg::call_core;

// A record is cut into its fields, and a value that is read is converted: operators' worth.
constexpr double kRecordOperators = 12;
constexpr double kValueOperators = 4;
// A file is opened and its beginning looked at.
constexpr Cost kFileCost = 10;

// What the planner keeps of a foreign table (RelOptInfo.fdw_private).
struct PlannedCsv {
    double rows; // of the table
    double pages;
    int64 files;
    bool can_be_split;
};

// Files that are not there yet are for the scan to complain of.
PlannedCsv *measure_table(Oid relation) {
    auto *planned = static_cast<PlannedCsv *>(palloc0(sizeof(PlannedCsv)));
    const char *os_user = pg::os_user_name();
    CsvTable *table = open_csv_table(CurrentMemoryContext, relation);
    call_core([&] {
        std::vector<std::string> files;
        try {
            files = core::csv::list_csv_files(table->path);
        } catch (const core::Error &) {
            return;
        }
        const core::csv::SizeEstimate size =
            core::csv::estimate_size(files, table->state->options, os_user);
        planned->rows = size.rows;
        planned->pages = Max(1, std::floor(size.bytes / BLCKSZ)); // as ANALYZE counts them
        planned->files = size.files;
        planned->can_be_split = size.can_be_split;
    });
    return planned;
}

// What ANALYZE counted, for the bytes that there are now.
double known_rows(const RelOptInfo *rel, const PlannedCsv *planned) {
    if (rel->tuples < 0 || rel->pages == 0) // never analyzed, or empty then
        return planned->rows;
    return rel->tuples * (planned->pages / rel->pages);
}

void get_size(PlannerInfo *root, RelOptInfo *rel, Oid relation) {
    PlannedCsv *planned = measure_table(relation);
    rel->fdw_private = planned;
    planned->rows = clamp_row_est(known_rows(rel, planned));
    rel->tuples = planned->rows;
    rel->pages = static_cast<BlockNumber>(planned->pages);
    set_baserel_size_estimates(root, rel);
}

Cost row_cost(const RelOptInfo *rel) {
    const double values = list_length(rel->reltarget->exprs) + list_length(rel->baserestrictinfo);
    return cpu_tuple_cost + (kRecordOperators + kValueOperators * values) * cpu_operator_cost +
           rel->baserestrictcost.per_tuple;
}

// Of a path whose rows `sharers` processes read.
ForeignPath *make_path(PlannerInfo *root, RelOptInfo *rel, double sharers) {
    auto *planned = static_cast<PlannedCsv *>(rel->fdw_private);
    const Cost startup = kFileCost * Max(1, planned->files) + rel->baserestrictcost.startup +
                         rel->reltarget->cost.startup;
    const double rows = clamp_row_est(rel->rows / sharers);
    const Cost total = startup + planned->pages * seq_page_cost +
                       planned->rows / sharers * row_cost(rel) +
                       rows * rel->reltarget->cost.per_tuple;
    return pg::make_foreign_path(root, rel, rows, startup, total, NIL, rel->lateral_relids);
}

int workers_for(RelOptInfo *rel) {
    auto *planned = static_cast<PlannedCsv *>(rel->fdw_private);
    int workers = compute_parallel_worker(rel, planned->pages, -1, max_parallel_workers_per_gather);
    if (!planned->can_be_split) // a file is one process's
        workers = static_cast<int>(Min(workers, planned->files - 1));
    return workers;
}

// Where a quote never closes, the processes behind it read on before its error is raised: rows of
// theirs must not be all that a query asks for.
bool takes_all_rows(const PlannerInfo *root) {
    return root->limit_tuples < 0 && root->parse->limitCount == nullptr;
}

void add_shared_path(PlannerInfo *root, RelOptInfo *rel) {
    const int workers = workers_for(rel);
    if (workers <= 0)
        return;
    double sharers = workers;
    if (parallel_leader_participation) // as costsize.c has it: a leader has other things to do
        sharers += Max(0, 1.0 - 0.3 * workers);
    auto *path = reinterpret_cast<Path *>(make_path(root, rel, sharers));
    path->parallel_aware = true;
    path->parallel_safe = true;
    path->parallel_workers = workers;
    add_partial_path(rel, path);
}

void get_paths(PlannerInfo *root, RelOptInfo *rel, Oid) {
    add_path(rel, reinterpret_cast<Path *>(make_path(root, rel, 1)));
    if (rel->consider_parallel && bms_is_empty(rel->lateral_relids) && takes_all_rows(root))
        add_shared_path(root, rel);
}

ForeignScan *get_plan(PlannerInfo *, RelOptInfo *rel, Oid relation, ForeignPath *, List *tlist,
                      List *clauses, Plan *outer_plan) {
    List *local = extract_actual_clauses(clauses, false);
    List *parts = list_make1(needed_columns(rel, local, relation));
    return make_foreignscan(tlist, local, rel->relid, NIL, parts, NIL, NIL, outer_plan);
}

// Rows are left out in subtransactions, which a worker may not begin.
bool is_parallel_safe(PlannerInfo *, RelOptInfo *, RangeTblEntry *entry) {
    CsvTable *table = open_csv_table(CurrentMemoryContext, entry->relid);
    if (keeps_going(table->state->options))
        return false;
    for (int i = 0; i < table->count; i++) {
        Form_pg_attribute attribute = TupleDescAttr(table->descriptor, table->attributes[i] - 1);
        if (!has_parallel_safe_input(attribute->atttypid))
            return false;
    }
    return true;
}

} // namespace

void set_csv_planning(FdwRoutine *routine) {
    routine->GetForeignRelSize = get_size;
    routine->GetForeignPaths = get_paths;
    routine->GetForeignPlan = get_plan;
    routine->IsForeignScanParallelSafe = is_parallel_safe;
}

} // namespace migrate::fdw
