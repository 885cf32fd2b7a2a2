#include "core/verify/canonical.hpp"

#include "core/verify/canonical_decimal.hpp"
#include "core/verify/canonical_form.hpp"
#include "core/verify/canonical_text.hpp"
#include "core/verify/canonical_time.hpp"

#include <algorithm>
#include <bit>

#include "core/core_only.hpp"

namespace migrate::core::verify {

namespace {

bool is_null_text(const Cell &cell, const VerifyColumn &column) noexcept {
    return cell.storage == StorageClass::text && !column.type.is_text_like() &&
           std::find(column.null_texts.begin(), column.null_texts.end(), cell.view()) !=
               column.null_texts.end();
}

// The value as it is in the source, under a tag that no target value has.
void append_misfit(const Cell &cell, std::string &out) {
    out.push_back(tag::kMisfit);
    switch (cell.storage) {
    case StorageClass::null:
        break;
    case StorageClass::integer:
        append_number(tag::kInteger, cell.integer, out);
        break;
    case StorageClass::real:
        append_number(tag::kFloat8, std::bit_cast<std::int64_t>(cell.real), out);
        break;
    case StorageClass::text:
        append_bytes(tag::kText, cell.view(), out);
        break;
    case StorageClass::blob:
        append_bytes(tag::kBytes, cell.view(), out);
        break;
    }
}

Agreement apply_mismatch(const Cell &cell, const VerifyColumn &column, std::string &out) {
    if (column.on_mismatch == TypeMismatch::null) {
        out.push_back(tag::kNull);
        return Agreement::nulled;
    }
    append_misfit(cell, out);
    return column.on_mismatch == TypeMismatch::reject ? Agreement::rejected : Agreement::misfit;
}

Agreement apply_invalid(const Cell &cell, const VerifyColumn &column, bool is_utc_zone,
                        std::string &out) {
    if (column.invalid_text != InvalidText::replace) {
        append_misfit(cell, out);
        return column.invalid_text == InvalidText::reject ? Agreement::rejected : Agreement::misfit;
    }
    std::string text;
    append_replaced(cell.view(), column.is_utf8_checked, text);
    Cell replaced;
    replaced.storage = StorageClass::text;
    replaced.bytes = text.data();
    replaced.size = static_cast<std::uint32_t>(text.size());
    // It is valid now, but may be too long for varchar(n).
    const Outcome outcome = append_source(replaced, column, is_utc_zone, out);
    return outcome == Outcome::exact ? Agreement::replaced : apply_mismatch(cell, column, out);
}

} // namespace

Agreement canonical_source(const Cell &cell, const VerifyColumn &column, bool is_utc_zone,
                           std::string &out) {
    if (cell.is_null()) {
        out.push_back(tag::kNull);
        return Agreement::exact;
    }
    if (!column.null_texts.empty() && is_null_text(cell, column)) {
        out.push_back(tag::kNull);
        return Agreement::nulled;
    }
    switch (append_source(cell, column, is_utc_zone, out)) {
    case Outcome::exact:
        return Agreement::exact;
    case Outcome::rounded:
        return Agreement::rounded;
    case Outcome::naive:
        return Agreement::naive;
    case Outcome::invalid:
        return apply_invalid(cell, column, is_utc_zone, out);
    case Outcome::misfit:
        break;
    }
    return apply_mismatch(cell, column, out);
}

void canonical_instant(std::int64_t microseconds_since_2000, std::string &out) {
    append_number(tag::kInstant, microseconds_since_2000, out);
}

void append_number(char tag, std::int64_t value, std::string &out) {
    char bytes[9] = {tag};
    auto rest = static_cast<std::uint64_t>(value);
    for (int i = 8; i > 0; --i, rest >>= 8)
        bytes[i] = static_cast<char>(rest & 0xff);
    out.append(bytes, sizeof bytes);
}

std::int64_t read_number(std::string_view bytes) noexcept {
    std::uint64_t value = 0;
    for (char c : bytes)
        value = value << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
}

void append_bytes(char tag, std::string_view bytes, std::string &out) {
    out.push_back(tag);
    out.append(bytes);
}

void append_float(double value, bool is_float4, std::string &out) {
    if (value != value) // every NaN is the same to PostgreSQL
        value = std::numeric_limits<double>::quiet_NaN();
    if (!is_float4) {
        append_number(tag::kFloat8, std::bit_cast<std::int64_t>(value), out);
        return;
    }
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
    out.push_back(tag::kFloat4);
    for (int shift = 24; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(bits >> shift & 0xff));
}

// What the type makes of its text is not known: numbers, truth values and moments that are written
// in two ways are taken to be equal, all else must be the same bytes.
void append_free_text(std::string_view text, std::string &out) {
    constexpr std::string_view kSpace = " \t\n\r\f\v";
    std::string_view word = text;
    word.remove_prefix(std::min(word.find_first_not_of(kSpace), word.size()));
    word = word.substr(0, word.find_last_not_of(kSpace) + 1);
    if (const auto decimal = parse_decimal(word)) {
        out.push_back(tag::kDecimal);
        append_decimal(*decimal, out);
    } else if (const auto truth = parse_boolean(word)) {
        append_bytes(tag::kBoolean, *truth ? "t" : "f", out);
    } else if (const auto moment = parse_moment(word, Side::target)) {
        append_number(tag::kInstant, moment->microseconds, out);
    } else {
        append_bytes(tag::kText, text, out);
    }
}

} // namespace migrate::core::verify
