#include "core/value/date_time.hpp"

#include <array>
#include <bit>
#include <cstring>

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

using Eight = std::array<unsigned char, 8>;

// Eight characters read at once: '0' in the layout stands for any digit, all else for itself.
class Layout {
  public:
    consteval explicit Layout(const char (&layout)[9]) {
        Eight characters{}, sixes{}, wrong{};
        for (std::size_t i = 0; i < characters.size(); i++) {
            characters[i] = static_cast<unsigned char>(layout[i]);
            sixes[i] = layout[i] == '0' ? 6 : 0;
            wrong[i] = layout[i] == '0' ? 0xF0 : 0xFF;
        }
        characters_ = std::bit_cast<std::uint64_t>(characters);
        sixes_ = std::bit_cast<std::uint64_t>(sixes);
        wrong_ = std::bit_cast<std::uint64_t>(wrong);
    }
    // The digits' values at their places.
    bool read(const char *text, Eight &digits) const noexcept {
        std::uint64_t word = 0;
        std::memcpy(&word, text, sizeof(word));
        word ^= characters_;
        digits = std::bit_cast<Eight>(word);
        // A digit is below 10, so that 6 more do not reach 16; a byte above, which might carry into
        // its neighbour, is wrong itself.
        return (((word + sixes_) | word) & wrong_) == 0;
    }

  private:
    std::uint64_t characters_ = 0;
    std::uint64_t sixes_ = 0;
    std::uint64_t wrong_ = 0;
};

constexpr Layout kYearAndMonth("0000-00-");
constexpr Layout kClock("00:00:00");

int two_digits(const Eight &digits, std::size_t at) noexcept {
    return digits[at] * 10 + digits[at + 1];
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
    // A name in capitals that the text has in any case of letters.
    bool take_name(std::string_view name) noexcept {
        if (static_cast<std::size_t>(end_ - at_) < name.size())
            return false;
        for (std::size_t i = 0; i < name.size(); i++)
            if ((at_[i] & ~0x20) != name[i])
                return false;
        at_ += name.size();
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
    bool take_eight(const Layout &layout, Eight &digits) noexcept {
        if (end_ - at_ < 8 || !layout.read(at_, digits))
            return false;
        at_ += 8;
        return true;
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
    Eight digits;
    int day = 0;
    if (!cursor.take_eight(kYearAndMonth, digits) || !cursor.take_two(31, day))
        return false;
    const int year = two_digits(digits, 0) * 100 + two_digits(digits, 2);
    const int month = two_digits(digits, 5);
    // The year before 1 is 1 BC: PostgreSQL refuses year 0000.
    if (year == 0 || month == 0 || month > 12 || day == 0 || day > days_in_month(year, month))
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

bool take_clock(Cursor &cursor, int &seconds, bool &has_second) noexcept {
    int hour = 0, minute = 0, second = 0;
    Eight digits;
    if (cursor.take_eight(kClock, digits)) {
        hour = two_digits(digits, 0);
        minute = two_digits(digits, 3);
        second = two_digits(digits, 6);
        has_second = true;
    } else {
        if (!cursor.take_two(99, hour) || !cursor.take(':') || !cursor.take_two(99, minute))
            return false;
        has_second = cursor.take(':');
        if (has_second && !cursor.take_two(99, second))
            return false;
    }
    seconds = (hour * 60 + minute) * 60 + second;
    return hour <= 24 && minute <= 59 && second <= 60;
}

bool take_time(Cursor &cursor, TimeOfDay &time) noexcept {
    int seconds = 0;
    bool has_second = false;
    if (!take_clock(cursor, seconds, has_second))
        return false;
    time.micros = seconds * kMicrosPerSecond;
    if (has_second && cursor.take('.') && !take_fraction(cursor, time))
        return false;
    // PostgreSQL's time_overflows: hour 24 and second 60 are fine up to the end of the day.
    return time.micros <= kMicrosPerDay;
}

bool take_zone(Cursor &cursor, DateTime &moment) noexcept {
    cursor.take(' ');
    moment.has_zone = true;
    if (cursor.take_name("Z") || cursor.take_name("UTC") || cursor.take_name("GMT"))
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
