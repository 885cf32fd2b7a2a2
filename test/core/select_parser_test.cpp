#include "core/sqlite/sql_parser.hpp"

#include "catch.hpp"
#include "tree_dump.hpp"

using migrate::core::sqlite::parse_create_view;
using migrate::core::sqlite::ViewClauses;
using migrate::test::dump;

namespace {

// The query of a view as an S-expression, or the problem after "!".
std::string parse(const std::string &query) {
    const ViewClauses view = parse_create_view("CREATE VIEW v AS " + query);
    return view.select ? dump(*view.select) : "!" + view.problem;
}

// The FROM clause alone.
std::string from(const std::string &text) {
    const std::string dumped = parse("SELECT 1 FROM " + text);
    const std::string head = "[ 1 FROM ";
    return dumped.substr(0, head.size()) == head
               ? dumped.substr(head.size(), dumped.size() - head.size() - 1)
               : dumped;
}

} // namespace

TEST_CASE("result columns and their aliases", "[sqlite][select_parser]") {
    CHECK(parse("SELECT 1") == "[ 1]");
    CHECK(parse("SELECT *, t.*, \"u\".*, 'w'.* FROM t") == "[ * t.* u.* w.* FROM t]");
    CHECK(parse("SELECT a AS b, a b, a AS 'b', a 'b c', a \"b\", a [b]") ==
          "[ a=b a=b a=b a=b c a=b a=b]");
    CHECK(parse("SELECT 1 key, 2 end, 3 over, 4 window, 5 AS left") ==
          "[ 1=key 2=end 3=over 4=window 5=left]");
    CHECK(parse("SELECT sum(a) over FROM t") == "[ (sum() a)=over FROM t]");
    CHECK(parse("SELECT sum(a) filter FROM t") == "[ (sum() a)=filter FROM t]");
    CHECK(parse("SELECT DISTINCT a FROM t") == "[distinct a FROM t]");
    CHECK(parse("SELECT ALL a FROM t") == "[ a FROM t]");
    CHECK(parse("SELECT 1 left") == "!syntax error near \"left\"");
    CHECK(parse("SELECT main.t.* FROM t") == "!syntax error near \"*\"");
    CHECK(parse("SELECT a, FROM t") == "!syntax error near \"FROM\"");
    CHECK(parse("SELECT FROM t") == "!syntax error near \"FROM\"");
}

TEST_CASE("tables of FROM", "[sqlite][select_parser]") {
    CHECK(from("t") == "t");
    CHECK(from("main.t AS a") == "main.t=a");
    CHECK(from("'t' 'a'") == "t=a");
    CHECK(from("t key") == "t=key");
    CHECK(from("t window") == "t=window");
    CHECK(from("t INDEXED BY i") == "t");
    CHECK(from("t a NOT INDEXED") == "t=a");
    CHECK(from("json_each(t.a, '$')") == "json_each()");
    CHECK(from("pragma_table_info() AS p") == "pragma_table_info()=p");
    CHECK(from("(SELECT a FROM t) AS s") == "[ a FROM t]=s");
    CHECK(from("(VALUES (1), (2)) s") == "[(values 1)(values 2)]=s");
    CHECK(from("(WITH c AS (SELECT 1) SELECT * FROM c)") == "WITH c [ 1] [ * FROM c]");
    CHECK(from("t AS") == "!syntax error at the end of the text");
}

TEST_CASE("select parser: joins", "[sqlite][select_parser]") {
    CHECK(from("a, b") == "a , b");
    CHECK(from("a, b ON a.x = b.x") == "a , b on (= a.x b.x)");
    CHECK(from("a JOIN b ON a.x = b.x LEFT JOIN c USING (x, \"y\")") ==
          "a inner-join b on (= a.x b.x) left-join c using x using y");
    CHECK(from("a INNER JOIN b CROSS JOIN c") == "a inner-join b cross-join c");
    CHECK(from("a LEFT OUTER JOIN b RIGHT JOIN c FULL OUTER JOIN d") ==
          "a left-join b right-join c full-join d");
    CHECK(from("a NATURAL JOIN b NATURAL LEFT JOIN c") ==
          "a natural inner-join b natural left-join c");
    SECTION("the words come in any order") {
        CHECK(from("a OUTER LEFT NATURAL JOIN b") == "a natural left-join b");
        CHECK(from("a LEFT RIGHT JOIN b") == "a full-join b");
    }
    SECTION("joins that SQLite does not know") {
        CHECK(from("a OUTER JOIN b") == "!syntax error near \"JOIN\"");
        CHECK(from("a CROSS LEFT JOIN b") == "!syntax error near \"JOIN\"");
        CHECK(from("a INNER OUTER JOIN b") == "!syntax error near \"JOIN\"");
        CHECK(from("a LEFT b") == "!syntax error near \"b\"");
        CHECK(from("a ON 1") == "!syntax error near \"ON\"");
        CHECK(from("a JOIN b ON 1 ON 2") == "!syntax error near \"ON\"");
    }
}

