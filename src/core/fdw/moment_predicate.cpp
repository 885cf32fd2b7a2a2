#include "core/fdw/moment_predicate.hpp"

#include "core/value/date_time.hpp"

#include <array>
#include <chrono>
#include <cstdio>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

// The text that is read as a date or time begins with YYYY-MM-DD (core/value/date_time.hpp), so
// its order is that of the days written. The day written and the day of the moment in any zone are
// two days apart at most: offsets end before 16 hours, and the operand may be of another zone too.
constexpr std::int64_t kSlack = 2;
constexpr std::int64_t kFirstDay = -730'119; // 0001-01-01
constexpr std::int64_t kLastDay = 2'921'939; // 9999-12-31

std::string day_text(std::int64_t day) {
    using namespace std::chrono;
    const year_month_day date(sys_days(days(day + 10'957))); // 1970-01-01 to 2000-01-01
    char text[16];
    const int size =
        std::snprintf(text, sizeof(text), "%04d-%02u-%02u", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return std::string(text, static_cast<std::size_t>(size));
}

Predicate bound(const PushColumn &column, std::string_view comparison, std::int64_t day) {
    Operand operand;
    operand.kind = Operand::Kind::text;
    operand.text = day_text(day);
    return {column.sql + std::string(comparison) + "? COLLATE BINARY", {std::move(operand)}};
}

bool has_lower(Comparison comparison) noexcept {
    return comparison == Comparison::equal || comparison == Comparison::greater ||
           comparison == Comparison::greater_equal;
}

bool has_upper(Comparison comparison) noexcept {
    return comparison == Comparison::equal || comparison == Comparison::less ||
           comparison == Comparison::less_equal;
}

} // namespace

std::optional<Predicate> moment_predicate(const PushColumn &column, Comparison comparison,
                                          const Operand &value) {
    const bool has_numbers = column.epoch != EpochUnit::none;
    // A number in a column of text is compared as text when no index is used.
    if (column.is_utf16 || (has_numbers && column.affinity == plan::Affinity::text))
        return std::nullopt;
    const std::int64_t from = value.integer - kSlack;
    const std::int64_t to = value.integer + kSlack + 1;
    const bool is_low = has_lower(comparison) && from > kFirstDay && from < kLastDay;
    const bool is_high = has_upper(comparison) && to > kFirstDay && to < kLastDay;
    if (!is_low && !is_high)
        return std::nullopt;
    Predicate range;
    if (is_low)
        range = bound(column, " >= ", from);
    if (is_high) {
        Predicate high = bound(column, " < ", to);
        range.sql += (is_low ? " AND " : "") + high.sql;
        range.values.push_back(std::move(high.values.front()));
    }
    // All numbers are below all text.
    if (has_numbers && is_low)
        range.sql = "(" + range.sql + " OR " + column.sql + " < '')";
    else if (is_low && is_high)
        range.sql = "(" + range.sql + ")";
    return range;
}

} // namespace migrate::core::fdw
