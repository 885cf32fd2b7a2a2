// Option "trim": the blanks around a field.
#pragma once

#include "core/csv/csv_options.hpp"
#include "core/csv/record.hpp"

#include <string_view>

namespace migrate::core::csv {

// Without the blanks and tabs around it.
constexpr std::string_view without_blanks(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return text.substr(0, 0);
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The field's text as it is looked at: for NULL, for its type and for its value.
constexpr std::string_view trimmed_field(const Field &field, Trim trim) noexcept {
    const bool is_trimmed = trim == Trim::all || (trim == Trim::unquoted && !field.is_quoted);
    return is_trimmed ? without_blanks(field.text) : field.text;
}

} // namespace migrate::core::csv
