// What the server has to say of the values of a batch of CSV records: its encoding, the types'
// input functions, time zones.
#pragma once

#include "core/batch.hpp"
#include "core/csv/record_converter.hpp"
#include "pg/input_check.hpp"
#include "pg/settings.hpp"

#include <set>
#include <string>

#include "pg/postgres.hpp"

extern "C" {
#include "pgtime.h"
}

namespace migrate::pg {

struct CsvInput {
    core::csv::RecordConverter *converter;
    core::Batch *batch;
    const InputColumn *columns;
    const core::TypeKind *kinds;
    const CallerSettings *caller_settings; // NULL: the session's own are in force
    pg_tz *zone;                           // of times without one
    std::set<std::string> *codes;          // keeps the SQLSTATEs that the server raised
    bool has_undone;                       // set when a subtransaction was undone
};

// Makes the cells of the batch those of the server; what it refuses the converter hears of, which
// decides by option on_error.
void finish_csv_batch(CsvInput *input);

// The same in two steps, where the first refusal is an error anyway and no subtransaction may be
// begun (a parallel worker): texts in the server's encoding and times of the zone for the batch …
void convert_csv_batch(CsvInput *input);
// … and the input functions for one pending cell, in the current session's settings; their errors
// are raised as they are.
void read_pending(CsvInput *input, const core::CellPlace &place);

} // namespace migrate::pg
