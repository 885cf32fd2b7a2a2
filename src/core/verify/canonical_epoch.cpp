#include "core/verify/canonical.hpp"
#include "core/verify/canonical_time.hpp"

#include <chrono>
#include <cmath>

#include "core/core_only.hpp"

namespace migrate::core::verify {

namespace {

using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year;

constexpr sys_days kEpoch{year{2000} / 1 / 1};

constexpr std::int64_t micros_until(sys_days day) noexcept {
    return microseconds{day - kEpoch}.count();
}

constexpr std::int64_t kUnix = micros_until(sys_days{year{1970} / 1 / 1});
constexpr std::int64_t kApple = micros_until(sys_days{year{2001} / 1 / 1});
// Julian day 0 is noon of the 24th of November of the year -4713.
constexpr std::int64_t kJulian = micros_until(sys_days{year{-4713} / 11 / 24}) + kMicrosPerDay / 2;
constexpr std::int64_t kFirst = micros_until(sys_days{year{1} / 1 / 1});
constexpr std::int64_t kEnd = micros_until(sys_days{year{10000} / 1 / 1});

struct Unit {
    std::int64_t origin = kUnix;
    std::int64_t micros = 0;  // microseconds in one
    std::int64_t divisor = 1; // … divided by this
};

std::optional<Unit> unit_of(EpochUnit unit) noexcept {
    switch (unit) {
    case EpochUnit::seconds:
        return Unit{kUnix, kMicrosPerSecond, 1};
    case EpochUnit::milliseconds:
        return Unit{kUnix, 1000, 1};
    case EpochUnit::microseconds:
        return Unit{kUnix, 1, 1};
    case EpochUnit::nanoseconds:
        return Unit{kUnix, 1, 1000};
    case EpochUnit::julian:
        return Unit{kJulian, kMicrosPerDay, 1};
    case EpochUnit::apple:
        return Unit{kApple, kMicrosPerSecond, 1};
    case EpochUnit::none:
        break;
    }
    return std::nullopt;
}

std::optional<Moment> make_moment(__int128 micros, bool is_rounded) noexcept {
    if (micros < kFirst || micros >= kEnd)
        return std::nullopt;
    Moment moment;
    moment.microseconds = static_cast<std::int64_t>(micros);
    moment.local = moment.microseconds;
    moment.has_offset = true; // a number counts from an instant, whatever the zone
    moment.is_rounded = is_rounded;
    return moment;
}

// SQLite's julianday() gives whole milliseconds divided by the day's 86400000 (its date.c).
std::optional<double> whole_millisecond(double days) noexcept {
    const double milliseconds = std::floor(days * 86'400'000.0 + 0.5);
    if (milliseconds / 86'400'000.0 != days)
        return std::nullopt;
    return milliseconds;
}

} // namespace

std::optional<Moment> moment_of(std::int64_t value, EpochUnit unit) noexcept {
    const std::optional<Unit> scale = unit_of(unit);
    if (!scale)
        return std::nullopt;
    if (value == 0) { // the epoch itself, also where it lies before the year 1
        Moment moment;
        moment.microseconds = moment.local = scale->origin;
        moment.has_offset = true;
        return moment;
    }
    const __int128 scaled = __int128{value} * scale->micros;
    __int128 micros = scaled / scale->divisor;
    auto rest = static_cast<std::int64_t>(scaled % scale->divisor);
    if (rest < 0) { // half up, before the epoch as well
        rest += scale->divisor;
        --micros;
    }
    const bool is_up = rest * 2 >= scale->divisor && rest != 0;
    return make_moment(scale->origin + micros + (is_up ? 1 : 0), rest != 0);
}

std::optional<Moment> moment_of(double value, EpochUnit unit) noexcept {
    const std::optional<Unit> scale = unit_of(unit);
    // What does not fit 64 bits is beyond the year 9999 in every unit; NaN fails the comparison.
    if (!scale || !(std::fabs(value) < 0x1p63))
        return std::nullopt;
    double whole = 0;
    double part = std::modf(value, &whole);
    if (part == 0)
        return moment_of(static_cast<std::int64_t>(whole), unit);
    if (unit == EpochUnit::julian) {
        if (const std::optional<double> milliseconds = whole_millisecond(value))
            return make_moment(kJulian + __int128(*milliseconds) * 1000, false);
    }
    if (part < 0) {
        part = value - std::floor(value);
        whole = std::floor(value);
    }
    if (scale->divisor > 1) { // a fraction of a nanosecond
        auto moment = moment_of(static_cast<std::int64_t>(whole), unit);
        if (moment)
            moment->is_rounded = true;
        return moment;
    }
    const double micros = std::floor(part * static_cast<double>(scale->micros) + 0.5);
    const __int128 count = __int128(whole) * scale->micros + __int128(micros);
    const auto counted = static_cast<double>(count);
    // A Julian day that is no whole millisecond did not come from whole microseconds either.
    const bool is_rounded =
        unit == EpochUnit::julian ||
        (std::fabs(counted) <= 0x1p53 && counted / static_cast<double>(scale->micros) != value);
    return make_moment(scale->origin + count, is_rounded);
}

EpochUnit unit_of_range(double lowest, double highest) noexcept {
    constexpr double kSeconds2000 = 946'684'800.0;   // 2000-01-01
    constexpr double kSeconds2100 = 4'102'444'800.0; // 2100-01-01
    constexpr double kJulian2000 = 2'451'544.5;
    constexpr double kJulian2100 = 2'488'069.5;
    struct Range {
        EpochUnit unit;
        double from;
        double to;
    };
    constexpr Range kRanges[] = {
        {EpochUnit::seconds, kSeconds2000, kSeconds2100},
        {EpochUnit::milliseconds, kSeconds2000 * 1e3, kSeconds2100 * 1e3},
        {EpochUnit::microseconds, kSeconds2000 * 1e6, kSeconds2100 * 1e6},
        {EpochUnit::nanoseconds, kSeconds2000 * 1e9, kSeconds2100 * 1e9},
        {EpochUnit::julian, kJulian2000, kJulian2100},
    };
    for (const Range &range : kRanges)
        if (lowest >= range.from && highest >= lowest && highest < range.to)
            return range.unit;
    return EpochUnit::none;
}

} // namespace migrate::core::verify
