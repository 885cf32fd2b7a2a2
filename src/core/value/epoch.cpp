#include "core/value/epoch.hpp"

#include "core/value/date_time.hpp"
#include "core/value/decimal.hpp"

#include <cmath>

#include "core/core_only.hpp"

namespace migrate::core::value {
namespace {

constexpr std::int64_t kUnixEpoch = -946'684'800 * kMicrosPerSecond;
constexpr std::int64_t kAppleEpoch = 366 * kMicrosPerDay; // 2001-01-01; 2000 was a leap year
// Julian day 2451544.5 is 2000-01-01 00:00: in half days, so that it stays a whole number.
constexpr std::int64_t kJulianEpoch = -4'903'089 * (kMicrosPerDay / 2);
constexpr std::int64_t kJulianEpochMillis = kJulianEpoch / 1000;

constexpr std::int64_t kFirstMicro = -730'119 * kMicrosPerDay; // 0001-01-01
constexpr std::int64_t kEndMicro = 2'921'940 * kMicrosPerDay;  // 10000-01-01

constexpr double kExactDouble = 9007199254740992.0; // 2^53

struct Micros {
    std::int64_t count = 0;
    bool is_rounded = false;
};

std::int64_t epoch_of(EpochUnit unit) noexcept {
    if (unit == EpochUnit::julian)
        return kJulianEpoch;
    return unit == EpochUnit::apple ? kAppleEpoch : kUnixEpoch;
}

std::optional<Instant> in_range(std::int64_t micros, bool is_rounded) noexcept {
    if (micros < kFirstMicro || micros >= kEndMicro)
        return std::nullopt;
    return Instant{micros, is_rounded};
}

// Microseconds in one of the unit; 0 for those that are not whole microseconds or not linear.
std::int64_t micros_per(EpochUnit unit) noexcept {
    switch (unit) {
    case EpochUnit::seconds:
    case EpochUnit::apple:
        return kMicrosPerSecond;
    case EpochUnit::milliseconds:
        return 1000;
    case EpochUnit::microseconds:
        return 1;
    case EpochUnit::julian:
        return kMicrosPerDay;
    case EpochUnit::none:
    case EpochUnit::nanoseconds:
        break;
    }
    return 0;
}

std::optional<Instant> nanoseconds(std::int64_t number) noexcept {
    std::int64_t micros = number / 1000;
    std::int64_t rest = number % 1000;
    if (rest < 0) {
        rest += 1000;
        micros--;
    }
    return in_range(kUnixEpoch + micros + (rest >= 500 ? 1 : 0), rest != 0);
}

// The whole and the fractional part are scaled apart: their product would not fit a double's 53
// bits far from 1970. Beyond 2^53 µs the neighbours of a double are more than 1 µs away, so that
// the nearest microsecond always reads back to it.
Micros scale(double number, std::int64_t per) noexcept {
    double whole = std::floor(number);
    auto part = std::floor((number - whole) * static_cast<double>(per) + 0.5);
    Micros micros;
    micros.count = static_cast<std::int64_t>(whole) * per + static_cast<std::int64_t>(part);
    auto count = static_cast<double>(micros.count);
    micros.is_rounded =
        std::abs(count) <= kExactDouble && count / static_cast<double>(per) != number;
    return micros;
}

// SQLite keeps times in whole milliseconds and julianday() divides them by 86400000 (date.c), while
// a double of a Julian day is 40 µs coarse: what is a millisecond's number is that millisecond.
Instant julian(double number) noexcept {
    constexpr double kMillisPerDay = 86'400'000;
    double millis = std::floor(number * kMillisPerDay + 0.5);
    if (millis / kMillisPerDay == number)
        return {(static_cast<std::int64_t>(millis) + kJulianEpochMillis) * 1000, false};
    return {scale(number, kMicrosPerDay).count + kJulianEpoch, true};
}

} // namespace

std::optional<Instant> instant_of(std::int64_t number, EpochUnit unit) noexcept {
    if (unit == EpochUnit::none)
        return std::nullopt;
    if (number == 0)
        return Instant{epoch_of(unit), false};
    if (unit == EpochUnit::nanoseconds)
        return nanoseconds(number);
    std::int64_t per = micros_per(unit);
    // No unit reaches the year 9999 with more than this, and the product stays within 64 bits.
    std::int64_t most = (kEndMicro - kJulianEpoch) / per;
    if (number > most || number < -most)
        return std::nullopt;
    return in_range(epoch_of(unit) + number * per, false);
}

std::optional<Instant> instant_of(double number, EpochUnit unit) noexcept {
    if (std::optional<std::int64_t> whole = exact_integer(number))
        return instant_of(*whole, unit);
    // What is left has a fraction and is below 2^53, or is out of every range, or is NaN.
    if (unit == EpochUnit::none || !(std::abs(number) < kExactDouble))
        return std::nullopt;
    if (unit == EpochUnit::nanoseconds) {
        auto instant = nanoseconds(static_cast<std::int64_t>(std::floor(number)));
        if (instant)
            instant->is_rounded = true;
        return instant;
    }
    std::int64_t per = micros_per(unit);
    if (std::abs(number) > static_cast<double>((kEndMicro - kJulianEpoch) / per + 1))
        return std::nullopt;
    if (unit == EpochUnit::julian) {
        Instant instant = julian(number);
        return in_range(instant.micros, instant.is_rounded);
    }
    Micros micros = scale(number, per);
    return in_range(epoch_of(unit) + micros.count, micros.is_rounded);
}

} // namespace migrate::core::value
