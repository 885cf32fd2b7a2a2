#include "core/sqlite/sql_parser.hpp"

#include "catch.hpp"
#include "tree_dump.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

using migrate::core::Expression;
using migrate::core::ExpressionKind;
using migrate::core::SourceExpression;
using migrate::core::sqlite::parse_expression;
using migrate::test::dump;

namespace {

// The tree as an S-expression, or the problem after "!".
std::string parse(std::string_view text) {
    const SourceExpression expression = parse_expression(text);
    return expression.tree ? dump(expression.tree.get()) : "!" + expression.problem;
}

std::string repeat(std::string_view text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) {
        out += text;
    }
    return out;
}

const std::string kTooDeep = "!the expression is nested more than 200 levels deep";

} // namespace

TEST_CASE("literals become values", "[sqlite][expression_parser]") {
    CHECK(parse("NULL") == "NULL");
    CHECK(parse("'it''s'") == "'it's'");
    CHECK(parse("x'00Ff'") == "x'00ff'");
    CHECK(parse("true") == "TRUE");
    CHECK(parse("False") == "FALSE");
    CHECK(parse("current_timestamp") == "CURRENT_timestamp");
    CHECK(parse("CURRENT_DATE") == "CURRENT_date");
    CHECK(parse("Current_Time") == "CURRENT_time");
    CHECK(parse("[true]") == "true");
    CHECK(parse("\"true\"") == "\"true\"");
    CHECK(parse("t.true") == "t.true");
}

TEST_CASE("integers", "[sqlite][expression_parser]") {
    CHECK(parse("0") == "0");
    CHECK(parse("007") == "7");
    CHECK(parse("1_000_000") == "1000000");
    CHECK(parse("9223372036854775807") == "9223372036854775807");
    CHECK(parse("0x1F") == "31");
    CHECK(parse("0xff_ff") == "65535");
    CHECK(parse("0xffffffffffffffff") == "-1");
    CHECK(parse("0x00000000000000000001") == "1");
    CHECK(parse("0x10000000000000000") == "!a hexadecimal literal of more than 64 bits");
    SECTION("the smallest one has a digit too many without its sign") {
        CHECK(parse("-9223372036854775808") == "-9223372036854775808");
        CHECK(parse("-(9223372036854775808)") == "-9223372036854775808");
        CHECK(parse("- -9223372036854775808") == "(- -9223372036854775808)");
        CHECK(parse("+9223372036854775808") == "(+ r:9223372036854775808)");
        CHECK(parse("-9223372036854775808.0") == "(- r:9223372036854775808.0)");
        CHECK(parse_expression("-9223372036854775808").tree->integer ==
              std::numeric_limits<std::int64_t>::min());
    }
}

TEST_CASE("real numbers keep their digits", "[sqlite][expression_parser]") {
    const auto real = [](std::string_view text) { return parse_expression(text).tree->real; };
    CHECK(parse("1_0.2_5e1_0") == "r:10.25e10");
    CHECK(real("10.25") == 10.25);
    CHECK(real(".5") == 0.5);
    CHECK(real("5.") == 5.0);
    CHECK(real("5.e1") == 50.0);
    CHECK(parse("9223372036854775808") == "r:9223372036854775808");
    CHECK(parse("00018446744073709551616") == "r:18446744073709551616");
    CHECK(real("18446744073709551616") == 18446744073709551616.0);
    SECTION("beyond the range of double") {
        CHECK(std::isinf(real("1e999")));
        CHECK(std::isinf(real("1e99999999999999999999")));
        CHECK(std::isinf(real(std::string(400, '9'))));
        CHECK(std::isinf(real("0." + std::string(300, '0') + "1e700")));
        CHECK(real("1e-999") == 0.0);
        CHECK(real("0." + std::string(400, '0') + "1") == 0.0);
        CHECK(real("1" + std::string(300, '0') + "e-700") == 0.0);
        CHECK(real("0e999") == 0.0);
    }
}

