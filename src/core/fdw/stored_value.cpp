#include "core/fdw/stored_value.hpp"

#include "core/cell_text.hpp"
#include "core/fdw/stored_moment.hpp"
#include "core/value/decimal.hpp"
#include "core/value/uuid.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

using plan::Affinity;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// sqlite3Isspace.
bool is_space(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::size_t count_digits(std::string_view text) noexcept {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count]))
        ++count;
    return count;
}

void skip_sign(std::string_view &text) noexcept {
    if (!text.empty() && (text[0] == '+' || text[0] == '-'))
        text.remove_prefix(1);
}

bool wants_number(Affinity affinity) noexcept {
    return affinity == Affinity::integer || affinity == Affinity::numeric ||
           affinity == Affinity::real;
}

std::optional<double> parse_real(std::string_view text) noexcept {
    double number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
        return std::nullopt;
    return number;
}

// The digits of a decimal text from the first that is not 0 to the last.
std::string significant_digits(std::string_view text) {
    std::string digits;
    for (const char c : text.substr(0, text.find_first_of("eE")))
        if (is_digit(c) && (c != '0' || !digits.empty()))
            digits += c;
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits;
}

bool is_same_number(std::string_view left, std::string_view right) {
    const value::DecimalShape a = value::shape_of(left);
    const value::DecimalShape b = value::shape_of(right);
    if (a.is_zero || b.is_zero)
        return a.is_zero == b.is_zero;
    return a.is_negative == b.is_negative && a.first == b.first &&
           significant_digits(left) == significant_digits(right);
}

bool store_integer(const Cell &cell, const StoredColumn &column) {
    if (column.affinity != Affinity::real)
        return true;
    // A domain's input function would be given "1.0".
    return column.rule.type.kind == column.kind && value::is_exact_double(cell.integer);
}

bool store_real(Cell &cell, const StoredColumn &column, Batch &arena) {
    if (std::isnan(cell.real)) // NULL to SQLite
        return false;
    if (column.affinity != Affinity::text)
        return true;
    value::RealBuffer buffer;
    const std::string_view text = value::sqlite_text(cell.real, buffer);
    arena.set_bytes(cell, StorageClass::text, text);
    // SQLite's own text of it has 15 digits, so it gets this one; the reader knows no exponents.
    return column.is_float4 || value::canonical_real(text).has_value();
}

// The digits before the point, where those behind it are all 0.
std::optional<std::int64_t> whole_number(std::string_view text) {
    const std::size_t point = text.find('.');
    if (point != std::string_view::npos &&
        text.find_first_not_of('0', point + 1) != std::string_view::npos)
        return std::nullopt;
    return value::canonical_integer(text.substr(0, point));
}

std::optional<double> exact_real(std::string_view text) {
    const std::optional<double> number = parse_real(text);
    value::RealBuffer buffer;
    if (!number || !std::isfinite(*number) ||
        !is_same_number(value::shortest_text(*number, buffer), text))
        return std::nullopt;
    return number;
}

bool store_numeric(Cell &cell, const StoredColumn &column) {
    const std::string_view text = cell.view();
    if (!is_digit(text.back())) // NaN, Infinity
        return false;
    if (column.affinity == Affinity::text)
        return true;
    const std::optional<std::int64_t> whole = whole_number(text);
    if (whole && column.affinity != Affinity::real) {
        cell.set_integer(*whole);
        return true;
    }
    if (const std::optional<double> real = exact_real(text)) {
        cell.set_real(*real);
        return true;
    }
    return column.affinity == Affinity::blob; // as text
}

bool has_lost_character(std::string_view text) noexcept {
    return text.find("\xEF\xBF\xBE") != std::string_view::npos ||
           text.find("\xEF\xBF\xBF") != std::string_view::npos;
}

// Text that SQLite would make a number of is bound as that number, if it reads back as the text.
bool store_text(Cell &cell, const StoredColumn &column, Batch &arena) {
    if (column.is_utf16 && has_lost_character(cell.view()))
        return false;
    if (!wants_number(column.affinity) || !looks_like_number(cell.view()))
        return true;
    const std::string text(cell.view());
    if (const auto whole = value::canonical_integer(text))
        cell.set_integer(*whole);
    else if (const auto real = parse_real(text))
        cell.set_real(*real);
    else
        return false;
    Cell stored = cell;
    apply_affinity(stored, column.affinity, arena);
    return number_text(stored) == text;
}

bool store_uuid(Cell &cell, const StoredColumn &column, Batch &arena) {
    if (column.is_blob)
        return true;
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < cell.size; ++i) {
        const auto byte = static_cast<unsigned char>(cell.bytes[i]);
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    arena.set_bytes(cell, StorageClass::text, text);
    return true;
}

} // namespace

// [space][sign]digits[.digits][e[sign]digits][space], one digit at least (sqlite3AtoF).
bool looks_like_number(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    skip_sign(text);
    std::size_t digits = count_digits(text);
    text.remove_prefix(digits);
    if (!text.empty() && text[0] == '.') {
        const std::size_t fraction = count_digits(text.substr(1));
        text.remove_prefix(1 + fraction);
        digits += fraction;
    }
    if (digits == 0)
        return false;
    if (!text.empty() && (text[0] == 'e' || text[0] == 'E')) {
        text.remove_prefix(1);
        skip_sign(text);
        const std::size_t exponent = count_digits(text);
        text.remove_prefix(exponent);
        return exponent > 0 && text.empty();
    }
    return text.empty();
}

void apply_affinity(Cell &cell, Affinity affinity, Batch &arena) {
    const bool is_whole = affinity == Affinity::integer || affinity == Affinity::numeric;
    if (cell.storage == StorageClass::integer && affinity == Affinity::real) {
        cell.set_real(static_cast<double>(cell.integer));
    } else if (cell.storage == StorageClass::integer && affinity == Affinity::text) {
        value::RealBuffer buffer;
        arena.set_bytes(cell, StorageClass::text, value::integer_text(cell.integer, buffer));
    } else if (cell.storage == StorageClass::real && is_whole) {
        if (const auto whole = value::exact_integer(cell.real))
            cell.set_integer(*whole);
    }
}

bool make_stored(Cell &cell, const StoredColumn &column, Batch &arena) {
    if (cell.is_null())
        return true;
    switch (column.kind) {
    case TypeKind::boolean:
    case TypeKind::bigint:
        return store_integer(cell, column);
    case TypeKind::float8:
        return store_real(cell, column, arena);
    case TypeKind::numeric:
        return store_numeric(cell, column);
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return make_stored_moment(cell, column, arena);
    case TypeKind::uuid:
        return store_uuid(cell, column, arena);
    case TypeKind::bytea:
        return true;
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::citext:
    case TypeKind::json:
    case TypeKind::jsonb:
    case TypeKind::other:
        break;
    }
    return store_text(cell, column, arena);
}

} // namespace migrate::core::fdw
