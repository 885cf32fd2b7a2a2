// Numbers as decimal text: reals by the shortest text that reads back to them, SQLite's own layout
// of reals, and what a text of digits needs of numeric(p,s).
//
//     RealBuffer buffer;
//     shortest_text(12.50, buffer) … "12.5";   sqlite_text(12.0, buffer) … "12.0"
//     fits_numeric(shape_of("12.5"), 4, 2) … true
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace migrate::core::value {

// Room for any real or 64-bit integer as text.
using RealBuffer = std::array<char, 40>;

// The limits of PostgreSQL's unconstrained numeric.
inline constexpr std::int64_t kMaxNumericIntegerDigits = 131'072;
inline constexpr std::int64_t kMaxNumericScale = 16'383;

// The integer that a real equals, when 64 bits hold it; -0.0 is 0.
std::optional<std::int64_t> exact_integer(double number) noexcept;
// Whether a double holds the integer exactly.
bool is_exact_double(std::int64_t number) noexcept;

// The powers of ten that 64 bits hold.
inline constexpr int kMaxPowerOfTen = 18;
inline constexpr auto kPowersOfTen = [] {
    std::array<std::int64_t, kMaxPowerOfTen + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); i++)
        powers[i] = powers[i - 1] * 10;
    return powers;
}();
inline std::int64_t power_of_ten(int exponent) noexcept { // 0 to 18
    return kPowersOfTen[static_cast<std::size_t>(exponent)];
}

// The integer n for which n / 10^scale is what the real's shortest text says, when that has at most
// 15 significant digits, none of them further than `scale` (0 to 15) behind the point.
inline constexpr int kMaxDecimalDigits = 15;
std::optional<std::int64_t> scaled_integer(double number, int scale) noexcept;

// The shortest text that reads back to a finite real, as numeric_in takes it: plain digits from
// 0.00001 up to 2^53, with an exponent ("1.5e+300") outside.
std::string_view shortest_text(double number, RealBuffer &buffer) noexcept;

// SQLite's text of a real: "%!.15g" where that reads back to it, else with the 16 or 17 digits that
// do; always with a point. "Inf", "-Inf", "NaN".
std::string_view sqlite_text(double number, RealBuffer &buffer) noexcept;

// An integer's digits.
std::string_view integer_text(std::int64_t number, RealBuffer &buffer) noexcept;

// Where the significant digits of a decimal number stand, as powers of ten.
struct DecimalShape {
    bool is_zero = true;
    bool is_negative = false;
    std::int64_t first = 0;    // of the first digit that is not 0: 2 for 125.5
    std::int64_t last = 0;     // of the last digit that is not 0: -1 for 125.5
    std::int64_t scale = 0;    // digits after the point as numeric keeps them: 2 for 1.50
    std::int64_t exponent = 0; // as written: 3 for 1e3
};

// The shape of [-]digits[.digits][e[±]digits], which the caller knows `text` to be. Exponents are
// cut at ±10^9.
DecimalShape shape_of(std::string_view text) noexcept;
DecimalShape shape_of(std::int64_t number) noexcept;

// Whether numeric(precision, scale) holds the number without rounding it.
bool fits_numeric(const DecimalShape &shape, std::int32_t precision, std::int32_t scale) noexcept;

// Texts that numeric, bigint and double precision print as they are, but for zeros at the end of a
// fraction: "-12.50", "0"; not "012", "+1", ".5", "1e3", "-0".
bool is_canonical_decimal(std::string_view text) noexcept;
std::optional<std::int64_t> canonical_integer(std::string_view text) noexcept;
std::optional<double> canonical_real(std::string_view text) noexcept;

} // namespace migrate::core::value
