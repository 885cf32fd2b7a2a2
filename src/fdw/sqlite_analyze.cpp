// ANALYZE of a SQLite table: a random sample of its rows, which are all read once.
#include "fdw/reservoir.hpp"
#include "fdw/scan_columns.hpp"
#include "fdw/sqlite_fdw.hpp"
#include "fdw/table_scan.hpp"
#include "pg/error_bridge.hpp"

extern "C" {
#include "commands/vacuum.h"
#include "utils/rel.h"
}

namespace migrate::fdw {
namespace {

using pg::call_core;

// Rows whose values do not fit are of no use to the planner, and no reason to have no statistics.
int acquire_sample(Relation relation, int level, HeapTuple *rows, int wanted, double *total,
                   double *dead) {
    TupleDesc descriptor = RelationGetDescr(relation);
    Reservoir reservoir = make_reservoir(rows, wanted);
    TableScan *scan =
        open_scan(CurrentMemoryContext, RelationGetRelid(relation), all_columns(descriptor), NIL);
    write_query(scan);
    start_scan(scan);
    int64 skipped = 0;
    take_sample(&reservoir, descriptor, [&](Datum *values, bool *nulls) {
        return next_good_row(scan, values, nulls, &skipped);
    });
    close_scan(scan);
    *total = reservoir.seen + static_cast<double>(skipped);
    *dead = 0;
    ereport(level, (errmsg("\"%s\": SQLite table contains %.0f rows; %d rows in sample, "
                           "" INT64_FORMAT " rows left out as their values do not fit",
                           RelationGetRelationName(relation), *total, reservoir.filled, skipped)));
    return reservoir.filled;
}

bool analyze(Relation relation, AcquireSampleRowsFunc *function, BlockNumber *pages) {
    ForeignSource *source = open_source(CurrentMemoryContext, RelationGetRelid(relation));
    core::fdw::TableSize size = call_core([&] { return (*source->lease)->size(*source->found); });
    close_source(source);
    *pages = static_cast<BlockNumber>(Max(1, size.pages));
    *function = acquire_sample;
    return true;
}

} // namespace

void set_analyzing(FdwRoutine *routine) {
    routine->AnalyzeForeignTable = analyze;
}

} // namespace migrate::fdw
