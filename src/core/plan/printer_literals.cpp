#include "core/plan/printer_literals.hpp"

#include "core/value/json.hpp"
#include "core/value/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

using Text = std::optional<std::string>;

std::string in_parentheses_if_negative(std::string number) {
    return number.starts_with('-') ? "(" + number + ")" : number;
}

std::string integer_sql(std::int64_t number) {
    std::string digits = in_parentheses_if_negative(std::to_string(number));
    // A bare constant of PostgreSQL is an int4 when it fits; int8 has operators with int4.
    constexpr std::int64_t kInt4 = std::numeric_limits<std::int32_t>::max();
    return number >= -kInt4 && number <= kInt4 ? digits : cast(digits, TypeKind::bigint);
}

// Shortest digits that read back to the same double; PostgreSQL reads them as numeric.
std::string shortest_digits(double number) {
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    return {buffer.data(), end};
}

double real_of(const SourceLiteral &literal) {
    return literal.kind == ExpressionKind::real_literal ? literal.real
                                                        : static_cast<double>(literal.integer);
}

// A string in a numeric column is a number when all of it is one, as affinity has it.
std::optional<SourceLiteral> as_number(const SourceLiteral &literal) {
    if (is_number_literal(literal))
        return literal;
    if (literal.kind == ExpressionKind::string_literal)
        return number_from_text(literal.text);
    return std::nullopt;
}

Text boolean_sql(const SourceLiteral &literal) {
    if (const std::optional<SourceLiteral> number = as_number(literal)) {
        const std::optional<std::int64_t> whole = whole_number(*number);
        if (!whole || (*whole != 0 && *whole != 1))
            return std::nullopt;
        return *whole == 1 ? "TRUE" : "FALSE";
    }
    // types.md: the words that a boolean column takes, in any case.
    const std::string word = lower_ascii(literal.text);
    if (word == "t" || word == "true" || word == "yes" || word == "on")
        return "TRUE";
    if (word == "f" || word == "false" || word == "no" || word == "off")
        return "FALSE";
    return std::nullopt;
}

Text bigint_sql(const SourceLiteral &literal) {
    const std::optional<SourceLiteral> number = as_number(literal);
    const std::optional<std::int64_t> whole = number ? whole_number(*number) : std::nullopt;
    return whole ? Text(integer_sql(*whole)) : std::nullopt;
}

// Whether numeric(p,s) holds the number as it is.
bool fits_numeric(const SourceLiteral &number, const Type &type) {
    if (type.length < 0)
        return true;
    std::array<char, 1100> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                      std::fabs(real_of(number)), std::chars_format::fixed);
    const std::string_view digits(buffer.data(),
                                  static_cast<std::size_t>(result.ptr - buffer.data()));
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const std::size_t fraction = digits.size() - std::min(point + 1, digits.size());
    const std::size_t whole = digits.front() == '0' ? 0 : point;
    return static_cast<std::int64_t>(whole) <= type.length - type.scale &&
           static_cast<std::int64_t>(fraction) <= type.scale;
}

Text numeric_sql(const SourceLiteral &literal, const Type &type) {
    const std::optional<SourceLiteral> number = as_number(literal);
    if (!number || !std::isfinite(real_of(*number)) || !fits_numeric(*number, type))
        return std::nullopt;
    if (number->kind != ExpressionKind::real_literal)
        return integer_sql(number->integer);
    return in_parentheses_if_negative(shortest_digits(number->real));
}

Text float8_sql(const SourceLiteral &literal) {
    const std::optional<SourceLiteral> number = as_number(literal);
    if (!number)
        return std::nullopt;
    const double real = real_of(*number);
    if (std::isinf(real))
        return cast(real > 0 ? "E'Infinity'" : "E'-Infinity'", TypeKind::float8);
    return cast(number->kind == ExpressionKind::real_literal ? shortest_digits(real)
                                                             : std::to_string(number->integer),
                TypeKind::float8);
}

Text text_sql(const PrintContext &context, const SourceLiteral &literal, const Type &type) {
    if (literal.kind == ExpressionKind::blob_literal)
        return std::nullopt;
    const std::string text = is_number_literal(literal) ? source_text_of(literal) : literal.text;
    if (type.kind == TypeKind::varchar && type.length >= 0 &&
        value::count_characters(text) > static_cast<std::size_t>(type.length))
        return std::nullopt;
    return literal_text(context, text);
}

Text bytea_sql(const SourceLiteral &literal) {
    if (is_number_literal(literal))
        return std::nullopt;
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const char c : literal.text) {
        const auto byte = static_cast<unsigned char>(c);
        hex += kDigits[byte >> 4];
        hex += kDigits[byte & 15];
    }
    return cast("E'\\\\x" + hex + "'", TypeKind::bytea);
}

