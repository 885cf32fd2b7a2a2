// DEFAULTs: constants as constants of the column's type, and the current time in its ways.
#include "printer_fixture.hpp"

using namespace printer_fixture;

namespace {

std::vector<std::string> default_notes(std::string_view text, TypeKind kind) {
    return print_default(*parse(text), make_type(kind), EpochUnit::none, {}).notes;
}

} // namespace

TEST_CASE("a constant becomes one of the column's type", "[plan][default]") {
    SECTION("boolean") {
        for (const char *text : {"1", "'1'", "'true'", "'T'", "TRUE", "'on'", "1.0"})
            CHECK(default_sql(text, TypeKind::boolean) == "TRUE");
        for (const char *text : {"0", "'0'", "'No'", "FALSE", "'f'"})
            CHECK(default_sql(text, TypeKind::boolean) == "FALSE");
        CHECK(default_sql("2", TypeKind::boolean) ==
              "! a number is no value of a column of type boolean");
        CHECK(default_sql("'maybe'", TypeKind::boolean) ==
              "! a string is no value of a column of type boolean");
    }
    SECTION("bigint") {
        CHECK(default_sql("0", TypeKind::bigint) == "0");
        CHECK(default_sql("-1", TypeKind::bigint) == "(-1)");
        CHECK(default_sql("'0'", TypeKind::bigint) == "0");
        CHECK(default_sql("' 12 '", TypeKind::bigint) == "12");
        CHECK(default_sql("1.0", TypeKind::bigint) == "1");
        CHECK(default_sql("'1e3'", TypeKind::bigint) == "1000");
        CHECK(default_sql("0x1F", TypeKind::bigint) == "31");
        CHECK(default_sql("(60 * 60)", TypeKind::bigint) == "3600");
        CHECK(default_sql("9223372036854775807", TypeKind::bigint) ==
              "CAST(9223372036854775807 AS int8)");
        CHECK(default_sql("-9223372036854775808", TypeKind::bigint) ==
              "CAST((-9223372036854775808) AS int8)");
        for (const char *text : {"1.5", "'abc'", "x'00'", "9223372036854775808", "'0x10'", "'inf'",
                                 "'nan'", "'1 2'", "'\"0\"'"})
            CHECK_THAT(default_sql(text, TypeKind::bigint), Catch::Matchers::StartsWith("! "));
        CHECK(default_sql("''", TypeKind::bigint) ==
              "! the empty string is no value of a column of type bigint");
        CHECK(default_sql("\"\"", TypeKind::bigint) ==
              "! the empty string is no value of a column of type bigint");
    }
    SECTION("numeric and double precision") {
        CHECK(default_sql("1.50", TypeKind::numeric) == "1.5");
        CHECK(default_sql("'0.0'", TypeKind::numeric) == "0");
        CHECK(default_sql("1e20", TypeKind::numeric) == "1e+20");
        CHECK(default_sql("9e999", TypeKind::numeric).starts_with("! "));
        CHECK(default_sql("12.34", make_numeric(4, 2)) == "12.34");
        CHECK(default_sql("123.4", make_numeric(4, 2)).starts_with("! "));
        CHECK(default_sql("1.234", make_numeric(4, 2)).starts_with("! "));
        CHECK(default_sql("99", make_numeric(4, 2)) == "99");
        CHECK(default_sql("100", make_numeric(4, 2)).starts_with("! "));
        CHECK(default_sql("0.1", TypeKind::float8) == "CAST(0.1 AS float8)");
        CHECK(default_sql("-0.5", TypeKind::float8) == "CAST(-0.5 AS float8)");
        CHECK(default_sql("-9e999", TypeKind::float8) == "CAST(E'-Infinity' AS float8)");
        CHECK(default_sql("'1.0'", TypeKind::float8) == "CAST(1 AS float8)");
    }
    SECTION("text") {
        CHECK(default_sql("'it''s'", TypeKind::text) == "E'it''s'");
        CHECK(default_sql("'a\\'", TypeKind::text) == "E'a\\\\'");
        CHECK(default_sql("''", TypeKind::text) == "E''");
        CHECK(default_sql("\"a b\"", TypeKind::text) == "E'a b'");
        CHECK(default_sql("undefined", TypeKind::text) == "E'undefined'");
        CHECK(default_sql("5", TypeKind::text) == "E'5'");
        CHECK(default_sql("1.0", TypeKind::text) == "E'1.0'");
        CHECK(default_sql("TRUE", TypeKind::text) == "E'1'");
        CHECK(default_sql("1e300", TypeKind::text) == "! a real number is used as text");
        CHECK(default_sql("x'61'", TypeKind::text) ==
              "! a blob is no value of a column of type text");
        CHECK(default_sql("'CURRENT_TIMESTAMP'", TypeKind::text) == "E'CURRENT_TIMESTAMP'");
        CHECK(default_sql("'äöü'", make_varchar(3)) == "E'äöü'");
        CHECK(default_sql("'äöüß'", make_varchar(3)) ==
              "! a string is no value of a column of type character varying(3)");
    }
    SECTION("bytea, json and uuid") {
        CHECK(default_sql("x'00FF'", TypeKind::bytea) == "CAST(E'\\\\x00ff' AS bytea)");
        CHECK(default_sql("'a'", TypeKind::bytea) == "CAST(E'\\\\x61' AS bytea)");
        CHECK(default_sql("1", TypeKind::bytea).starts_with("! "));
        CHECK(default_sql("'{}'", TypeKind::jsonb) == "CAST(E'{}' AS jsonb)");
        CHECK(default_sql("'[1, \"a\"]'", TypeKind::jsonb) == "CAST(E'[1, \"a\"]' AS jsonb)");
        CHECK(default_sql("'{\"a\":1,\"a\":2}'", TypeKind::jsonb).starts_with("! "));
        CHECK(default_sql("'{\"a\":1,\"a\":2}'", TypeKind::json).starts_with("CAST("));
        CHECK(default_sql("'abc'", TypeKind::jsonb).starts_with("! "));
        CHECK(default_sql("'{\"a\":\"\\u0000\"}'", TypeKind::jsonb).starts_with("! "));
        CHECK(default_sql("'6ba7b810-9dad-11d1-80b4-00c04fd430c8'", TypeKind::uuid) ==
              "CAST(E'6ba7b810-9dad-11d1-80b4-00c04fd430c8' AS uuid)");
        CHECK(default_sql("'6ba7b810'", TypeKind::uuid).starts_with("! "));
    }
    SECTION("the caller's own types") {
        Type own = make_type(TypeKind::other);
        own.name = "smallint";
        CHECK(default_sql("5", own) == "5");
        CHECK(default_sql("40000", own).starts_with("! "));
        own.name = "inet";
        CHECK(default_sql("'127.0.0.1'", own) == "! a string is no value of a column of type inet");
    }
    SECTION("NULL is of every type") {
        for (const TypeKind kind : {TypeKind::boolean, TypeKind::bigint, TypeKind::timestamptz,
                                    TypeKind::jsonb, TypeKind::bytea})
            CHECK(default_sql("NULL", kind) == "NULL");
    }
}

