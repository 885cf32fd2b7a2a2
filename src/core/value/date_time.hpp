// ISO 8601 dates and times as text, read into the counts that PostgreSQL stores.
//
//     auto moment = parse_date_time("2024-02-29T23:59:59.1234567+05:30");
//     moment->utc() … µs since 2000-01-01 00:00 UTC; moment->is_rounded: a 7th digit was there
//
// Narrower than PostgreSQL's own reader on purpose: years 0001 to 9999 in four digits, real
// calendar days of the Gregorian calendar, two digits everywhere else, no names but those of
// UTC, nothing around it. Every text that is taken here, PostgreSQL reads as the same moment (but
// for the last microsecond of a longer fraction: it rounds a binary double, we round the digits,
// half up).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace migrate::core::value {

inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kSecondsPerDay = 86'400;
inline constexpr std::int64_t kMicrosPerDay = kSecondsPerDay * kMicrosPerSecond;

// Days from 2000-01-01 to a real day of the years 1 and later (negative before 2000).
std::int64_t days_from_civil(std::int64_t year, int month, int day) noexcept;

// "YYYY-MM-DD": days since 2000-01-01.
std::optional<std::int64_t> parse_date(std::string_view text) noexcept;

struct TimeOfDay {
    std::int64_t micros = 0; // since midnight, up to and with 24:00
    bool is_rounded = false; // the fraction had more than six digits that count
};

// "HH:MM[:SS[.f…]]". As PostgreSQL reads them, 24:00:00 is the end of the day and second 60 the
// next minute, as long as the sum stays within the day.
std::optional<TimeOfDay> parse_time(std::string_view text) noexcept;

struct DateTime {
    std::int64_t day = 0;    // days from 2000-01-01 to the day as written
    std::int64_t local = 0;  // µs from 2000-01-01 00:00 to the moment as written, zone aside
    std::int32_t offset = 0; // seconds east of UTC
    bool has_zone = false;
    bool is_rounded = false;

    std::int64_t utc() const noexcept { return local - offset * kMicrosPerSecond; }
};

// A date alone (midnight), or a date and, after 'T' or a space, a time, and then maybe a zone: "Z",
// "UTC", "GMT" or ±HH[[:]MM[:SS]] up to 15:59:59, which one space may precede.
std::optional<DateTime> parse_date_time(std::string_view text) noexcept;

} // namespace migrate::core::value
