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
    bool is_fixed; // it has one value from the plan's beginning to its end
};

// ForeignScanState.fdw_state; palloc'd in the query's context.
struct ExecutorScan {
    TableScan *scan;
    OperandPlace *places;
    int count; // of places
    bool is_started;
};

// Which operands have a value: constants, those that keep it while the plan runs, or all.
enum class Known { constants, fixed, all };

// Evaluates these operands; others get a value to show.
void evaluate_operands(ForeignScanState *node, Known known);

} // namespace migrate::fdw
