// What both wrappers ask of a foreign table's columns.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "access/tupdesc.h"
#include "nodes/pathnodes.h"
#include "nodes/pg_list.h"
}

namespace migrate::fdw {

// Attribute numbers of the columns that exist.
List *all_columns(TupleDesc descriptor);

// Those that a scan has to fill: the columns of the result and of the conditions, all of which
// PostgreSQL checks.
List *needed_columns(RelOptInfo *rel, List *conditions, Oid relation);

// Whether a parallel worker may read values by the type's input function. A domain's checks are
// whatever its owner made them.
bool has_parallel_safe_input(Oid type);

} // namespace migrate::fdw
