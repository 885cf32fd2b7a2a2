// Dates and times: pairs of a source cell and a target text that must agree, and that must not.
#include "catch.hpp"

#include "canonical_fixture.hpp"

#include <cmath>
#include <limits>
#include <string>

using namespace canonical_fixture;

TEST_CASE("canonical date", "[verify][canonical]") {
    const auto kind = TypeKind::date;
    CHECK(agree(text("2024-02-29"), "2024-02-29", kind));
    CHECK(agree(text("0001-01-01"), "0001-01-01", kind));
    CHECK(agree(text("9999-12-31"), "9999-12-31", kind));
    CHECK(agree(text("2024-01-02 00:00:00"), "2024-01-02", kind));
    CHECK(agree(text("2024-01-02T00:00:00.000Z"), "2024-01-02", kind));
    CHECK(agree(text("2024-01-02 00:00+00:00"), "2024-01-02", kind));
    CHECK_FALSE(agree(text("2024-01-02"), "2024-01-03", kind));
    CHECK_FALSE(agree(text("2024-01-02"), "2024-02-01", kind));
    for (const char *odd : {"", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-01", "2024-1-2",
                            "0000-01-01", "02.01.2024", "20240102", "2024-01-02 ", "10000-01-01",
                            "2024-01-02 00:00:01", "2024-01-02 24:00:00", "2024-01-02 BC",
                            "2024-01-02 00:00:00.0000001", "2024-01-02T00:00:00+02:00", "infinity"})
        CHECK(is_misfit(text(odd), kind));
    CHECK(is_misfit(integer(20240102), kind));
    CHECK(agree(integer(1704153600), "2024-01-02", epoch_column(kind, EpochUnit::seconds)));
    CHECK(is_misfit(integer(1704153601), epoch_column(kind, EpochUnit::seconds)));
    CHECK(agree(real(2460311.5), "2024-01-02", epoch_column(kind, EpochUnit::julian)));
    // What only the target can hold still has one form each.
    const VerifyColumn column = column_of(kind);
    CHECK(target("0044-03-15 BC", column) != target("0044-03-15", column));
    CHECK(target("infinity", column) != target("-infinity", column));
    CHECK(target("5874897-12-31", column).front() == 'D');
    CHECK(target("12024-01-02", column).front() == 'D');
}

TEST_CASE("canonical time", "[verify][canonical]") {
    const auto kind = TypeKind::time;
    CHECK(agree(text("03:04"), "03:04:00", kind));
    CHECK(agree(text("03:04:05"), "03:04:05", kind));
    CHECK(agree(text("03:04:05.678"), "03:04:05.678", kind));
    CHECK(agree(text("24:00:00"), "24:00:00", kind));
    CHECK(agree(text("23:59:60"), "24:00:00", kind));
    CHECK(agree(text("23:59:59.9999996"), "24:00:00", kind));
    CHECK(source(text("03:04:05.1234565"), column_of(kind)).agreement == Agreement::rounded);
    CHECK(agree(text("03:04:05.1234565"), "03:04:05.123457", kind));
    CHECK(agree(text("03:04:05.12345649999"), "03:04:05.123456", kind));
    CHECK(source(text("03:04:05.1234560000"), column_of(kind)).agreement == Agreement::exact);
    CHECK_FALSE(agree(text("03:04:05"), "04:03:05", kind));
    for (const char *odd : {"", "3:04", "03:60", "25:00", "24:00:01", "03:04:61", "03:04:05.",
                            "03:04:05Z", "2024-01-02 03:04:05", "noon"})
        CHECK(is_misfit(text(odd), kind));
    CHECK(is_misfit(integer(3), kind));
}