TEST_CASE("columns in all quotings", "[sqlite][expression_parser]") {
    CHECK(parse("a") == "a");
    CHECK(parse("t.a") == "t.a");
    CHECK(parse("main . t . a") == "main.t.a");
    CHECK(parse("\"a b\"") == "\"a b\"");
    CHECK(parse("\"t\".a") == "t.a");
    CHECK(parse("[a b].`c`") == "a b.c");
    CHECK(parse("'t'.'a'") == "t.a");
    CHECK(parse("a.b.c.d") == "!syntax error near \".\"");
}

TEST_CASE("keywords that fall back to names", "[sqlite][expression_parser]") {
    for (const char *name :
         {"key",  "date",    "desc",    "asc",  "like",   "match",  "replace", "end",
          "left", "natural", "indexed", "over", "filter", "window", "current", "first",
          "if",   "row",     "with",    "temp", "view",   "no"}) {
        CHECK(parse(name) == name);
        CHECK(parse(std::string("1 + ") + name) == std::string("(+ 1 ") + name + ")");
    }
    CHECK(parse("case end when end then end else end end") == "(case end end end end)");
    for (const char *word : {"select", "from", "order", "table", "cast", "isnull", "unique"}) {
        CHECK(parse(word).substr(0, 13) == "!syntax error");
    }
}

TEST_CASE("every level of precedence against its neighbours", "[sqlite][expression_parser]") {
    CHECK(parse("a OR b AND c") == "(OR a (AND b c))");
    CHECK(parse("a AND b OR c") == "(OR (AND a b) c)");
    CHECK(parse("NOT a AND b") == "(AND (NOT a) b)");
    CHECK(parse("NOT a = b") == "(NOT (= a b))");
    CHECK(parse("NOT NOT a") == "(NOT (NOT a))");
    CHECK(parse("a = b < c") == "(= a (< b c))");
    CHECK(parse("a < b = c") == "(= (< a b) c)");
    CHECK(parse("a < b & c") == "(< a (& b c))");
    CHECK(parse("a & b + c") == "(& a (+ b c))");
    CHECK(parse("a & b | c << d >> e") == "(>> (<< (| (& a b) c) d) e)");
    CHECK(parse("a + b * c") == "(+ a (* b c))");
    CHECK(parse("a - b - c") == "(- (- a b) c)");
    CHECK(parse("a * b || c") == "(* a (|| b c))");
    CHECK(parse("a / b % c") == "(% (/ a b) c)");
    CHECK(parse("a || b -> c ->> d") == "(->> (-> (|| a b) c) d)");
    CHECK(parse("a || b COLLATE nocase") == "(|| a (collate[NOCASE] b))");
    CHECK(parse("-a COLLATE nocase") == "(collate[NOCASE] (- a))");
    CHECK(parse("-a || b") == "(|| (- a) b)");
    CHECK(parse("~ - + a") == "(~ (- (+ a)))");
    CHECK(parse("(a OR b) AND c") == "(AND (OR a b) c)");
    CHECK(parse("a COLLATE 'x' COLLATE \"Y\"") == "(collate[Y] (collate[X] a))");
}

TEST_CASE("a prefix operator on the right takes what its own level takes",
          "[sqlite][expression_parser]") {
    CHECK(parse("a = NOT b = c") == "(= a (NOT (= b c)))");
    CHECK(parse("a * NOT b + c AND d") == "(AND (* a (NOT (+ b c))) d)");
    CHECK(parse("- NOT a = b") == "(- (NOT (= a b)))");
    CHECK(parse("a < NOT b LIKE c ESCAPE d") == "(< a (NOT (LIKE b c d)))");
}