TEST_CASE("constants of date and time columns", "[plan][default]") {
    CHECK(default_sql("'2020-02-29'", TypeKind::date) == "CAST(E'2020-02-29' AS date)");
    CHECK(default_sql("'2020-02-30'", TypeKind::date).starts_with("! "));
    CHECK(default_sql("'2020-02-29 00:00:00'", TypeKind::date) == "CAST(E'2020-02-29' AS date)");
    CHECK(default_sql("'2020-02-29 10:00'", TypeKind::date).starts_with("! "));
    CHECK(default_sql("'2020-02-29 10:00:00.5'", TypeKind::timestamp) ==
          "CAST(E'2020-02-29 10:00:00.500000' AS timestamp)");
    CHECK(default_sql("'2020-02-29T10:00:00+02:00'", TypeKind::timestamptz) ==
          "CAST(E'2020-02-29 08:00:00+00' AS timestamptz)");
    CHECK(default_sql("'0001-01-01'", TypeKind::timestamp) ==
          "CAST(E'0001-01-01 00:00:00' AS timestamp)");
    CHECK(default_sql("'1969-12-31 23:59:59'", TypeKind::timestamp) ==
          "CAST(E'1969-12-31 23:59:59' AS timestamp)");
    CHECK(default_sql("'1999-12-31 23:59:59.25'", TypeKind::timestamp) ==
          "CAST(E'1999-12-31 23:59:59.250000' AS timestamp)");
    CHECK(default_sql("'10:00'", TypeKind::time) == "CAST(E'10:00:00' AS time)");
    for (const char *text : {"''", "'now'", "'0000-00-00'", "'today'", "'infinity'", "0",
                             "'2020-1-1'", "'CURRENT_TIMESTAMP'", "'2020-01-01; DROP'"})
        CHECK_THAT(default_sql(text, TypeKind::timestamptz), Catch::Matchers::StartsWith("! "));
    SECTION("numbers where the column's numbers became times") {
        CHECK(default_sql("0", TypeKind::timestamptz, EpochUnit::seconds) ==
              "CAST(E'1970-01-01 00:00:00+00' AS timestamptz)");
        CHECK(default_sql("1600000000123", TypeKind::timestamptz, EpochUnit::milliseconds) ==
              "CAST(E'2020-09-13 12:26:40.123000+00' AS timestamptz)");
        CHECK(default_sql("2451545", TypeKind::timestamp, EpochUnit::julian) ==
              "CAST(E'2000-01-01 12:00:00' AS timestamp)");
        CHECK(default_sql("(unixepoch())", TypeKind::timestamptz, EpochUnit::seconds)
                  .starts_with("to_timestamp("));
        CHECK(default_sql("(strftime('%s','now') * 1000)", TypeKind::timestamptz,
                          EpochUnit::milliseconds)
                  .starts_with("to_timestamp("));
    }
}