TEST_CASE("canonical timestamptz", "[verify][canonical]") {
    VerifyColumn column = column_of(TypeKind::timestamptz);
    CHECK(agree(text("2024-01-02 03:04:05.678"), "2024-01-02 03:04:05.678+00", column));
    CHECK(agree(text("2024-01-02T03:04:05.678Z"), "2024-01-02 03:04:05.678+00", column));
    CHECK(agree(text("2024-01-02 03:04:05 UTC"), "2024-01-02 03:04:05+00", column));
    CHECK(agree(text("2024-01-02 03:04:05 gmt"), "2024-01-02 03:04:05+00", column));
    CHECK(agree(text("2024-01-02"), "2024-01-02 00:00:00+00", column));
    CHECK(agree(text("2024-01-02 03:04"), "2024-01-02 03:04:00+00", column));
    CHECK(agree(text("2024-01-02t03:04:05z"), "2024-01-02 03:04:05+00", column));
    CHECK(agree(text("2024-01-02T03:04:05+05:30"), "2024-01-01 21:34:05+00", column));
    CHECK(agree(text("2024-01-02T03:04:05-0800"), "2024-01-02 11:04:05+00", column));
    CHECK(agree(text("2024-01-02 03:04:05 +02"), "2024-01-02 01:04:05+00", column));
    CHECK(agree(text("1969-12-31 23:59:59.999999"), "1969-12-31 23:59:59.999999+00", column));
    CHECK(agree(text("2024-12-31 23:59:59.9999995"), "2025-01-01 00:00:00+00", column));
    CHECK(agree(text("1999-12-31 23:59:59.1234565"), "1999-12-31 23:59:59.123457+00", column));
    CHECK(agree(text("2024-01-02 24:00:00"), "2024-01-03 00:00:00+00", column));
    CHECK(agree(text("0001-01-01T00:30:00+01:00"), "0001-12-31 23:30:00+00 BC", column));
    CHECK(agree(text("9999-12-31T23:30:00-01:00"), "10000-01-01 00:30:00+00", column));
    CHECK_FALSE(agree(text("2024-01-02 03:04:05"), "2024-01-02 03:04:05.000001+00", column));
    CHECK_FALSE(agree(text("2024-01-02 03:04:05"), "2024-01-02 03:04:05+01", column));
    CHECK(source(text("2024-01-02 03:04:05.1234567"), column).agreement == Agreement::rounded);
    for (const char *odd :
         {"", "2024", "2024-01-02 ", "2024-01-02T", "2024-01-02 3:04:05", "2024-01-02 03:04:05 CET",
          "2024-01-02 03:04:05+16:00", "2024-01-02 03:04:05+1", "2024-01-02 03:04:05+01:", "now",
          "2024-02-30 00:00:00", "2024-01-02 03:04:05,5", "2024-01-02Z"})
        CHECK(is_misfit(text(odd), column));
    CHECK(target("infinity", column) != target("-infinity", column));
    CHECK(target("294276-12-31 23:59:59.999999+00", column).front() == 'Z');
    CHECK(target("4714-11-24 00:00:00+00 BC", column).front() == 'Z');

    SECTION("another zone") {
        const Source naive = source(text("2000-01-01 00:00:01.5"), column, false);
        CHECK(naive.agreement == Agreement::naive);
        CHECK(naive.form == "1500000");
        CHECK(source(text("1999-12-31"), column, false).form == "-86400000000");
        CHECK(source(text("2000-01-01T00:00:00Z"), column, false).agreement == Agreement::exact);
        column.epoch = EpochUnit::seconds;
        CHECK(source(integer(1700000000), column, false).agreement == Agreement::exact);
        std::string moved;
        canonical_instant(1500000, moved);
        CHECK(moved == target("2000-01-01 00:00:01.5+00", column));
    }
}

TEST_CASE("canonical timestamp", "[verify][canonical]") {
    const auto kind = TypeKind::timestamp;
    CHECK(agree(text("2024-01-02 03:04:05"), "2024-01-02 03:04:05", kind));
    CHECK(agree(text("2024-01-02T03:04:05Z"), "2024-01-02 03:04:05", kind));
    CHECK(is_misfit(text("2024-01-02T03:04:05+02:00"), kind));
    CHECK(source(text("2024-01-02 03:04:05"), column_of(kind), false).agreement ==
          Agreement::exact);
}