Text string_cast(const PrintContext &context, const SourceLiteral &literal, const Type &type,
                 bool is_good) {
    if (literal.kind != ExpressionKind::string_literal || !is_good)
        return std::nullopt;
    return cast(context, literal_text(context, literal.text), type);
}

// Of the types that a caller may name himself, those whose constants are plain.
Text other_sql(const SourceLiteral &literal, const Type &type) {
    if (type.name == "real" || type.name == "double precision")
        return float8_sql(literal);
    const bool is_small = type.name == "smallint";
    if (!is_small && type.name != "integer")
        return std::nullopt;
    const std::optional<SourceLiteral> number = as_number(literal);
    const std::optional<std::int64_t> whole = number ? whole_number(*number) : std::nullopt;
    const std::int64_t limit = is_small ? std::numeric_limits<std::int16_t>::max()
                                        : std::numeric_limits<std::int32_t>::max();
    return whole && *whole >= -limit && *whole <= limit ? Text(integer_sql(*whole)) : std::nullopt;
}

bool is_json(std::string_view text, TypeKind kind) {
    if (!value::is_valid_text(text))
        return false;
    const value::JsonFit fit = value::check_json(text);
    return fit == value::JsonFit::jsonb || (fit == value::JsonFit::json && kind == TypeKind::json);
}

} // namespace

bool is_number_literal(const SourceLiteral &literal) {
    return literal.kind == ExpressionKind::integer_literal ||
           literal.kind == ExpressionKind::real_literal ||
           literal.kind == ExpressionKind::boolean_literal;
}

std::optional<std::int64_t> whole_number(const SourceLiteral &literal) {
    if (literal.kind != ExpressionKind::real_literal)
        return literal.integer;
    constexpr double kLimit = 9223372036854775808.0;
    if (!(literal.real >= -kLimit && literal.real < kLimit) ||
        literal.real != std::trunc(literal.real))
        return std::nullopt;
    return static_cast<std::int64_t>(literal.real);
}

std::optional<SourceLiteral> number_from_text(std::string_view text) {
    constexpr std::string_view kSpaces = " \t\n\v\f\r";
    const std::size_t first = text.find_first_not_of(kSpaces);
    if (first == std::string_view::npos)
        return std::nullopt;
    text = text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
    const bool has_plus = text.starts_with('+') && !text.starts_with("+-");
    const char *begin = text.data() + (has_plus ? 1 : 0);
    const char *end = text.data() + text.size();
    // from_chars takes "inf" and "nan", which SQLite does not.
    if (text.find_first_not_of("+-.0123456789eE") != std::string_view::npos)
        return std::nullopt;
    SourceLiteral number;
    number.kind = ExpressionKind::integer_literal;
    const auto whole = std::from_chars(begin, end, number.integer);
    if (whole.ec == std::errc() && whole.ptr == end)
        return number;
    number.kind = ExpressionKind::real_literal;
    const auto real = std::from_chars(begin, end, number.real);
    if (real.ec != std::errc() || real.ptr != end)
        return std::nullopt;
    return number;
}

std::string source_text_of(const SourceLiteral &number) {
    if (number.kind != ExpressionKind::real_literal)
        return std::to_string(number.integer);
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number.real,
                                   std::chars_format::general, 15)
                         .ptr;
    std::string digits(buffer.data(), end);
    double same = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), same);
    if (digits.find_first_of("en") != std::string::npos || same != number.real)
        refuse("a real number is used as text");
    return digits.find('.') == std::string::npos ? digits + ".0" : digits;
}

std::optional<std::string> literal_sql(const PrintContext &context, const SourceLiteral &literal,
                                       const Type &type, EpochUnit epoch) {
    if (literal.kind == ExpressionKind::null_literal)
        return "NULL";
    switch (type.kind) {
    case TypeKind::boolean:
        return boolean_sql(literal);
    case TypeKind::bigint:
        return bigint_sql(literal);
    case TypeKind::numeric:
        return numeric_sql(literal, type);
    case TypeKind::float8:
        return float8_sql(literal);
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::citext:
        return text_sql(context, literal, type);
    case TypeKind::bytea:
        return bytea_sql(literal);
    case TypeKind::json:
    case TypeKind::jsonb:
        return string_cast(context, literal, type, is_json(literal.text, type.kind));
    case TypeKind::uuid:
        return string_cast(context, literal, type, is_uuid_text(literal.text));
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        break;
    case TypeKind::other:
        return other_sql(literal, type);
    }
    if (literal.kind == ExpressionKind::string_literal)
        return time_literal(context, literal.text, type);
    return is_number_literal(literal) ? epoch_literal(context, literal, type, epoch) : Text();
}

bool is_uuid_text(std::string_view text) {
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool is_hex =
            std::string_view("0123456789abcdefABCDEF").find(text[i]) != std::string_view::npos;
        if (is_dash ? text[i] != '-' : !is_hex)
            return false;
    }
    return true;
}

} // namespace migrate::core::plan
