#include "core/fdw/stored_moment.hpp"

#include "core/value/date_time.hpp"
#include "core/value/epoch.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <string_view>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

using plan::Affinity;
using value::kMicrosPerDay;
using value::kMicrosPerSecond;

// What is read back: the years 0001 to 9999 (value/date_time.hpp).
constexpr std::int64_t kFirstDay = -730'119;
constexpr std::int64_t kEndDay = 2'921'940;
// From the epochs to 2000-01-01.
constexpr std::int64_t kUnixSeconds = 946'684'800;
constexpr std::int64_t kAppleSeconds = -366 * value::kSecondsPerDay;
constexpr double kJulianDay = 2451544.5;

using TextBuffer = std::array<char, 48>;

std::string_view date_text(std::int64_t day, TextBuffer &buffer) {
    using namespace std::chrono;
    const year_month_day date(sys_days(year{2000} / January / 1) + days(day));
    const int size =
        std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return {buffer.data(), static_cast<std::size_t>(size)};
}

// "HH:MM:SS" with the digits of the fraction that count.
std::string_view time_text(std::int64_t micros, TextBuffer &buffer) {
    const std::int64_t seconds = micros / kMicrosPerSecond;
    int size =
        std::snprintf(buffer.data(), buffer.size(), "%02d:%02d:%02d.%06d",
                      static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                      static_cast<int>(seconds % 60), static_cast<int>(micros % kMicrosPerSecond));
    while (buffer[static_cast<std::size_t>(size) - 1] == '0')
        --size;
    if (micros % kMicrosPerSecond == 0)
        size = 8;
    return {buffer.data(), static_cast<std::size_t>(size)};
}

std::int64_t day_of(std::int64_t micros) noexcept {
    const std::int64_t day = micros / kMicrosPerDay;
    return micros % kMicrosPerDay < 0 ? day - 1 : day;
}

bool set_text(Cell &cell, const StoredColumn &column, Batch &arena) {
    TextBuffer date{};
    TextBuffer time{};
    std::string text;
    if (column.kind == TypeKind::time) {
        text = time_text(cell.integer, time);
    } else {
        const std::int64_t day =
            column.kind == TypeKind::date ? cell.integer : day_of(cell.integer);
        if (day < kFirstDay || day >= kEndDay)
            return false;
        text = date_text(day, date);
        if (column.kind != TypeKind::date)
            (text += ' ') += time_text(cell.integer - day * kMicrosPerDay, time);
        if (column.kind == TypeKind::timestamptz && column.is_zone_told)
            text += "+00:00";
    }
    arena.set_bytes(cell, StorageClass::text, text);
    return true;
}

// A whole number of the unit where that is exact, else a real.
void set_count(Cell &cell, std::int64_t micros, std::int64_t unit) {
    if (micros % unit == 0)
        cell.set_integer(micros / unit);
    else
        cell.set_real(static_cast<double>(micros) / static_cast<double>(unit));
}

bool set_number(Cell &cell, std::int64_t micros, EpochUnit unit) {
    const std::int64_t since =
        micros + (unit == EpochUnit::apple ? kAppleSeconds : kUnixSeconds) * kMicrosPerSecond;
    std::int64_t nanoseconds = 0;
    switch (unit) {
    case EpochUnit::seconds:
    case EpochUnit::apple:
        set_count(cell, since, kMicrosPerSecond);
        return true;
    case EpochUnit::milliseconds:
        set_count(cell, since, 1000);
        return true;
    case EpochUnit::microseconds:
        cell.set_integer(since);
        return true;
    case EpochUnit::nanoseconds:
        if (__builtin_mul_overflow(since, 1000, &nanoseconds))
            return false;
        cell.set_integer(nanoseconds);
        return true;
    case EpochUnit::julian:
        cell.set_real(static_cast<double>(micros) / static_cast<double>(kMicrosPerDay) +
                      kJulianDay);
        return true;
    case EpochUnit::none:
        break;
    }
    return false;
}

// The reader's own conversion decides: a real counts only so finely.
bool reads_back(const Cell &stored, std::int64_t original, const StoredColumn &column,
                Batch &arena) {
    Cell cell = stored;
    apply_affinity(cell, column.affinity, arena);
    const Fit fit = convert_cell(cell, column.rule, arena);
    return (fit == Fit::fits || fit == Fit::rounded) && cell.integer == original;
}

} // namespace

bool make_stored_moment(Cell &cell, const StoredColumn &column, Batch &arena) {
    const bool is_text = column.kind == TypeKind::time || column.rule.epoch == EpochUnit::none ||
                         column.rule.type.kind != column.kind;
    // A number would become a text of digits, which is no time.
    if (is_text || column.affinity == Affinity::text)
        return set_text(cell, column, arena);
    const std::int64_t original = cell.integer;
    const bool is_date = column.kind == TypeKind::date;
    const std::int64_t day = is_date ? original : day_of(original);
    if (day < kFirstDay || day >= kEndDay)
        return false;
    return set_number(cell, is_date ? original * kMicrosPerDay : original, column.rule.epoch) &&
           reads_back(cell, original, column, arena);
}

} // namespace migrate::core::fdw
