#include "core/cell_converter.hpp"

#include "core/cell_times.hpp"
#include "core/value/array_literal.hpp"
#include "core/value/decimal.hpp"
#include "core/value/json.hpp"
#include "core/value/utf8.hpp"
#include "core/value/uuid.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/core_only.hpp"

namespace migrate::core {
namespace {

// One function for each kind of type, by the table of types.md.

// Reals below this have no more digits than their exact value: the shortest text of an integral one
// is its integer.
constexpr double kTwoTo53 = 9007199254740992.0;

bool is_number(const Cell &cell) noexcept {
    return cell.storage == StorageClass::integer || cell.storage == StorageClass::real;
}

bool is_clean(std::string_view text, const ColumnRule &rule) noexcept {
    if (rule.is_utf8_checked)
        return value::is_valid_text(text);
    return text.find('\0') == std::string_view::npos;
}

void set_number_text(Cell &cell, Batch &arena, StorageClass storage) {
    value::RealBuffer buffer;
    std::string_view text = cell.storage == StorageClass::integer
                                ? value::integer_text(cell.integer, buffer)
                                : value::sqlite_text(cell.real, buffer);
    arena.set_bytes(cell, storage, text);
}

bool equals_word(std::string_view text, std::string_view lower) noexcept {
    if (text.size() != lower.size())
        return false;
    for (std::size_t i = 0; i < text.size(); i++) {
        char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != lower[i])
            return false;
    }
    return true;
}

// -1 when the text is none of the words.
int boolean_word(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 5> kTrue = {"1", "t", "true", "yes", "on"};
    constexpr std::array<std::string_view, 5> kFalse = {"0", "f", "false", "no", "off"};
    for (std::size_t i = 0; i < kTrue.size(); i++) {
        if (equals_word(text, kTrue[i]))
            return 1;
        if (equals_word(text, kFalse[i]))
            return 0;
    }
    return -1;
}

Fit to_boolean(Cell &cell, const ColumnRule &, Batch &) {
    std::int64_t truth = -1;
    if (cell.storage == StorageClass::integer)
        truth = cell.integer;
    else if (cell.storage == StorageClass::real)
        truth = value::exact_integer(cell.real).value_or(-1);
    else if (cell.storage == StorageClass::text)
        truth = boolean_word(cell.view());
    if (truth != 0 && truth != 1)
        return Fit::misfit;
    cell.set_integer(truth);
    return Fit::fits;
}

Fit to_bigint(Cell &cell, const ColumnRule &rule, Batch &) {
    std::optional<std::int64_t> number;
    if (cell.storage == StorageClass::integer)
        number = cell.integer;
    else if (cell.storage == StorageClass::real)
        number = value::exact_integer(cell.real);
    else if (cell.storage == StorageClass::text && rule.takes_number_text)
        number = value::canonical_integer(cell.view());
    if (!number || *number < rule.min_integer || *number > rule.max_integer)
        return Fit::misfit;
    cell.set_integer(*number);
    return Fit::fits;
}

Fit fit_numeric(const value::DecimalShape &shape, const Type &type) noexcept {
    return value::fits_numeric(shape, type.length, type.scale) ? Fit::fits : Fit::misfit;
}

// The digits after the point of an unconstrained numeric that is tried without its text.
constexpr int kTriedScale = 4;

// numeric(p,s) whose values are integers / 10^s of 64 bits.
bool is_scaled(const Type &type) noexcept {
    return type.length >= 0 && type.length <= value::kMaxPowerOfTen && type.scale >= 0 &&
           type.scale <= type.length;
}

Fit integer_to_numeric(Cell &cell, std::int64_t number, const Type &type) {
    if (is_scaled(type)) {
        const std::int64_t limit = value::power_of_ten(type.length - type.scale);
        if (number <= -limit || number >= limit)
            return Fit::misfit;
        cell.set_decimal(number * value::power_of_ten(type.scale), type.scale);
        return Fit::fits;
    }
    if (type.length >= 0 && fit_numeric(value::shape_of(number), type) == Fit::misfit)
        return Fit::misfit;
    cell.set_integer(number);
    return Fit::fits;
}

// False when the number needs its text, or does not fit.
bool set_scaled(Cell &cell, const Type &type) noexcept {
    if (!is_scaled(type) || type.scale > value::kMaxDecimalDigits)
        return false;
    std::optional<std::int64_t> number = value::scaled_integer(cell.real, type.scale);
    if (!number || std::abs(*number) >= value::power_of_ten(type.length))
        return false;
    cell.set_decimal(*number, type.scale);
    return true;
}

// The same with as many digits after the point as the text would have.
bool set_unscaled(Cell &cell) noexcept {
    std::optional<std::int64_t> number = value::scaled_integer(cell.real, kTriedScale);
    if (!number)
        return false;
    int scale = kTriedScale;
    for (; scale > 0 && *number % 10 == 0; scale--)
        *number /= 10;
    cell.set_decimal(*number, scale);
    return true;
}

Fit real_to_numeric(Cell &cell, const Type &type, Batch &arena) {
    if (type.length < 0 ? set_unscaled(cell) : set_scaled(cell, type))
        return Fit::fits;
    if (!std::isfinite(cell.real))
        return Fit::misfit;
    if (cell.real == std::trunc(cell.real) && std::abs(cell.real) < kTwoTo53)
        return integer_to_numeric(cell, static_cast<std::int64_t>(cell.real), type);
    value::RealBuffer buffer;
    std::string_view text = value::shortest_text(cell.real, buffer);
    if (type.length >= 0 && fit_numeric(value::shape_of(text), type) == Fit::misfit)
        return Fit::misfit;
    arena.set_bytes(cell, StorageClass::text, text);
    return Fit::fits;
}

Fit to_numeric(Cell &cell, const ColumnRule &rule, Batch &arena) {
    const Type &type = rule.type;
    if (cell.storage == StorageClass::integer)
        return integer_to_numeric(cell, cell.integer, type);
    if (cell.storage == StorageClass::real)
        return real_to_numeric(cell, type, arena);
    if (cell.storage != StorageClass::text || !rule.takes_number_text ||
        !value::is_canonical_decimal(cell.view()))
        return Fit::misfit;
    return type.length < 0 ? Fit::fits : fit_numeric(value::shape_of(cell.view()), type);
}

Fit to_float8(Cell &cell, const ColumnRule &rule, Batch &) {
    if (cell.storage == StorageClass::real)
        return Fit::fits;
    if (cell.storage == StorageClass::integer && value::is_exact_double(cell.integer)) {
        cell.set_real(static_cast<double>(cell.integer));
        return Fit::fits;
    }
    if (cell.storage != StorageClass::text || !rule.takes_number_text)
        return Fit::misfit;
    std::optional<double> number = value::canonical_real(cell.view());
    if (!number)
        return Fit::misfit;
    cell.set_real(*number);
    return Fit::fits;
}

Fit to_text(Cell &cell, const ColumnRule &rule, Batch &arena) {
    switch (cell.storage) {
    case StorageClass::text:
        return is_clean(cell.view(), rule) ? Fit::fits : Fit::invalid_text;
    case StorageClass::blob:
        if (!is_clean(cell.view(), rule))
            return Fit::misfit;
        cell.storage = StorageClass::text;
        return Fit::fits;
    case StorageClass::integer:
    case StorageClass::real:
        set_number_text(cell, arena, StorageClass::text);
        return Fit::fits;
    case StorageClass::null:
        break;
    }
    return Fit::fits;
}

// A type that only its own input function knows: it reads the text.
Fit to_other(Cell &cell, const ColumnRule &rule, Batch &arena) {
    if (is_number(cell) && rule.refuses_numbers)
        return Fit::misfit;
    return to_text(cell, rule, arena);
}

Fit to_varchar(Cell &cell, const ColumnRule &rule, Batch &arena) {
    const Cell before = cell;
    Fit fit = to_text(cell, rule, arena);
    auto most = static_cast<std::uint32_t>(rule.type.length);
    if (fit != Fit::fits || rule.type.length < 0 || cell.size <= most)
        return fit;
    // SQL_ASCII counts bytes as characters.
    if (rule.is_utf8_checked && value::count_characters(cell.view()) <= most)
        return fit;
    cell = before;
    return Fit::misfit;
}

Fit to_bytea(Cell &cell, const ColumnRule &, Batch &arena) {
    if (is_number(cell))
        set_number_text(cell, arena, StorageClass::blob);
    cell.storage = StorageClass::blob;
    return Fit::fits;
}

Fit to_json_of(Cell &cell, const ColumnRule &rule, Batch &arena, value::JsonFit wanted) {
    if (cell.storage == StorageClass::text) {
        bool fits =
            is_clean(cell.view(), rule) &&
            value::check_json(cell.view(), rule.is_utf8_server && rule.is_utf8_checked) >= wanted;
        return fits ? Fit::fits : Fit::misfit;
    }
    // A column declared JSON has numeric affinity: SQLite made a number of the text "5".
    if (!is_number(cell))
        return Fit::misfit;
    if (cell.storage == StorageClass::real) {
        value::RealBuffer buffer;
        if (value::check_json(value::sqlite_text(cell.real, buffer)) < wanted)
            return Fit::misfit;
    }
    set_number_text(cell, arena, StorageClass::text);
    return Fit::fits;
}

Fit to_json(Cell &cell, const ColumnRule &rule, Batch &arena) {
    return to_json_of(cell, rule, arena, value::JsonFit::json);
}

Fit to_jsonb(Cell &cell, const ColumnRule &rule, Batch &arena) {
    return to_json_of(cell, rule, arena, value::JsonFit::jsonb);
}

Fit to_uuid(Cell &cell, const ColumnRule &, Batch &arena) {
    if (cell.storage == StorageClass::blob)
        return cell.size == sizeof(value::UuidBytes) ? Fit::fits : Fit::misfit;
    if (cell.storage != StorageClass::text)
        return Fit::misfit;
    std::optional<value::UuidBytes> bytes = value::parse_uuid(cell.view());
    if (!bytes)
        return Fit::misfit;
    arena.set_bytes(cell, StorageClass::blob, {bytes->data(), bytes->size()});
    return Fit::fits;
}

} // namespace

