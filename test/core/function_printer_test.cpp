// Functions, patterns, choices and times as PostgreSQL's SQL, run on PostgreSQL 15 and SQLite 3.40
// over the same rows.
#include "printer_fixture.hpp"

using namespace printer_fixture;

namespace {

std::string generated_sql(std::string_view text, TypeKind kind,
                          std::vector<BoundColumn> bound = columns()) {
    return shorten(shown(print_generated(*parse(text), bound, make_type(kind), {})));
}

} // namespace

TEST_CASE("LIKE and GLOB", "[plan][printer]") {
    CHECK(check_sql("s LIKE 'a%'") == "((\"s\" COLLATE \"C\") ~~* E'a%')");
    CHECK(check_sql("s NOT LIKE 'a\\_'") == "((\"s\" COLLATE \"C\") !~~* E'a\\\\\\\\_')");
    CHECK(check_sql("s LIKE 'a!%!!' ESCAPE '!'") == "((\"s\" COLLATE \"C\") ~~* E'a\\\\%\\\\!')");
    CHECK(check_sql("s LIKE 'a!' ESCAPE '!'") ==
          "! a pattern of LIKE ends with its escape character");
    CHECK(check_sql("s LIKE v") == "((\"s\" COLLATE \"C\") ~~* like_escape(\"v\", E''))");
    CHECK(check_sql("i LIKE '1%'") == "((CAST(\"i\" AS text) COLLATE \"C\") ~~* E'1%')");
    CHECK(check_sql("s GLOB 'a*_?'") == "((\"s\" COLLATE \"C\") ~~ E'a%\\\\__')");
    CHECK(check_sql("s NOT GLOB '*x*'") == "((\"s\" COLLATE \"C\") !~~ E'%x%')");
    CHECK(check_sql("s GLOB '[0-9]*'") == "! GLOB with a character class has no equivalent");
    CHECK(check_sql("s GLOB v").starts_with("! GLOB with a pattern"));
    CHECK(check_sql("s REGEXP 'a'") == "! operator REGEXP has no equivalent");
    CHECK(check_sql("s MATCH 'a'") == "! operator MATCH has no equivalent");
    CHECK(check_sql("ts LIKE '2020%'") == "! LIKE is used on timestamp without time zone");
}

TEST_CASE("CASE and choices take one type", "[plan][printer]") {
    CHECK(term_sql("CASE WHEN b THEN 1 ELSE 0 END") ==
          "(CASE WHEN \"b\" THEN CAST(1 AS int8) ELSE CAST(0 AS int8) END)");
    CHECK(term_sql("CASE nc WHEN 'A' THEN 'x' END") ==
          "(CASE WHEN (lower((\"nc\" COLLATE \"C\")) = E'a') THEN CAST(E'x' AS text) END)");
    CHECK(term_sql("CASE WHEN i THEN b ELSE 0 END") ==
          "(CASE WHEN (\"i\" <> 0) THEN \"b\" ELSE FALSE END)");
    CHECK(term_sql("CASE WHEN i THEN s ELSE 0 END") == "! mixes a number and text");
    CHECK(term_sql("coalesce(i, r)") == "COALESCE(CAST(\"i\" AS float8), \"r\")");
    CHECK(term_sql("coalesce(b, 2)") ==
          "COALESCE(CAST(CAST(\"b\" AS int4) AS int8), CAST(2 AS int8))");
    CHECK(term_sql("ifnull(i, '')") == "! mixes a string and bigint");
    CHECK(term_sql("nullif(i, 5)") == "(CASE WHEN (\"i\" = 5) THEN NULL ELSE \"i\" END)");
    CHECK(term_sql("iif(b, 'x', 'y')") ==
          "(CASE WHEN \"b\" THEN CAST(E'x' AS text) ELSE CAST(E'y' AS text) END)");
    CHECK(term_sql("max(i, j)") == "(CASE WHEN \"i\" IS NULL OR \"j\" IS NULL THEN NULL ELSE "
                                   "GREATEST(\"i\", \"j\") END)");
    CHECK(term_sql("min(nc, s)") == "! function \"min\" is used on text with collation NOCASE");
    CHECK(term_sql("coalesce(i)").starts_with("! function \"coalesce\" with so many arguments"));
}

