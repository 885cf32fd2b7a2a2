#include "core/verify/canonical_time.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "core/core_only.hpp"

namespace migrate::core::verify {

namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

// The Gregorian calendar repeats after 400 years, so that any year can be looked up in chrono's
// range of 16 bits.
constexpr std::int64_t kCycleYears = 400;
constexpr std::int64_t kCycleDays = 146'097;
constexpr sys_days kEpoch{year{2000} / 1 / 1};

// PostgreSQL, table 8.9: dates to 5874897, timestamps to 294276, both from Julian day 0, which is
// the 24th of November of 4714 BC in the Gregorian calendar.
constexpr std::int64_t kFirstYear = -4713;
constexpr std::int64_t kLastDateYear = 5'874'897;
constexpr std::int64_t kLastTimestampYear = 294'276;
constexpr std::int64_t kLastSourceYear = 9999;

constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t by) noexcept {
    return value / by - (value % by < 0 ? 1 : 0);
}

// Days since 2000-01-01; nothing for a day that the calendar does not have.
std::optional<std::int64_t> to_days(std::int64_t y, unsigned m, unsigned d) noexcept {
    const std::int64_t cycle = floor_divide(y, kCycleYears);
    const year_month_day date{year{static_cast<int>(2000 + y - cycle * kCycleYears)}, month{m},
                              day{d}};
    if (!date.ok())
        return std::nullopt;
    return (sys_days{date} - kEpoch).count() + (cycle - 5) * kCycleDays;
}

// Reads a text from the left.
class Scanner {
  public:
    explicit Scanner(std::string_view text) noexcept : rest_(text) {}

