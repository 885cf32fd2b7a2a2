#include "catch.hpp"

#include "core/value/date_time.hpp"

#include <chrono>
#include <string>

using namespace migrate::core::value;

namespace {

std::int64_t micros(std::int64_t day, std::int64_t hour, std::int64_t minute, std::int64_t second,
                    std::int64_t fraction = 0) {
    return day * kMicrosPerDay + ((hour * 60 + minute) * 60 + second) * kMicrosPerSecond + fraction;
}

const std::int64_t kLeapDay = days_from_civil(2024, 2, 29);

} // namespace

TEST_CASE("days agree with the calendar of the standard library", "[value][date_time]") {
    using namespace std::chrono;
    const sys_days epoch{year{2000} / 1 / 1};
    int wrong = 0;
    for (sys_days day = sys_days{year{1} / 1 / 1}; day <= sys_days{year{9999} / 12 / 31};
         day += days{1}) {
        const year_month_day date{day};
        wrong += days_from_civil(int(date.year()), int(unsigned(date.month())),
                                 int(unsigned(date.day()))) != (day - epoch).count();
    }
    CHECK(wrong == 0);
}

TEST_CASE("dates", "[value][date_time]") {
    CHECK(parse_date("2000-01-01") == 0);
    CHECK(parse_date("1999-12-31") == -1);
    CHECK(parse_date("0001-01-01") == -730'119);
    CHECK(parse_date("9999-12-31") == 2'921'939);
    CHECK(parse_date("2024-02-29") == kLeapDay);
    CHECK(parse_date("2000-02-29"));
    const char *text =
        GENERATE("", "2023-02-29", "1900-02-29", "2024-02-30", "2024-04-31", "2024-13-01",
                 "2024-00-10", "2024-01-00", "2024-01-32", "0000-01-01", "-0001-01-01",
                 "10000-01-01", "24-01-01", "2024-1-1", "2024-01-01 ", " 2024-01-01", "2024/01/01",
                 "20240101", "2024-01-01T", "2024-01", "now", "2024-01-0x");
    CAPTURE(text);
    CHECK_FALSE(parse_date(text));
}

TEST_CASE("any byte in any place of a date and a time", "[value][date_time]") {
    const std::string date = "2024-10-11";
    const std::string clock = "12:34:56";
    // The digits that leave it a date in October, or a time, for each place.
    const std::string_view of_date[] = {"0123456789", "0123456789", "0123456789", "0123456789",
                                        "-",          "1",          "012",        "-",
                                        "0123",       "0123456789"};
    const std::string_view of_clock[] = {"012",        "0123456789", ":",      "012345",
                                         "0123456789", ":",          "012345", "0123456789"};
    int wrong = 0;
    for (int byte = 0; byte < 256; byte++) {
        const auto c = static_cast<char>(byte);
        for (std::size_t i = 0; i < date.size(); i++) {
            std::string text = date;
            text[i] = c;
            wrong += parse_date(text).has_value() != (of_date[i].find(c) != std::string_view::npos);
        }
        for (std::size_t i = 0; i < clock.size(); i++) {
            std::string text = clock;
            text[i] = c;
            wrong +=
                parse_time(text).has_value() != (of_clock[i].find(c) != std::string_view::npos);
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("date time: times", "[value][date_time]") {
    CHECK(parse_time("00:00")->micros == 0);
    CHECK(parse_time("23:59:59.999999")->micros == kMicrosPerDay - 1);
    CHECK(parse_time("12:34:56.7")->micros == micros(0, 12, 34, 56, 700'000));
    CHECK(parse_time("24:00:00")->micros == kMicrosPerDay);
    CHECK(parse_time("24:00")->micros == kMicrosPerDay);
    CHECK(parse_time("23:59:60")->micros == kMicrosPerDay);
    CHECK(parse_time("12:59:60.5")->micros == micros(0, 13, 0, 0, 500'000));
    const char *text = GENERATE("", "24:00:01", "24:00:00.000001", "23:59:60.1", "24:01", "25:00",
                                "12:60", "12:00:61", "1:00", "12", "12:3", "12:34:5", "12:34:56.",
                                "12:34:56,7", "12:34:56Z", "12:34 PM", "-1:00", "12:34.5", "1234",
                                "23:59:60.0000005", "12:34:56.7x", "12:34:56 ");
    CAPTURE(text);
    CHECK_FALSE(parse_time(text));
}

TEST_CASE("fractions are rounded half up to microseconds", "[value][date_time]") {
    struct Case {
        const char *text;
        std::int64_t micros;
        bool is_rounded;
    };
    const Case given = GENERATE(
        Case{"00:00:00.1", 100'000, false}, Case{"00:00:00.000001", 1, false},
        Case{"00:00:00.0000010", 1, false}, Case{"00:00:00.00000100000000000000000", 1, false},
        Case{"00:00:00.0000014", 1, true}, Case{"00:00:00.0000015", 2, true},
        Case{"00:00:00.00000149999999999999", 1, true}, Case{"00:00:00.0000004", 0, true},
        Case{"00:00:00.00000000000000000001", 0, true}, Case{"00:00:00.9999999", 1'000'000, true},
        Case{"23:59:59.9999999", kMicrosPerDay, true},
        Case{"23:59:60.0000004", kMicrosPerDay, true},
        Case{"24:00:00.0000000", kMicrosPerDay, false});
    CAPTURE(given.text);
    const auto time = parse_time(given.text);
    REQUIRE(time);
    CHECK(time->micros == given.micros);
    CHECK(time->is_rounded == given.is_rounded);
    CHECK(parse_time("00:00:00." + std::string(100'000, '9'))->micros == kMicrosPerSecond);
}

TEST_CASE("moments", "[value][date_time]") {
    CHECK(parse_date_time("2000-01-01")->local == 0);
    CHECK_FALSE(parse_date_time("2000-01-01")->has_zone);
    CHECK(parse_date_time("2024-02-29 12:34:56")->local == micros(kLeapDay, 12, 34, 56));
    CHECK(parse_date_time("2024-02-29T12:34")->local == micros(kLeapDay, 12, 34, 0));
    CHECK(parse_date_time("2024-02-29t12:34:56z")->has_zone);
    CHECK(parse_date_time("1999-12-31 23:59:59.999999")->local == -1);
    SECTION("the end of a day is the beginning of the next") {
        CHECK(parse_date_time("2024-02-29 24:00:00")->local == micros(kLeapDay + 1, 0, 0, 0));
        CHECK(parse_date_time("2024-02-29 24:00:00")->day == kLeapDay);
        CHECK(parse_date_time("2016-12-31 23:59:60Z")->utc() ==
              micros(days_from_civil(2017, 1, 1), 0, 0, 0));
        CHECK(parse_date_time("9999-12-31 23:59:59.9999999")->local ==
              micros(days_from_civil(10000, 1, 1), 0, 0, 0));
    }
    SECTION("offsets are subtracted") {
        CHECK(parse_date_time("2024-02-29T00:30:00+05:30")->utc() == micros(kLeapDay, -5, 0, 0));
        CHECK(parse_date_time("2024-02-29T23:00:00-0130")->utc() == micros(kLeapDay, 24, 30, 0));
        CHECK(parse_date_time("2024-02-29T23:00-08")->offset == -8 * 3600);
        CHECK(parse_date_time("2024-02-29 23:00:00.5 +01:02:03")->offset == 3723);
        CHECK(parse_date_time("2024-02-29 23:00:00-00:00")->has_zone);
        CHECK(parse_date_time("2024-02-29 23:00:00+15:59:59")->offset == 57'599);
        CHECK(parse_date_time("0001-01-01 00:00:00+01")->utc() == micros(-730'119, -1, 0, 0));
        CHECK(parse_date_time("2024-02-29 23:00 Z")->has_zone);
        // As Rails writes times, and HTTP.
        for (const char *text :
             {"2024-02-29 23:00:00 UTC", "2024-02-29 23:00:00utc", "2024-02-29T23:00 GMT"}) {
            INFO(text);
            REQUIRE(parse_date_time(text));
            CHECK(parse_date_time(text)->has_zone);
            CHECK(parse_date_time(text)->utc() == parse_date_time("2024-02-29T23:00Z")->utc());
        }
    }
}

TEST_CASE("what is no moment", "[value][date_time]") {
    const char *text = GENERATE(
        "", "2024-02-29 ", "2024-02-29T", "2024-02-29  12:00", "2024-02-29_12:00", "2024-02-29Z",
        "2024-02-29 12", "2024-02-29 12:00:00 ", "2024-02-29 12:00:00  Z", "2024-02-29 12:00:00+",
        "2024-02-29 12:00:00+1", "2024-02-29 12:00:00+16",
        "2024-02-29 12:00:00+01:", "2024-02-29 12:00:00+01:60", "2024-02-29 12:00:00+01:00:60",
        "2024-02-29 12:00:00+010", "2024-02-29 12:00:00+01:00:00:00", "2024-02-29 12:00:00+010000",
        "2024-02-29 12:00:00ZZ", "2024-02-29 12:00:00 UTC+1", "2024-02-29 12:00:00 UT",
        "2024-02-29 12:00:00  UTC", "2024-02-29 12:00:00 CET", "2024-02-29 12:00:00 Europe/Berlin",
        "2024-02-29 12:00:00 BC", "2024-02-29 12:00:00.Z", "2024-02-29 12:00:00,5",
        "2023-02-29 12:00:00", "12:00:00", "1709208000", "29.02.2024", "Thu, 29 Feb 2024",
        "2024-060", "2024-W09-4", "20240229T120000", "2024-02-29 24:00:01", "2024-02-29 12:00 PM",
        "infinity", "epoch", "today");
    CAPTURE(text);
    CHECK_FALSE(parse_date_time(text));
}
