#include "core/verify/canonical_form.hpp"

#include "core/verify/canonical_decimal.hpp"
#include "core/verify/canonical_json.hpp"
#include "core/verify/canonical_text.hpp"
#include "core/verify/canonical_time.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/core_only.hpp"

namespace migrate::core::verify {

namespace {

bool is_number(const Cell &cell) noexcept {
    return cell.storage == StorageClass::integer || cell.storage == StorageClass::real;
}

void append_number_text(const Cell &cell, std::string &out) {
    if (cell.storage == StorageClass::integer)
        append_integer(cell.integer, out);
    else
        append_sqlite_real(cell.real, out);
}

// "-12.50" as PostgreSQL prints numbers: no plus, no exponent, no zero before another digit, digits
// on both sides of a point, no negative zero. Other spellings are text that people typed, "007".
std::optional<Decimal> plain_number(const Cell &cell, const VerifyColumn &column) noexcept {
    if (cell.storage != StorageClass::text || !column.takes_number_text)
        return std::nullopt;
    std::string_view digits = cell.view();
    if (digits.find_first_not_of("-.0123456789") != std::string_view::npos)
        return std::nullopt;
    const bool is_negative = digits.starts_with('-');
    if (is_negative)
        digits.remove_prefix(1);
    if (digits.empty() || digits.front() == '.' || digits.back() == '.')
        return std::nullopt;
    if (digits.size() > 1 && digits[0] == '0' && digits[1] != '.')
        return std::nullopt;
    std::optional<Decimal> decimal = parse_decimal(cell.view());
    if (!decimal || (decimal->is_zero() && is_negative) || !is_numeric_range(*decimal))
        return std::nullopt;
    return decimal;
}

Outcome append_boolean(const Cell &cell, std::string &out) {
    std::optional<bool> truth;
    if (cell.storage == StorageClass::text)
        truth = parse_boolean(cell.view());
    else if (cell.storage == StorageClass::integer && (cell.integer == 0 || cell.integer == 1))
        truth = cell.integer == 1;
    else if (cell.storage == StorageClass::real && (cell.real == 0 || cell.real == 1))
        truth = cell.real == 1;
    if (!truth)
        return Outcome::misfit;
    append_bytes(tag::kBoolean, *truth ? "t" : "f", out);
    return Outcome::exact;
}

Outcome append_bigint(const Cell &cell, const VerifyColumn &column, std::string &out) {
    std::optional<std::int64_t> integer;
    if (cell.storage == StorageClass::integer)
        integer = cell.integer;
    else if (cell.storage == StorageClass::real)
        integer = to_integer(cell.real);
    else if (const auto decimal = plain_number(cell, column))
        if (cell.view().find('.') == std::string_view::npos)
            integer = to_integer(*decimal);
    if (!integer || *integer < column.min_integer || *integer > column.max_integer)
        return Outcome::misfit;
    out.push_back(tag::kInteger);
    append_integer(*integer, out);
    return Outcome::exact;
}

// numeric(p,s) holds p - s digits before the point and s after it; without them anything.
bool fits_type(const Decimal &decimal, const Type &type) noexcept {
    return decimal.is_zero() || type.length < 0 ||
           (decimal.whole_digits() <= std::int64_t{type.length} - type.scale &&
            decimal.exponent >= -std::int64_t{type.scale});
}

Outcome append_numeric(const Cell &cell, const VerifyColumn &column, std::string &out) {
    const std::size_t start = out.size();
    out.push_back(tag::kDecimal);
    if (const auto decimal = plain_number(cell, column)) {
        append_decimal(*decimal, out);
    } else if (cell.storage == StorageClass::real && std::isfinite(cell.real)) {
        append_shortest_decimal(cell.real, out);
    } else if (cell.storage == StorageClass::integer) {
        append_integer_decimal(cell.integer, out);
    }
    const auto decimal = parse_decimal(std::string_view(out).substr(start + 1));
    if (decimal && fits_type(*decimal, column.type))
        return Outcome::exact;
    out.resize(start);
    return Outcome::misfit;
}

// A text is the number of a double only when it says no more and no less than the double's shortest
// decimal does, in the range where PostgreSQL prints it without an exponent.
std::optional<double> plain_double(const Cell &cell, const VerifyColumn &column) {
    const std::optional<Decimal> decimal = plain_number(cell, column);
    if (!decimal || decimal->count > 17)
        return std::nullopt;
    std::string wanted;
    append_decimal(*decimal, wanted);
    const double value = std::strtod(wanted.c_str(), nullptr);
    if (value != 0 && !(std::fabs(value) >= 1e-5 && std::fabs(value) < 0x1p53))
        return std::nullopt;
    std::string shortest;
    append_shortest_decimal(value, shortest);
    if (shortest != wanted)
        return std::nullopt;
    return value;
}

Outcome append_double(const Cell &cell, const VerifyColumn &column, std::string &out) {
    std::optional<double> value;
    if (cell.storage == StorageClass::real) {
        value = cell.real;
    } else if (cell.storage == StorageClass::integer) {
        value = static_cast<double>(cell.integer);
        if (to_integer(*value) != cell.integer) // beyond 2^53 a double skips integers
            value.reset();
    } else {
        value = plain_double(cell, column);
    }
    if (!value)
        return Outcome::misfit;
    const bool is_too_large =
        column.is_float4 && std::isfinite(*value) && std::isinf(static_cast<float>(*value));
    if (is_too_large)
        return Outcome::misfit;
    append_float(*value, column.is_float4, out);
    return Outcome::exact;
}

// Text, and blobs that are text; numbers in SQLite's form.
Outcome check_text(const Cell &cell, const VerifyColumn &column) noexcept {
    if (is_number(cell) || is_valid_text(cell.view(), column.is_utf8_checked))
        return Outcome::exact;
    return cell.storage == StorageClass::blob ? Outcome::misfit : Outcome::invalid;
}

Outcome append_text(const Cell &cell, const VerifyColumn &column, std::string &out) {
    const Outcome outcome = check_text(cell, column);
    if (outcome != Outcome::exact)
        return outcome;
    const std::size_t start = out.size();
    out.push_back(tag::kText);
    if (is_number(cell))
        append_number_text(cell, out);
    else
        out.append(cell.view());
    if (column.is_blank_padded) // char(n): trailing blanks do not count (PostgreSQL, 8.3)
        while (out.size() > start + 1 && out.back() == ' ')
            out.pop_back();
    const std::string_view text = std::string_view(out).substr(start + 1);
    if (column.type.kind != TypeKind::varchar || column.type.length < 0 ||
        text.size() <= static_cast<std::size_t>(column.type.length))
        return Outcome::exact;
    if (column.is_utf8_checked &&
        count_characters(text) <= static_cast<std::size_t>(column.type.length))
        return Outcome::exact;
    out.resize(start);
    return Outcome::misfit;
}

Outcome append_bytea(const Cell &cell, std::string &out) {
    out.push_back(tag::kBytes);
    if (is_number(cell))
        append_number_text(cell, out);
    else
        out.append(cell.view());
    return Outcome::exact;
}

Outcome append_uuid(const Cell &cell, std::string &out) {
    if (cell.storage == StorageClass::blob && cell.size == 16) {
        append_bytes(tag::kUuid, cell.view(), out);
        return Outcome::exact;
    }
    const auto uuid = cell.storage == StorageClass::text ? parse_uuid(cell.view()) : std::nullopt;
    if (!uuid)
        return Outcome::misfit;
    append_bytes(tag::kUuid, {uuid->data(), uuid->size()}, out);
    return Outcome::exact;
}

// The import takes only what the type keeps in full; where its policy turns the rest into NULL or a
// reject, the rest must be told apart here too.
bool is_strict(const VerifyColumn &column) noexcept {
    return column.on_mismatch == TypeMismatch::null || column.on_mismatch == TypeMismatch::reject;
}

Outcome append_json_type(const Cell &cell, const VerifyColumn &column, std::string &out) {
    if (cell.storage == StorageClass::blob)
        return Outcome::misfit;
    std::string number; // SQLite makes a number of the text "5" in a column of numeric affinity
    if (is_number(cell))
        append_number_text(cell, number);
    const std::string_view text = is_number(cell) ? std::string_view(number) : cell.view();
    if (!is_valid_text(text, column.is_utf8_checked))
        return Outcome::misfit;
    const std::size_t start = out.size();
    if (column.type.kind == TypeKind::json) {
        // json keeps its text, so the bytes decide, and whether they are JSON only a policy asks.
        std::string scratch;
        if (is_strict(column) && append_json(text, scratch) == JsonForm::none)
            return Outcome::misfit;
        append_bytes(tag::kText, text, out);
        return Outcome::exact;
    }
    out.push_back(tag::kJsonb);
    const JsonForm form = append_json(text, out);
    if (form == JsonForm::jsonb || (form == JsonForm::lossy && !is_strict(column)))
        return Outcome::exact;
    out.resize(start);
    return Outcome::misfit;
}

std::optional<Moment> moment_of_number(const Cell &cell, EpochUnit unit) noexcept {
    if (cell.storage == StorageClass::integer)
        return moment_of(cell.integer, unit);
    if (cell.storage == StorageClass::real)
        return moment_of(cell.real, unit);
    return std::nullopt;
}

// To the digits of a second that the column keeps, half away from zero; tells whether that changed
// the value.
bool round_digits(std::int64_t &micros, const Type &type) noexcept {
    std::int64_t unit = 1;
    for (int digits = type.length < 0 ? 6 : type.length; digits < 6; ++digits)
        unit *= 10;
    const std::int64_t exact = micros;
    const std::int64_t rest = micros % unit;
    micros -= rest;
    if (2 * std::abs(rest) >= unit && rest != 0)
        micros += rest < 0 ? -unit : unit;
    return micros != exact;
}

// A date, or a moment that is nothing but the beginning of a day.
Outcome append_date(const Cell &cell, const VerifyColumn &column, std::string &out) {
    std::optional<std::int64_t> day;
    if (cell.storage == StorageClass::text) {
        const auto moment = parse_moment(cell.view(), Side::source);
        if (moment && !moment->is_rounded && moment->offset == 0 &&
            moment->local == moment->day * kMicrosPerDay)
            day = moment->day;
    } else if (const auto moment = moment_of_number(cell, column.epoch)) {
        if (!moment->is_rounded && moment->microseconds % kMicrosPerDay == 0)
            day = moment->microseconds / kMicrosPerDay;
    }
    if (!day)
        return Outcome::misfit;
    append_number(tag::kDate, *day, out);
    return Outcome::exact;
}

Outcome append_time(const Cell &cell, const VerifyColumn &column, std::string &out) {
    auto time = cell.storage == StorageClass::text ? parse_time(cell.view()) : std::nullopt;
    if (!time)
        return Outcome::misfit;
    time->is_rounded |= round_digits(time->microseconds, column.type);
    append_number(tag::kTime, time->microseconds, out);
    return time->is_rounded ? Outcome::rounded : Outcome::exact;
}

Outcome append_instant(const Cell &cell, const VerifyColumn &column, bool is_utc_zone,
                       std::string &out) {
    const bool has_zone = column.type.kind == TypeKind::timestamptz;
    auto moment = cell.storage == StorageClass::text ? parse_moment(cell.view(), Side::source)
                                                     : moment_of_number(cell, column.epoch);
    // A timestamp without time zone has no place for an offset.
    if (!moment || (!has_zone && moment->offset != 0))
        return Outcome::misfit;
    moment->is_rounded |= round_digits(moment->microseconds, column.type);
    if (has_zone && !moment->has_offset && !is_utc_zone) {
        append_integer(moment->microseconds, out);
        return Outcome::naive;
    }
    append_number(tag::kInstant, moment->microseconds, out);
    return moment->is_rounded ? Outcome::rounded : Outcome::exact;
}

Outcome append_other(const Cell &cell, const VerifyColumn &column, std::string &out) {
    const Outcome outcome = check_text(cell, column);
    if (outcome != Outcome::exact)
        return outcome;
    if (!is_number(cell)) {
        append_free_text(cell.view(), out);
        return outcome;
    }
    std::string number;
    append_number_text(cell, number);
    append_free_text(number, out);
    return outcome;
}

} // namespace

Outcome append_source(const Cell &cell, const VerifyColumn &column, bool is_utc_zone,
                      std::string &out) {
    switch (column.type.kind) {
    case TypeKind::boolean:
        return append_boolean(cell, out);
    case TypeKind::bigint:
        return append_bigint(cell, column, out);
    case TypeKind::numeric:
        return append_numeric(cell, column, out);
    case TypeKind::float8:
        return append_double(cell, column, out);
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::citext:
        return append_text(cell, column, out);
    case TypeKind::bytea:
        return append_bytea(cell, out);
    case TypeKind::date:
        return append_date(cell, column, out);
    case TypeKind::time:
        return append_time(cell, column, out);
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return append_instant(cell, column, is_utc_zone, out);
    case TypeKind::json:
    case TypeKind::jsonb:
        return append_json_type(cell, column, out);
    case TypeKind::uuid:
        return append_uuid(cell, out);
    case TypeKind::other:
        break;
    }
    return append_other(cell, column, out);
}

} // namespace migrate::core::verify
