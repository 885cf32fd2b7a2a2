// ANALYZE of CSV files: a random sample of their rows, which are all read once.
#include "fdw/csv_fdw.hpp"

#include "core/csv/file_list.hpp"
#include "core/csv/open_file.hpp"
#include "fdw/reservoir.hpp"
#include "fdw/scan_columns.hpp"
#include "pg/error_bridge.hpp"

extern "C" {
#include "commands/vacuum.h"
#include "utils/rel.h"
}

namespace migrate::fdw {
namespace {

using pg::call_core;

// Rows that do not fit are of no use to the planner, and no reason to have no statistics.
int acquire_sample(Relation relation, int level, HeapTuple *rows, int wanted, double *total,
                   double *dead) {
    TupleDesc descriptor = RelationGetDescr(relation);
    Reservoir reservoir = make_reservoir(rows, wanted);
    CsvTableScan *scan = open_csv_scan(CurrentMemoryContext, RelationGetRelid(relation),
                                       all_columns(descriptor), CsvPurpose::sample);
    take_sample(&reservoir, descriptor,
                [&](Datum *values, bool *nulls) { return next_csv_row(scan, values, nulls); });
    const CsvLoss loss = csv_loss(scan);
    close_csv_scan(scan);
    *total = reservoir.seen + static_cast<double>(loss.rows);
    *dead = 0;
    ereport(level,
            (errmsg("\"%s\": CSV files contain %.0f rows; %d rows in sample, "
                    "" INT64_FORMAT " rows left out as their values do not fit",
                    RelationGetRelationName(relation), *total, reservoir.filled, loss.rows)));
    return reservoir.filled;
}

bool analyze(Relation relation, AcquireSampleRowsFunc *function, BlockNumber *pages) {
    CsvTable *table = open_csv_table(CurrentMemoryContext, RelationGetRelid(relation));
    list_files(table);
    const double bytes = call_core([&] {
        double sum = 0;
        core::csv::FileStamp stamp;
        for (const std::string &file : table->state->files)
            sum += core::csv::stamp_at(file, stamp) ? static_cast<double>(stamp.size) : 0;
        return sum;
    });
    *pages = static_cast<BlockNumber>(Max(1, bytes / BLCKSZ));
    *function = acquire_sample;
    return true;
}

} // namespace

void set_csv_analyzing(FdwRoutine *routine) {
    routine->AnalyzeForeignTable = analyze;
}

} // namespace migrate::fdw
