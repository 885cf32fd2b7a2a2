// How much a piece of text looks like one cell of a table: what a wrong delimiter leaves looks less
// so (a number with a semicolon in it, half a quoted text).
//
//     cell_look("12.50") … typed;  cell_look("5;2") … doubtful
#pragma once

#include <cstdint>
#include <string_view>

namespace migrate::core::csv {

enum class CellLook : std::uint8_t {
    empty,
    typed, // a number, a date, a time, an amount, a word such as true or NA, and nothing else
    typed_commas, // the same with commas: 1,5 or 1,234.50
    plain,        // other text
    doubtful,     // text with bytes that often separate fields: ; | TAB, or a comma without a blank
    stray,        // text with a quote that encloses nothing
};

// Looks at no more than the first 256 bytes.
CellLook cell_look(std::string_view text) noexcept;

// 0 to 1.
double cleanness(CellLook look) noexcept;

} // namespace migrate::core::csv
