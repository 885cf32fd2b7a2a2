#include "core/csv/number_facts.hpp"

#include "core/csv/value_format.hpp"
#include "core/value/decimal.hpp"

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

bool is_digit(char c) noexcept {
    return static_cast<unsigned char>(c - '0') < 10;
}

const char *skip_digits(const char *at, const char *end) noexcept {
    while (at != end && is_digit(*at))
        at++;
    return at;
}

bool is_exponent(const char *at, const char *end) noexcept {
    if (*at != 'e' && *at != 'E')
        return false;
    at++;
    if (at != end && (*at == '-' || *at == '+'))
        at++;
    return at != end && skip_digits(at, end) == end;
}

bool is_zero(std::string_view number) noexcept {
    return number.find_first_of("123456789") == std::string_view::npos;
}

} // namespace

NumberScan scan_number(std::string_view text) noexcept {
    NumberScan scan;
    const char *at = text.data();
    const char *const end = at + text.size();
    if (at != end && *at == '-') {
        scan.is_negative = true;
        at++;
    }
    const char *start = at;
    at = skip_digits(at, end);
    scan.whole = static_cast<std::uint32_t>(at - start);
    scan.starts_with_zero = scan.whole != 0 && *start == '0';
    scan.has_leading_zero = scan.whole > 1 && scan.starts_with_zero;
    if (at == end) {
        scan.shape = scan.whole != 0 ? NumberScan::Shape::integer : NumberScan::Shape::none;
        return scan;
    }
    if (*at == '.') {
        start = ++at;
        at = skip_digits(at, end);
        scan.fraction = static_cast<std::uint32_t>(at - start);
        if (scan.fraction == 0)
            return scan;
    }
    if (at == end)
        scan.shape = NumberScan::Shape::decimal;
    else if (scan.whole + scan.fraction != 0 && is_exponent(at, end))
        scan.shape = NumberScan::Shape::exponent;
    return scan;
}

bool NumberFacts::add_real(std::string_view text, const NumberScan &scan,
                           std::int64_t line) noexcept {
    if (!exact_real(text))
        return false;
    if (scan.fraction != 0)
        note_point(scan);
    if (real_line_ == 0)
        real_line_ = line;
    return true;
}

bool NumberFacts::add_unusual(std::string_view text, const NumberScan &scan,
                              std::int64_t line) noexcept {
    using Shape = NumberScan::Shape;
    if (scan.has_leading_zero)
        return false;
    if (scan.shape == Shape::none || scan.shape == Shape::exponent)
        return add_real(text, scan, line);
    // numeric and bigint have no negative zero, a double has: -0.0 is fine there, -0 no number that
    // anything writes.
    if (scan.is_negative && is_zero(text))
        return scan.shape == Shape::decimal && scan.whole != 0 && add_real(text, scan, line);
    if (scan.whole >= value::kMaxNumericIntegerDigits || scan.fraction > value::kMaxNumericScale)
        return false;
    if (scan.whole + scan.fraction > kSafeDigits && inexact_line_ == 0 && !exact_real(text))
        inexact_line_ = line;
    const bool is_big = scan.shape == Shape::integer && scan.whole > kMaxCountDigits &&
                        !value::canonical_integer(text);
    if (is_big && big_line_ == 0)
        big_line_ = line;
    note_digits(scan, line);
    return true;
}

} // namespace migrate::core::csv
