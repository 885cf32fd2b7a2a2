// Decimal numbers as digit strings, and doubles as their shortest decimal. Private to core/verify.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace migrate::core::verify {

// A decimal number within a text; the text must outlive it. Its value is the digits of `digits`
// (which may hold a point, to be passed over) times ten to the power of `exponent`.
struct Decimal {
    bool is_negative = false;
    std::string_view digits; // from the first to the last digit that is not 0; "" for zero
    std::int64_t count = 0;  // digits in it
    std::int64_t exponent = 0;
    std::int64_t written_exponent = 0; // what stands after the "e"
    std::int64_t written_scale = 0;    // fraction digits, zeros at the end too, without an exponent

    bool is_zero() const noexcept { return count == 0; }
    // Digits before and after the point when it is written without an exponent.
    std::int64_t whole_digits() const noexcept { return count + exponent; }
    std::int64_t fraction_digits() const noexcept { return exponent < 0 ? -exponent : 0; }
};

// Reads [+-] digits [. digits] [e [+-] digits] with at least one digit before the exponent; nothing
// for any other text. An exponent of more than nine digits is no number either.
std::optional<Decimal> parse_decimal(std::string_view text) noexcept;

// Whether numeric holds it: 131072 digits before and 16383 after the point (PostgreSQL, 8.1.2).
bool is_numeric_range(const Decimal &decimal) noexcept;

// Appends "-121e-1": the digits without zeros at either end, and the exponent; "0" for zero.
void append_decimal(const Decimal &decimal, std::string &out);

// The number as 64-bit integer when it is one.
std::optional<std::int64_t> to_integer(const Decimal &decimal) noexcept;

void append_integer(std::int64_t value, std::string &out);
// The integer as append_decimal writes it: "12e2".
void append_integer_decimal(std::int64_t value, std::string &out);

// The 64-bit integer that the double equals.
std::optional<std::int64_t> to_integer(double value) noexcept;

// The shortest decimal that reads back to the same double, as "-1.25e+10"; finite values only.
void append_shortest(double value, std::string &out);

// The shortest decimal in canonical form: append_decimal of append_shortest.
void append_shortest_decimal(double value, std::string &out);

// A double as SQLite prints it ("%!.15g"), with 16 or 17 digits where it takes them to read it
// back: "1.0", "0.1", "1.0e+100", "Inf"; "-0.0" keeps its sign.
void append_sqlite_real(double value, std::string &out);

} // namespace migrate::core::verify