TEST_CASE("the current time", "[plan][default]") {
    const std::string utc = "timezone(E'UTC', CURRENT_TIMESTAMP)";
    for (const char *text :
         {"CURRENT_TIMESTAMP", "current_timestamp", "(datetime('now'))", "(DateTime('NOW'))",
          "(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))", "(strftime('%Y-%m-%d %H:%M:%S', 'now'))"}) {
        CHECK(default_sql(text, TypeKind::timestamptz) == "CURRENT_TIMESTAMP");
        CHECK(default_sql(text, TypeKind::timestamp) == utc);
        CHECK(default_sql(text, TypeKind::date) == "CAST(" + utc + " AS date)");
    }
    CHECK(default_sql("CURRENT_TIMESTAMP", TypeKind::text) ==
          "to_char(" + utc + ", E'YYYY-MM-DD HH24:MI:SS')");
    CHECK(default_sql("CURRENT_DATE", TypeKind::date) == "CAST(" + utc + " AS date)");
    CHECK(default_sql("(date('now', '+7 days'))", TypeKind::date) ==
          "CAST((" + utc + " + CAST(E'7 day' AS interval)) AS date)");
    CHECK(default_sql("CURRENT_DATE", TypeKind::timestamptz) ==
          "timezone(E'UTC', date_trunc(E'day', " + utc + "))");
    CHECK(default_sql("CURRENT_TIME", TypeKind::time) ==
          "CAST(date_trunc(E'second', " + utc + ") AS time)");
    CHECK(default_sql("CURRENT_TIMESTAMP", TypeKind::time).starts_with("! "));
    CHECK(default_sql("(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))", TypeKind::text) ==
          "to_char(" + utc + ", E'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')");
    CHECK(default_sql("(strftime('%s', 'now'))", TypeKind::bigint) ==
          "CAST(floor(extract(E'epoch', " + utc + ")) AS int8)");
    CHECK(default_sql("(unixepoch())", TypeKind::bigint) ==
          "CAST(floor(extract(E'epoch', " + utc + ")) AS int8)");
    CHECK(default_sql("(strftime('%s', 'now'))", TypeKind::text) ==
          "CAST(CAST(floor(extract(E'epoch', " + utc + ")) AS int8) AS text)");
    CHECK(default_sql("(julianday('now'))", TypeKind::float8)
              .ends_with("/ CAST(86400000 AS float8))"));
    CHECK(default_sql("CURRENT_TIMESTAMP", TypeKind::bigint) ==
          "! timestamp without time zone is no value of a column of type bigint");
    CHECK_FALSE(
        print_default(*parse("CURRENT_TIMESTAMP"), make_type(TypeKind::date), EpochUnit::none, {})
            .is_immutable);
    CHECK(
        print_default(*parse("1"), make_type(TypeKind::bigint), EpochUnit::none, {}).is_immutable);
    CHECK(default_notes("CURRENT_TIMESTAMP", TypeKind::date) ==
          std::vector<std::string>{"only the date of the time is kept"});
    SECTION("localtime is option timezone") {
        CHECK(default_sql("(datetime('now', 'localtime'))", TypeKind::timestamp) == utc);
        CHECK(default_notes("(datetime('now', 'localtime'))", TypeKind::timestamp) ==
              std::vector<std::string>{"\"localtime\" is read as option \"timezone\" (UTC)"});
        PrintOptions options;
        options.timezone = "Europe/Berlin";
        CHECK(default_sql("(datetime('now', 'localtime'))", make_type(TypeKind::timestamp),
                          EpochUnit::none,
                          options) == "timezone(E'Europe/Berlin', timezone(E'UTC', " + utc + "))");
        CHECK(default_sql("(datetime('now', 'localtime'))", make_type(TypeKind::timestamptz),
                          EpochUnit::none, options) == "CURRENT_TIMESTAMP");
        CHECK(default_sql("(datetime('now', '+1 day'))", make_type(TypeKind::timestamptz),
                          EpochUnit::none, options)
                  .starts_with("timezone(E'UTC', "));
    }
}

