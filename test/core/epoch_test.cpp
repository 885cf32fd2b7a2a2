#include "catch.hpp"

#include "core/value/date_time.hpp"
#include "core/value/epoch.hpp"

#include <cmath>
#include <limits>
#include <sqlite3.h>
#include <string>

using namespace migrate::core;
using namespace migrate::core::value;

namespace {

std::int64_t at(const char *text) {
    return parse_date_time(text)->local;
}

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// What SQLite itself makes of a date function's real.
double julianday(const std::string &text) {
    sqlite3 *database = nullptr;
    sqlite3_open(":memory:", &database);
    sqlite3_stmt *statement = nullptr;
    sqlite3_prepare_v2(database, "SELECT julianday(?)", -1, &statement, nullptr);
    sqlite3_bind_text(statement, 1, text.c_str(), -1, SQLITE_TRANSIENT);
    sqlite3_step(statement);
    const double day = sqlite3_column_double(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return day;
}

} // namespace

TEST_CASE("integers of every unit", "[value][epoch]") {
    const std::int64_t instant = at("2023-11-14 22:13:20");
    CHECK(instant_of(std::int64_t{1'700'000'000}, EpochUnit::seconds)->micros == instant);
    CHECK(instant_of(std::int64_t{1'700'000'000'000}, EpochUnit::milliseconds)->micros == instant);
    CHECK(instant_of(std::int64_t{1'700'000'000'000'001}, EpochUnit::microseconds)->micros ==
          instant + 1);
    CHECK(instant_of(std::int64_t{1'700'000'000'000'001'000}, EpochUnit::nanoseconds)->micros ==
          instant + 1);
    CHECK(instant_of(std::int64_t{632'958'212}, EpochUnit::apple)->micros ==
          at("2021-01-21 21:43:32"));
    CHECK(instant_of(std::int64_t{2'451'545}, EpochUnit::julian)->micros ==
          at("2000-01-01 12:00:00"));
    CHECK_FALSE(instant_of(std::int64_t{1'700'000'000}, EpochUnit::none));
    CHECK_FALSE(instant_of(0.0, EpochUnit::none));
}

TEST_CASE("zero is the epoch itself", "[value][epoch]") {
    CHECK(instant_of(std::int64_t{0}, EpochUnit::nanoseconds)->micros == at("1970-01-01"));
    CHECK(instant_of(0.0, EpochUnit::seconds)->micros == at("1970-01-01"));
    CHECK(instant_of(-0.0, EpochUnit::apple)->micros == at("2001-01-01"));
    CHECK(instant_of(std::int64_t{0}, EpochUnit::julian)->micros ==
          at("2000-01-01 12:00") - 2'451'545 * kMicrosPerDay);
    CHECK_FALSE(instant_of(std::int64_t{1}, EpochUnit::julian));
}

TEST_CASE("nanoseconds are rounded half up", "[value][epoch]") {
    const std::int64_t epoch = at("1970-01-01");
    auto nanos = [](std::int64_t n) { return *instant_of(n, EpochUnit::nanoseconds); };
    CHECK(nanos(1'499).micros == epoch + 1);
    CHECK(nanos(1'500).micros == epoch + 2);
    CHECK(nanos(1'500).is_rounded);
    CHECK_FALSE(nanos(2'000).is_rounded);
    CHECK(nanos(-1).micros == epoch);
    CHECK(nanos(-500).micros == epoch);
    CHECK(nanos(-501).micros == epoch - 1);
    CHECK(nanos(kMost).is_rounded);
    CHECK(instant_of(1.5, EpochUnit::nanoseconds)->is_rounded);
}

TEST_CASE("reals with fractions", "[value][epoch]") {
    const std::int64_t instant = at("2023-11-14 22:13:20");
    auto seconds = [](double n) { return *instant_of(n, EpochUnit::seconds); };
    CHECK(seconds(1'700'000'000.25).micros == instant + 250'000);
    CHECK_FALSE(seconds(1'700'000'000.25).is_rounded);
    CHECK(seconds(1'700'000'000.123456).micros == instant + 123'456);
    CHECK_FALSE(seconds(1'700'000'000.123456).is_rounded);
    CHECK(seconds(1'700'000'000.1234567).micros == instant + 123'457);
    CHECK(seconds(1'700'000'000.1234567).is_rounded);
    CHECK(seconds(-0.5).micros == at("1969-12-31 23:59:59.5"));
    CHECK(seconds(-1e-20).micros == at("1970-01-01"));
    CHECK(seconds(-1e-20).is_rounded);
    CHECK(seconds(5e-324).is_rounded);
    CHECK(instant_of(1'700'000'000'000.5, EpochUnit::milliseconds)->micros == instant + 500);
    CHECK(instant_of(1.5, EpochUnit::microseconds)->is_rounded);
    CHECK(instant_of(1.0, EpochUnit::microseconds)->micros == at("1970-01-01") + 1);
    CHECK(instant_of(632'958'212.5, EpochUnit::apple)->micros == at("2021-01-21 21:43:32.5"));
}

TEST_CASE("a microsecond of any year reads back from its real", "[value][epoch]") {
    int wrong = 0;
    for (std::int64_t micros = 123'456; micros < 4'102'444'800'000'000;
         micros += 7'777'777'777'77) {
        const double real = double(micros) / 1e6;
        const auto instant = instant_of(real, EpochUnit::seconds);
        wrong += !instant || instant->is_rounded || instant->micros != at("1970-01-01") + micros;
    }
    CHECK(wrong == 0);
}

TEST_CASE("Julian days of SQLite's own functions", "[value][epoch]") {
    const char *text =
        GENERATE("2024-02-29 12:34:56", "2024-02-29 12:34:56.789", "2000-01-01",
                 "0001-01-01 00:00:01", "9999-12-31 23:59:59.999", "1999-12-31 23:59:59.001");
    CAPTURE(text);
    const auto instant = instant_of(julianday(text), EpochUnit::julian);
    REQUIRE(instant);
    CHECK(instant->micros == at(text));
    CHECK_FALSE(instant->is_rounded);
}

TEST_CASE("Julian days finer than a millisecond are rounded", "[value][epoch]") {
    const auto instant = instant_of(2'460'000.1234567, EpochUnit::julian);
    REQUIRE(instant);
    CHECK(instant->is_rounded);
    CHECK(std::llabs(instant->micros - at("2023-02-24 14:57:46.658880")) < 50);
}

TEST_CASE("the years 0001 to 9999", "[value][epoch]") {
    CHECK(instant_of(std::int64_t{-62'135'596'800}, EpochUnit::seconds)->micros ==
          at("0001-01-01"));
    CHECK_FALSE(instant_of(std::int64_t{-62'135'596'801}, EpochUnit::seconds));
    CHECK(instant_of(std::int64_t{253'402'300'799}, EpochUnit::seconds)->micros ==
          at("9999-12-31 23:59:59"));
    CHECK_FALSE(instant_of(std::int64_t{253'402'300'800}, EpochUnit::seconds));
    CHECK_FALSE(instant_of(-62'135'596'800.5, EpochUnit::seconds));
    CHECK_FALSE(instant_of(1'721'425.25, EpochUnit::julian));
    CHECK(instant_of(1'721'425.5, EpochUnit::julian)->micros == at("0001-01-01"));
    CHECK(instant_of(5'373'484.4, EpochUnit::julian));
    CHECK_FALSE(instant_of(5'373'484.5, EpochUnit::julian));
}

TEST_CASE("numbers that no unit can hold", "[value][epoch]") {
    const EpochUnit unit = GENERATE(EpochUnit::seconds, EpochUnit::milliseconds,
                                    EpochUnit::microseconds, EpochUnit::julian, EpochUnit::apple);
    CHECK_FALSE(instant_of(kMost, unit));
    CHECK_FALSE(instant_of(-kMost - 1, unit));
    for (double number :
         {1e18 + 0.0, 1e300, -1e300, std::nan(""), std::numeric_limits<double>::infinity()})
        CHECK_FALSE(instant_of(number, unit));
    CHECK_FALSE(instant_of(1e300, EpochUnit::nanoseconds));
    CHECK_FALSE(instant_of(std::nan(""), EpochUnit::nanoseconds));
}
