#include "core/csv/value_format.hpp"

#include "core/csv/format_text.hpp"
#include "core/value/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/core_only.hpp"

// The numbers of value_format.hpp.

namespace migrate::core::csv {
namespace {

using namespace format_text;

// Up to this many digits every decimal number survives a double (DBL_DIG).
constexpr std::ptrdiff_t kSafeDigits = std::numeric_limits<double>::digits10;
constexpr std::size_t kGroup = 3;

// The digits before the decimal mark, without the marks between groups.
bool copy_whole(std::string_view &rest, std::string_view thousands, Writer &out) noexcept {
    std::size_t count = count_digits(rest);
    out.put(rest.substr(0, count));
    rest.remove_prefix(count);
    if (thousands.empty() || !rest.starts_with(thousands))
        return true;
    // 1,234 and 12,345,678: no group is left out and none is short.
    if (count == 0 || count > kGroup)
        return false;
    while (rest.starts_with(thousands)) {
        rest.remove_prefix(thousands.size());
        if (count_digits(rest) != kGroup)
            return false;
        out.put(rest.substr(0, kGroup));
        rest.remove_prefix(kGroup);
    }
    return true;
}

// Infinity and NaN as float8in reads them.
std::optional<double> real_word(std::string_view text) noexcept {
    const bool is_negative = text.starts_with('-');
    const std::string_view word = text.substr(is_negative ? 1 : 0);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (equals_word(word, "inf") || equals_word(word, "infinity"))
        return is_negative ? -kInfinity : kInfinity;
    if (equals_word(text, "nan"))
        return std::numeric_limits<double>::quiet_NaN();
    return std::nullopt;
}

bool is_plain_number(std::string_view text) noexcept {
    take(text, '-');
    const std::size_t whole = count_digits(text);
    if (whole == 0 || (whole > 1 && text.front() == '0'))
        return false;
    text.remove_prefix(whole);
    if (take(text, '.')) {
        const std::size_t fraction = count_digits(text);
        if (fraction == 0)
            return false;
        text.remove_prefix(fraction);
    }
    return text.empty() || is_exponent(text);
}

// Whether the shortest text of the number has the digits of `text`, which is no shorter.
bool has_same_digits(std::string_view text, double number) noexcept {
    value::RealBuffer buffer;
    const value::DecimalShape given = value::shape_of(text);
    const std::string_view shortest = value::shortest_text(number, buffer);
    const value::DecimalShape kept = value::shape_of(shortest);
    if (given.is_zero || kept.is_zero)
        return given.is_zero && kept.is_zero;
    if (given.first != kept.first || given.last != kept.last)
        return false;
    const auto next_digit = [](std::string_view digits, std::size_t &at) {
        while (at < digits.size() && !is_digit(digits[at]))
            at++;
        return digits[at++];
    };
    std::size_t a = 0, b = 0;
    while (text[a] == '0' || !is_digit(text[a]))
        a++;
    while (shortest[b] == '0' || !is_digit(shortest[b]))
        b++;
    for (std::int64_t place = given.first; place >= given.last; place--) {
        if (next_digit(text, a) != next_digit(shortest, b))
            return false;
    }
    return true;
}

} // namespace

std::optional<std::string_view> normalise_number(std::string_view text, char decimal,
                                                 std::string_view thousands, char *room) noexcept {
    std::string_view rest = text;
    Writer out{room};
    if (take(rest, '-'))
        out.put('-');
    if (!rest.empty() && rest.front() == decimal)
        out.put('0');
    else if (count_digits(rest) == 0 || !copy_whole(rest, thousands, out))
        return std::nullopt;
    if (take(rest, decimal)) {
        const std::size_t fraction = count_digits(rest);
        if (fraction == 0)
            return std::nullopt;
        out.put('.');
        out.put(rest.substr(0, fraction));
        rest.remove_prefix(fraction);
    }
    if (!rest.empty() && !is_exponent(rest))
        return std::nullopt;
    out.put(rest);
    return out.since(room);
}

std::optional<double> exact_real(std::string_view text) noexcept {
    if (std::optional<double> word = real_word(text))
        return word;
    double number = 0;
    const char *end = text.data() + text.size();
    if (!is_plain_number(text) || std::from_chars(text.data(), end, number).ec != std::errc{})
        return std::nullopt;
    // Below the normal numbers a double has fewer digits.
    const bool is_normal = number == 0 || std::isnormal(number);
    const auto digits = std::count_if(
        text.begin(),
        std::find_if(text.begin(), text.end(), [](char c) { return c == 'e' || c == 'E'; }),
        is_digit);
    if (is_normal && digits <= kSafeDigits && number != 0)
        return number;
    return has_same_digits(text, number) ? std::optional<double>(number) : std::nullopt;
}

} // namespace migrate::core::csv