TEST_CASE("parenthesised joins", "[sqlite][select_parser]") {
    CHECK(from("a LEFT JOIN (b JOIN c ON b.x = c.x) ON a.x = b.x") ==
          "a left-join { b inner-join c on (= b.x c.x) } on (= a.x b.x)");
    CHECK(from("(a, b) AS g") == "{ a , b }=g");
    SECTION("around one item they mean that item") {
        CHECK(from("(a)") == "a");
        CHECK(from("((a AS b))") == "a=b");
        CHECK(from("(a AS b) AS c") == "a=c");
        CHECK(from("x JOIN ((SELECT 1)) s ON 2") == "x inner-join [ 1]=s on 2");
    }
    CHECK(from("()") == "!syntax error near \")\"");
}

TEST_CASE("WHERE to WINDOW", "[sqlite][select_parser]") {
    CHECK(parse("SELECT a FROM t WHERE b > 1 GROUP BY a, b HAVING count(*) > 1") ==
          "[ a FROM t WHERE (> b 1) GROUP a b HAVING (> (count() *) 1)]");
    CHECK(parse("SELECT max(a) OVER w FROM t WINDOW w AS (PARTITION BY b), x AS (w)") ==
          "[ (max() a over) FROM t]");
    CHECK(parse("SELECT 1 WINDOW w AS ()") == "[ 1]");
    CHECK(parse("SELECT a FROM t HAVING 1") == "[ a FROM t HAVING 1]");
    CHECK(parse("SELECT a FROM t GROUP a") == "!syntax error near \"a\"");
}

TEST_CASE("compound queries", "[sqlite][select_parser]") {
    CHECK(parse("SELECT 1 UNION SELECT 2 UNION ALL SELECT 3 INTERSECT SELECT 4 EXCEPT SELECT 5") ==
          "[ 1] UNION [ 2] UNION ALL [ 3] INTERSECT [ 4] EXCEPT [ 5]");
    CHECK(parse("SELECT a FROM t WHERE b UNION VALUES (1, 2), (3, 4)") ==
          "[ a FROM t WHERE b] UNION [(values 1 2)(values 3 4)]");
    CHECK(parse("VALUES (1) UNION SELECT 2 ORDER BY 1") == "[(values 1)] UNION [ 2] ORDER 1");
    CHECK(parse("SELECT 1 UNION") == "!syntax error at the end of the text");
    CHECK(parse("SELECT 1 ORDER BY 1 UNION SELECT 2") == "!syntax error near \"UNION\"");
    CHECK(parse("VALUES (1) ORDER BY 1") == "!syntax error near \"ORDER\"");
    CHECK(parse("(SELECT 1) UNION SELECT 2") == "!syntax error near \"(\"");
    CHECK(parse("VALUES ()") == "!syntax error near \")\"");
}

TEST_CASE("select parser: ORDER BY and LIMIT", "[sqlite][select_parser]") {
    CHECK(parse("SELECT a ORDER BY a, b DESC, c ASC NULLS LAST, d COLLATE nocase NULLS FIRST") ==
          "[ a] ORDER a ORDER b desc ORDER c nulls-last ORDER (collate[NOCASE] d) nulls-first");
    CHECK(parse("SELECT a LIMIT 1") == "[ a] LIMIT 1");
    CHECK(parse("SELECT a LIMIT 1 OFFSET 2") == "[ a] LIMIT 1 OFFSET 2");
    CHECK(parse("SELECT a LIMIT 1, 2") == "[ a] LIMIT 2 OFFSET 1");
    CHECK(parse("SELECT a OFFSET 2") == "!syntax error near \"2\"");
}

