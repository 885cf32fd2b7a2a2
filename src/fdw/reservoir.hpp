// A random sample of rows that are seen once (Vitter's algorithm, as in file_fdw and analyze.c).
//
//     Reservoir reservoir = make_reservoir(rows, wanted);
//     take_sample(&reservoir, descriptor, [&](Datum *values, bool *nulls) { … });
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "access/htup_details.h"
#include "utils/memutils.h"
#include "utils/sampling.h"
}

namespace migrate::fdw {

struct Reservoir {
    HeapTuple *rows;
    int size;
    int filled;
    double seen;
    double to_skip;
    ReservoirStateData state;
};

inline Reservoir make_reservoir(HeapTuple *rows, int size) {
    Reservoir reservoir = {rows, size, 0, 0, -1, {}};
    reservoir_init_selection_state(&reservoir.state, size);
    return reservoir;
}

// Where the next row goes, which takes the place of one that is freed; -1: nowhere.
inline int next_place(Reservoir *reservoir) {
    if (reservoir->filled < reservoir->size) {
        reservoir->seen += 1;
        return reservoir->filled++;
    }
    if (reservoir->to_skip < 0)
        reservoir->to_skip =
            reservoir_get_next_S(&reservoir->state, reservoir->seen, reservoir->size);
    reservoir->seen += 1;
    if (reservoir->to_skip-- > 0)
        return -1;
    auto place =
        static_cast<int>(reservoir->size * sampler_random_fract(&reservoir->state.randstate));
    heap_freetuple(reservoir->rows[place]);
    return place;
}

// Takes rows until `next`, which fills values and nulls by attribute, returns false.
template <typename Next>
void take_sample(Reservoir *reservoir, TupleDesc descriptor, Next next) {
    auto *values = static_cast<Datum *>(palloc0(sizeof(Datum) * (descriptor->natts + 1)));
    auto *nulls = static_cast<bool *>(palloc0(sizeof(bool) * (descriptor->natts + 1)));
    MemoryContext row_memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate analyze row", ALLOCSET_DEFAULT_SIZES);
    for (bool is_row = true; is_row;) {
        MemoryContextReset(row_memory);
        memset(nulls, true, sizeof(bool) * descriptor->natts);
        MemoryContext caller = MemoryContextSwitchTo(row_memory);
        is_row = next(values, nulls);
        MemoryContextSwitchTo(caller);
        const int place = is_row ? next_place(reservoir) : -1;
        if (place >= 0)
            reservoir->rows[place] = heap_form_tuple(descriptor, values, nulls);
    }
    MemoryContextDelete(row_memory);
}

} // namespace migrate::fdw
