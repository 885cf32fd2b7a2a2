#include "core/csv/field_reader.hpp"

#include "core/csv/plain_number.hpp"
#include "core/csv/value_format.hpp"
#include "core/value/date_time.hpp"
#include "core/value/decimal.hpp"
#include "core/value/utf8.hpp"
#include "core/value/uuid.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// Longer values of the types that are formatted are rare.
constexpr std::size_t kMaxNear = 100;

bool has_bytes(const Cell &cell) noexcept {
    return cell.storage == StorageClass::text || cell.storage == StorageClass::blob;
}

bool is_in_bounds(std::int64_t number, const RecordColumn &column) noexcept {
    return number >= column.min_integer && number <= column.max_integer;
}

// Whether format_value may write a value of the kind anew.
bool is_rewritten(TypeKind kind) noexcept {
    switch (kind) {
    case TypeKind::bigint:
    case TypeKind::numeric:
    case TypeKind::float8:
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return true;
    default:
        return false;
    }
}

// Writes the value into `room`, converts it, and keeps its bytes if they lie outside the batch.
Fit format_and_convert(std::string_view text, const RecordColumn &column, char *room, Cell &cell,
                       Batch &batch) {
    const TypeKind kind = column.rule.type.kind;
    std::optional<Cell> value = format_value(text, kind, column.reading.format, room);
    if (!value)
        return Fit::misfit;
    const char *const before = has_bytes(*value) ? value->bytes : nullptr;
    const Fit fit = cell_converter(kind)(*value, column.rule, batch);
    if (fit != Fit::fits && fit != Fit::rounded)
        return fit;
    if (kind == TypeKind::bigint && !is_in_bounds(value->integer, column))
        return Fit::misfit;
    if (has_bytes(*value) && value->bytes == before)
        batch.set_bytes(*value, value->storage, value->view());
    cell = *value;
    return fit;
}

// False too where a point may stand between thousands.
bool read_number(std::string_view text, const ValueFormat &format, PlainNumber &number) noexcept {
    return read_plain_number(text, format.decimal, number) &&
           (number.fraction == 0 || !format.thousands.starts_with(format.decimal));
}

Fit read_boolean(std::string_view text, const RecordColumn &column, Cell &cell, Batch &batch) {
    const bool is_true = text == "t" || text == "true";
    if (!is_true && text != "f" && text != "false")
        return read_by_format(text, column, cell, batch);
    cell.set_integer(is_true ? 1 : 0);
    return Fit::fits;
}

Fit read_bigint(std::string_view text, const RecordColumn &column, Cell &cell, Batch &batch) {
    PlainNumber number;
    if (!read_number(text, column.reading.format, number) || number.fraction != 0)
        return read_by_format(text, column, cell, batch);
    if (!is_in_bounds(number.digits, column))
        return Fit::misfit;
    cell.set_integer(number.digits);
    return Fit::fits;
}

// Of numeric(p,s), with s digits behind the point as the type has it, so that nobody needs to round
// it again. False for a number of more digits.
bool set_scaled(Cell &cell, const PlainNumber &number, const Type &type) noexcept {
    if (type.length > value::kMaxPowerOfTen || type.scale < 0 || type.scale > type.length ||
        number.fraction > type.scale)
        return false;
    const std::int64_t limit = value::power_of_ten(type.length - type.scale + number.fraction);
    if (number.digits >= limit || number.digits <= -limit)
        return false;
    cell.set_decimal(number.digits * value::power_of_ten(type.scale - number.fraction), type.scale);
    return true;
}

Fit read_numeric(std::string_view text, const RecordColumn &column, Cell &cell, Batch &batch) {
    const Type &type = column.rule.type;
    PlainNumber number;
    if (!read_number(text, column.reading.format, number))
        return read_by_format(text, column, cell, batch);
    if (type.length < 0) {
        cell.set_decimal(number.digits, number.fraction);
        return Fit::fits;
    }
    return set_scaled(cell, number, type) ? Fit::fits : read_by_format(text, column, cell, batch);
}

// Whether the shortest text of the double has the digits of the number, which is nearest to it:
// then none of them is lost.
bool has_digits_of(double real, const PlainNumber &number) noexcept {
    std::int64_t wanted = std::abs(number.digits);
    while (wanted != 0 && wanted % 10 == 0)
        wanted /= 10;
    value::RealBuffer buffer;
    const char *const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                          std::abs(real), std::chars_format::scientific)
                                .ptr;
    std::int64_t kept = 0;
    for (const char *at = buffer.data(); at != end && *at != 'e'; at++)
        if (*at != '.')
            kept = kept * 10 + (*at - '0');
    return kept == wanted;
}

// Up to 15 digits both numbers are exact doubles, so that their quotient is the double nearest to
// the text (Clinger, How to Read Floating Point Numbers Accurately, 1990).
Fit read_float8(std::string_view text, const RecordColumn &column, Cell &cell, Batch &batch) {
    const ValueFormat &format = column.reading.format;
    PlainNumber number;
    if (!read_number(text, format, number))
        return read_by_format(text, column, cell, batch);
    if (number.whole + number.fraction <= value::kMaxDecimalDigits) {
        cell.set_real(static_cast<double>(number.digits) /
                      static_cast<double>(value::power_of_ten(number.fraction)));
        return Fit::fits;
    }
    double real = 0;
    if (format.decimal != '.' ||
        std::from_chars(text.data(), text.data() + text.size(), real).ec != std::errc{} ||
        !(column.has_input_function || has_digits_of(real, number)))
        return read_by_format(text, column, cell, batch);
    cell.set_real(real);
    return Fit::fits;
}

