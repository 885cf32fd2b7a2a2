// Constants of the date and time types.
#include "core/plan/printer_literals.hpp"

#include "core/value/date_time.hpp"
#include "core/value/epoch.hpp"

#include <cstdio>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

using Text = std::optional<std::string>;

struct Civil {
    std::int64_t year = 0;
    int month = 0;
    int day = 0;
};

// The inverse of value::days_from_civil, by the era of 400 years.
Civil civil_from_days(std::int64_t days) {
    days += 730'425; // days from 0000-03-01 to 2000-01-01
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const std::int64_t day_of_era = days - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month = (5 * day_of_year + 2) / 153;
    Civil civil;
    civil.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
    civil.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
    civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
    return civil;
}

std::int64_t floor_divide(std::int64_t number, std::int64_t divisor) {
    return number / divisor - (number % divisor < 0 ? 1 : 0);
}

std::string clock_text(std::int64_t micros_of_day) {
    const auto seconds = static_cast<int>(micros_of_day / value::kMicrosPerSecond);
    const auto fraction = static_cast<int>(micros_of_day % value::kMicrosPerSecond);
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                  seconds % 60);
    std::string text = buffer;
    if (fraction != 0) {
        std::snprintf(buffer, sizeof buffer, ".%06d", fraction);
        text += buffer;
    }
    return text;
}

std::string date_text(std::int64_t days) {
    const Civil civil = civil_from_days(days);
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", static_cast<int>(civil.year),
                  civil.month, civil.day);
    return buffer;
}

std::string quoted(const std::string &text) {
    return "E'" + text + "'";
}

// types.md: a naive timestamp is in option "timezone", never in the session's zone.
std::string zoned(const PrintContext &context, std::int64_t micros, bool is_utc) {
    if (is_utc || context.options.timezone == "UTC")
        return cast(quoted(moment_text(micros) + "+00"), TypeKind::timestamptz);
    return call("timezone", {literal_text(context, context.options.timezone),
                             cast(quoted(moment_text(micros)), TypeKind::timestamp)});
}

Text date_sql(std::int64_t micros) {
    if (micros % value::kMicrosPerDay != 0)
        return std::nullopt;
    return cast(quoted(date_text(floor_divide(micros, value::kMicrosPerDay))), TypeKind::date);
}

} // namespace

std::string moment_text(std::int64_t micros) {
    const std::int64_t days = floor_divide(micros, value::kMicrosPerDay);
    return date_text(days) + " " + clock_text(micros - days * value::kMicrosPerDay);
}

Text time_literal(const PrintContext &context, std::string_view text, const Type &type) {
    if (type.kind == TypeKind::time) {
        const std::optional<value::TimeOfDay> clock = value::parse_time(text);
        if (!clock || clock->micros >= value::kMicrosPerDay)
            return std::nullopt;
        return cast(quoted(clock_text(clock->micros)), TypeKind::time);
    }
    const std::optional<value::DateTime> moment = value::parse_date_time(text);
    if (!moment)
        return std::nullopt;
    switch (type.kind) {
    case TypeKind::date:
        return moment->has_zone ? Text() : date_sql(moment->local);
    case TypeKind::timestamp:
        return cast(quoted(moment_text(moment->utc())), TypeKind::timestamp);
    case TypeKind::timestamptz:
        return zoned(context, moment->utc(), moment->has_zone);
    default:
        return std::nullopt;
    }
}

Text epoch_literal(const PrintContext &context, const SourceLiteral &number, const Type &type,
                   EpochUnit epoch) {
    const std::optional<value::Instant> instant = number.kind == ExpressionKind::real_literal
                                                      ? value::instant_of(number.real, epoch)
                                                      : value::instant_of(number.integer, epoch);
    if (!instant)
        return std::nullopt;
    switch (type.kind) {
    case TypeKind::date:
        return date_sql(instant->micros);
    case TypeKind::timestamp:
        return cast(quoted(moment_text(instant->micros)), TypeKind::timestamp);
    case TypeKind::timestamptz:
        return zoned(context, instant->micros, true);
    default:
        return std::nullopt;
    }
}

} // namespace migrate::core::plan
