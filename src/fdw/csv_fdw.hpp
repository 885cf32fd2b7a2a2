// The callbacks of foreign-data wrapper migrate_csv, by what they do: plan (csv_foreign_plan.cpp),
// scan, parallel scan, explain, analyze, IMPORT FOREIGN SCHEMA.
#pragma once

#include "fdw/csv_table_scan.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "foreign/fdwapi.h"
}

namespace migrate::fdw {

// ForeignScanState.fdw_state; palloc'd in the query's context.
struct CsvExecution {
    CsvTableScan *scan;
    CsvLoss loss; // of the pass that lost most
};

void set_csv_planning(FdwRoutine *routine);
void set_csv_scanning(FdwRoutine *routine);
void set_csv_explaining(FdwRoutine *routine);
void set_csv_analyzing(FdwRoutine *routine);
void set_csv_importing(FdwRoutine *routine);

} // namespace migrate::fdw
