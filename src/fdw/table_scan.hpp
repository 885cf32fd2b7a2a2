// A running scan of a foreign table: conditions become SQLite's SQL, cells become Datums. Used by
// the executor's scan, by EXPLAIN and by ANALYZE.
//
//     TableScan *scan = open_scan(context, relation, columns, conditions);
//     start_scan(scan);                       // or after set_operand of each operand
//     while (next_row(scan, values, nulls)) …
//     close_scan(scan);
#pragma once

#include "core/fdw/query_reader.hpp"
#include "core/fdw/scan_query.hpp"
#include "core/fdw/scan_rows.hpp"
#include "fdw/foreign_source.hpp"
#include "pg/cell_datum.hpp"

#include <memory>

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/pg_list.h"
}

namespace migrate::fdw {

// The C++ side of a scan, owned by its memory context. The reader goes before the lease.
struct ScanState {
    core::fdw::ScanRequest request;
    core::fdw::ScanQuery query;
    std::unique_ptr<core::fdw::ScanRows> rows;
    std::unique_ptr<core::fdw::QueryReader> reader;
    std::unique_ptr<core::fdw::RowidSeek> seek; // where ranges are claimed
};

struct TableScan {
    ForeignSource *source;
    ScanState *state;
    int count;                // of columns that are read
    pg::DatumColumn *columns; // of those
    core::TypeKind *kinds;    // of those
    pg_tz *zone;
    int64 position;    // in the batch
    int64 batch_rows;  // in the batch
    int64 wanted_rows; // of the next batch
    int64 batches;     // fetched since start_scan
    bool is_at_end;
    core::fdw::RowidRange range; // of rowids that is being read
    int64 range_rows;            // found in it
    bool may_fail;               // a Datum may be refused when it is made
    int failing_column;          // whose Datum is being made, for the error's context
};

// `columns` are attribute numbers; `conditions` as store_leaves makes them, a list a condition.
// Begins the read transaction; reads nothing yet.
TableScan *open_scan(MemoryContext context, Oid relation, List *columns, List *conditions);

// Sets the operand of one leaf of a condition to a value of that type; an array for any_of.
void set_operand(TableScan *scan, int condition, int leaf, Oid type, Datum value, bool is_null);
// Sets a value that stands for one that is not known yet, to show the SQL.
void set_sample_operand(TableScan *scan, int condition, int leaf);

// Writes the query for the operands as they are.
void write_query(TableScan *scan);
// Runs it from the first row.
void start_scan(TableScan *scan);
// Goes back to the first row where all of them are at hand still; false where not.
bool rewind_scan(TableScan *scan);

// Whether there was a row: its values by attribute, in CurrentMemoryContext or good until the next
// call. All of `nulls` must be true before. A value that does not fit is an error with the type's
// SQLSTATE.
bool next_row(TableScan *scan, Datum *values, bool *nulls);
// The same, but passes over rows with such values and counts them.
bool next_good_row(TableScan *scan, Datum *values, bool *nulls, int64 *skipped);

// Ends the scan and gives back the read transaction.
void close_scan(TableScan *scan);

} // namespace migrate::fdw
