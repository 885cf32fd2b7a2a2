// One cell of a source into one that PostgreSQL takes (core/cell.hpp lists the forms), without
// losing a value.
//
//     if (convert_cell(cell, rule, arena) == Fit::misfit) … the type cannot hold it
//
// Knows values and types; what is done about a misfit is for core/convert.hpp.
#pragma once

#include "core/batch.hpp"
#include "core/import_options.hpp"
#include "core/type.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace migrate::core {

// How one column is converted.
struct ColumnRule {
    std::string name; // the source's name of the column, for messages
    Type type;
    EpochUnit epoch = EpochUnit::none;
    bool is_not_null = false;
    TypeMismatch on_mismatch = TypeMismatch::widen;
    InvalidText invalid_text = InvalidText::error;
    std::vector<std::string> null_texts; // mean NULL unless the type is text-like
    std::int64_t max_value_size = std::int64_t{256} << 20;
    // Server encodings: text is checked as UTF-8 unless the server keeps bytes as they are
    // (SQL_ASCII); NUL is refused always.
    bool is_utf8_checked = true;
    // False on a server of another encoding: JSON with an escape above \u007f is no jsonb then.
    bool is_utf8_server = true;
    // Text such as "12.50" counts as its number in a bigint, numeric or double precision column
    // when that prints the same digits: for columns whose type the caller named, and for CSV.
    bool takes_number_text = false;
    // Of a column that is there before (core/plan/target_tables.hpp):
    std::int64_t min_integer = std::numeric_limits<std::int64_t>::min(); // kind bigint
    std::int64_t max_integer = std::numeric_limits<std::int64_t>::max();
    bool is_array = false; // kind other: see write_for_input
    bool is_json_array = false;
    bool refuses_numbers = false; // kind other: a number would be read as something else
    // The type's input function is asked about texts that do not fit, and about all of kind other,
    // before the policy is applied (RowConverter::pending).
    bool has_last_resort = false;
};

enum class Fit : std::uint8_t {
    fits,
    rounded,      // a fraction of a second went to whole microseconds
    null_text,    // one of null_texts: the cell is NULL now
    misfit,       // the type cannot hold the value: the cell is as it was
    invalid_text, // NUL or not UTF-8: the cell is as it was
};

// Converts one cell in place, the new bytes in `arena`. The rules are types.md's table, and what
// fits here the server's input function accepts. Never throws for a value; a text that does not
// fit, such as '' in a column that is not text, is a misfit.
Fit convert_cell(Cell &cell, const ColumnRule &rule, Batch &arena);

// What the type's input function is given of a value that is not NULL: numbers as SQLite prints
// them, a JSON array as the literal of an array.
void write_for_input(Cell &cell, const ColumnRule &rule, Batch &arena);

// Whether the cell is one of the rule's null_texts.
bool is_null_text(const Cell &cell, const ColumnRule &rule) noexcept;

// convert_cell for one kind of type, without NULL and null_texts: chosen once for a column.
using CellConverter = Fit (*)(Cell &cell, const ColumnRule &rule, Batch &arena);
CellConverter cell_converter(TypeKind kind) noexcept;

} // namespace migrate::core
