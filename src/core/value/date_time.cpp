#include "core/value/date_time.hpp"

#include "core/core_only.hpp"

namespace migrate::core::value {
namespace {

constexpr int kDaysBeforeMonth[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
constexpr std::int64_t kDaysBefore2000 = 730'119; // from 0001-01-01
constexpr int kMaxOffsetHour = 15;                // PostgreSQL's MAX_TZDISP_HOUR
constexpr int kFractionDigits = 6;

bool is_leap_year(std::int64_t year) noexcept {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(std::int64_t year, int month) noexcept {
    int days = kDaysBeforeMonth[month] - kDaysBeforeMonth[month - 1];
    return month == 2 && is_leap_year(year) ? days + 1 : days;
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// Reads from the front of a text; what does not match is left where it is.
class Cursor {
  public:
    explicit Cursor(std::string_view text) noexcept
        : at_(text.data()), end_(text.data() + text.size()) {}

    bool is_at_end() const noexcept { return at_ == end_; }
    char peek() const noexcept { return is_at_end() ? '\0' : *at_; }
    bool take(char wanted) noexcept {
        if (is_at_end() || *at_ != wanted)
            return false;
        at_++;
        return true;
    }
    // Exactly two digits, at most `most`.
    bool take_two(int most, int &value) noexcept {
        if (end_ - at_ < 2 || !is_digit(at_[0]) || !is_digit(at_[1]))
            return false;
        value = (at_[0] - '0') * 10 + (at_[1] - '0');
        at_ += 2;
        return value <= most;
    }
    bool take_digit(int &value) noexcept {
        if (is_at_end() || !is_digit(*at_))
            return false;
        value = *at_++ - '0';
        return true;
    }

  private:
    const char *at_;
    const char *end_;
};

bool take_date(Cursor &cursor, std::int64_t &days) noexcept {
    int century = 0, year_of_century = 0, month = 0, day = 0;
    if (!cursor.take_two(99, century) || !cursor.take_two(99, year_of_century))
        return false;
    if (!cursor.take('-') || !cursor.take_two(12, month) || !cursor.take('-') ||
        !cursor.take_two(31, day))
        return false;
    std::int64_t year = century * 100 + year_of_century;
    // The year before 1 is 1 BC: PostgreSQL refuses year 0000.
    if (year == 0 || month == 0 || day == 0 || day > days_in_month(year, month))
        return false;
    days = days_from_civil(year, month, day);
    return true;
}

// The digits after the point, any number of them, half up to microseconds.
bool take_fraction(Cursor &cursor, TimeOfDay &time) noexcept {
    int digit = 0, count = 0;
    std::int64_t micros = 0;
    bool is_up = false;
    for (; cursor.take_digit(digit); count = count < kFractionDigits + 1 ? count + 1 : count) {
        if (count < kFractionDigits)
            micros = micros * 10 + digit;
        else if (count == kFractionDigits)
            is_up = digit >= 5;
        time.is_rounded |= count >= kFractionDigits && digit != 0;
    }
    for (int i = count; i < kFractionDigits; i++)
        micros *= 10;
    time.micros += micros + (is_up ? 1 : 0);
    return count > 0;
}

bool take_time(Cursor &cursor, TimeOfDay &time) noexcept {
    int hour = 0, minute = 0, second = 0;
    if (!cursor.take_two(24, hour) || !cursor.take(':') || !cursor.take_two(59, minute))
        return false;
    bool has_second = cursor.take(':');
    if (has_second && !cursor.take_two(60, second))
        return false;
    time.micros = ((hour * 60 + minute) * 60 + second) * kMicrosPerSecond;
    if (has_second && cursor.take('.') && !take_fraction(cursor, time))
        return false;
    // PostgreSQL's time_overflows: hour 24 and second 60 are fine up to the end of the day.
    return time.micros <= kMicrosPerDay;
}

bool take_zone(Cursor &cursor, DateTime &moment) noexcept {
    cursor.take(' ');
    moment.has_zone = true;
    if (cursor.take('Z') || cursor.take('z'))
        return true;
    bool is_west = cursor.peek() == '-';
    if (!cursor.take('-') && !cursor.take('+'))
        return false;
    int hour = 0, minute = 0, second = 0;
    if (!cursor.take_two(kMaxOffsetHour, hour))
        return false;
    if (cursor.take(':')) {
        if (!cursor.take_two(59, minute))
            return false;
        if (cursor.take(':') && !cursor.take_two(59, second))
            return false;
    } else if (!cursor.is_at_end() && !cursor.take_two(59, minute)) {
        return false;
    }
    moment.offset = (hour * 60 + minute) * 60 + second;
    if (is_west)
        moment.offset = -moment.offset;
    return true;
}

} // namespace

std::int64_t days_from_civil(std::int64_t year, int month, int day) noexcept {
    std::int64_t before = year - 1;
    std::int64_t days = before * 365 + before / 4 - before / 100 + before / 400;
    days += kDaysBeforeMonth[month - 1] + (month > 2 && is_leap_year(year) ? 1 : 0);
    return days + day - 1 - kDaysBefore2000;
}

std::optional<std::int64_t> parse_date(std::string_view text) noexcept {
    Cursor cursor(text);
    std::int64_t days = 0;
    if (!take_date(cursor, days) || !cursor.is_at_end())
        return std::nullopt;
    return days;
}

std::optional<TimeOfDay> parse_time(std::string_view text) noexcept {
    Cursor cursor(text);
    TimeOfDay time;
    if (!take_time(cursor, time) || !cursor.is_at_end())
        return std::nullopt;
    return time;
}

std::optional<DateTime> parse_date_time(std::string_view text) noexcept {
    Cursor cursor(text);
    DateTime moment;
    if (!take_date(cursor, moment.day))
        return std::nullopt;
    moment.local = moment.day * kMicrosPerDay;
    if (cursor.is_at_end())
        return moment;
    // RFC 3339, section 5.6 allows 't' and 'z' in lower case, and so does PostgreSQL.
    if (!cursor.take(' ') && !cursor.take('T') && !cursor.take('t'))
        return std::nullopt;
    TimeOfDay time;
    if (!take_time(cursor, time))
        return std::nullopt;
    moment.local += time.micros;
    moment.is_rounded = time.is_rounded;
    if (!cursor.is_at_end() && !take_zone(cursor, moment))
        return std::nullopt;
    if (!cursor.is_at_end())
        return std::nullopt;
    return moment;
}

} // namespace migrate::core::value
