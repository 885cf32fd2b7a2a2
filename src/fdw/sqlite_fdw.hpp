// The callbacks of foreign-data wrapper migrate_sqlite, by what they do: plan (sqlite_plan.cpp),
// scan (sqlite_scan.cpp), parallel scan (sqlite_parallel.cpp), aggregates, explain, analyze, IMPORT
// FOREIGN SCHEMA.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "foreign/fdwapi.h"
}

namespace migrate::fdw {

// What a plan keeps for its scan (ForeignScan.fdw_private), in this order.
enum class PlanPart { conditions, columns, order, limit, aggregates };

void set_planning(FdwRoutine *routine);
void set_scanning(FdwRoutine *routine);
void set_sharing(FdwRoutine *routine);
void set_aggregating(FdwRoutine *routine);
void set_explaining(FdwRoutine *routine);
void set_analyzing(FdwRoutine *routine);
void set_importing(FdwRoutine *routine);

} // namespace migrate::fdw
