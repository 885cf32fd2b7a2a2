#include "core/csv/misfit_reason.hpp"

#include "core/cell_text.hpp"
#include "core/csv/number_facts.hpp"
#include "core/csv/value_format.hpp"
#include "core/value/date_time.hpp"

#include <algorithm>
#include <array>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// What is longer than any number or moment is no near miss of one.
constexpr std::size_t kMaxNearMiss = 100;

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

bool is_number(std::string_view text) noexcept {
    return scan_number(text).shape != NumberScan::Shape::none;
}

bool has_leading_zeros(std::string_view text) noexcept {
    return is_number(text) && scan_number(text).has_leading_zero;
}

bool has_plus(std::string_view text) noexcept {
    return text.front() == '+' && is_number(text.substr(1));
}

bool is_minus_zero(std::string_view text) noexcept {
    return text == "-0";
}

bool has_blanks_around(std::string_view text) noexcept {
    return is_blank(text.front()) || is_blank(text.back());
}

bool has_commas(std::string_view text) noexcept {
    std::array<char, format_room(kMaxNearMiss)> room;
    return text.find(',') != std::string_view::npos &&
           (normalise_number(text, ',', ".", room.data()) ||
            normalise_number(text, '.', ",", room.data()));
}

bool has_point_groups(std::string_view text) noexcept {
    std::array<char, format_room(kMaxNearMiss)> room;
    return normalise_number(text, ',', ".", room.data()).has_value();
}

// 31/12/24: which century?
bool has_short_year(std::string_view text) noexcept {
    std::string century(text);
    const std::size_t mark = text.find_last_of("-/.", 8);
    if (mark == std::string_view::npos)
        return false;
    century.insert(mark + 1, "20");
    std::array<char, format_room(kMaxNearMiss + 2)> room;
    for (DateOrder order : {DateOrder::dmy, DateOrder::mdy}) {
        const auto moment = normalise_moment(century, order, room.data());
        if (moment && value::parse_date_time(*moment))
            return true;
    }
    return false;
}

bool is_too_fine(std::string_view text) noexcept {
    const auto moment = value::parse_date_time(text);
    const auto time = value::parse_time(text);
    return (moment && moment->is_rounded) || (time && time->is_rounded);
}

struct NearMiss {
    bool (*matches)(std::string_view text);
    std::string_view words;
    std::string_view hint;
};

// In this order: the first that matches is what is said.
constexpr NearMiss kNearMisses[] = {
    {has_leading_zeros, "leading zeros", ""},
    {has_plus, "a leading plus sign", ""},
    {is_minus_zero, "a minus before zero", ""},
    {has_blanks_around, "blanks around the value", "option trim removes them"},
    {has_commas, "a number with commas", "options decimal and thousands say how to read it"},
    {has_short_year, "a year of two digits", ""},
    {is_too_fine, "a time finer than microseconds", ""},
    {has_point_groups, "a number with several points",
     "options decimal and thousands say how to "
     "read it"},
};

std::string at_line(std::int64_t line) {
    return " at line " + std::to_string(line);
}

} // namespace

std::string shown_value(std::string_view text) {
    Cell cell;
    cell.storage = StorageClass::text;
    cell.size = static_cast<std::uint32_t>(text.size());
    cell.bytes = text.data();
    return describe_cell(cell);
}

MisfitReason explain_misfit(std::string_view text, bool is_quoted, std::int64_t line,
                            std::string_view kind) {
    if (text.empty())
        return {(is_quoted ? "a quoted empty value" : "an empty value") + at_line(line) +
                    (is_quoted ? " (option force_null reads it as NULL)"
                               : " (option null names the texts that mean NULL)"),
                !kind.empty()};
    if (text.size() <= kMaxNearMiss) {
        const auto *near = std::ranges::find_if(
            kNearMisses, [text](const NearMiss &miss) { return miss.matches(text); });
        if (near != std::end(kNearMisses)) {
            std::string words(near->words);
            words += at_line(line) + ": " + shown_value(text);
            if (!near->hint.empty())
                words.append(" (").append(near->hint).append(")");
            return {std::move(words), true};
        }
    }
    std::string words = shown_value(text) + at_line(line);
    if (!kind.empty())
        words.append(" is no ").append(kind);
    return {std::move(words), !kind.empty()};
}

} // namespace migrate::core::csv
