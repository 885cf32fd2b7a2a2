#include "core/verify/canonical.hpp"

#include "core/verify/canonical_decimal.hpp"
#include "core/verify/canonical_form.hpp"
#include "core/verify/canonical_json.hpp"
#include "core/verify/canonical_text.hpp"
#include "core/verify/canonical_time.hpp"

#include <cstdlib>
#include <cstring>

#include "core/core_only.hpp"

namespace migrate::core::verify {

namespace {

// Each of these reads what the type's output function prints, and gives false for any other text.

bool read_boolean(std::string_view text, std::string &out) {
    if (text != "t" && text != "f")
        return false;
    append_bytes(tag::kBoolean, text, out);
    return true;
}

bool read_bigint(std::string_view text, std::string &out) {
    const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
        return false;
    append_bytes(tag::kInteger, text, out);
    return true;
}

bool read_numeric(std::string_view text, std::string &out) {
    if (text == "NaN" || text == "Infinity" || text == "-Infinity") {
        append_bytes(tag::kDecimal, text, out);
        return true;
    }
    const std::optional<Decimal> decimal = parse_decimal(text);
    if (!decimal)
        return false;
    out.push_back(tag::kDecimal);
    append_decimal(*decimal, out);
    return true;
}

// strtod knows PostgreSQL's words "Infinity" and "NaN"; LC_NUMERIC is C in a server.
bool read_float(std::string_view text, bool is_float4, std::string &out) {
    char terminated[64];
    if (text.empty() || text.size() >= sizeof terminated)
        return false;
    std::memcpy(terminated, text.data(), text.size());
    terminated[text.size()] = '\0';
    char *end = nullptr;
    // A real's shortest digits are those of a float: read as a double first they round twice.
    const double value = is_float4 ? static_cast<double>(std::strtof(terminated, &end))
                                   : std::strtod(terminated, &end);
    if (end != terminated + text.size())
        return false;
    append_float(value, is_float4, out);
    return true;
}

bool read_text(std::string_view text, bool is_blank_padded, std::string &out) {
    if (is_blank_padded)
        text = text.substr(0, text.find_last_not_of(' ') + 1);
    append_bytes(tag::kText, text, out);
    return true;
}

bool read_bytea(std::string_view text, std::string &out) {
    if (!text.starts_with("\\x"))
        return false;
    out.push_back(tag::kBytes);
    return append_unhexed(text.substr(2), out);
}

bool read_uuid(std::string_view text, std::string &out) {
    const auto uuid = parse_uuid(text);
    if (!uuid)
        return false;
    append_bytes(tag::kUuid, {uuid->data(), uuid->size()}, out);
    return true;
}

bool read_jsonb(std::string_view text, std::string &out) {
    out.push_back(tag::kJsonb);
    return append_json(text, out) >= JsonForm::lossy;
}

bool read_infinity(std::string_view text, char kind, std::string &out) {
    if (text != "infinity" && text != "-infinity")
        return false;
    append_number(kind, text.front() == '-' ? kMinusInfinity : kInfinity, out);
    return true;
}

bool read_date(std::string_view text, std::string &out) {
    const auto day = parse_date(text, Side::target);
    if (!day)
        return read_infinity(text, tag::kDate, out);
    append_number(tag::kDate, *day, out);
    return true;
}

bool read_time(std::string_view text, std::string &out) {
    const auto time = parse_time(text);
    if (!time)
        return false;
    append_number(tag::kTime, time->microseconds, out);
    return true;
}

bool read_instant(std::string_view text, std::string &out) {
    const auto moment = parse_moment(text, Side::target);
    if (!moment)
        return read_infinity(text, tag::kInstant, out);
    append_number(tag::kInstant, moment->microseconds, out);
    return true;
}

bool read_value(std::string_view text, const VerifyColumn &column, std::string &out) {
    switch (column.type.kind) {
    case TypeKind::boolean:
        return read_boolean(text, out);
    case TypeKind::bigint:
        return read_bigint(text, out);
    case TypeKind::numeric:
        return read_numeric(text, out);
    case TypeKind::float8:
        return read_float(text, column.is_float4, out);
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::citext:
    case TypeKind::json:
        return read_text(text, column.is_blank_padded, out);
    case TypeKind::bytea:
        return read_bytea(text, out);
    case TypeKind::date:
        return read_date(text, out);
    case TypeKind::time:
        return read_time(text, out);
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return read_instant(text, out);
    case TypeKind::jsonb:
        return read_jsonb(text, out);
    case TypeKind::uuid:
        return read_uuid(text, out);
    case TypeKind::other:
        break;
    }
    append_free_text(text, out);
    return true;
}

} // namespace

void canonical_target(std::optional<std::string_view> text, const VerifyColumn &column,
                      std::string &out) {
    const std::size_t start = out.size();
    if (!text) {
        out.push_back(tag::kNull);
        return;
    }
    if (read_value(*text, column, out))
        return;
    out.resize(start);
    append_bytes(tag::kUnreadable, *text, out);
}

} // namespace migrate::core::verify
