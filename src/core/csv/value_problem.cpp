#include "core/csv/value_problem.hpp"

#include "core/csv/misfit_reason.hpp"
#include "core/error.hpp"
#include "core/value/date_time.hpp"
#include "core/value/decimal.hpp"
#include "core/value/utf8.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// PostgreSQL, appendix A: what its input functions raise for such values.
constexpr char kStringDataRightTruncation[] = "22001";
constexpr char kNumericValueOutOfRange[] = "22003";
constexpr char kInvalidDatetimeFormat[] = "22007";
constexpr char kDatetimeFieldOverflow[] = "22008";

// What is longer is no number or moment in another form.
constexpr std::size_t kMaxFormatted = 1000;
using Room = std::array<char, format_room(kMaxFormatted)>;

std::string type_name(const RecordColumn &column) {
    if (column.min_integer == INT16_MIN)
        return "smallint";
    if (column.min_integer == INT32_MIN)
        return "integer";
    return column.rule.type.sql();
}

ValueProblem syntax_problem(std::string_view text, const RecordColumn &column,
                            const char *code = sqlstate::kInvalidTextRepresentation) {
    return {code, "invalid input syntax for type " + type_name(column) + ": " + shown_value(text)};
}

ValueProblem range_problem(std::string_view text, const RecordColumn &column) {
    return {kNumericValueOutOfRange,
            "value " + shown_value(text) + " is out of range for type " + type_name(column)};
}

// Whether the text is a number of the type's form, so that its size or its digits are to blame.
bool is_number_of(std::string_view text, const RecordColumn &column) {
    if (text.size() > kMaxFormatted)
        return false;
    const ValueFormat &format = column.reading.format;
    Room room;
    const auto plain = normalise_number(text, format.decimal, format.thousands, room.data());
    if (!plain)
        return false;
    switch (column.rule.type.kind) {
    case TypeKind::bigint:
        return plain->find('.') == std::string_view::npos && value::is_canonical_decimal(*plain);
    case TypeKind::float8:
        return value::is_canonical_decimal(plain->substr(0, plain->find_first_of("eE")));
    default:
        return value::is_canonical_decimal(*plain);
    }
}

// "2000-01-01" in the place of a day of that form is read: the day is to blame.
bool has_only_bad_day(std::string_view text, DateOrder order) {
    if (text.size() > kMaxFormatted)
        return false;
    Room room;
    constexpr std::string_view kAnyDay = "2000-01-01";
    auto moment = normalise_moment(text, DateOrder::ymd, room.data());
    if (!moment && order != DateOrder::iso)
        moment = normalise_moment(text, order, room.data());
    if (!moment || value::parse_date_time(*moment))
        return false;
    std::ranges::copy(kAnyDay, room.data());
    return value::parse_date_time(*moment).has_value();
}

bool is_bad_clock(std::string_view text) {
    if (text.size() > kMaxFormatted)
        return false;
    Room room;
    const auto clock = normalise_clock(text, room.data());
    return clock && !value::parse_time(*clock);
}

ValueProblem moment_problem(std::string_view text, const RecordColumn &column) {
    const bool is_clock = column.rule.type.kind == TypeKind::time;
    if (is_clock ? is_bad_clock(text) : has_only_bad_day(text, column.reading.format.date_order))
        return {kDatetimeFieldOverflow, "date/time field value out of range: " + shown_value(text)};
    return syntax_problem(text, column, kInvalidDatetimeFormat);
}

// As report_invalid_encoding words it.
ValueProblem encoding_problem(std::string_view text, const RecordColumn &column) {
    constexpr char kDigits[] = "0123456789abcdef";
    const std::size_t good = column.rule.is_utf8_checked
                                 ? value::valid_text_prefix(text)
                                 : std::min(text.find('\0'), text.size() - 1);
    const auto byte = static_cast<unsigned char>(text[good]);
    return {sqlstate::kCharacterNotInRepertoire,
            std::string("invalid byte sequence for encoding \"UTF8\": 0x") + kDigits[byte >> 4] +
                kDigits[byte & 0xF]};
}

} // namespace

ValueProblem value_problem(std::string_view text, const RecordColumn &column, Fit fit) {
    if (fit == Fit::invalid_text)
        return encoding_problem(text, column);
    switch (column.rule.type.kind) {
    case TypeKind::bigint:
    case TypeKind::numeric:
    case TypeKind::float8:
        return is_number_of(text, column) ? range_problem(text, column)
                                          : syntax_problem(text, column);
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return moment_problem(text, column);
    case TypeKind::varchar:
        return {kStringDataRightTruncation, "value too long for type " + type_name(column)};
    default:
        return syntax_problem(text, column);
    }
}

ValueProblem size_problem(std::size_t size, const RecordColumn &column) {
    return {sqlstate::kProgramLimitExceeded,
            "value of " + std::to_string(size) + " bytes exceeds the limit of " +
                std::to_string(column.rule.max_value_size) + " bytes"};
}

} // namespace migrate::core::csv
