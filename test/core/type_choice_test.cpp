#include "core/plan/type_choice.hpp"

#include "catch.hpp"
#include "profile_values.hpp"

using namespace migrate::core;
using namespace migrate::core::plan;
using namespace migrate::test;

namespace {

TypeChoice decide(std::string_view declared, const std::vector<Value> &values,
                  EpochChoice epoch = EpochChoice::automatic,
                  const ImportOptions &options = ImportOptions()) {
    const Proposal proposal = propose_type(declared, options);
    return decide_type("c", proposal, profile_of(proposal, options, values), options, epoch);
}

std::string type_of(std::string_view declared, const std::vector<Value> &values) {
    return decide(declared, values).type.sql();
}

const std::string kTimestamptz = "timestamp with time zone";

} // namespace

TEST_CASE("the proposed type stays while all values fit", "[plan][type_choice]") {
    CHECK(type_of("INTEGER", {i(1), i(-5), null, r(3.0)}) == "bigint");
    CHECK(type_of("BOOLEAN", {i(0), i(1), t("True"), t("no"), t("ON"), t("f")}) == "boolean");
    CHECK(type_of("DATE", {t("2024-02-29"), t("2024-01-01 00:00:00")}) == "date");
    CHECK(type_of("DATETIME", {t("2024-02-29 10:11"), t("2024-02-29T10:11:12.5Z"),
                               t("2024-01-01 10:11:12+02:00")}) == kTimestamptz);
    CHECK(type_of("TIME", {t("10:11:12"), t("10:11")}) == "time without time zone");
    CHECK(type_of("DECIMAL(5,2)", {i(999), r(1.25)}) == "numeric(5,2)");
    CHECK(type_of("REAL", {r(1.5), i(2), r(kInfinity)}) == "double precision");
    CHECK(type_of("VARCHAR(3)", {t("abc"), t("äöü"), i(12)}) == "character varying(3)");
    CHECK(type_of("TEXT", {t("abc"), i(5), r(1.5)}) == "text");
    CHECK(type_of("JSON", {t("{\"a\":1}"), t("[]"), i(5)}) == "jsonb");
    CHECK(type_of("UUID", {t("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), b(std::string(16, 'x'))}) ==
          "uuid");
    CHECK(type_of("BLOB", {b("\xff"), t("abc")}) == "bytea");
    const TypeChoice choice = decide("INTEGER", {i(1), i(2)});
    CHECK_FALSE(choice.is_widened);
    CHECK(choice.notes.empty());
}

TEST_CASE("a column of NULLs alone keeps its proposed type", "[plan][type_choice]") {
    for (const char *declared : {"INTEGER", "DATE", "DECIMAL(5,2)", "UUID", "JSON", "BLOB"}) {
        const std::string type = propose_type(declared, ImportOptions()).type.sql();
        CHECK(type_of(declared, {null, null}) == type);
        CHECK(type_of(declared, {}) == type);
        CHECK(decide(declared, {null}).notes.empty());
    }
    CHECK(type_of("", {null}) == "text");
}

TEST_CASE("undeclared columns are decided by their values", "[plan][type_choice]") {
    for (const char *declared : {"", "ANY", "GEOMETRY"}) {
        CHECK(type_of(declared, {i(1), i(2)}) == "bigint");
        CHECK(type_of(declared, {r(1.5), r(2.0)}) == "double precision");
        CHECK(type_of(declared, {r(1.0), r(2.0)}) == "double precision");
        CHECK(type_of(declared, {t("1"), t("2")}) == "text");
        CHECK(type_of(declared, {b("ab"), b("\xff")}) == "bytea");
        CHECK(type_of(declared, {i(1), r(1.5)}) == "numeric");
        CHECK(type_of(declared, {i(1), t("x")}) == "text");
        CHECK(type_of(declared, {t("x"), b(std::string("\xff\0", 2))}) == "bytea");
        CHECK(type_of(declared, {i(1), b("\xff")}) == "bytea");
    }
    CHECK(decide("", {i(1), r(1.5)}).notes.empty());
    CHECK(decide("", {i(1), t("x"), t("y")}).notes ==
          std::vector<std::string>{"column \"c\": text, as it holds 1 integer and 2 texts; numbers "
                                   "are written as SQLite prints them"});
    CHECK(
        decide("", {t("x"), b("\xff"), i(3)}).notes ==
        std::vector<std::string>{"column \"c\": bytea, as it holds 1 integer, 1 text and 1 blob"});
    CHECK_FALSE(decide("", {i(1), t("x")}).is_widened);
}

TEST_CASE("numbers are numeric, or double precision where the reals need it",
          "[plan][type_choice]") {
    CHECK(type_of("", {i(1), r(0.1)}) == "numeric");
    CHECK(type_of("", {i(1), r(999999999999999.0)}) == "numeric");
    CHECK(type_of("", {i(1), r(1e15)}) == "double precision");
    CHECK(type_of("", {i(1), r(-1e15)}) == "double precision");
    CHECK(type_of("", {i(1), r(1e-5)}) == "numeric");
    CHECK(type_of("", {i(1), r(9e-6)}) == "double precision");
    CHECK(type_of("", {i(1), r(0.0)}) == "numeric");
    CHECK(type_of("", {i(1), r(kInfinity)}) == "double precision");
    CHECK(type_of("", {i(9007199254740992), r(1e20)}) == "double precision");
    // 2^53 + 1 is no double: all stay exact as numeric.
    CHECK(type_of("", {i(9007199254740993), r(1e20)}) == "numeric");
    CHECK(type_of("", {i(9007199254740994), r(1e20)}) == "double precision");
    // Nothing but text holds Infinity and such an integer.
    const TypeChoice choice = decide("", {i(9007199254740993), r(-kInfinity)});
    CHECK(choice.type.kind == TypeKind::text);
    REQUIRE(choice.notes.size() == 1);
    CHECK(choice.notes[0] == "column \"c\": text, as it holds 1 integer and 1 real; numbers are "
                             "written as SQLite prints them");
}

TEST_CASE("a misfit widens by the values, with a note", "[plan][type_choice]") {
    SECTION("bigint") {
        CHECK(type_of("INTEGER", {i(1), r(0.5)}) == "numeric");
        CHECK(type_of("INTEGER", {r(0.5)}) == "double precision");
        CHECK(type_of("INTEGER", {i(1), r(1e300)}) == "double precision");
        CHECK(type_of("INTEGER", {i(1), b("\xff")}) == "bytea");
        CHECK(type_of("POINT", {b("\x01\xff")}) == "bytea");
        const TypeChoice choice = decide("INTEGER", {i(1), t("ten"), null, r(0.5)});
        CHECK(choice.type.sql() == "text");
        CHECK(choice.is_widened);
        CHECK(choice.notes ==
              std::vector<std::string>{"column \"c\": text instead of bigint, 2 of 3 values do not "
                                       "fit, first in row 2: \"ten\""});
        CHECK(
            decide("INTEGER", {i(1), r(0.5)}).notes ==
            std::vector<std::string>{"column \"c\": numeric instead of bigint, 1 of 2 values does "
                                     "not fit, first in row 2: 0.5"});
    }
    SECTION("boolean") {
        CHECK(type_of("BOOLEAN", {i(0), i(2)}) == "bigint");
        CHECK(type_of("BOOLEAN", {i(0), t("maybe")}) == "text");
        CHECK(type_of("BOOLEAN", {t("true"), t("maybe")}) == "text");
        CHECK(type_of("BOOLEAN", {i(0), r(0.5)}) == "numeric");
    }
    SECTION("numeric") {
        CHECK(type_of("DECIMAL(5,2)", {i(1000)}) == "numeric");
        CHECK(type_of("DECIMAL(5,2)", {r(1.234)}) == "numeric");
        CHECK(type_of("DECIMAL(5,2)", {r(1e20)}) == "numeric");
        CHECK(type_of("DECIMAL(5,2)", {i(1), r(kInfinity)}) == "double precision");
        CHECK(type_of("DECIMAL", {r(kInfinity)}) == "double precision");
        CHECK(type_of("DECIMAL(5,2)", {i(1), t("x")}) == "text");
        CHECK(type_of("MONEY", {t("$1.00"), t("$2.00")}) == "text");
    }
    SECTION("double precision") {
        CHECK(type_of("REAL", {i(9007199254740993), r(1.5)}) == "numeric");
        CHECK(type_of("REAL", {i(9007199254740993), r(1e300)}) == "numeric");
        CHECK(type_of("REAL", {r(1.5), t("n/a")}) == "text");
    }
    SECTION("varchar") {
        CHECK(type_of("VARCHAR(3)", {t("abcd")}) == "text");
        CHECK(type_of("VARCHAR(3)", {t("äöüß")}) == "text");
        CHECK(type_of("VARCHAR(3)", {t("a"), b("\xff")}) == "bytea");
        CHECK(type_of("VARCHAR(3)", {b("\xff")}) == "bytea");
    }
    SECTION("text") {
        CHECK(type_of("TEXT", {t("a"), b("\xff")}) == "bytea");
        CHECK(type_of("TEXT", {b("\xff")}) == "bytea");
        CHECK(type_of("TEXT", {t("caf\xe9")}) == "text"); // option invalid_text decides
    }
    SECTION("json") {
        CHECK(type_of("JSON", {t("{\"a\":1,\"a\":2}")}) == "json");
        CHECK(type_of("JSON", {t("{\"a\":1}"), t("{a")}) == "text");
        CHECK(type_of("JSON", {t("{\"a\":1}"), b("\xff")}) == "bytea");
        CHECK(decide("JSON", {t("{\"a\":1,\"a\":2}")})
                  .notes[0]
                  .rfind("column \"c\": json instead of jsonb, 1 of 1 value does not fit", 0) == 0);
    }
    SECTION("uuid") {
        CHECK(type_of("UUID", {t("not a uuid")}) == "text");
        CHECK(type_of("UUID", {i(5)}) == "bigint");
        CHECK(type_of("UUID", {b("short\xff")}) == "bytea");
        CHECK(type_of("UUID", {t("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), b("\xff")}) == "bytea");
    }
    SECTION("dates and times of text") {
        CHECK(type_of("DATE", {t("2024-01-01"), t("2024-01-01 10:00")}) == kTimestamptz);
        CHECK(type_of("DATE", {t("2024-02-30")}) == "text");
        CHECK(type_of("DATE", {t("01.02.2024")}) == "text");
        CHECK(type_of("DATETIME", {t("2024-01-01"), t("soon")}) == "text");
        CHECK(type_of("TIME", {t("2024-01-01 10:00")}) == kTimestamptz);
        CHECK(type_of("TIME", {t("10:00"), t("2024-01-01 10:00")}) == "text");
        CHECK(type_of("TIME", {i(36000)}) == "bigint");
    }
}

TEST_CASE("timestamp without zone gives way to offsets", "[plan][type_choice]") {
    ImportOptions options;
    options.is_timestamp_without_zone = true;
    const auto choose = [&](const std::vector<Value> &values) {
        return decide("DATETIME", values, EpochChoice::automatic, options).type.sql();
    };
    CHECK(choose({t("2024-01-01 10:00")}) == "timestamp without time zone");
    CHECK(choose({t("2024-01-01 10:00+02:00")}) == kTimestamptz);
    CHECK(choose({i(1700000000)}) == "timestamp without time zone");
    CHECK(decide("DATE", {t("2024-01-01 10:00")}, EpochChoice::automatic, options).type.kind ==
          TypeKind::timestamp);
}

TEST_CASE("empty texts are named with the option that reads them", "[plan][type_choice]") {
    const TypeChoice choice = decide("INTEGER", {i(1), t(""), t("")});
    CHECK(choice.type.kind == TypeKind::text);
    CHECK(choice.notes ==
          std::vector<std::string>{
              "column \"c\": text instead of bigint, 2 of 3 values do not fit, first in row 2: "
              "\"\"; 2 values are empty texts, which option \"null\" can read as NULL"});
    ImportOptions options;
    options.null_texts = {"", "N/A"};
    const TypeChoice nulled =
        decide("INTEGER", {i(1), t(""), t("N/A")}, EpochChoice::automatic, options);
    CHECK(nulled.type.kind == TypeKind::bigint);
    CHECK(nulled.notes.empty());
    // By values they are NULL beside numbers, and text among texts.
    CHECK(decide("", {i(1), t("N/A")}, EpochChoice::automatic, options).type.kind ==
          TypeKind::bigint);
    CHECK(decide("", {r(1.5), i(1), t("N/A")}, EpochChoice::automatic, options).type.kind ==
          TypeKind::numeric);
    CHECK(decide("", {t("a"), t("N/A")}, EpochChoice::automatic, options).type.kind ==
          TypeKind::text);
    CHECK(decide("", {b("\xff"), t("")}, EpochChoice::automatic, options).type.kind ==
          TypeKind::bytea);
}

TEST_CASE("other policies keep the proposed type", "[plan][type_choice]") {
    for (const TypeMismatch policy :
         {TypeMismatch::error, TypeMismatch::null, TypeMismatch::reject}) {
        ImportOptions options;
        options.on_type_mismatch = policy;
        const TypeChoice choice =
            decide("INTEGER", {i(1), t("x")}, EpochChoice::automatic, options);
        CHECK(choice.type.kind == TypeKind::bigint);
        CHECK_FALSE(choice.is_widened);
        const TypeChoice time =
            decide("DATETIME", {i(1700000000), t("x")}, EpochChoice::automatic, options);
        CHECK(time.type.kind == TypeKind::timestamptz);
        CHECK(time.epoch == EpochUnit::seconds);
        // An undeclared column has nothing to keep.
        CHECK(decide("", {i(1), t("x")}, EpochChoice::automatic, options).type.kind ==
              TypeKind::text);
    }
}

TEST_CASE("numbers in a date or time column are times in one unit", "[plan][type_choice][epoch]") {
    const auto epoch_of = [](const std::vector<Value> &values) {
        const TypeChoice choice = decide("DATETIME", values);
        return choice.type.kind == TypeKind::timestamptz ? choice.epoch : EpochUnit::none;
    };
    CHECK(epoch_of({i(946684800), i(4102444800)}) == EpochUnit::seconds);
    CHECK(epoch_of({r(1700000000.25)}) == EpochUnit::seconds);
    CHECK(epoch_of({i(1700000000123)}) == EpochUnit::milliseconds);
    CHECK(epoch_of({i(1700000000123456)}) == EpochUnit::microseconds);
    CHECK(epoch_of({i(1700000000123456789)}) == EpochUnit::nanoseconds);
    CHECK(epoch_of({r(2460000.5), r(2460001.25)}) == EpochUnit::julian);
    CHECK(epoch_of({i(0), i(1700000000)}) == EpochUnit::seconds);
    CHECK(epoch_of({t("2024-01-01 00:00"), i(1700000000123)}) == EpochUnit::milliseconds);
    // 2024 is not 1970, 632958212 is not 1990; two units are none; zeros alone say nothing.
    CHECK(epoch_of({i(2024)}) == EpochUnit::none);
    CHECK(epoch_of({i(632958212)}) == EpochUnit::none);
    CHECK(epoch_of({i(946684799)}) == EpochUnit::none);
    CHECK(epoch_of({i(4102444801)}) == EpochUnit::none);
    CHECK(epoch_of({i(1700000000), i(1700000000123)}) == EpochUnit::none);
    CHECK(epoch_of({i(1700000000), i(-1)}) == EpochUnit::none);
    CHECK(epoch_of({i(0)}) == EpochUnit::none);

    SECTION("the note tells the unit and the earliest and latest time") {
        const TypeChoice choice = decide("DATETIME", {i(1700000000500), i(0), i(1600000000000)});
        CHECK_FALSE(choice.is_widened);
        CHECK(choice.notes ==
              std::vector<std::string>{
                  "column \"c\": 3 numbers read as milliseconds since 1970-01-01, from 2020-09-13 "
                  "12:26:40+00 to 2023-11-14 22:13:20.5+00"});
    }
    SECTION("numbers that stay numbers name the option") {
        const TypeChoice choice = decide("DATE", {i(2024), i(2023)});
        CHECK(choice.type.kind == TypeKind::bigint);
        CHECK(choice.epoch == EpochUnit::none);
        CHECK(
            choice.notes ==
            std::vector<std::string>{
                "column \"c\": bigint instead of date, 2 of 2 values do not fit, first in row 1: "
                "2024; numbers are read as times where all lie between 2000 and 2100 in one unit, "
                "or where option \"epoch\" names what they count"});
        CHECK(type_of("DATETIME", {i(2024), r(2024.5)}) == "numeric");
        CHECK(type_of("DATETIME", {r(2024.5)}) == "double precision");
        CHECK(type_of("DATETIME", {i(2024), t("2024-01-01")}) == "text");
    }
    SECTION("a text that does not fit is noted, not the numbers beside it") {
        const TypeChoice choice = decide("DATETIME", {i(1700000000), i(1700000001), t("soon")});
        CHECK(choice.type.kind == TypeKind::text);
        CHECK(choice.epoch == EpochUnit::none);
        CHECK(choice.notes ==
              std::vector<std::string>{"column \"c\": text instead of timestamp with time zone, 1 "
                                       "of 3 values does not fit, first in row 3: \"soon\""});
    }
    SECTION("a date stays one where all numbers are whole days") {
        const TypeChoice day = decide("DATE", {i(1700006400), t("2024-01-01")});
        CHECK(day.type.kind == TypeKind::date);
        CHECK(day.epoch == EpochUnit::seconds);
        const TypeChoice time = decide("DATE", {i(1700006400), i(1700000001)});
        CHECK(time.type.kind == TypeKind::timestamptz);
        CHECK(time.epoch == EpochUnit::seconds);
        CHECK(time.is_widened);
        REQUIRE(time.notes.size() == 2);
        CHECK(time.notes[0] == "column \"c\": timestamp with time zone instead of date, not all of "
                               "its numbers are whole days");
        CHECK(time.notes[1].rfind("column \"c\": 2 numbers read as seconds since 1970-01-01", 0) ==
              0);
        CHECK(decide("DATE", {r(2460000.5)}).type.kind == TypeKind::date);
        CHECK(decide("DATE", {r(2460000.0)}).type.kind == TypeKind::timestamptz);
    }
}

TEST_CASE("option epoch says what numbers count", "[plan][type_choice][epoch]") {
    const auto choose = [](EpochChoice epoch, const std::vector<Value> &values) {
        return decide("DATETIME", values, epoch);
    };
    CHECK(choose(EpochChoice::apple, {i(632958212)}).epoch == EpochUnit::apple);
    CHECK(choose(EpochChoice::apple, {i(632958212)}).notes[0].find("2021-01-21") !=
          std::string::npos);
    CHECK(choose(EpochChoice::apple, {i(-5), r(0.5)}).type.kind == TypeKind::timestamptz);
    CHECK(choose(EpochChoice::julian, {r(2440587.5)}).epoch == EpochUnit::julian);
    CHECK(choose(EpochChoice::julian, {r(2440587.5)}).notes[0] ==
          "column \"c\": 1 number read as Julian days, from 1970-01-01 00:00:00+00 to 1970-01-01 "
          "00:00:00+00");
    CHECK(choose(EpochChoice::unix_time, {i(-86400), i(632958212)}).epoch == EpochUnit::seconds);
    CHECK(choose(EpochChoice::unix_time, {i(0)}).epoch == EpochUnit::seconds);
    CHECK(choose(EpochChoice::unix_time, {i(632958212000), i(1)}).epoch == EpochUnit::milliseconds);
    CHECK(choose(EpochChoice::unix_time, {i(632958212000000)}).epoch == EpochUnit::microseconds);
    CHECK(choose(EpochChoice::unix_time, {i(-632958212000000000)}).epoch == EpochUnit::nanoseconds);
    CHECK(choose(EpochChoice::unix_time, {r(2460000.5)}).epoch == EpochUnit::seconds);
    SECTION("none") {
        const TypeChoice choice = choose(EpochChoice::none, {i(1700000000)});
        CHECK(choice.type.kind == TypeKind::bigint);
        CHECK(choice.notes == std::vector<std::string>{
                                  "column \"c\": bigint instead of timestamp with time zone, 1 "
                                  "of 1 value does not fit, first in row 1: 1700000000"});
        CHECK(choose(EpochChoice::none, {i(1700000000), t("2024-01-01")}).type.kind ==
              TypeKind::text);
    }
    SECTION("numbers beyond the years that are read stay numbers") {
        const TypeChoice choice = choose(EpochChoice::julian, {i(1700000000)});
        CHECK(choice.type.kind == TypeKind::bigint);
        CHECK(choice.epoch == EpochUnit::none);
        CHECK(choice.notes[0].find("; not all of its numbers are times in the unit of option "
                                   "\"epoch\"") != std::string::npos);
        CHECK(choose(EpochChoice::apple, {r(kInfinity)}).type.kind == TypeKind::float8);
    }
}