Fit read_text(std::string_view text, const RecordColumn &column, Cell &cell, Batch &batch) {
    if (!is_clean_text(text, column.rule))
        return Fit::invalid_text;
    batch.set_bytes(cell, StorageClass::text, text);
    return Fit::fits;
}

Fit read_date(std::string_view text, const RecordColumn &column, Cell &cell, Batch &batch) {
    const std::optional<std::int64_t> day = value::parse_date(text);
    if (!day)
        return read_by_format(text, column, cell, batch);
    cell.set_integer(*day);
    return Fit::fits;
}

Fit read_timestamp(std::string_view text, const RecordColumn &column, Cell &cell, Batch &batch) {
    const std::optional<value::DateTime> moment = value::parse_date_time(text);
    if (!moment || moment->offset != 0)
        return read_by_format(text, column, cell, batch);
    cell.set_integer(moment->local);
    return moment->is_rounded ? Fit::rounded : Fit::fits;
}

Fit read_timestamptz(std::string_view text, const RecordColumn &column, Cell &cell, Batch &batch) {
    const std::optional<value::DateTime> moment = value::parse_date_time(text);
    if (!moment)
        return read_by_format(text, column, cell, batch);
    cell.set_integer(moment->utc());
    cell.is_naive = !moment->has_zone;
    return moment->is_rounded ? Fit::rounded : Fit::fits;
}

void set_blob(Cell &cell, const char *bytes, std::size_t size) noexcept {
    cell.storage = StorageClass::blob;
    cell.bytes = bytes;
    cell.size = static_cast<std::uint32_t>(size);
}

// 0xFF for what is no digit.
constexpr auto kHexDigits = [] {
    std::array<std::uint8_t, 256> digits{};
    digits.fill(0xFF);
    for (std::uint8_t i = 0; i < 10; i++)
        digits[static_cast<std::size_t>('0' + i)] = i;
    for (std::uint8_t i = 0; i < 6; i++)
        digits[static_cast<std::size_t>('a' + i)] = digits[static_cast<std::size_t>('A' + i)] =
            static_cast<std::uint8_t>(10 + i);
    return digits;
}();

// False when a byte is no digit; what was written then means nothing. `text` has an even size.
bool decode_hex(std::string_view text, char *bytes) noexcept {
    std::uint8_t all = 0;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        const std::uint8_t high = kHexDigits[static_cast<unsigned char>(text[i])];
        const std::uint8_t low = kHexDigits[static_cast<unsigned char>(text[i + 1])];
        all |= high | low;
        *bytes++ = static_cast<char>(high << 4 | low);
    }
    return all < 16;
}

// The common form, with a hyphen after the 8th, 12th, 16th and 20th digit.
Fit read_uuid(std::string_view text, const RecordColumn &column, Cell &cell, Batch &batch) {
    if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' ||
        text[23] != '-')
        return read_by_format(text, column, cell, batch);
    char *bytes = batch.allocate(sizeof(value::UuidBytes));
    if (!decode_hex(text.substr(0, 8), bytes) || !decode_hex(text.substr(9, 4), bytes + 4) ||
        !decode_hex(text.substr(14, 4), bytes + 6) || !decode_hex(text.substr(19, 4), bytes + 8) ||
        !decode_hex(text.substr(24), bytes + 10))
        return Fit::misfit;
    set_blob(cell, bytes, sizeof(value::UuidBytes));
    return Fit::fits;
}

bool is_plain_byte(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x80 && c != '\\';
}

// As bytea_in reads it: \x and digits, or the bytes as they are. What has escapes, or depends on
// the server's encoding, is for that function alone.
Fit read_bytea(std::string_view text, const RecordColumn &, Cell &cell, Batch &batch) {
    if (std::ranges::all_of(text, is_plain_byte)) {
        batch.set_bytes(cell, StorageClass::blob, text);
        return Fit::fits;
    }
    if (!text.starts_with("\\x") || text.size() % 2 != 0)
        return Fit::misfit;
    text.remove_prefix(2);
    char *bytes = batch.allocate(text.size() / 2);
    if (!decode_hex(text, bytes))
        return Fit::misfit;
    set_blob(cell, bytes, text.size() / 2);
    return Fit::fits;
}

} // namespace

bool is_clean_text(std::string_view text, const ColumnRule &rule) noexcept {
    if (rule.is_utf8_checked)
        return value::is_valid_text(text);
    return text.find('\0') == std::string_view::npos;
}

Fit read_by_format(std::string_view text, const RecordColumn &column, Cell &cell, Batch &batch) {
    if (text.size() <= kMaxNear || !is_rewritten(column.rule.type.kind)) {
        std::array<char, format_room(kMaxNear)> room;
        return format_and_convert(text, column, room.data(), cell, batch);
    }
    std::string room(format_room(text.size()), '\0');
    return format_and_convert(text, column, room.data(), cell, batch);
}

FieldReader field_reader(TypeKind kind) noexcept {
    switch (kind) {
    case TypeKind::boolean:
        return read_boolean;
    case TypeKind::bigint:
        return read_bigint;
    case TypeKind::numeric:
        return read_numeric;
    case TypeKind::float8:
        return read_float8;
    case TypeKind::date:
        return read_date;
    case TypeKind::timestamp:
        return read_timestamp;
    case TypeKind::timestamptz:
        return read_timestamptz;
    case TypeKind::text:
    case TypeKind::citext:
    case TypeKind::other:
        return read_text;
    case TypeKind::bytea:
        return read_bytea;
    case TypeKind::uuid:
        return read_uuid;
    case TypeKind::varchar:
    case TypeKind::time:
    case TypeKind::json:
    case TypeKind::jsonb:
        break;
    }
    return read_by_format;
}

} // namespace migrate::core::csv
