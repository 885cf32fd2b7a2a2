#include "catch.hpp"

#include "given_cell.hpp"

#include "core/cell_converter.hpp"
#include "core/cell_text.hpp"
#include "core/value/date_time.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

using namespace migrate::core;
using namespace migrate::core::test;
using std::string_literals::operator""s;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

ColumnRule epoch_rule(TypeKind kind, EpochUnit unit) {
    ColumnRule rule = rule_of(kind);
    rule.epoch = unit;
    return rule;
}

ColumnRule number_text_rule(Type type) {
    ColumnRule rule = rule_of(std::move(type));
    rule.takes_number_text = true;
    return rule;
}

// The result in one line: "misfit", "integer 5", "integer 125 / 10^1", "text 1.5", …
std::string converted(const ColumnRule &rule, const Given &given) {
    Batch arena(1);
    Cell cell = given.cell;
    const Cell before = cell;
    const Fit fit = convert_cell(cell, rule, arena);
    if (fit == Fit::misfit || fit == Fit::invalid_text) {
        const bool is_same = cell.storage == before.storage && cell.integer == before.integer;
        return is_same ? (fit == Fit::misfit ? "misfit" : "invalid") : "changed";
    }
    std::string words = fit == Fit::rounded     ? "rounded "
                        : fit == Fit::null_text ? "null text "
                                                : "";
    words += storage_class_name(cell.storage);
    if (cell.storage == StorageClass::text || cell.storage == StorageClass::blob)
        return words + " " + std::string(cell.view());
    if (cell.scale > 0)
        return words + " " + number_text(cell) + " / 10^" + std::to_string(cell.scale);
    return cell.is_null() ? words : words + " " + number_text(cell);
}

std::string converted(TypeKind kind, const Given &given) {
    return converted(rule_of(kind), given);
}

std::int64_t micros(const char *text) {
    return value::parse_date_time(text)->local;
}

std::string instant(const char *text) {
    return "integer " + std::to_string(micros(text));
}

std::string day(const char *text) {
    return "integer " + std::to_string(*value::parse_date(text));
}

} // namespace

TEST_CASE("NULL fits everything", "[cell_converter]") {
    for (int kind = 0; kind <= int(TypeKind::other); kind++)
        CHECK(converted(TypeKind(kind), null()) == "null");
}

TEST_CASE("boolean", "[cell_converter]") {
    for (const char *text : {"1", "t", "T", "true", "TRUE", "yes", "Yes", "on", "ON"})
        CHECK(converted(TypeKind::boolean, text) == "integer 1");
    for (const char *text : {"0", "f", "False", "no", "NO", "off"})
        CHECK(converted(TypeKind::boolean, text) == "integer 0");
    CHECK(converted(TypeKind::boolean, integer(1)) == "integer 1");
    CHECK(converted(TypeKind::boolean, integer(0)) == "integer 0");
    CHECK(converted(TypeKind::boolean, real(1.0)) == "integer 1");
    for (const char *text : {"", "y", "n", "tru", "2", " true", "true ", "wahr", "\xff"})
        CHECK(converted(TypeKind::boolean, text) == "misfit");
    CHECK(converted(TypeKind::boolean, integer(2)) == "misfit");
    CHECK(converted(TypeKind::boolean, integer(-1)) == "misfit");
    CHECK(converted(TypeKind::boolean, real(0.5)) == "misfit");
    CHECK(converted(TypeKind::boolean, blob("1")) == "misfit");
}

TEST_CASE("bigint", "[cell_converter]") {
    CHECK(converted(TypeKind::bigint, integer(INT64_MIN)) == "integer -9223372036854775808");
    CHECK(converted(TypeKind::bigint, real(-3.0)) == "integer -3");
    CHECK(converted(TypeKind::bigint, real(1e18)) == "integer 1000000000000000000");
    CHECK(converted(TypeKind::bigint, real(-9223372036854775808.0)) ==
          "integer -9223372036854775808");
    CHECK(converted(TypeKind::bigint, real(9223372036854775808.0)) == "misfit");
    CHECK(converted(TypeKind::bigint, real(1.5)) == "misfit");
    CHECK(converted(TypeKind::bigint, real(kInfinity)) == "misfit");
    CHECK(converted(TypeKind::bigint, "42") == "misfit");
    CHECK(converted(TypeKind::bigint, "") == "misfit");
    CHECK(converted(TypeKind::bigint, blob("\x2a")) == "misfit");
}

