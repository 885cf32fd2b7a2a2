// The scan of a plan: its conditions' operands are evaluated when it begins, and again when a
// parameter changes.
#pragma once

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

// ForeignScanState.fdw_state; palloc'd in the query's context.
struct ExecutorScan {
    TableScan *scan;
    OperandPlace *places;
    int count; // of places
    bool is_started;
};

// Evaluates the operands; those that are not constant only when `is_running`.
void evaluate_operands(ForeignScanState *node, bool is_running);

} // namespace migrate::fdw
