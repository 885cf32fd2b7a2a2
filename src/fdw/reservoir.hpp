// A random sample of rows that are seen once (Vitter's algorithm, as in file_fdw and analyze.c).
//
//     Reservoir reservoir = make_reservoir(rows, wanted);
//     int place = next_place(&reservoir);    // for each row; -1: it is not of the sample
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "access/htup_details.h"
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

} // namespace migrate::fdw
