// What a plan keeps for a write on a SQLite table (ModifyTable.fdwPrivLists).
#pragma once

#include "fdw/modify_table.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/tupdesc.h"
#include "nodes/pg_list.h"
}

namespace migrate::fdw {

// Attribute numbers of the columns that PostgreSQL does not compute.
List *written_columns(TupleDesc descriptor);

// Fills in what the planning callback kept.
void read_modify_plan(List *parts, ModifyRequest *request);

} // namespace migrate::fdw