void write_for_input(Cell &cell, const ColumnRule &rule, Batch &arena) {
    if (is_number(cell))
        set_number_text(cell, arena, StorageClass::text);
    if (cell.storage != StorageClass::text || !rule.is_array)
        return;
    if (const auto literal = value::array_literal(cell.view(), rule.is_json_array))
        arena.set_bytes(cell, StorageClass::text, *literal);
}

bool is_null_text(const Cell &cell, const ColumnRule &rule) noexcept {
    return cell.storage == StorageClass::text && !rule.type.is_text_like() &&
           std::find(rule.null_texts.begin(), rule.null_texts.end(), cell.view()) !=
               rule.null_texts.end();
}

Fit convert_cell(Cell &cell, const ColumnRule &rule, Batch &arena) {
    if (cell.is_null())
        return Fit::fits;
    if (is_null_text(cell, rule)) {
        cell.set_null();
        return Fit::null_text;
    }
    return cell_converter(rule.type.kind)(cell, rule, arena);
}

CellConverter cell_converter(TypeKind kind) noexcept {
    switch (kind) {
    case TypeKind::boolean:
        return to_boolean;
    case TypeKind::bigint:
        return to_bigint;
    case TypeKind::numeric:
        return to_numeric;
    case TypeKind::float8:
        return to_float8;
    case TypeKind::varchar:
        return to_varchar;
    case TypeKind::bytea:
        return to_bytea;
    case TypeKind::date:
        return to_date;
    case TypeKind::time:
        return to_time;
    case TypeKind::timestamp:
        return to_timestamp;
    case TypeKind::timestamptz:
        return to_timestamptz;
    case TypeKind::json:
        return to_json;
    case TypeKind::jsonb:
        return to_jsonb;
    case TypeKind::uuid:
        return to_uuid;
    case TypeKind::other:
        return to_other;
    case TypeKind::text:
    case TypeKind::citext:
        break;
    }
    return to_text;
}

} // namespace migrate::core
