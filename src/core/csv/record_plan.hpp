// How the records of one CSV file become rows of one table.
//
//     RecordPlan plan;
//     plan.file_name = "/data/a.csv";
//     plan.width = survey.width;
//     plan.columns.push_back(column); // for each column of the batch
//     RecordConverter converter(std::move(plan));
#pragma once

#include "core/cell_converter.hpp"
#include "core/csv/csv_options.hpp"
#include "core/csv/inferred_type.hpp"
#include "core/csv/line_end.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace migrate::core::csv {

// What fills a column.
enum class ColumnOrigin : std::uint8_t {
    field,     // a field of the record
    file_name, // option filename_column
    line,      // option line_column: the record's first line
    record,    // option raw: all fields as one JSON object
    constant,  // an integer that stands for the whole file (raw: when it was loaded)
    blank,     // NULL, to be filled by the caller (raw: the digest)
};

struct RecordColumn {
    // name: the target's column. type, max_value_size and the server's encoding count;
    // takes_number_text is implied, null_texts are those of `reading`.
    ColumnRule rule;
    ColumnOrigin origin = ColumnOrigin::field;
    int field = -1;           // index in the record; -1: the file lacks the column, it is NULL
    InferenceOptions reading; // null texts, their force flags, and the ValueFormat of the values
    // Bounds of a type smaller than its kind (smallint, integer as bigint).
    std::int64_t min_integer = INT64_MIN;
    std::int64_t max_integer = INT64_MAX;
    // The type's input function is asked before a text counts as a misfit.
    bool has_input_function = false;
};

struct RecordPlan {
    std::string file_name;                // for messages and ColumnOrigin::file_name
    std::vector<RecordColumn> columns;    // of the batch, in its order
    std::vector<std::string> field_names; // of the file, for ColumnOrigin::record
    std::size_t width = 0;                // fields of a record; 0: any number (raw)
    Ragged ragged = Ragged::error;
    bool has_ragged = false; // the caller named it: on_error does not cover ragged records then
    Trim trim = Trim::none;
    OnError on_error = OnError::stop;
    bool keeps_raw = false;    // the raw bytes of each row stay until the batch is cleared
    std::int64_t constant = 0; // of ColumnOrigin::constant
    // For check_csv: every problem is kept, nothing throws, whatever on_error and ragged say, and a
    // row with a problem is rejected.
    bool wants_problems = false;
    // Of the file: raw bytes are kept without their line end.
    Newline newline = Newline::automatic;
    Unit unit = Unit::byte;
};

} // namespace migrate::core::csv