TEST_CASE("function printer: functions", "[plan][printer]") {
    CHECK(term_sql("lower(s)") == "lower((\"s\" COLLATE \"C\"))");
    CHECK(term_sql("length(s)") == "CAST(char_length(\"s\") AS int8)");
    CHECK(term_sql("length(bl)") == "CAST(octet_length(\"bl\") AS int8)");
    CHECK(term_sql("s || i") == "(\"s\" || CAST(\"i\" AS text))");
    CHECK(term_sql("s || r") == "! operator || is used on double precision");
    CHECK(term_sql("trim(s)") == "btrim(\"s\", CAST(E' ' AS text))");
    CHECK(term_sql("instr(s, 'b')") == "CAST(strpos(\"s\", CAST(E'b' AS text)) AS int8)");
    CHECK(term_sql("substr(s, 2, 3)") == "substr(\"s\", CAST(2 AS int4), CAST(3 AS int4))");
    CHECK(term_sql("substr(s, -3)") ==
          "substr(\"s\", CAST(((char_length(\"s\") + 1) + (-3)) AS int4))");
    CHECK(term_sql("substr(s, 2, -1)") ==
          "! function \"substr\" with a negative length has no equivalent");
    CHECK(term_sql("round(r)").starts_with("(CASE WHEN (abs(\"r\") >= 4503599627370496) THEN"));
    CHECK(term_sql("round(n, 2)") == "CAST(round(\"n\", 2) AS float8)");
    CHECK(term_sql("sqrt(r)") == "(CASE WHEN (\"r\" >= 0) THEN sqrt(\"r\") END)");
    CHECK(term_sql("pow(r, s)").starts_with("! function \"pow\" with an exponent"));
    CHECK(term_sql("hex(bl)") == "COALESCE(upper((encode(\"bl\", E'hex') COLLATE \"C\")), E'')");
    CHECK(check_sql("typeof(i) = 'integer'") ==
          "((CASE WHEN \"i\" IS NULL THEN E'null' ELSE E'integer' END) = E'integer')");
    CHECK(check_sql("typeof(n) = 'real'") == "! function \"typeof\" is used on numeric");
    CHECK(check_sql("json_valid(js)") == "(CASE WHEN \"js\" IS NOT NULL THEN TRUE END)");
    CHECK(check_sql("json_valid(s)") == "! function \"json_valid\" is used on text");
    CHECK(check_sql("json_extract(js, '$.a.b[0]') = 'x'") ==
          "((\"js\" #>> CAST(ARRAY[E'a', E'b', E'0'] AS text[])) = E'x')");
    CHECK(check_sql("json_extract(js, '$.a') > 5").starts_with("! compares what json_extract"));
    CHECK(check_sql("json_extract(js, '$.*') = 'x'") == "! a JSON path is not a plain one");
    CHECK(check_sql("concat(s)").starts_with("! function \"concat\" with so many"));
}

TEST_CASE("function printer: times", "[plan][printer]") {
    CHECK(check_sql("d >= '2020-01-31'") == "(\"d\" >= CAST(E'2020-01-31' AS date))");
    CHECK(check_sql("ts < '2020-01-31 10:00:00'") ==
          "(\"ts\" < CAST(E'2020-01-31 10:00:00' AS timestamp))");
    CHECK(check_sql("tz < '2020-01-31T10:00:00Z'") ==
          "(\"tz\" < CAST(E'2020-01-31 10:00:00+00' AS timestamptz))");
    CHECK(check_sql("tz < 'tomorrow'") == "! compares a string with timestamp with time zone");
    CHECK(check_sql("d <> ''") == "(CASE WHEN \"d\" IS NOT NULL THEN TRUE END)");
    CHECK(check_sql("es > 1600000000") ==
          "(\"es\" > CAST(E'2020-09-13 12:26:40+00' AS timestamptz))");
    CHECK(check_sql("tz > 1600000000") == "! compares a number with timestamp with time zone");
    CHECK(check("ts > '2020-01-31'").notes ==
          std::vector<std::string>{"a date without a time compares as its midnight"});
    CHECK(check_sql("date(ts) = d") == "(CAST(\"ts\" AS date) = \"d\")");
    CHECK(check_sql("ts < datetime('now')") ==
          "! the value changes with the time of its evaluation");
    SECTION("immutable SQL takes no to_char") {
        CHECK(term_sql("strftime('%Y-%m', ts)") ==
              "(lpad(CAST(CAST(date_part(E'year', \"ts\") AS int8) AS text), 4, E'0') || "
              "CAST(E'-' AS text) || "
              "lpad(CAST(CAST(date_part(E'month', \"ts\") AS int8) AS text), 2, E'0'))");
        CHECK(term_sql("CAST(strftime('%Y', d) AS INT)") ==
              "CAST(date_part(E'year', CAST(\"d\" AS timestamp)) AS int8)");
        CHECK(term_sql("date(es, 'unixepoch')") == "CAST(timezone(E'UTC', \"es\") AS date)");
    }
    SECTION("naive times are in option timezone") {
        PrintOptions options;
        options.timezone = "Europe/Berlin";
        CHECK(shorten(shown(check("tz < '2020-01-31 10:00:00'", options))) ==
              "(\"tz\" < timezone(E'Europe/Berlin', "
              "CAST(E'2020-01-31 10:00:00' AS timestamp)))");
    }
    SECTION("modifiers") {
        CHECK(term_sql("date(ts, '+7 days')") ==
              "CAST((\"ts\" + CAST(E'7 day' AS interval)) AS date)");
        CHECK(term_sql("date(ts, '+1 month')") ==
              "! the time modifier \"+1 month\" has no equivalent");
        CHECK(term_sql("date(ts, 'start of month', '+1 month')") ==
              "CAST((date_trunc(E'month', \"ts\") + CAST(E'1 month' AS interval)) AS date)");
        CHECK(term_sql("date(ts, s)") == "! a computed time modifier has no equivalent");
        CHECK(term_sql("date(s)") == "! a time function is used on text");
    }
}

