#include "core/value/decimal.hpp"

#include <algorithm>
#include <cfloat>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/core_only.hpp"

namespace migrate::core::value {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo53 = 9007199254740992.0;
constexpr std::int64_t kMaxExponent = 1'000'000'000;
constexpr int kSqliteDigits = 15;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// The significant digits of a finite real, without zeros at the end, and the power of ten of the
// first one.
struct Digits {
    std::array<char, 24> digits{};
    int count = 0;
    int exponent = 0;
};

// Takes "d.ddde±xx" apart.
Digits split_scientific(std::string_view text) noexcept {
    Digits result;
    std::size_t e = text.find('e');
    for (char c : text.substr(0, e))
        if (is_digit(c))
            result.digits[static_cast<std::size_t>(result.count++)] = c;
    while (result.count > 1 && result.digits[static_cast<std::size_t>(result.count - 1)] == '0')
        result.count--;
    std::string_view exponent = text.substr(e + 1);
    if (exponent.front() == '+')
        exponent.remove_prefix(1);
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), result.exponent);
    return result;
}

Digits scientific_digits(double magnitude, int precision) noexcept {
    RealBuffer buffer;
    char *end = buffer.data() + buffer.size();
    auto scientific = std::chars_format::scientific;
    end = precision < 0 ? std::to_chars(buffer.data(), end, magnitude, scientific).ptr
                        : std::to_chars(buffer.data(), end, magnitude, scientific, precision).ptr;
    return split_scientific({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

// A number of up to 15 digits always reads back, so that the shortest text has more than 15 digits
// exactly when "%.15g" does not read back, and else is the same. Only subnormal reals have shorter
// ones: "5e-324", where "%.15g" prints 4.94065645841247e-324.
Digits sqlite_digits(double magnitude) noexcept {
    Digits shortest = scientific_digits(magnitude, -1);
    if (magnitude == 0 || magnitude >= DBL_MIN || shortest.count > kSqliteDigits)
        return shortest;
    return scientific_digits(magnitude, kSqliteDigits - 1);
}

char *put(char *at, const char *bytes, int count) noexcept {
    std::memcpy(at, bytes, static_cast<std::size_t>(count));
    return at + count;
}

char *put_zeros(char *at, int count) noexcept {
    std::memset(at, '0', static_cast<std::size_t>(count));
    return at + count;
}

// "1.0e+100"
char *put_exponential(char *at, const Digits &number) noexcept {
    *at++ = number.digits[0];
    *at++ = '.';
    if (number.count == 1)
        *at++ = '0';
    at = put(at, number.digits.data() + 1, number.count - 1);
    *at++ = 'e';
    *at++ = number.exponent < 0 ? '-' : '+';
    int exponent = std::abs(number.exponent);
    if (exponent < 10)
        *at++ = '0';
    return std::to_chars(at, at + 4, exponent).ptr;
}

// "0.001", "100.0", "12.5"
char *put_fixed(char *at, const Digits &number) noexcept {
    if (number.exponent < 0) {
        at = put(at, "0.", 2);
        at = put_zeros(at, -number.exponent - 1);
        return put(at, number.digits.data(), number.count);
    }
    int whole = std::min(number.count, number.exponent + 1);
    at = put(at, number.digits.data(), whole);
    at = put_zeros(at, number.exponent + 1 - whole);
    *at++ = '.';
    if (whole == number.count)
        *at++ = '0';
    return put(at, number.digits.data() + whole, number.count - whole);
}

// "+12", "-3", "7"
std::int64_t exponent_of(std::string_view text) noexcept {
    bool is_negative = !text.empty() && text.front() == '-';
    if (!text.empty() && !is_digit(text.front()))
        text.remove_prefix(1);
    std::int64_t exponent = 0;
    for (char c : text)
        exponent = std::min(exponent * 10 + (c - '0'), kMaxExponent);
    return is_negative ? -exponent : exponent;
}

bool is_all_digits(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::string_view without_fraction_zeros(std::string_view text) noexcept {
    if (text.find('.') == std::string_view::npos)
        return text;
    while (text.back() == '0')
        text.remove_suffix(1);
    if (text.back() == '.')
        text.remove_suffix(1);
    return text;
}

} // namespace

std::optional<std::int64_t> exact_integer(double number) noexcept {
    // NaN and the infinities fail the range.
    if (!(number >= -kTwoTo63 && number < kTwoTo63) || number != std::trunc(number))
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

// n below 10^15 and 10^scale up to 10^22 are exact doubles, so that the quotient is the double next
// to n / 10^scale. Decimals of 15 digits never share a double (DBL_DIG): the one that reads back is
// the shortest text, or that with zeros behind.
std::optional<std::int64_t> scaled_integer(double number, int scale) noexcept {
    const auto power = static_cast<double>(power_of_ten(scale));
    const double scaled = number * power;
    // NaN and the infinities fail the range.
    if (!(std::abs(scaled) < static_cast<double>(power_of_ten(kMaxDecimalDigits)) - 0.5))
        return std::nullopt;
    const auto nearest = static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    if (static_cast<double>(nearest) / power != number)
        return std::nullopt;
    return nearest;
}

bool is_exact_double(std::int64_t number) noexcept {
    return exact_integer(static_cast<double>(number)) == number;
}

std::string_view shortest_text(double number, RealBuffer &buffer) noexcept {
    double magnitude = std::abs(number);
    // From 2^53 on the fixed form prints every digit of the binary value, not the shortest ones.
    bool is_plain = magnitude == 0 || (magnitude >= 0.00001 && magnitude < kTwoTo53);
    auto format = is_plain ? std::chars_format::fixed : std::chars_format::scientific;
    char *end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format).ptr;
    return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

std::string_view sqlite_text(double number, RealBuffer &buffer) noexcept {
    if (std::isnan(number))
        return "NaN";
    if (std::isinf(number))
        return number < 0 ? "-Inf" : "Inf";
    char *at = buffer.data();
    if (std::signbit(number))
        *at++ = '-';
    Digits digits = sqlite_digits(std::abs(number));
    // C's rule for %g with that precision (printf, C17 7.21.6.1).
    int precision = std::max(digits.count, kSqliteDigits);
    if (digits.exponent < -4 || digits.exponent >= precision)
        at = put_exponential(at, digits);
    else
        at = put_fixed(at, digits);
    return {buffer.data(), static_cast<std::size_t>(at - buffer.data())};
}

std::string_view integer_text(std::int64_t number, RealBuffer &buffer) noexcept {
    char *end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

DecimalShape shape_of(std::string_view text) noexcept {
    DecimalShape shape;
    if (!text.empty() && text.front() == '-') {
        shape.is_negative = true;
        text.remove_prefix(1);
    }
    std::size_t e = std::min(text.find_first_of("eE"), text.size());
    shape.exponent = e < text.size() ? exponent_of(text.substr(e + 1)) : 0;
    std::string_view mantissa = text.substr(0, e);
    std::size_t whole = std::min(mantissa.find('.'), mantissa.size());
    std::int64_t power = static_cast<std::int64_t>(whole) - 1 + shape.exponent;
    std::size_t fraction = whole < mantissa.size() ? mantissa.size() - whole - 1 : 0;
    shape.scale = std::max(static_cast<std::int64_t>(fraction) - shape.exponent, std::int64_t{0});
    for (char c : mantissa) {
        if (c == '.')
            continue;
        if (c != '0') {
            shape.first = shape.is_zero ? power : shape.first;
            shape.last = power;
            shape.is_zero = false;
        }
        power--;
    }
    return shape;
}

DecimalShape shape_of(std::int64_t number) noexcept {
    RealBuffer buffer;
    return shape_of(integer_text(number, buffer));
}

bool fits_numeric(const DecimalShape &shape, std::int32_t precision, std::int32_t scale) noexcept {
    if (shape.is_zero)
        return true;
    return shape.last >= -std::int64_t{scale} &&
           shape.first < std::int64_t{precision} - std::int64_t{scale};
}

bool is_canonical_decimal(std::string_view text) noexcept {
    bool is_negative = !text.empty() && text.front() == '-';
    std::string_view digits = text.substr(is_negative ? 1 : 0);
    std::size_t whole = std::min(digits.find('.'), digits.size());
    if (!is_all_digits(digits.substr(0, whole)) || (whole > 1 && digits.front() == '0'))
        return false;
    if (whole < digits.size() && !is_all_digits(digits.substr(whole + 1)))
        return false;
    DecimalShape shape = shape_of(text);
    // numeric has no negative zero.
    if (shape.is_zero && is_negative)
        return false;
    return shape.first < kMaxNumericIntegerDigits && shape.scale <= kMaxNumericScale;
}

std::optional<std::int64_t> canonical_integer(std::string_view text) noexcept {
    std::int64_t number = 0;
    const char *end = text.data() + text.size();
    auto read = std::from_chars(text.data(), end, number);
    RealBuffer buffer;
    if (read.ec != std::errc{} || read.ptr != end || integer_text(number, buffer) != text)
        return std::nullopt;
    return number;
}

std::optional<double> canonical_real(std::string_view text) noexcept {
    if (!is_canonical_decimal(text))
        return std::nullopt;
    double number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{})
        return std::nullopt;
    RealBuffer buffer;
    if (shortest_text(number, buffer) != without_fraction_zeros(text))
        return std::nullopt;
    return number;
}

} // namespace migrate::core::value