TEST_CASE("numeric", "[cell_converter]") {
    CHECK(converted(TypeKind::numeric, integer(-7)) == "integer -7");
    CHECK(converted(TypeKind::numeric, real(12.5)) == "integer 125 / 10^1");
    CHECK(converted(TypeKind::numeric, real(-0.1)) == "integer -1 / 10^1");
    CHECK(converted(TypeKind::numeric, real(0.0205)) == "integer 205 / 10^4");
    CHECK(converted(TypeKind::numeric, real(0.00001)) == "text 0.00001");
    CHECK(converted(TypeKind::numeric, real(100.0)) == "integer 100");
    CHECK(converted(TypeKind::numeric, real(99999999999.9999)) == "integer 999999999999999 / 10^4");
    CHECK(converted(TypeKind::numeric, real(100000000000.5)) == "text 100000000000.5");
    CHECK(converted(TypeKind::numeric, real(0.1 + 0.2)) == "text 0.30000000000000004");
    CHECK(converted(TypeKind::numeric, real(-0.0)) == "integer 0");
    CHECK(converted(TypeKind::numeric, real(4503599627370497.0)) == "integer 4503599627370497");
    CHECK(converted(TypeKind::numeric, real(1152921504606846976.0)) ==
          "text 1.152921504606847e+18");
    CHECK(converted(TypeKind::numeric, real(1e308)) == "text 1e+308");
    CHECK(converted(TypeKind::numeric, real(5e-324)) == "text 5e-324");
    CHECK(converted(TypeKind::numeric, real(kInfinity)) == "misfit");
    CHECK(converted(TypeKind::numeric, real(-kInfinity)) == "misfit");
    CHECK(converted(TypeKind::numeric, real(std::nan(""))) == "misfit");
    CHECK(converted(TypeKind::numeric, "12.50") == "misfit");
    CHECK(converted(TypeKind::numeric, blob("1")) == "misfit");
}

TEST_CASE("numeric(p,s)", "[cell_converter]") {
    const ColumnRule price = rule_of(make_numeric(5, 2));
    CHECK(converted(price, integer(999)) == "integer 99900 / 10^2");
    CHECK(converted(price, integer(-999)) == "integer -99900 / 10^2");
    CHECK(converted(price, integer(1000)) == "misfit");
    CHECK(converted(price, integer(-1000)) == "misfit");
    CHECK(converted(price, integer(INT64_MIN)) == "misfit");
    CHECK(converted(price, real(999.99)) == "integer 99999 / 10^2");
    CHECK(converted(price, real(-999.99)) == "integer -99999 / 10^2");
    CHECK(converted(price, real(999.995)) == "misfit");
    CHECK(converted(price, real(1000.0)) == "misfit");
    CHECK(converted(price, real(-999.0)) == "integer -99900 / 10^2");
    CHECK(converted(price, real(0.001)) == "misfit");
    CHECK(converted(price, real(1.005)) == "misfit");
    CHECK(converted(price, real(0.0)) == "integer 0 / 10^2");
    CHECK(converted(price, real(-0.0)) == "integer 0 / 10^2");
    CHECK(converted(price, real(kInfinity)) == "misfit");
    CHECK(converted(price, real(std::nan(""))) == "misfit");
    CHECK(converted(rule_of(make_numeric(25, 0)), real(1e24)) == "text 1e+24");
    CHECK(converted(rule_of(make_numeric(24, 0)), real(1e24)) == "misfit");
    CHECK(converted(rule_of(make_numeric(19, 0)), integer(INT64_MAX)) ==
          "integer 9223372036854775807");
    CHECK(converted(rule_of(make_numeric(18, 0)), integer(INT64_MAX)) == "misfit");
    CHECK(converted(rule_of(make_numeric(18, 18)), integer(0)) == "integer 0 / 10^18");
    CHECK(converted(rule_of(make_numeric(18, 18)), integer(1)) == "misfit");
    CHECK(converted(rule_of(make_numeric(18, 18)), real(0.5)) == "text 0.5");
    CHECK(converted(rule_of(make_numeric(18, 0)), integer(-999999999999999999)) ==
          "integer -999999999999999999");
    CHECK(converted(rule_of(make_numeric(18, 1)), integer(99999999999999999)) ==
          "integer 999999999999999990 / 10^1");
    // More digits than 15, or a scale that is negative or beyond the precision: by the text.
    CHECK(converted(rule_of(make_numeric(18, 2)), real(9999999999999.99)) ==
          "integer 999999999999999 / 10^2");
    CHECK(converted(rule_of(make_numeric(18, 2)), real(12345678901234.56)) ==
          "text 12345678901234.56");
    CHECK(converted(rule_of(make_numeric(19, 2)), real(12.5)) == "text 12.5");
    CHECK(converted(rule_of(make_numeric(2, 4)), real(0.0025)) == "text 0.0025");
    CHECK(converted(rule_of(make_numeric(2, -2)), integer(9900)) == "integer 9900");
    CHECK(converted(rule_of(make_numeric(2, -2)), integer(9910)) == "misfit");
}

