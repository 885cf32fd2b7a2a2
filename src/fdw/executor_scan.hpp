// The scan of a plan: its conditions' operands are evaluated when it begins, and again when a
// parameter changes.
#pragma once

#include "fdw/sqlite_fdw.hpp"
#include "fdw/table_scan.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/execnodes.h"
}

namespace migrate::fdw {

// Where an operand goes.
struct OperandPlace {
    int condition;
    int leaf;
    ExprState *expression;
    Oid type;
    bool is_constant;
};

struct SharedScan;    // sqlite_parallel.cpp
struct SortedRows;    // sorted_scan.cpp
struct AggregateScan; // sqlite_aggregate_scan.cpp

// ForeignScanState.fdw_state; palloc'd in the query's context.
struct ExecutorScan {
    TableScan *scan; // NULL in a worker that leaves all rows to the leader
    OperandPlace *places;
    int count; // of places
    bool is_started;
    ExprState *limit;          // NULL: none
    ExprState *offset;         // NULL: none
    SharedScan *share;         // NULL: all rows are this process's
    bool is_unshared;          // the share has gone; nothing is left to read until a rescan
    SortedRows *sorted;        // NULL: the rows come as they are wanted
    AggregateScan *count_rows; // NULL: a scan of rows
};

// A part of the plan, as sqlite_plan.cpp made it.
List *plan_part(ForeignScanState *node, PlanPart part);

// Evaluates the operands and the limit; those that are not constant only when `is_running`.
void evaluate_operands(ForeignScanState *node, bool is_running);

// --- sorted_scan.cpp: an order that SQLite does not give
// Reads all rows of the scan, which has begun, and sorts them.
void sort_rows(ForeignScanState *node, ExecutorScan *state);
// The next of them in the scan's slot; false at the end.
bool next_sorted_row(ForeignScanState *node, ExecutorScan *state);
void forget_sorted_rows(ExecutorScan *state);

// --- sqlite_parallel.cpp: rows that are shared with other processes
// Begins the scan of the next range; false when nothing is left.
bool start_next_range(ExecutorScan *state);

// --- sqlite_aggregate_scan.cpp: a plan of aggregates
void begin_aggregates(ForeignScanState *node, ExecutorScan *state);
TupleTableSlot *iterate_aggregates(ForeignScanState *node, ExecutorScan *state);
// The SQL, and in `reason` why it is not run; NULL when it is.
const char *show_aggregates(ForeignScanState *node, ExecutorScan *state, const char **reason);

} // namespace migrate::fdw
