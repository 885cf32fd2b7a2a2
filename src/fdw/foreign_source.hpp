// What a foreign table reads: the server's file, the table or view in it, and the column of that
// behind each of its own.
//
//     ForeignSource *source = open_source(context, relation);   // the read transaction begins
//     … source->columns[attribute - 1].source …
//     close_source(source);
#pragma once

#include "core/fdw/connection.hpp"
#include "core/fdw/scan_query.hpp"
#include "core/fdw/scan_rows.hpp"
#include "pg/column_type.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/tupdesc.h"
#include "pgtime.h"
}

namespace migrate::fdw {

struct SourceColumn {
    int source; // index into Table::columns; -1: the file has no such column, or it was dropped
    pg::ColumnType type;
    core::EpochUnit epoch;
};

// Palloc'd, but for the lease.
struct ForeignSource {
    Oid relation;
    char *table; // as the option names it, UTF-8
    char *timezone;
    core::fdw::Lease *lease;
    const core::fdw::Relation *found;
    int count; // of attributes
    SourceColumn *columns;
    TupleDesc descriptor; // the foreign table's; a copy
};

// HV00R when the file has no table or view of the name, with the nearest.
ForeignSource *open_source(MemoryContext context, Oid relation);
// Ends the read transaction if nobody else needs it; 55006 when the file was changed meanwhile.
void close_source(ForeignSource *source);

// HV005 unless the file has the column behind the attribute.
void check_column(const ForeignSource *source, AttrNumber attribute);

// The attribute's column as a scan reads it; inside call_core.
core::fdw::ScanColumn scan_column(const ForeignSource *source, AttrNumber attribute);
// How its cells are converted. `sql` is the type's, for one that only its input function knows.
core::fdw::RowColumn row_column(const ForeignSource *source, AttrNumber attribute, const char *sql);

} // namespace migrate::fdw