TEST_CASE("common tables", "[sqlite][select_parser]") {
    CHECK(parse("WITH a AS (SELECT 1), b(x, y) AS MATERIALIZED (SELECT 1, 2) SELECT * FROM a, b") ==
          "WITH a [ 1] WITH b.x.y [ 1 2] [ * FROM a , b]");
    CHECK(
        parse("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c") ==
        "RECURSIVE c.n [ 1] UNION ALL [ (+ n 1) FROM c] [ n FROM c]");
    CHECK(parse("WITH a AS NOT MATERIALIZED (VALUES (1)) SELECT 1") == "WITH a [(values 1)] [ 1]");
    CHECK(parse("WITH a SELECT 1") == "!syntax error near \"SELECT\"");
}

TEST_CASE("CREATE VIEW around the query", "[sqlite][select_parser]") {
    SECTION("names") {
        const ViewClauses view =
            parse_create_view("create temp view if not exists main.\"v w\" (a, [b c], 'd') as\n"
                              "-- all of it\n"
                              "select 1, 2, 3;");
        CHECK(view.problem.empty());
        CHECK(view.column_names == std::vector<std::string>{"a", "b c", "d"});
        REQUIRE(view.select);
        CHECK(dump(*view.select) == "[ 1 2 3]");
    }
    SECTION("no names") {
        CHECK(parse_create_view("CREATE VIEW v AS SELECT 1").column_names.empty());
    }
    SECTION("what stands behind a NUL does not count") {
        const std::string sql("CREATE VIEW v AS SELECT 1\0 DROP", 31);
        CHECK(parse_create_view(sql).problem.empty());
    }
    SECTION("problems leave no query") {
        for (const char *sql : {"", "CREATE VIEW", "CREATE TABLE v(a)", "CREATE VIEW v SELECT 1",
                                "CREATE VIEW v AS SELECT 1; SELECT 2",
                                "CREATE VIEW v() AS SELECT 1", "CREATE VIEW v AS DELETE FROM t"}) {
            const ViewClauses view = parse_create_view(sql);
            CHECK(view.problem.substr(0, 12) == "syntax error");
            CHECK(view.select == nullptr);
        }
        CHECK(parse_create_view("CREATE VIEW v AS SELECT ?").problem == "a bind variable");
        CHECK(parse_create_view("CREATE VIEW v AS SELECT 'a").problem == "unterminated string");
    }
}

TEST_CASE("deep queries are refused, wide ones read", "[sqlite][select_parser]") {
    const auto nested = [](int levels, const std::string &open, const std::string &close) {
        std::string text = open[0] == '(' ? "t" : "1";
        for (int i = 0; i < levels; ++i) {
            text = open + text + close;
        }
        return parse("SELECT * FROM " + (open[0] == '(' ? text : "t WHERE " + text));
    };
    const std::string too_deep = "!the expression is nested more than 200 levels deep";
    SECTION("subqueries in FROM") {
        CHECK(nested(190, "(SELECT * FROM ", ")").front() == '[');
        CHECK(nested(210, "(SELECT * FROM ", ")") == too_deep);
    }
    SECTION("joins") {
        CHECK(nested(190, "(t JOIN ", ")").front() == '[');
        CHECK(nested(210, "(t JOIN ", ")") == too_deep);
    }
    SECTION("subqueries in expressions, which take several levels each") {
        CHECK(nested(45, "a IN (SELECT b FROM t WHERE ", ")").front() == '[');
        CHECK(nested(210, "a IN (SELECT b FROM t WHERE ", ")") == too_deep);
        CHECK(nested(210, "EXISTS (WITH c AS (SELECT 1 WHERE ", ") SELECT 2)") == too_deep);
    }
    std::string wide = "SELECT 1";
    for (int i = 0; i < 20'000; ++i) {
        wide += " UNION ALL SELECT 1";
    }
    CHECK(parse(wide).size() > 20'000);
    std::string joins = "a";
    for (int i = 0; i < 20'000; ++i) {
        joins += " JOIN a ON 1";
    }
    CHECK(from(joins).size() > 20'000);
}