TEST_CASE("operators are normalised", "[sqlite][expression_parser]") {
    CHECK(parse("a == b") == "(= a b)");
    CHECK(parse("a != b") == "(<> a b)");
    CHECK(parse("a ISNULL") == "(null? a)");
    CHECK(parse("a NOTNULL") == "(not-null? a)");
    CHECK(parse("a NOT NULL") == "(not-null? a)");
    CHECK(parse("a IS NULL") == "(null? a)");
    CHECK(parse("a IS (NULL)") == "(null? a)");
    CHECK(parse("a IS NOT NULL") == "(not-null? a)");
    CHECK(parse("a IS b") == "(IS a b)");
    CHECK(parse("a IS NOT b") == "(IS NOT a b)");
    CHECK(parse("a IS DISTINCT FROM b") == "(IS NOT a b)");
    CHECK(parse("a IS NOT DISTINCT FROM b") == "(IS a b)");
    CHECK(parse("a IS DISTINCT FROM NULL") == "(not-null? a)");
    CHECK(parse("a IS NULL + 1") == "(IS a (+ NULL 1))");
    CHECK(parse("a IS NOT TRUE") == "(IS NOT a TRUE)");
    CHECK(parse("a = b ISNULL") == "(null? (= a b))");
    CHECK(parse("NOT a ISNULL") == "(NOT (null? a))");
    CHECK(parse("a isnull notnull") == "(not-null? (null? a))");
}

TEST_CASE("BETWEEN, IN and LIKE", "[sqlite][expression_parser]") {
    CHECK(parse("a BETWEEN 1 AND 2 AND b") == "(AND (between a 1 2) b)");
    CHECK(parse("a NOT BETWEEN b = c AND d < e") == "(not-between a (= b c) (< d e))");
    CHECK(parse("a BETWEEN 1 AND 2 = b") == "(= (between a 1 2) b)");
    CHECK(parse("a BETWEEN 1 OR 2 AND 3") == "!syntax error near \"OR\"");
    CHECK(parse("a IN ()") == "(in a)");
    CHECK(parse("a IN (1, 'b', c)") == "(in a 1 'b' c)");
    CHECK(parse("a NOT IN (SELECT b FROM t)") == "(not-in a [ b FROM t])");
    CHECK(parse("a IN (VALUES (1), (2))") == "(in a [(values 1)(values 2)])");
    CHECK(parse("a IN (WITH x AS (SELECT 1) SELECT * FROM x)") == "(in a WITH x [ 1] [ * FROM x])");
    CHECK(parse("a IN t") == "(in a [ * FROM t])");
    CHECK(parse("a NOT IN main.\"t\"") == "(not-in a [ * FROM main.t])");
    CHECK(parse("a IN f(1)") == "(in a [ * FROM f()])");
    CHECK(parse("a IN ((SELECT b FROM t))") == "(in a (select [ b FROM t]))");
    CHECK(parse("(a, b) IN (SELECT 1, 2)") == "(in (row a b) [ 1 2])");
    CHECK(parse("a + b IN (1)") == "(in (+ a b) 1)");
    CHECK(parse("a LIKE 'x%'") == "(LIKE a 'x%')");
    CHECK(parse("a not like b || '%' escape '\\'") == "(not-LIKE a (|| b '%') '\\')");
    CHECK(parse("a GLOB b REGEXP c") == "(REGEXP (GLOB a b) c)");
    CHECK(parse("a MATCH b < c") == "(MATCH a (< b c))");
    CHECK(parse("a NOT b") == "!syntax error near \"NOT\"");
    CHECK(parse("a = b ESCAPE c") == "!syntax error near \"ESCAPE\"");
}