TEST_CASE("index terms, predicates and generated columns", "[plan][printer]") {
    CHECK(term_sql("s COLLATE NOCASE") == "lower((\"s\" COLLATE \"C\"))");
    CHECK(term_sql("nc") == "lower((\"nc\" COLLATE \"C\"))");
    CHECK(term_sql("i") == "\"i\"");
    CHECK(term_sql("date('now')") == "! the value changes with the time of its evaluation");
    CHECK(shorten(shown(print_predicate(*parse("s IS NOT NULL AND b = 0"), columns(), {}))) ==
          "((\"s\" IS NOT NULL) AND (\"b\" = FALSE))");
    CHECK(print_predicate(*parse("i > 0"), columns(), {}).type.kind == TypeKind::boolean);
    SECTION("a generated column has its column's type") {
        CHECK(generated_sql("i * 2", TypeKind::bigint) == "(\"i\" * 2)");
        CHECK(generated_sql("i * 2", TypeKind::text) == "CAST((\"i\" * 2) AS text)");
        CHECK(generated_sql("i * 2", TypeKind::numeric) == "CAST((\"i\" * 2) AS numeric)");
        CHECK(generated_sql("i > 2", TypeKind::bigint) ==
              "CAST(CAST((\"i\" > 2) AS int4) AS int8)");
        CHECK(generated_sql("i", TypeKind::boolean) == "(\"i\" <> 0)");
        CHECK(generated_sql("s || 'x'", TypeKind::varchar) == "(\"s\" || CAST(E'x' AS text))");
        CHECK(generated_sql("s", TypeKind::bigint) ==
              "! text is no value of a column of type bigint");
        CHECK(generated_sql("date(tz)", TypeKind::date) ==
              "CAST(timezone(E'UTC', \"tz\") AS date)");
        CHECK(generated_sql("datetime('now')", TypeKind::text) ==
              "! the value changes with the time of its evaluation");
    }
    SECTION("no generated column in a generated column, quoted or not") {
        std::vector<BoundColumn> bound = {column("g", TypeKind::bigint)};
        bound[0].is_generated = true;
        CHECK(generated_sql("g + 1", TypeKind::bigint, bound) ==
              "! uses column \"g\", which is generated itself");
        CHECK(generated_sql("\"g\" || 'x'", TypeKind::text, bound) ==
              "! uses column \"g\", which is generated itself");
        CHECK(print_check(*parse("g > 1"), bound, {}).is_good());
    }
    SECTION("a type of the caller's own") {
        BoundColumn own = column("e", TypeKind::other);
        own.type.name = "integer";
        CHECK(shorten(shown(print_check(*parse("e > 1"), std::vector{own}, {}))) ==
              "(CAST(\"e\" AS int8) > 1)");
        own.type.name = "inet";
        CHECK(print_check(*parse("e > 'a'"), std::vector{own}, {}).problem ==
              "compares a string with inet");
        CHECK(print_check(*parse("e IS NULL"), std::vector{own}, {}).is_good());
    }
}
