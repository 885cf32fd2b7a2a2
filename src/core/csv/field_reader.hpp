// The text of a CSV field into the cell of its column's type.
//
//     FieldReader read = field_reader(column.rule.type.kind); // once for a column
//     if (read(text, column, cell, batch) == Fit::misfit) … the type cannot hold it
//
// What most files are full of (plain numbers, ISO dates, text) goes a short way; the cells are
// those that format_value and convert_cell make. Two things are read as the type's own input
// function does: bytea, which they do not know, and a double precision of more digits than it
// keeps, where the column has that function to ask.
#pragma once

#include "core/batch.hpp"
#include "core/csv/record_plan.hpp"

#include <string_view>

namespace migrate::core::csv {

// Sets `cell`, its bytes in `batch`, when the answer is fits or rounded; else leaves it. NULL is
// not looked for. The column's rule takes_number_text.
using FieldReader = Fit (*)(std::string_view text, const RecordColumn &column, Cell &cell,
                            Batch &batch);

FieldReader field_reader(TypeKind kind) noexcept;

// What the readers fall back upon, and must agree with.
Fit read_by_format(std::string_view text, const RecordColumn &column, Cell &cell, Batch &batch);

// No NUL, and valid UTF-8 unless the server keeps bytes as they are.
bool is_clean_text(std::string_view text, const ColumnRule &rule) noexcept;

} // namespace migrate::core::csv