TEST_CASE("canonical numbers of an epoch", "[verify][canonical]") {
    const auto kind = TypeKind::timestamptz;
    const auto column = [&](EpochUnit unit) { return epoch_column(kind, unit); };
    CHECK(is_misfit(integer(1700000000), kind));
    CHECK(agree(integer(1700000000), "2023-11-14 22:13:20+00", column(EpochUnit::seconds)));
    CHECK(agree(integer(-1), "1969-12-31 23:59:59+00", column(EpochUnit::seconds)));
    CHECK(agree(real(1700000000.25), "2023-11-14 22:13:20.25+00", column(EpochUnit::seconds)));
    CHECK(agree(real(-0.25), "1969-12-31 23:59:59.75+00", column(EpochUnit::seconds)));
    CHECK(agree(integer(1700000000123), "2023-11-14 22:13:20.123+00",
                column(EpochUnit::milliseconds)));
    CHECK(agree(real(1700000000123.5), "2023-11-14 22:13:20.1235+00",
                column(EpochUnit::milliseconds)));
    CHECK(agree(integer(1700000000123456), "2023-11-14 22:13:20.123456+00",
                column(EpochUnit::microseconds)));
    CHECK(agree(integer(1700000000123456789), "2023-11-14 22:13:20.123457+00",
                column(EpochUnit::nanoseconds)));
    CHECK(agree(integer(-500), "1970-01-01 00:00:00+00", column(EpochUnit::nanoseconds)));
    CHECK(agree(integer(-501), "1969-12-31 23:59:59.999999+00", column(EpochUnit::nanoseconds)));
    CHECK(source(integer(1700000000123456789), column(EpochUnit::nanoseconds)).agreement ==
          Agreement::rounded);
    CHECK(agree(integer(0), "2001-01-01 00:00:00+00", column(EpochUnit::apple)));
    CHECK(agree(integer(632958212), "2021-01-21 21:43:32+00", column(EpochUnit::apple)));
    CHECK(agree(real(2460311.5), "2024-01-02 00:00:00+00", column(EpochUnit::julian)));
    CHECK(agree(integer(2460312), "2024-01-02 12:00:00+00", column(EpochUnit::julian)));
    // julianday('2024-01-02 03:04:05.678')
    CHECK(agree(real(2460311.6278434955), "2024-01-02 03:04:05.678+00", column(EpochUnit::julian)));
    CHECK(agree(integer(0), "4714-11-24 12:00:00+00 BC", column(EpochUnit::julian)));
    CHECK(agree(text("2024-01-02"), "2024-01-02 00:00:00+00", column(EpochUnit::seconds)));
    CHECK(is_misfit(integer(std::numeric_limits<std::int64_t>::max()), column(EpochUnit::seconds)));
    CHECK(is_misfit(integer(std::numeric_limits<std::int64_t>::min()), column(EpochUnit::julian)));
    CHECK(is_misfit(real(1e300), column(EpochUnit::seconds)));
    CHECK(is_misfit(real(std::nan("")), column(EpochUnit::seconds)));
    CHECK(is_misfit(integer(253402300800), column(EpochUnit::seconds))); // the year 10000
    CHECK(agree(integer(253402300799), "9999-12-31 23:59:59+00", column(EpochUnit::seconds)));
}

TEST_CASE("unit of a range of numbers", "[verify][canonical]") {
    CHECK(unit_of_range(1.0e9, 1.7e9) == EpochUnit::seconds);
    CHECK(unit_of_range(1.0e12, 1.7e12) == EpochUnit::milliseconds);
    CHECK(unit_of_range(1.0e15, 1.7e15) == EpochUnit::microseconds);
    CHECK(unit_of_range(1.0e18, 1.7e18) == EpochUnit::nanoseconds);
    CHECK(unit_of_range(2451544.5, 2460000.25) == EpochUnit::julian);
    CHECK(unit_of_range(946684800, 946684800) == EpochUnit::seconds);
    CHECK(unit_of_range(2024, 2025) == EpochUnit::none);
    CHECK(unit_of_range(632958212, 700000000) == EpochUnit::none); // Apple's 2021, not 1990
    CHECK(unit_of_range(1.0e9, 1.7e12) == EpochUnit::none);
    CHECK(unit_of_range(1.7e9, 1.0e9) == EpochUnit::none);
    CHECK(unit_of_range(std::nan(""), 1.7e9) == EpochUnit::none);
}