TEST_CASE("expression parser: functions", "[sqlite][expression_parser]") {
    CHECK(parse("Lower(a)") == "(lower() a)");
    CHECK(parse("f()") == "(f())");
    CHECK(parse("count(*)") == "(count() *)");
    CHECK(parse("count(DISTINCT a)") == "(count() distinct a)");
    CHECK(parse("count(ALL a)") == "(count() a)");
    CHECK(parse("like(a, b)") == "(like() a b)");
    CHECK(parse("replace(a, 'b', 'c')") == "(replace() a 'b' 'c')");
    CHECK(parse("\"Max\"(1, 2)") == "(max() 1 2)");
    CHECK(parse("if(a, b)") == "(if() a b)");
    CHECK(parse("left(a, 1)") == "(left() a 1)");
    CHECK(parse("sum(a) FILTER (WHERE b > 1)") == "(sum() a filter (> b 1))");
    CHECK(parse("max(1,)") == "!syntax error near \")\"");
    CHECK(parse("'f'(1)") == "!syntax error near \"(\"");
    CHECK(parse("count(ALL *)") == "!syntax error near \"*\"");
    CHECK(parse("group_concat(a ORDER BY b)") == "!ORDER BY inside an aggregate function");
}

TEST_CASE("of a window only its being there is kept", "[sqlite][expression_parser]") {
    CHECK(parse("sum(a) OVER w") == "(sum() a over)");
    CHECK(parse("sum(a) OVER ()") == "(sum() a over)");
    CHECK(parse("row_number() OVER (w PARTITION BY a, b ORDER BY c DESC NULLS LAST, d)") ==
          "(row_number() over)");
    CHECK(parse("sum(a) FILTER (WHERE b) OVER (ROWS UNBOUNDED PRECEDING)") ==
          "(sum() a filter b over)");
    CHECK(parse("sum(a) OVER (ORDER BY b GROUPS BETWEEN 1 + 1 PRECEDING AND UNBOUNDED FOLLOWING "
                "EXCLUDE NO OTHERS)") == "(sum() a over)");
    CHECK(parse("sum(a) OVER (RANGE BETWEEN CURRENT ROW AND 2 FOLLOWING EXCLUDE GROUP) + 1") ==
          "(+ (sum() a over) 1)");
    CHECK(parse("sum(a) OVER (ROWS 1)") == "!syntax error near \")\"");
}

TEST_CASE("CASE, CAST, EXISTS, rows and subqueries", "[sqlite][expression_parser]") {
    CHECK(parse("CASE WHEN a THEN b END") == "(case _ a b _)");
    CHECK(parse("CASE x WHEN 1 THEN 2 WHEN 3 THEN 4 ELSE 5 END") == "(case x 1 2 3 4 5)");
    CHECK(parse("CASE ELSE 1 END") == "!syntax error near \"ELSE\"");
    CHECK(parse("CAST(a AS INTEGER)") == "(cast[INTEGER] a)");
    CHECK(parse("CAST(a AS unsigned  big /* c */ int ( 10 , -2 ))") ==
          "(cast[unsigned big int(10,-2)] a)");
    CHECK(parse("CAST(a AS)") == "(cast[] a)");
    CHECK(parse("EXISTS (SELECT 1)") == "(exists [ 1])");
    CHECK(parse("NOT EXISTS (SELECT 1)") == "(not-exists [ 1])");
    CHECK(parse("NOT NOT EXISTS (SELECT 1)") == "(NOT (not-exists [ 1]))");
    CHECK(parse("NOT EXISTS (SELECT 1) = 1") == "(NOT (= (exists [ 1]) 1))");
    CHECK(parse("EXISTS (1)") == "!syntax error near \"1\"");
    CHECK(parse("(SELECT 1) + (a)") == "(+ (select [ 1]) a)");
    CHECK(parse("(a, b, c) = (1, 2, 3)") == "(= (row a b c) (row 1 2 3))");
    CHECK(parse("((a), (b))") == "(row a b)");
    CHECK(parse("()") == "!syntax error near \")\"");
}

