// ANALYZE of a SQLite table: a random sample of its rows, which are all read once.
#include "fdw/modify_plan.hpp"
#include "fdw/sqlite_fdw.hpp"
#include "fdw/table_scan.hpp"
#include "pg/error_bridge.hpp"

extern "C" {
#include "access/htup_details.h"
#include "commands/vacuum.h"
#include "utils/rel.h"
#include "utils/sampling.h"
}

namespace migrate::fdw {
namespace {

using pg::call_core;

// A reservoir (Vitter's algorithm, as in file_fdw and analyze.c).
struct Reservoir {
    HeapTuple *rows;
    int size;
    int filled;
    double seen;
    double to_skip;
    ReservoirStateData state;
};

// Where the next row goes; -1: nowhere.
int next_place(Reservoir *reservoir) {
    if (reservoir->filled < reservoir->size)
        return reservoir->filled++;
    if (reservoir->to_skip < 0)
        reservoir->to_skip =
            reservoir_get_next_S(&reservoir->state, reservoir->seen, reservoir->size);
    if (reservoir->to_skip-- > 0)
        return -1;
    auto place =
        static_cast<int>(reservoir->size * sampler_random_fract(&reservoir->state.randstate));
    heap_freetuple(reservoir->rows[place]);
    return place;
}

// Rows whose values do not fit are of no use to the planner, and no reason to have no statistics.
int64 sample_rows(TableScan *scan, TupleDesc descriptor, Reservoir *reservoir) {
    auto *values = static_cast<Datum *>(palloc0(sizeof(Datum) * (descriptor->natts + 1)));
    auto *nulls = static_cast<bool *>(palloc0(sizeof(bool) * (descriptor->natts + 1)));
    MemoryContext row_memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate analyze row", ALLOCSET_DEFAULT_SIZES);
    int64 skipped = 0;
    for (bool is_row = true; is_row;) {
        MemoryContextReset(row_memory);
        memset(nulls, true, sizeof(bool) * descriptor->natts);
        MemoryContext caller = MemoryContextSwitchTo(row_memory);
        is_row = next_good_row(scan, values, nulls, &skipped);
        MemoryContextSwitchTo(caller);
        int place = is_row ? next_place(reservoir) : -1;
        reservoir->seen += is_row ? 1 : 0;
        if (place >= 0)
            reservoir->rows[place] = heap_form_tuple(descriptor, values, nulls);
    }
    MemoryContextDelete(row_memory);
    return skipped;
}

int acquire_sample(Relation relation, int level, HeapTuple *rows, int wanted, double *total,
                   double *dead) {
    TupleDesc descriptor = RelationGetDescr(relation);
    Reservoir reservoir = {rows, wanted, 0, 0, -1, {}};
    reservoir_init_selection_state(&reservoir.state, wanted);
    TableScan *scan =
        open_scan(CurrentMemoryContext, RelationGetRelid(relation), all_columns(descriptor), NIL);
    write_query(scan);
    start_scan(scan);
    int64 skipped = sample_rows(scan, descriptor, &reservoir);
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
