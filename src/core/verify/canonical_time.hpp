// Dates and times by std::chrono's calendar. Private to core/verify.
//
// Instants count microseconds since 2000-01-01 00:00:00, dates days since 2000-01-01.
#pragma once

#include "core/type.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace migrate::core::verify {

inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

// Whose text is read: the import takes years of four digits after Christ from a source, PostgreSQL
// prints all that its types hold.
enum class Side : unsigned char { source, target };

// What an ISO text says.
struct Moment {
    std::int64_t microseconds = 0; // in UTC when it has an offset, else as written
    bool has_offset = false;
    bool is_rounded = false; // more than six fraction digits, not all zeros
    std::int64_t local = 0;  // microseconds as written, whatever the offset
    std::int64_t offset = 0; // microseconds east of UTC
    std::int64_t day = 0;    // the date as written, days since 2000-01-01
};

struct TimeOfDay {
    std::int64_t microseconds = 0;
    bool is_rounded = false;
};

// "2024-01-02", with a time after a space or a T, with Z or an offset, with " BC" at the end: the
// shapes of ISO 8601 that SQLite's date functions write and PostgreSQL prints. Nothing for another
// text, a date that no calendar has, or an instant that timestamp cannot hold.
std::optional<Moment> parse_moment(std::string_view text, Side side) noexcept;

// A date alone, in the longer range of the type date.
std::optional<std::int64_t> parse_date(std::string_view text, Side side) noexcept;

// "HH:MM", "HH:MM:SS" with any fraction, up to 24:00:00.
std::optional<TimeOfDay> parse_time(std::string_view text) noexcept;

// The instant that a number counts in `unit`, when it lies in the years 1 to 9999; 0 is the epoch
// itself. A real is rounded half up to microseconds; is_rounded: no whole microsecond reads back to
// it. A Julian day that is some millisecond's number is that millisecond, as in SQLite.
std::optional<Moment> moment_of(std::int64_t value, EpochUnit unit) noexcept;
std::optional<Moment> moment_of(double value, EpochUnit unit) noexcept;

// "2024-01-02", "0044-03-15 BC".
std::string date_text(std::int64_t days);
// "03:04:05.678".
std::string time_text(std::int64_t microseconds);
// "2024-01-02 03:04:05.678".
std::string instant_text(std::int64_t microseconds);

} // namespace migrate::core::verify
