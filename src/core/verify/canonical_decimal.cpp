#include "core/verify/canonical_decimal.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "core/core_only.hpp"

namespace migrate::core::verify {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// Signed exponent after the "e"; nothing when it is no number or too long for one.
std::optional<std::int64_t> parse_exponent(std::string_view text) noexcept {
    bool is_negative = false;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        is_negative = text.front() == '-';
        text.remove_prefix(1);
    }
    if (text.empty() || text.size() > 9)
        return std::nullopt;
    std::int64_t value = 0;
    for (char c : text) {
        if (!is_digit(c))
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return is_negative ? -value : value;
}

// The mantissa "12.50" into digits and exponent; false when it holds anything else.
bool read_mantissa(std::string_view text, Decimal &decimal) noexcept {
    std::size_t point = std::string_view::npos;
    std::size_t first = std::string_view::npos;
    std::size_t last = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.' && point == std::string_view::npos) {
            point = i;
        } else if (!is_digit(text[i])) {
            return false;
        } else if (text[i] != '0') {
            first = first == std::string_view::npos ? i : first;
            last = i;
        }
    }
    const bool has_point = point != std::string_view::npos;
    if (text.size() == (has_point ? 1U : 0U))
        return false; // no digit at all
    decimal.written_scale = has_point ? static_cast<std::int64_t>(text.size() - point) - 1 : 0;
    if (first == std::string_view::npos)
        return true; // zero
    const std::size_t end = has_point ? point : text.size();
    decimal.digits = text.substr(first, last - first + 1);
    decimal.count = static_cast<std::int64_t>(decimal.digits.size());
    if (has_point && first < point && point < last)
        --decimal.count;
    decimal.exponent = last < end ? static_cast<std::int64_t>(end - last) - 1
                                  : -static_cast<std::int64_t>(last - end);
    return true;
}

bool reads_back(const char *text, double value) noexcept {
    return std::strtod(text, nullptr) == value;
}

// The next decimal of as many digits, away from zero; false when the digits would carry over.
bool increment_last_digit(char *text) noexcept {
    char *last = std::strchr(text, 'e');
    if (last == nullptr || last == text || !is_digit(last[-1]) || last[-1] == '9')
        return false;
    ++last[-1];
    return true;
}

using ShortText = char[40];

// A decimal of at most 15 digits is the only one of that length that a normal double reads back to
// (DBL_DIG), so 15 digits are tried first and their zeros fall away. Subnormal numbers hold fewer
// digits: their shortest form is searched from 1.
int least_digits(double value) noexcept {
    return std::fabs(value) < DBL_MIN ? 1 : DBL_DIG;
}

void print_shortest(double value, int first_try, ShortText &text) noexcept {
    const double size = std::fabs(value);
    for (int digits = first_try; digits <= 17; ++digits) {
        std::snprintf(text, sizeof text, "%.*e", digits - 1, value);
        if (reads_back(text, value))
            return;
        // Below a power of two the doubles lie closer than above it: the nearest decimal may miss
        // where the one above does not.
        int exponent = 0;
        if (std::frexp(size, &exponent) == 0.5 && increment_last_digit(text) &&
            reads_back(text, value))
            return;
    }
}

// An amount with few decimals, which most numbers of a database are, as an integer and its scale.
// The quotient of two exact numbers is correctly rounded, so the decimal reads back to the double.
bool as_scaled_integer(double value, std::int64_t &digits, int &scale) noexcept {
    static constexpr double kPowers[] = {1, 1e2, 1e4};
    for (int i = 0; i < 3; ++i) {
        const double scaled = std::nearbyint(value * kPowers[i]);
        if (std::fabs(scaled) < 1e15 && scaled / kPowers[i] == value) {
            digits = static_cast<std::int64_t>(scaled);
            scale = 2 * i;
            return true;
        }
    }
    return false;
}

// An integer times a power of ten in canonical form.
void append_scaled(std::int64_t digits, int exponent, std::string &out) {
    if (digits == 0)
        exponent = 0;
    for (; digits != 0 && digits % 10 == 0; digits /= 10)
        ++exponent;
    append_integer(digits, out);
    if (exponent != 0) {
        out.push_back('e');
        append_integer(exponent, out);
    }
}

// SQLite's %!.15g (or what it takes) of digits "1234" and the exponent of the first: plain while
// the exponent is at least -4 and below the precision, as C's %g, but always with a point.
void append_layout(std::string_view digits, int exponent, std::string &out) {
    const int precision = std::max(static_cast<int>(digits.size()), DBL_DIG);
    if (exponent < -4 || exponent >= precision) {
        char tail[16];
        std::snprintf(tail, sizeof tail, "e%+03d", exponent);
        out.append(digits.substr(0, 1)).append(".");
        out.append(digits.size() > 1 ? digits.substr(1) : std::string_view("0")).append(tail);
        return;
    }
    if (exponent < 0) {
        out.append("0.").append(static_cast<std::size_t>(-exponent) - 1, '0').append(digits);
        return;
    }
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole) {
        out.append(digits).append(whole - digits.size(), '0').append(".0");
        return;
    }
    out.append(digits.substr(0, whole)).append(".").append(digits.substr(whole));
}

} // namespace

