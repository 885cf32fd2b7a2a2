// Whether a record has the fields that its table wants, and what option "ragged" makes of it.
#pragma once

#include "core/csv/csv_options.hpp"
#include "core/csv/record.hpp"

#include <cstddef>

namespace migrate::core::csv {

enum class WidthFit : std::uint8_t {
    fits,
    blank,    // a blank line where the table has several columns: no record
    trailing, // one empty field too many, of a delimiter at the end of the line
    padded,   // fields are missing, and are NULL by option
    truncated,
    ragged, // another width, which the option does not allow
};

// `width` is what the table wants.
inline WidthFit width_fit(const Record &record, std::size_t width, Ragged ragged) noexcept {
    const std::size_t size = record.fields.size();
    if (size == width)
        return WidthFit::fits;
    const Field *last = size != 0 ? &record.fields.back() : nullptr;
    const bool ends_empty = last != nullptr && last->text.empty() && !last->is_quoted;
    if (size == 1 && ends_empty)
        return WidthFit::blank;
    if (size == width + 1 && ends_empty)
        return WidthFit::trailing;
    if (size < width)
        return ragged == Ragged::pad || ragged == Ragged::both ? WidthFit::padded
                                                               : WidthFit::ragged;
    return ragged == Ragged::truncate || ragged == Ragged::both ? WidthFit::truncated
                                                                : WidthFit::ragged;
}

} // namespace migrate::core::csv
