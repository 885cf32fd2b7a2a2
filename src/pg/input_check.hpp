// Asks the input functions of the types about texts that core did not take for a value, so that
// what COPY accepts is accepted, with COPY's result (types.md leaves the rest to core).
//
//     InputTrial trial = {columns, &batch, places, count, 0, settings};
//     while (ErrorData *error = try_inputs(&trial)) … cells[trial.at] is refused; trial.at++
#pragma once

#include "core/batch.hpp"
#include "core/type.hpp"
#include "pg/settings.hpp"

#include <cstddef>

#include "pg/postgres.hpp"

namespace migrate::pg {

// How the texts of one column are read.
struct InputColumn {
    core::TypeKind kind;
    Oid type;
    int32 typmod;
    FmgrInfo input;
    Oid io_parameter;
    // NULL, too, is for the input function to refuse: places of NULL cells are to be tried.
    bool is_constrained_domain;
    FmgrInfo output;      // for InputTrial::prints
    int32 numeric_typmod; // of numeric(p,s) and domains over it, which round; else -1
};

// For the columns of a batch, by the SQL of their types (pg::type_sql). Palloc'd.
InputColumn *make_input_columns(const core::TypeKind *kinds, const char *const *types, int count);
// The same of one column whose type is known.
void init_input_column(InputColumn *column, core::TypeKind kind, Oid type, int32 typmod);

struct InputTrial {
    const InputColumn *columns;
    core::Batch *batch;
    const core::CellPlace *places; // of texts in the server's encoding, or of NULLs
    std::size_t count;
    std::size_t at; // the next one to try
    // DateStyle and TimeZone count, as in COPY. NULL: the session's are in force (no time_zone
    // then).
    const CallerSettings *caller_settings;
    // Instead of the session's: the zone of texts that name none; the order of days is ISO's then.
    const char *time_zone = nullptr;
    // A text of kind other that was taken becomes what the type prints of it, which no setting of
    // the session reads as something else.
    bool prints = false;
    // A number of more digits than numeric(p,s) keeps is refused, where COPY rounds it.
    bool refuses_rounding = false;
};

// Tries the cells from `at` on; each one that is taken gets the form of its kind (core/cell.hpp;
// json, jsonb and other stay text). NULL when all were, else the error for the cell at `at`,
// palloc'd. In a subtransaction, as a type's input function may raise what it likes.
ErrorData *try_inputs(InputTrial *trial);

// The same without a subtransaction: what an input function raises is raised.
void run_inputs(InputTrial *trial);

} // namespace migrate::pg