std::optional<Decimal> parse_decimal(std::string_view text) noexcept {
    Decimal decimal;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        decimal.is_negative = text.front() == '-';
        text.remove_prefix(1);
    }
    if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
        const std::optional<std::int64_t> exponent = parse_exponent(text.substr(e + 1));
        if (!exponent)
            return std::nullopt;
        decimal.written_exponent = *exponent;
        text = text.substr(0, e);
    }
    if (!read_mantissa(text, decimal))
        return std::nullopt;
    decimal.written_scale =
        std::max(decimal.written_scale - decimal.written_exponent, std::int64_t{0});
    if (decimal.is_zero())
        decimal.is_negative = false;
    else
        decimal.exponent += decimal.written_exponent;
    return decimal;
}

bool is_numeric_range(const Decimal &decimal) noexcept {
    return decimal.is_zero() ||
           (decimal.whole_digits() <= 131072 && decimal.fraction_digits() <= 16383);
}

void append_decimal(const Decimal &decimal, std::string &out) {
    if (decimal.is_zero()) {
        out.push_back('0');
        return;
    }
    if (decimal.is_negative)
        out.push_back('-');
    const std::size_t point = decimal.digits.find('.');
    out.append(decimal.digits.substr(0, point));
    if (point != std::string_view::npos)
        out.append(decimal.digits.substr(point + 1));
    if (decimal.exponent != 0) {
        out.push_back('e');
        append_integer(decimal.exponent, out);
    }
}

std::optional<std::int64_t> to_integer(const Decimal &decimal) noexcept {
    if (decimal.exponent < 0 || decimal.whole_digits() > 19)
        return std::nullopt;
    std::uint64_t value = 0; // 19 digits always fit
    for (char c : decimal.digits)
        if (c != '.')
            value = value * 10 + static_cast<std::uint64_t>(c - '0');
    for (std::int64_t i = 0; i < decimal.exponent; ++i)
        value *= 10;
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (value > kMax + (decimal.is_negative ? 1 : 0))
        return std::nullopt;
    return static_cast<std::int64_t>(decimal.is_negative ? 0 - value : value);
}

void append_integer(std::int64_t value, std::string &out) {
    char text[20];
    char *begin = text + sizeof text;
    const bool is_negative = value < 0;
    auto rest = static_cast<std::uint64_t>(value);
    if (is_negative)
        rest = 0 - rest;
    do {
        *--begin = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (is_negative)
        *--begin = '-';
    out.append(begin, text + sizeof text);
}

void append_integer_decimal(std::int64_t value, std::string &out) {
    append_scaled(value, 0, out);
}

std::optional<std::int64_t> to_integer(double value) noexcept {
    // 2^63 itself is a double and no integer of 64 bits; NaN fails both comparisons.
    if (!(value >= -9223372036854775808.0 && value < 9223372036854775808.0))
        return std::nullopt;
    const auto integer = static_cast<std::int64_t>(value);
    if (static_cast<double>(integer) != value)
        return std::nullopt;
    return integer;
}

void append_shortest(double value, std::string &out) {
    ShortText text;
    print_shortest(value, least_digits(value), text);
    out.append(text);
}

void append_shortest_decimal(double value, std::string &out) {
    std::int64_t digits = 0;
    int scale = 0;
    if (as_scaled_integer(value, digits, scale)) {
        append_scaled(digits, -scale, out);
        return;
    }
    ShortText text;
    print_shortest(value, least_digits(value), text);
    if (const std::optional<Decimal> decimal = parse_decimal(text))
        append_decimal(*decimal, out);
}

void append_sqlite_real(double value, std::string &out) {
    if (std::isnan(value)) { // SQLite stores NaN as NULL: a file that holds one was not its own
        out.append("NaN");
        return;
    }
    if (std::isinf(value)) {
        out.append(value < 0 ? "-Inf" : "Inf");
        return;
    }
    if (std::signbit(value)) // also of -0.0, which SQLite prints without, and so would lose
        out.push_back('-');
    if (value == 0) {
        out.append("0.0");
        return;
    }
    ShortText text;
    print_shortest(std::fabs(value), DBL_DIG, text);
    const std::string_view all = text;
    const std::size_t e = all.find('e');
    const std::optional<Decimal> decimal = parse_decimal(all.substr(0, e));
    if (!decimal || e == std::string_view::npos)
        return;
    char digits[24];
    std::size_t size = 0;
    for (char c : decimal->digits)
        if (c != '.')
            digits[size++] = c;
    append_layout({digits, size}, std::atoi(text + e + 1), out);
}

} // namespace migrate::core::verify
