#include "core/verify/digest.hpp"

#include "core/verify/canonical_decimal.hpp"
#include "core/verify/canonical_form.hpp"
#include "core/verify/canonical_text.hpp"
#include "core/verify/canonical_time.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/core_only.hpp"

namespace migrate::core::verify {

namespace {

constexpr std::size_t kMaxCharacters = 40; // of one value
constexpr std::size_t kMaxBytes = 200;     // of one key

constexpr char kHexDigits[] = "0123456789abcdef";

void append_hex(std::string_view bytes, std::string &out) {
    for (char c : bytes) {
        out.push_back(kHexDigits[static_cast<unsigned char>(c) >> 4]);
        out.push_back(kHexDigits[static_cast<unsigned char>(c) & 0xf]);
    }
}

// In double quotes, with quotes and backslashes escaped, control and invalid bytes as \xNN.
void append_quoted(std::string_view text, std::string &out) {
    out.push_back('"');
    std::size_t count = 0;
    for (; !text.empty() && count < kMaxCharacters; ++count) {
        const std::size_t size = character_size(text);
        const auto lead = static_cast<unsigned char>(text.front());
        // U+0080 to U+009F are control characters too.
        const bool is_control =
            lead < 0x20 || lead == 0x7f ||
            (lead == 0xc2 && size == 2 && static_cast<unsigned char>(text[1]) < 0xa0);
        if (size == 0 || is_control) {
            out.append("\\x");
            append_hex(text.substr(0, 1), out);
            text.remove_prefix(1);
            continue;
        }
        if (lead == '"' || lead == '\\')
            out.push_back('\\');
        out.append(text.substr(0, size));
        text.remove_prefix(size);
    }
    out.append(text.empty() ? "\"" : "...\"");
}

void append_blob(std::string_view bytes, std::string &out) {
    out.append("x'");
    append_hex(bytes.substr(0, kMaxCharacters / 2), out);
    out.append(bytes.size() > kMaxCharacters / 2 ? "...'" : "'");
}

// "121e-1" as 12.1, as long as that is short.
void append_plain_decimal(std::string_view canonical, std::string &out) {
    const auto decimal = parse_decimal(canonical);
    if (!decimal || decimal->exponent > 20 || decimal->exponent < -20 ||
        decimal->count > static_cast<std::int64_t>(kMaxCharacters)) {
        out.append(canonical.substr(0, kMaxCharacters));
        out.append(canonical.size() > kMaxCharacters ? "..." : "");
        return;
    }
    if (decimal->is_zero()) {
        out.push_back('0');
        return;
    }
    std::string digits(decimal->digits);
    if (decimal->exponent >= 0) {
        digits.append(static_cast<std::size_t>(decimal->exponent), '0');
    } else {
        const auto fraction = static_cast<std::size_t>(-decimal->exponent);
        if (digits.size() <= fraction)
            digits.insert(0, fraction + 1 - digits.size(), '0');
        digits.insert(digits.size() - fraction, 1, '.');
    }
    out.append(decimal->is_negative ? "-" : "").append(digits);
}

void append_double_text(double value, std::string &out) {
    if (std::isfinite(value))
        append_sqlite_real(value, out);
    else
        out.append(std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity");
}

void append_uuid_text(std::string_view bytes, std::string &out) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out.push_back('-');
        append_hex(bytes.substr(i, 1), out);
    }
}

void append_time_text(char kind, std::int64_t value, std::string &out) {
    if (value == kInfinity || value == kMinusInfinity)
        out.append(value < 0 ? "-infinity" : "infinity");
    else if (kind == tag::kDate)
        out.append(date_text(value));
    else
        out.append(kind == tag::kTime ? time_text(value) : instant_text(value));
}

void append_value(std::string_view value, std::string &out) {
    if (value.empty())
        return;
    const char kind = value.front();
    const std::string_view payload = value.substr(1);
    switch (kind) {
    case tag::kNull:
        out.append("NULL");
        break;
    case tag::kBoolean:
        out.append(payload == "t" ? "true" : "false");
        break;
    case tag::kDecimal:
        append_plain_decimal(payload, out);
        break;
    case tag::kFloat8:
        append_double_text(std::bit_cast<double>(read_number(payload)), out);
        break;
    case tag::kFloat4:
        append_double_text(static_cast<double>(std::bit_cast<float>(
                               static_cast<std::uint32_t>(read_number(payload)))),
                           out);
        break;
    case tag::kBytes:
        append_blob(payload, out);
        break;
    case tag::kDate:
    case tag::kTime:
    case tag::kInstant:
        append_time_text(kind, read_number(payload), out);
        break;
    case tag::kUuid:
        append_uuid_text(payload, out);
        break;
    case tag::kInteger:
        out.append(payload);
        break;
    default:
        append_quoted(payload, out);
    }
}

// A misfit holds a value of its own, an integer as 8 bytes.
void append_any_value(std::string_view value, std::string &out) {
    if (!value.starts_with(tag::kMisfit)) {
        append_value(value, out);
        return;
    }
    const std::string_view inner = value.substr(1);
    if (inner.starts_with(tag::kInteger))
        append_integer(read_number(inner.substr(1)), out);
    else
        append_value(inner, out);
}

} // namespace

std::string CanonicalRow::key_text() const {
    std::string text;
    std::size_t count = 0;
    bool is_cut = false;
    for (std::size_t column = 0; column < columns() && !is_cut; ++column) {
        if (has_key_ && !(column < is_key_.size() && is_key_[column]))
            continue;
        if (count++ > 0)
            text += ", ";
        is_cut = text.size() > kMaxBytes;
        if (is_cut)
            text += "...";
        else
            append_any_value(value(column), text);
    }
    return count == 1 ? text : "(" + text + ")";
}

} // namespace migrate::core::verify