TEST_CASE("double precision", "[cell_converter]") {
    CHECK(converted(TypeKind::float8, real(1.5)) == "real 1.5");
    CHECK(converted(TypeKind::float8, real(-kInfinity)) == "real -Inf");
    CHECK(converted(TypeKind::float8, integer(3)) == "real 3.0");
    CHECK(converted(TypeKind::float8, integer(9007199254740992)) == "real 9007199254740992.0");
    CHECK(converted(TypeKind::float8, integer(9007199254740993)) == "misfit");
    CHECK(converted(TypeKind::float8, integer(INT64_MAX)) == "misfit");
    CHECK(converted(TypeKind::float8, "1.5") == "misfit");
}

TEST_CASE("text of numbers where the caller named the type", "[cell_converter]") {
    CHECK(converted(number_text_rule(make_type(TypeKind::bigint)), "42") == "integer 42");
    CHECK(converted(number_text_rule(make_type(TypeKind::bigint)), "042") == "misfit");
    CHECK(converted(number_text_rule(make_type(TypeKind::numeric)), "12.50") == "text 12.50");
    CHECK(converted(number_text_rule(make_type(TypeKind::numeric)), "1e5") == "misfit");
    CHECK(converted(number_text_rule(make_numeric(4, 1)), "12.50") == "text 12.50");
    CHECK(converted(number_text_rule(make_numeric(4, 1)), "12.55") == "misfit");
    CHECK(converted(number_text_rule(make_type(TypeKind::float8)), "0.10") == "real 0.1");
    CHECK(converted(number_text_rule(make_type(TypeKind::float8)), "ten") == "misfit");
}

TEST_CASE("text", "[cell_converter]") {
    for (TypeKind kind : {TypeKind::text, TypeKind::citext, TypeKind::other}) {
        CHECK(converted(kind, "") == "text ");
        CHECK(converted(kind, "é😀") == "text é😀");
        CHECK(converted(kind, integer(-5)) == "text -5");
        CHECK(converted(kind, real(1.0)) == "text 1.0");
        CHECK(converted(kind, real(1e100)) == "text 1.0e+100");
        CHECK(converted(kind, real(kInfinity)) == "text Inf");
        CHECK(converted(kind, "caf\xe9") == "invalid");
        CHECK(converted(kind, "a\0b"s) == "invalid");
        CHECK(converted(kind, blob("é")) == "text é");
        CHECK(converted(kind, blob("\xff\x00"s)) == "misfit");
        CHECK(converted(kind, blob("a\0"s)) == "misfit");
    }
}

TEST_CASE("text on a server that keeps bytes as they are", "[cell_converter]") {
    ColumnRule rule = rule_of(TypeKind::text);
    rule.is_utf8_checked = false;
    CHECK(converted(rule, "caf\xe9") == "text caf\xe9");
    CHECK(converted(rule, "a\0b"s) == "invalid");
    ColumnRule narrow = rule_of(make_varchar(3));
    narrow.is_utf8_checked = false;
    CHECK(converted(narrow, "éa") == "text éa");
    CHECK(converted(narrow, "éab") == "misfit");
}

TEST_CASE("varchar(n)", "[cell_converter]") {
    const ColumnRule rule = rule_of(make_varchar(3));
    CHECK(converted(rule, "abc") == "text abc");
    CHECK(converted(rule, "é€😀") == "text é€😀");
    CHECK(converted(rule, "abcd") == "misfit");
    CHECK(converted(rule, "abc ") == "misfit");
    CHECK(converted(rule, integer(123)) == "text 123");
    CHECK(converted(rule, integer(1234)) == "misfit");
    CHECK(converted(rule, real(10.0)) == "misfit");
    CHECK(converted(rule, blob("abcd")) == "misfit");
    CHECK(converted(rule, "abcd\xff") == "invalid");
    CHECK(converted(rule_of(TypeKind::varchar), std::string(5000, 'x')).size() == 5005);
}

