// How the values of a CSV column are written, where that is not the ISO or plain form that
// core/cell_converter takes: the order of day and month, decimal commas, thousands, words of truth.
//
//     char *room = batch.allocate(format_room(text.size()));
//     std::optional<Cell> cell = format_value("31.12.2024", TypeKind::date, format, room);
//     if (!cell || convert_cell(*cell, rule, batch) == Fit::misfit) … the value is none of the type
//
// Type inference (column_inference.hpp) accepts a value by these very functions, so that what it
// accepts loads. Nothing here allocates or throws.
#pragma once

#include "core/cell.hpp"
#include "core/type.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

enum class DateOrder : std::uint8_t {
    iso, // as value::parse_date_time takes it
    ymd, // the year first in four digits, any of - / . between, months and days of one digit
    dmy,
    mdy,
};

// "ymd", "dmy", "mdy", "ISO": the words of evidence and of option date_order.
std::string_view date_order_word(DateOrder order) noexcept;

// Owned by the column; the default is what needs no change.
struct ValueFormat {
    DateOrder date_order = DateOrder::iso;
    char decimal = '.';
    std::string thousands;               // between groups of three digits; empty: none
    std::vector<std::string> true_texts; // besides t and true, in any case of ASCII letters
    std::vector<std::string> false_texts;

    // Numbers are written as PostgreSQL writes them, but for a missing 0 before the point.
    bool has_plain_numbers() const noexcept { return decimal == '.' && thousands.empty(); }
};

// Bytes that a format writes at most for a text of this size, a NUL at the end included.
constexpr std::size_t format_room(std::size_t text_size) noexcept {
    return text_size + 32;
}

// The plain text of a number in that format: "1.234,50" is "1234.50", ".5" is "0.5". Nothing when
// the text is no number of the format. An exponent stays; whether the digits are canonical is for
// the caller. The view is `text` itself or lies in `room`.
std::optional<std::string_view> normalise_number(std::string_view text, char decimal,
                                                 std::string_view thousands, char *room) noexcept;

// ISO text of a date or of a date and a time: "1/31/2024 5:07 PM" (mdy) is "2024-01-31 17:07".
// What follows the time, a zone, stays as it is. Nothing when the text has another form; that the
// day exists is for value::parse_date_time to say.
std::optional<std::string_view> normalise_moment(std::string_view text, DateOrder order,
                                                 char *room) noexcept;

// "HH:MM[:SS[.f]]" of "9:05", "9:05:00 pm". Nothing when the text has another form.
std::optional<std::string_view> normalise_clock(std::string_view text, char *room) noexcept;

// The double that a plain number, NaN or [-]Inf[inity] names, when its shortest text has the same
// digits (zeros at the end of a fraction aside): no digit is lost. Not with leading zeros.
std::optional<double> exact_real(std::string_view text) noexcept;

// What t, f, true, false and the format's own words say, in any case of ASCII letters.
std::optional<bool> truth_of(std::string_view text, const ValueFormat &format) noexcept;

// The cell to give to convert_cell for a column of this kind: `text` itself, a text in `room`
// (format_room(text.size()) bytes, a NUL behind it), or a number; nothing when the text is no value
// of that kind in this format. A day that names its year first in ISO form counts in every order.
std::optional<Cell> format_value(std::string_view text, TypeKind kind, const ValueFormat &format,
                                 char *room) noexcept;

} // namespace migrate::core::csv
