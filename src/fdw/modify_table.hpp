// The writing of one foreign table by one plan: rows of the executor go to core/fdw/table_writer,
// what RETURNING asks for comes back through the scan's conversions.
//
//     TableModify *table = open_modify(context, relation, request);
//     if (modify_row(table, slot, plan_slot)) …
//     close_modify(table);
#pragma once

#include "core/fdw/table_writer.hpp"
#include "fdw/row_identity.hpp"
#include "fdw/slot_cells.hpp"
#include "fdw/table_scan.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/execnodes.h"
}

namespace migrate::fdw {

// What is written. Lists are of attribute numbers.
struct ModifyRequest {
    core::fdw::WriteKind kind;
    List *columns;
    List *named; // of those, columns of an UPDATE that the statement sets by itself
    List *returned;
    RowIdentity identity; // of UPDATE and DELETE
    bool skips_conflicts;
    bool has_repeats;   // a row may come twice
    List *plan_columns; // target list of the subplan, where the identity is
};

// ResultRelInfo.ri_FdwState; palloc'd.
struct TableModify {
    TableScan *scan; // of the columns that are returned; it never runs
    core::fdw::TableWriter *writer;
    int count; // of columns, those that name the row included
    WrittenColumn *columns;
    int values; // of columns that are set
    core::Cell *cells;
    List *generated; // attributes that take no value, being computed by SQLite
    bool has_returned;
    bool is_by_tid;
    AttrNumber tid_junk;
    bool needs_settings;
    MemoryContext row_memory;
    TableModify *routed; // rows that another partition's UPDATE moves here
};

// Takes the file's write lock where a statement writes to the server of `relation`: to be called
// before its scans read.
void begin_statement_write(EState *executor, Oid relation);

// With `is_run` false it only makes the SQL.
TableModify *open_modify(MemoryContext context, Oid relation, const ModifyRequest &request,
                         bool is_run);
// Writes one row; false when there was none to write. `slot` has the values, and gets those that
// are returned; `plan_slot` names the row.
bool modify_row(TableModify *table, TupleTableSlot *slot, TupleTableSlot *plan_slot);
void close_modify(TableModify *table);

} // namespace migrate::fdw
