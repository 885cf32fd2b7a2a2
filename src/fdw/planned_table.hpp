// What the planner knows of a foreign table of migrate_sqlite, and the paths that read it.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/pathnodes.h"
}

namespace migrate::fdw {

// RelOptInfo.fdw_private of a base relation.
struct PlannedTable {
    double rows; // of the table
    double pages;
    double page_size;
    Bitmapset *searchable; // attributes that SQLite finds rows by
    Bitmapset *unique;     // … and one row at most
    Bitmapset *ordered;    // attributes in whose order SQLite gives the rows without sorting
    Bitmapset *counted;    // attributes of integers that SQLite may count and compare
    AttrNumber rowid;      // the attribute that is the rowid; 0: none
    bool is_shared;        // other processes would read the same state of the file
    bool is_read_only;     // no write of this session comes between the rows: else orders, limits,
                           // counts and shared scans might show what the statement must not see
};

// How a path reads the table.
struct ScanChoice {
    ParamPathInfo *parameters; // NULL: none
    List *clauses;             // RestrictInfos
    List *pathkeys;
    AttrNumber order; // the attribute of the pathkeys; 0: no order
    int workers;      // that share the rows with the leader; 0: nobody shares
};

// Estimates the path and makes it; one of several workers is no path of the relation yet.
ForeignPath *make_scan_path(PlannerInfo *root, RelOptInfo *rel, const ScanChoice &choice);

// The type's own btree family, that of text for varchar.
Oid order_of(Oid type);

// The column of the relation that the expression is, under changes of name; NULL when it is none.
Var *column_of(Index varno, Node *node);

// Adds the paths in an order that the query wants or a merge join could use.
void add_ordered_paths(PlannerInfo *root, RelOptInfo *rel);
// The order of a path as its plan keeps it: attribute, whether it is descending, whether NULLs come
// first, the operator and the collation that sort so; NIL for none.
List *plan_order(RelOptInfo *rel, const Path *path);
// The query's LIMIT as its plan keeps it: the places of count and offset among the expressions, -1
// for none; NIL where rows are dropped or joined between scan and limit.
List *plan_limit(PlannerInfo *root, RelOptInfo *rel, const Path *path, List **expressions);

// Adds the path whose rows several processes share.
void add_shared_path(PlannerInfo *root, RelOptInfo *rel);

// The plan of a path of set_aggregating's.
ForeignScan *plan_aggregates(RelOptInfo *rel, List *tlist, Plan *outer_plan);

} // namespace migrate::fdw