TEST_CASE("bytea", "[cell_converter]") {
    CHECK(converted(TypeKind::bytea, blob("\xff\x00"s)) == "blob \xff\x00"s);
    CHECK(converted(TypeKind::bytea, "caf\xe9\0"s) == "blob caf\xe9\0"s);
    CHECK(converted(TypeKind::bytea, "") == "blob ");
    CHECK(converted(TypeKind::bytea, integer(12)) == "blob 12");
    CHECK(converted(TypeKind::bytea, real(0.5)) == "blob 0.5");
}

TEST_CASE("date", "[cell_converter]") {
    CHECK(converted(TypeKind::date, "2024-02-29") == day("2024-02-29"));
    CHECK(converted(TypeKind::date, "2024-02-29 00:00:00") == day("2024-02-29"));
    CHECK(converted(TypeKind::date, "2024-02-29T00:00:00.000Z") == day("2024-02-29"));
    CHECK(converted(TypeKind::date, "0001-01-01T00:00-00:00") == day("0001-01-01"));
    for (const char *text :
         {"", "2024-02-29 00:00:01", "2024-02-29 00:00:00.0000001", "2024-02-29 24:00:00",
          "2024-02-28 23:59:59.9999999", "2024-02-29 00:00:00+01", "2023-02-29", "today"})
        CHECK(converted(TypeKind::date, text) == "misfit");
    CHECK(converted(TypeKind::date, integer(1'709'164'800)) == "misfit");
    const ColumnRule rule = epoch_rule(TypeKind::date, EpochUnit::seconds);
    CHECK(converted(rule, integer(1'709'164'800)) == day("2024-02-29"));
    CHECK(converted(rule, integer(-86'400)) == day("1969-12-31"));
    CHECK(converted(rule, integer(0)) == day("1970-01-01"));
    CHECK(converted(rule, integer(1'709'164'801)) == "misfit");
    CHECK(converted(rule, "2024-02-29") == day("2024-02-29"));
    CHECK(converted(epoch_rule(TypeKind::date, EpochUnit::julian), real(2'460'369.5)) ==
          day("2024-02-29"));
}

TEST_CASE("time", "[cell_converter]") {
    CHECK(converted(TypeKind::time, "12:34") == "integer 45240000000");
    CHECK(converted(TypeKind::time, "24:00:00") == "integer 86400000000");
    CHECK(converted(TypeKind::time, "23:59:59.9999999") == "rounded integer 86400000000");
    CHECK(converted(TypeKind::time, "12:34Z") == "misfit");
    CHECK(converted(TypeKind::time, "2024-02-29 12:34") == "misfit");
    CHECK(converted(epoch_rule(TypeKind::time, EpochUnit::seconds), integer(0)) == "misfit");
}

TEST_CASE("timestamp", "[cell_converter]") {
    CHECK(converted(TypeKind::timestamp, "2024-02-29 12:34:56") == instant("2024-02-29 12:34:56"));
    CHECK(converted(TypeKind::timestamp, "2024-02-29") == instant("2024-02-29"));
    CHECK(converted(TypeKind::timestamp, "2024-02-29T12:34:56Z") == instant("2024-02-29 12:34:56"));
    CHECK(converted(TypeKind::timestamp, "2024-02-29T12:34:56+01:00") == "misfit");
    CHECK(converted(TypeKind::timestamp, "2024-12-31 23:59:59.9999995") ==
          "rounded " + instant("2025-01-01"));
}

TEST_CASE("timestamp with time zone", "[cell_converter]") {
    CHECK(converted(TypeKind::timestamptz, "2024-02-29T12:34:56+01:00") ==
          instant("2024-02-29 11:34:56"));
    CHECK(converted(TypeKind::timestamptz, "2024-02-29 12:34:56.5") ==
          instant("2024-02-29 12:34:56.5"));
    CHECK(converted(TypeKind::timestamptz, integer(1'700'000'000)) == "misfit");
    const ColumnRule rule = epoch_rule(TypeKind::timestamptz, EpochUnit::milliseconds);
    CHECK(converted(rule, integer(1'700'000'000'123)) == instant("2023-11-14 22:13:20.123"));
    CHECK(converted(rule, real(1'700'000'000'123.0004)) ==
          "rounded " + instant("2023-11-14 22:13:20.123"));
    CHECK(converted(rule, "2024-02-29") == instant("2024-02-29"));
    CHECK(converted(rule, integer(INT64_MAX)) == "misfit");
    CHECK(converted(rule, real(kInfinity)) == "misfit");
    CHECK(converted(rule, blob("2024-02-29")) == "misfit");
}

TEST_CASE("only text without a zone is naive", "[cell_converter]") {
    Batch arena(1);
    auto is_naive = [&](const ColumnRule &rule, const Given &given) {
        Cell cell = given.cell;
        REQUIRE(convert_cell(cell, rule, arena) == Fit::fits);
        return cell.is_naive;
    };
    const ColumnRule rule = epoch_rule(TypeKind::timestamptz, EpochUnit::seconds);
    CHECK(is_naive(rule, "2024-02-29 12:34:56"));
    CHECK(is_naive(rule, "2024-02-29"));
    CHECK_FALSE(is_naive(rule, "2024-02-29 12:34:56Z"));
    CHECK_FALSE(is_naive(rule, "2024-02-29 12:34:56+00"));
    CHECK_FALSE(is_naive(rule, integer(0)));
    CHECK_FALSE(is_naive(rule_of(TypeKind::timestamp), "2024-02-29 12:34:56"));
}

TEST_CASE("json and jsonb", "[cell_converter]") {
    CHECK(converted(TypeKind::jsonb, R"({"a": [1, 1.50]})") == R"(text {"a": [1, 1.50]})");
    CHECK(converted(TypeKind::jsonb, R"({"a":1,"a":2})") == "misfit");
    CHECK(converted(TypeKind::json, R"({"a":1,"a":2})") == R"(text {"a":1,"a":2})");
    CHECK(converted(TypeKind::json, "{") == "misfit");
    CHECK(converted(TypeKind::json, "") == "misfit");
    CHECK(converted(TypeKind::json, "\"caf\xe9\"") == "misfit");
    CHECK(converted(TypeKind::jsonb, integer(5)) == "text 5");
    CHECK(converted(TypeKind::jsonb, real(1.5)) == "text 1.5");
    CHECK(converted(TypeKind::jsonb, real(1e300)) == "text 1.0e+300");
    CHECK(converted(TypeKind::jsonb, real(-0.0)) == "misfit");
    CHECK(converted(TypeKind::json, real(-0.0)) == "text -0.0");
    CHECK(converted(TypeKind::json, real(kInfinity)) == "misfit");
    CHECK(converted(TypeKind::json, blob("{}")) == "misfit");
    ColumnRule latin1 = rule_of(TypeKind::jsonb);
    latin1.is_utf8_server = false;
    CHECK(converted(latin1, R"("\u20ac")") == "misfit");
}

TEST_CASE("uuid", "[cell_converter]") {
    const std::string bytes = "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"s;
    CHECK(converted(TypeKind::uuid, "00112233-4455-6677-8899-AABBCCDDEEFF") == "blob " + bytes);
    CHECK(converted(TypeKind::uuid, blob(bytes)) == "blob " + bytes);
    CHECK(converted(TypeKind::uuid, bytes) == "misfit");
    CHECK(converted(TypeKind::uuid, blob(bytes + "x")) == "misfit");
    CHECK(converted(TypeKind::uuid, "") == "misfit");
    CHECK(converted(TypeKind::uuid, integer(1)) == "misfit");
}

TEST_CASE("texts that mean NULL", "[cell_converter]") {
    ColumnRule rule = rule_of(TypeKind::bigint);
    rule.null_texts = {"", "N/A"};
    CHECK(converted(rule, "") == "null text null");
    CHECK(converted(rule, "N/A") == "null text null");
    CHECK(converted(rule, "n/a") == "misfit");
    CHECK(converted(rule, blob("")) == "misfit");
    rule.type = make_type(TypeKind::json);
    CHECK(converted(rule, "N/A") == "null text null");
    rule.type = make_varchar(10);
    CHECK(converted(rule, "N/A") == "text N/A");
    rule.type = make_type(TypeKind::citext);
    CHECK(converted(rule, "") == "text ");
}