    bool is_done() const noexcept { return rest_.empty(); }
    bool skip(char c) noexcept {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool skip_one_of(char a, char b) noexcept { return skip(a) || skip(b); }
    // A name in small letters that the text has in any case of letters.
    bool skip_name(std::string_view name) noexcept {
        if (rest_.size() < name.size() ||
            !std::ranges::equal(rest_.substr(0, name.size()), name, {},
                                [](char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; }))
            return false;
        rest_.remove_prefix(name.size());
        return true;
    }
    void skip_any() noexcept { rest_.remove_prefix(1); }
    // At a space or T that a digit follows: " BC" does not begin a time.
    bool is_before_time() const noexcept {
        return rest_.size() > 1 && (rest_[0] == ' ' || rest_[0] == 'T' || rest_[0] == 't') &&
               rest_[1] >= '0' && rest_[1] <= '9';
    }
    // At a space that stands before a zone.
    bool is_before_zone() const noexcept {
        return rest_.size() > 1 && rest_[0] == ' ' &&
               std::string_view("+-ZzUuGg").find(rest_[1]) != std::string_view::npos;
    }
    bool is_at_digit() const noexcept {
        return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
    }
    int digit() noexcept {
        const int value = rest_.front() - '0';
        rest_.remove_prefix(1);
        return value;
    }
    // A number of at least `least` and at most `most` digits.
    bool number(int least, int most, std::int64_t &value) noexcept {
        int count = 0;
        for (value = 0; count < most && is_at_digit(); ++count)
            value = value * 10 + digit();
        return count >= least;
    }

  private:
    std::string_view rest_;
};

struct Date {
    std::int64_t year = 0;
    std::int64_t month = 0;
    std::int64_t day = 0;
};

bool scan_date(Scanner &scanner, Side side, Date &date) noexcept {
    return scanner.number(4, side == Side::source ? 4 : 7, date.year) && scanner.skip('-') &&
           scanner.number(2, 2, date.month) && scanner.skip('-') && scanner.number(2, 2, date.day);
}

// Fraction digits of any number into microseconds, the seventh rounding half up.
void scan_fraction(Scanner &scanner, TimeOfDay &time) noexcept {
    std::int64_t unit = kMicrosPerSecond / 10;
    for (; unit > 0 && scanner.is_at_digit(); unit /= 10)
        time.microseconds += scanner.digit() * unit;
    for (bool is_seventh = true; scanner.is_at_digit(); is_seventh = false) {
        const int digit = scanner.digit();
        time.microseconds += is_seventh && digit >= 5 ? 1 : 0;
        time.is_rounded = time.is_rounded || digit != 0;
    }
}

// HH:MM[:SS[.fraction]]; a leap second is the next minute's first, 24:00:00 the end of the day, as
// PostgreSQL reads them.
bool scan_time(Scanner &scanner, TimeOfDay &time) noexcept {
    std::int64_t hour = 0;
    std::int64_t minute = 0;
    std::int64_t second = 0;
    if (!scanner.number(2, 2, hour) || !scanner.skip(':') || !scanner.number(2, 2, minute))
        return false;
    if (scanner.skip(':')) {
        if (!scanner.number(2, 2, second))
            return false;
        if (scanner.skip('.')) {
            if (!scanner.is_at_digit())
                return false;
            scan_fraction(scanner, time);
        }
    }
    if (hour > 24 || minute > 59 || second > 60)
        return false;
    time.microseconds += ((hour * 60 + minute) * 60 + second) * kMicrosPerSecond;
    return time.microseconds <= kMicrosPerDay;
}

// Z, UTC, GMT, +HH, +HHMM, +HH:MM or +HH:MM:SS into microseconds east of UTC; false for a malformed
// one.
bool scan_offset(Scanner &scanner, Moment &moment) noexcept {
    if (scanner.is_before_zone())
        scanner.skip_any();
    if (scanner.skip_one_of('Z', 'z') || scanner.skip_name("utc") || scanner.skip_name("gmt")) {
        moment.has_offset = true;
        return true;
    }
    const bool is_west = scanner.skip('-');
    if (!is_west && !scanner.skip('+'))
        return true;
    std::int64_t hours = 0;
    std::int64_t minutes = 0;
    std::int64_t seconds = 0;
    if (!scanner.number(2, 2, hours))
        return false;
    const bool has_colon = scanner.skip(':');
    if ((has_colon || scanner.is_at_digit()) && !scanner.number(2, 2, minutes))
        return false;
    if (has_colon && scanner.skip(':') && !scanner.number(2, 2, seconds))
        return false;
    if (hours > 15 || minutes > 59 || seconds > 59)
        return false;
    const std::int64_t offset = ((hours * 60 + minutes) * 60 + seconds) * kMicrosPerSecond;
    moment.offset = is_west ? -offset : offset;
    moment.has_offset = true;
    return true;
}

// " BC" turns the year n into 1 - n: there is no year 0.
bool scan_era(Scanner &scanner, Side side, Date &date) noexcept {
    if (side == Side::target && scanner.skip(' ')) {
        if (!scanner.skip('B') || !scanner.skip('C'))
            return false;
        date.year = 1 - date.year;
        return date.year <= 0;
    }
    return date.year > 0;
}

std::optional<std::int64_t> days_of(const Date &date, std::int64_t last_year) noexcept {
    if (date.year < kFirstYear || date.year > last_year)
        return std::nullopt;
    return to_days(date.year, static_cast<unsigned>(date.month), static_cast<unsigned>(date.day));
}

std::string era_date_text(std::int64_t days, bool &is_bc) {
    const std::int64_t cycle = floor_divide(days, kCycleDays);
    const year_month_day date{kEpoch + std::chrono::days{days - cycle * kCycleDays}};
    const std::int64_t y = static_cast<int>(date.year()) + cycle * kCycleYears;
    is_bc = y <= 0;
    char text[40];
    std::snprintf(text, sizeof text, "%04lld-%02u-%02u", static_cast<long long>(is_bc ? 1 - y : y),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

} // namespace

std::optional<Moment> parse_moment(std::string_view text, Side side) noexcept {
    Scanner scanner(text);
    Date date;
    TimeOfDay time;
    Moment moment;
    if (!scan_date(scanner, side, date))
        return std::nullopt;
    if (scanner.is_before_time()) {
        scanner.skip_any();
        if (!scan_time(scanner, time) || !scan_offset(scanner, moment))
            return std::nullopt;
    }
    if (!scan_era(scanner, side, date) || !scanner.is_done())
        return std::nullopt;
    const std::optional<std::int64_t> days =
        days_of(date, side == Side::source ? kLastSourceYear : kLastTimestampYear);
    if (!days)
        return std::nullopt;
    moment.local = *days * kMicrosPerDay + time.microseconds;
    moment.microseconds = moment.local - moment.offset;
    moment.day = *days;
    moment.is_rounded = time.is_rounded;
    return moment;
}

std::optional<std::int64_t> parse_date(std::string_view text, Side side) noexcept {
    Scanner scanner(text);
    Date date;
    if (!scan_date(scanner, side, date) || !scan_era(scanner, side, date) || !scanner.is_done())
        return std::nullopt;
    return days_of(date, side == Side::source ? kLastSourceYear : kLastDateYear);
}

std::optional<TimeOfDay> parse_time(std::string_view text) noexcept {
    Scanner scanner(text);
    TimeOfDay time;
    if (!scan_time(scanner, time) || !scanner.is_done())
        return std::nullopt;
    return time;
}

std::string date_text(std::int64_t days) {
    bool is_bc = false;
    std::string text = era_date_text(days, is_bc);
    return is_bc ? text + " BC" : text;
}

std::string time_text(std::int64_t microseconds) {
    const std::int64_t seconds = microseconds / kMicrosPerSecond;
    char text[40];
    std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld.%06lld",
                  static_cast<long long>(seconds / 3600), static_cast<long long>(seconds / 60 % 60),
                  static_cast<long long>(seconds % 60),
                  static_cast<long long>(microseconds % kMicrosPerSecond));
    std::string result = text;
    result.erase(result.find_last_not_of('0') + 1);
    if (result.back() == '.')
        result.pop_back();
    return result.size() < 8 ? std::string(text).substr(0, 8) : result;
}

std::string instant_text(std::int64_t microseconds) {
    const std::int64_t days = floor_divide(microseconds, kMicrosPerDay);
    bool is_bc = false;
    const std::string date = era_date_text(days, is_bc);
    const std::string time = time_text(microseconds - days * kMicrosPerDay);
    return date + " " + time + (is_bc ? " BC" : "");
}

} // namespace migrate::core::verify