TEST_CASE("what has no place in a schema is a problem", "[sqlite][expression_parser]") {
    CHECK(parse("a + ?1") == "!a bind variable");
    CHECK(parse(":name") == "!a bind variable");
    CHECK(parse("RAISE(IGNORE)") == "!the function RAISE");
    CHECK(parse("a b") == "!syntax error near \"b\"");
    CHECK(parse("a,") == "!syntax error near \",\"");
    CHECK(parse("a;") == "!syntax error near \";\"");
    CHECK(parse("a +") == "!syntax error at the end of the text");
    CHECK(parse("") == "!syntax error at the end of the text");
    CHECK(parse("'a") == "!unterminated string");
    CHECK(parse("(a") == "!syntax error at the end of the text");
}

TEST_CASE("the text is kept without the blanks around it", "[sqlite][expression_parser]") {
    const SourceExpression good = parse_expression(" \n datetime( 'now' ) ");
    CHECK(good.text == "datetime( 'now' )");
    CHECK(good.problem.empty());
    const SourceExpression bad = parse_expression("  'a ");
    CHECK(bad.text == "'a");
    CHECK(bad.tree == nullptr);
}

TEST_CASE("depth is limited at 200 levels, however it is reached", "[sqlite][expression_parser]") {
    SECTION("just below the limit") {
        CHECK(parse(repeat("(", 199) + "a" + repeat(")", 199)) == "a");
        CHECK(parse(repeat("1+(", 199) + "a" + repeat(")", 199)).back() == ')');
        CHECK(parse("a" + repeat("+a", 199)).front() == '(');
        CHECK(parse(repeat("NOT ", 199) + "a").front() == '(');
    }
    SECTION("just above it") {
        CHECK(parse(repeat("(", 200) + "a" + repeat(")", 200)) == kTooDeep);
        CHECK(parse("a" + repeat("+a", 200)) == kTooDeep);
        CHECK(parse(repeat("NOT ", 200) + "a") == kTooDeep);
    }
    SECTION("loops and recursion together") {
        const std::string chain = repeat("(a", 20) + repeat(repeat("+a", 20) + ")", 20);
        CHECK(parse(chain) == kTooDeep);
        CHECK(parse(repeat("a OR b AND c = d < e & f + g * h || (", 150) + "a" +
                    repeat(")", 150)) == kTooDeep);
    }
    SECTION("long chains of every kind") {
        const int many = 90'000;
        CHECK(parse("a" + repeat("+a", many)) == kTooDeep);
        CHECK(parse("a" + repeat(" OR a", many)) == kTooDeep);
        CHECK(parse("a" + repeat(" ISNULL", many)) == kTooDeep);
        CHECK(parse("a" + repeat(" COLLATE x", many / 2)) == kTooDeep);
        CHECK(parse(repeat("~", many) + "a") == kTooDeep);
        CHECK(parse(repeat("- ", many) + "a") == kTooDeep);
        CHECK(parse(repeat("(", many)) == kTooDeep);
        CHECK(parse(repeat("f(", many)) == kTooDeep);
        CHECK(parse(repeat("CASE WHEN ", many / 2)) == kTooDeep);
        CHECK(parse(repeat("(SELECT ", many / 2)) == kTooDeep);
        CHECK(parse("1 IN " + repeat("(SELECT 1 FROM ", many / 4)) == kTooDeep);
        CHECK(parse("(SELECT 1 FROM " + repeat("(", many)) == kTooDeep);
        CHECK(parse("(" + repeat("WITH a AS (", many / 2)) == kTooDeep);
        CHECK(parse("f() OVER (ORDER BY " + repeat("f() OVER (ORDER BY ", many / 8)) == kTooDeep);
    }
    SECTION("wide is not deep, but has its limit too") {
        CHECK(parse("a IN (1" + repeat(",1", 90'000) + ")").front() == '(');
        CHECK(parse("a IN (1" + repeat(",1", 100'000) + ")") ==
              "!the text has more than 200,000 tokens");
        CHECK(parse(std::string(1'000'001, 'a')) == "!the text is longer than 1,000,000 bytes");
    }
}