TEST_CASE("expressions as defaults", "[plan][default]") {
    CHECK(default_sql("(lower('ABC'))", TypeKind::text) ==
          "lower((CAST(E'ABC' AS text) COLLATE \"C\"))");
    CHECK(default_sql("('a' || 1)", TypeKind::text) ==
          "(CAST(E'a' AS text) || CAST(E'1' AS text))");
    CHECK(default_sql("(1 = 1)", TypeKind::boolean).starts_with("(CAST(1 AS numeric) ="));
    CHECK(default_sql("(abs(-5))", TypeKind::numeric) ==
          "CAST(abs(CAST((-5) AS int8)) AS numeric)");
    CHECK(default_sql("(lower('x'))", TypeKind::bigint) ==
          "! text is no value of a column of type bigint");
    CHECK(default_sql("(hex(randomblob(16)))", TypeKind::text) ==
          "! function \"randomblob\" has no equivalent");
    CHECK(default_sql("(random())", TypeKind::bigint) == "! function \"random\" has no equivalent");
    CHECK(default_sql("(SELECT 1)", TypeKind::bigint) ==
          "! a subquery stands where PostgreSQL allows none");
    CHECK(default_sql("(i + 1)", TypeKind::bigint) == "! no column \"i\" is known");
    CHECK(default_sql("(count(*))", TypeKind::bigint) ==
          "! function \"count\" is an aggregate where none can stand");
}
