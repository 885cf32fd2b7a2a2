// Expressions of CHECK, indexes and generated columns as PostgreSQL's SQL. What is expected here
// was run on PostgreSQL 15 and SQLite 3.40 over the same rows.
#include "printer_fixture.hpp"

using namespace printer_fixture;

namespace {

ExpressionPtr make_literal(std::string text) {
    auto literal = std::make_unique<Expression>();
    literal->kind = ExpressionKind::string_literal;
    literal->text = std::move(text);
    return literal;
}

ExpressionPtr make_column(std::string name, bool is_quoted) {
    auto column = std::make_unique<Expression>();
    column->kind = ExpressionKind::column;
    column->path = {std::move(name)};
    column->is_quoted = is_quoted;
    return column;
}

ExpressionPtr make_node(ExpressionKind kind, std::string op, ExpressionPtr left,
                        ExpressionPtr right = nullptr) {
    auto node = std::make_unique<Expression>();
    node->kind = kind;
    node->op = std::move(op);
    node->operands.push_back(std::move(left));
    if (right)
        node->operands.push_back(std::move(right));
    return node;
}

} // namespace

TEST_CASE("names become quoted columns of the table", "[plan][printer]") {
    CHECK(check_sql("I > 5") == "(\"i\" > 5)");
    CHECK(check_sql("t.i > 5") == "(\"i\" > 5)");
    CHECK(check_sql("main.t.i > 5") == "(\"i\" > 5)");
    CHECK(check_sql("nosuch > 5") == "! no column \"nosuch\" is known");
    CHECK(check_sql("rowid > 5") == "! \"rowid\" has no equivalent");
    CHECK(check_sql("s = \"abc\"") == "(\"s\" = E'abc')");
    CHECK(check_sql("s = \"I\"") == "! compares text with bigint");
    CHECK(check_sql("s = [abc]") == "! no column \"abc\" is known");
    SECTION("the target's name is printed, the source's is found") {
        std::vector<BoundColumn> bound = {column("Order Id", TypeKind::bigint)};
        bound[0].target_name = "order \"id\"";
        CHECK(shown(print_check(*parse("\"order id\" > 0"), bound, {})) ==
              "(\"order \"\"id\"\"\" OPERATOR(pg_catalog.>) 0)");
    }
    SECTION("every operator, function, type and collation names its schema") {
        CHECK(shown(check("lower(s) < 'b'")) ==
              "((pg_catalog.lower((\"s\" COLLATE pg_catalog.\"C\")) COLLATE pg_catalog.\"C\") "
              "OPERATOR(pg_catalog.<) E'b')");
        CHECK(shown(check("i + 9999999999 = 1")) ==
              "((\"i\" OPERATOR(pg_catalog.+) CAST(9999999999 AS pg_catalog.int8)) "
              "OPERATOR(pg_catalog.=) 1)");
    }
}

TEST_CASE("strings and names of a hostile file stay what they are", "[plan][printer]") {
    CHECK(quote_identifier("a\"b") == "\"a\"\"b\"");
    CHECK(quote_literal("it's \\ E'") == "E'it''s \\\\ E'''");
    CHECK_FALSE(quote_literal(std::string("a\0b", 3)));
    CHECK_FALSE(quote_literal("\xff"));
    CHECK_FALSE(quote_literal("\xed\xa0\x80"));
    CHECK(check_sql("s = '\\''); DROP TABLE x; --'") == "(\"s\" = E'\\\\''); DROP TABLE x; --')");
    CHECK(check_sql("s LIKE '\\'' OR 1=1 --'") ==
          "((\"s\" COLLATE \"C\") ~~* E'\\\\\\\\'' OR 1=1 --')");
    const auto check_tree = [](ExpressionPtr tree) {
        return shorten(shown(print_check(*tree, columns(), {})));
    };
    SECTION("a name that was quoted and is no column is a string") {
        CHECK(check_tree(make_node(ExpressionKind::binary, "=", make_column("s", false),
                                   make_column("x'); --\n\"", true))) ==
              "(\"s\" = E'x''); --\n\"')");
    }
    SECTION("NUL and bytes that are no text") {
        CHECK(check_tree(make_node(ExpressionKind::binary, "=", make_column("s", false),
                                   make_literal(std::string("a\0b", 3)))) ==
              "! a string holds a NUL or is not valid UTF-8");
        CHECK(check_tree(make_node(ExpressionKind::binary, "=", make_column("s", false),
                                   make_literal("\xc3"))) ==
              "! a string holds a NUL or is not valid UTF-8");
    }
    SECTION("another server encoding") {
        PrintOptions options;
        options.is_utf8_server = false;
        CHECK(check("s = 'abc'", options).is_good());
        CHECK(check("s = 'é'", options).problem ==
              "a string is not ASCII and the server's encoding is not UTF8");
    }
    SECTION("an operator that is not of the table") {
        CHECK(check_tree(make_node(ExpressionKind::binary, "+) 1; --", make_column("i", false),
                                   make_column("j", false))) ==
              "! operator +) 1; -- has no equivalent");
    }
    SECTION("functions that are not of the table") {
        for (const char *text :
             {"load_extension('x')", "randomblob(1000000000)", "zeroblob(9)", "printf('%d', i)",
              "format('%d', i)", "random()", "quote(s)", "char(65)", "last_insert_rowid()",
              "changes()", "json_each(s)", "fts5(s)", "pg_sleep(1)", "sqlite_version()",
              "regexp('a', s)", "glob('a', s)", "soundex(s)", "group_concat(s)", "count(*)"})
            CHECK_THAT(check_sql(text), Catch::Matchers::StartsWith("! function \""));
        CHECK(check_sql("pg_sleep(1)") == "! function \"pg_sleep\" has no equivalent");
    }
}

TEST_CASE("trees of any depth end in SQL or a problem", "[plan][printer]") {
    const auto nested = [](int depth) {
        ExpressionPtr tree = make_column("i", false);
        for (int level = 0; level < depth; ++level)
            tree = make_node(ExpressionKind::unary, "-", std::move(tree));
        return tree;
    };
    CHECK(print_index_term(*nested(190), columns(), {}).is_good());
    CHECK(print_index_term(*nested(300), columns(), {}).problem ==
          "expression is nested more than 200 levels deep");
    SECTION("a long chain is not deep") {
        ExpressionPtr tree = make_column("b", false);
        for (int i = 0; i < 2000; ++i)
            tree =
                make_node(ExpressionKind::binary, "AND", std::move(tree), make_column("c", false));
        const Printed printed = print_check(*tree, columns(), {});
        REQUIRE(printed.is_good());
        CHECK(printed.sql.starts_with("(\"b\" AND \"c\" AND \"c\""));
        while (tree->kind == ExpressionKind::binary)
            tree = std::move(tree->operands[0]);
    }
    SECTION("what doubles at each level ends at a size") {
        std::string text = "i";
        for (int level = 0; level < 30; ++level)
            text = "(" + text + " BETWEEN 0 AND 1)";
        CHECK(check(text).problem == "expression is too long");
    }
}

TEST_CASE("booleans", "[plan][printer]") {
    CHECK(check_sql("b = 1") == "(\"b\" = TRUE)");
    CHECK(check_sql("b <> 0") == "(\"b\" <> FALSE)");
    CHECK(check_sql("1 = b") == "(TRUE = \"b\")");
    CHECK(check_sql("b IN (0, 1)") == "(\"b\" = ANY (CAST(ARRAY[FALSE, TRUE] AS bool[])))");
    CHECK(check_sql("b IN (0, 2)") ==
          "((\"b\" = FALSE) OR (CAST(CAST(\"b\" AS int4) AS int8) = 2))");
    CHECK(check_sql("b = '1'") == "(\"b\" = TRUE)");
    CHECK(check_sql("b = 'yes'") == "(\"b\" = TRUE)");
    CHECK(check_sql("b = 'x'") == "! compares a string with boolean");
    CHECK(check_sql("b = TRUE") == "(\"b\" = TRUE)");
    CHECK(check_sql("b") == "\"b\"");
    CHECK(check_sql("NOT b") == "(NOT \"b\")");
    CHECK(check_sql("b AND c OR NOT b") == "((\"b\" AND \"c\") OR (NOT \"b\"))");
    CHECK(check_sql("b IS TRUE") == "(\"b\" IS TRUE)");
    CHECK(check_sql("i IS NOT FALSE") == "((\"i\" <> 0) IS NOT FALSE)");
    CHECK(check_sql("b IS 1") == "(\"b\" IS NOT DISTINCT FROM TRUE)");
    CHECK(check_sql("b + c = 1") ==
          "((CAST(CAST(\"b\" AS int4) AS int8) + CAST(CAST(\"c\" AS int4) AS int8)) = 1)");
    CHECK(check_sql("b = i") == "(CAST(CAST(\"b\" AS int4) AS int8) = \"i\")");
    SECTION("numbers as conditions") {
        CHECK(check_sql("i") == "(\"i\" <> 0)");
        CHECK(check_sql("i AND r") == "((\"i\" <> 0) AND (\"r\" <> 0))");
        CHECK(check_sql("1") == "TRUE");
        CHECK(check_sql("0.0") == "FALSE");
        CHECK(check_sql("NULL") == "CAST(NULL AS bool)");
        CHECK(check_sql("s") == "! text is used as a condition");
        CHECK(check_sql("'a'") == "! a string is used as a condition");
    }
    SECTION("a column named true") {
        const std::vector<BoundColumn> bound = {column("true", TypeKind::bigint)};
        CHECK(shorten(shown(print_check(*parse("true = 1"), bound, {}))) == "(\"true\" = 1)");
    }
}

TEST_CASE("comparisons follow affinity and storage class", "[plan][printer]") {
    CHECK(check_sql("i = '5'") == "(\"i\" = 5)");
    CHECK(check_sql("i > 2.5") == "(\"i\" > 2.5)");
    CHECK(check_sql("i > -1 AND i < 11") == "((\"i\" > (-1)) AND (\"i\" < 11))");
    CHECK(check_sql("i <> ''") == "(CASE WHEN \"i\" IS NOT NULL THEN TRUE END)");
    CHECK(check_sql("i > 'abc'") == "(CASE WHEN \"i\" IS NOT NULL THEN FALSE END)");
    CHECK(check_sql("'abc' > i") == "(CASE WHEN \"i\" IS NOT NULL THEN TRUE END)");
    CHECK(check_sql("i IS 'abc'") == "FALSE");
    CHECK(check_sql("length(s) = '5'") ==
          "(CASE WHEN CAST(char_length(\"s\") AS int8) IS NOT NULL THEN FALSE END)");
    CHECK(check_sql("r = 0.1") == "(\"r\" = CAST(0.1 AS float8))");
    CHECK(check_sql("n = 0.10") == "(\"n\" = 0.1)");
    CHECK(check_sql("r = 9e999") == "(\"r\" = CAST(E'Infinity' AS float8))");
    CHECK(check_sql("i = n") == "(\"i\" = \"n\")");
    CHECK(check_sql("s = 10") == "(\"s\" = E'10')");
    CHECK(check_sql("s > 10") == "! compares text with a number");
    CHECK(check_sql("s = i") == "! compares text with bigint");
    CHECK(check_sql("bl = x'00ff'") == "(\"bl\" = CAST(E'\\\\x00ff' AS bytea))");
    CHECK(check_sql("bl = 'a'") == "! compares a string with bytea");
    CHECK(check_sql("js = '{}'") == "! compares a string with jsonb");
    CHECK(check_sql("i = NULL") == "CAST(NULL AS bool)");
    CHECK(check_sql("i IS NULL") == "(\"i\" IS NULL)");
    CHECK(check_sql("js IS NOT NULL") == "(\"js\" IS NOT NULL)");
    CHECK(check_sql("i IS j") == "(\"i\" IS NOT DISTINCT FROM \"j\")");
    CHECK(check_sql("i IS NOT 5") == "(\"i\" IS DISTINCT FROM 5)");
    CHECK(check_sql("u = '00000000-0000-0000-0000-000000000001'") ==
          "(\"u\" = CAST(E'00000000-0000-0000-0000-000000000001' AS uuid))");
    CHECK(check_sql("u = 'x'") == "! compares a string with uuid");
    SECTION("row values") {
        CHECK(check_sql("(i, j) = (1, 2)") == "((\"i\" = 1) AND (\"j\" = 2))");
        CHECK(check_sql("(i, j) <> (1, 2)") == "((\"i\" <> 1) OR (\"j\" <> 2))");
        CHECK(check_sql("(i, j) <= (1, 2)") == "((\"i\" < 1) OR ((\"i\" = 1) AND (\"j\" <= 2)))");
        CHECK(check_sql("(i, j) = (1, 2, 3)") == "! compares rows of different lengths");
    }
    SECTION("IN and BETWEEN") {
        CHECK(check_sql("s IN ('a', 'b')") == "(\"s\" = ANY (CAST(ARRAY[E'a', E'b'] AS text[])))");
        CHECK(check_sql("i NOT IN (1, 2)") == "(NOT (\"i\" = ANY (CAST(ARRAY[1, 2] AS int8[]))))");
        CHECK(check_sql("i IN (1, 2.5)") == "(\"i\" = ANY (CAST(ARRAY[1, 2.5] AS numeric[])))");
        CHECK(check_sql("i IN (1, NULL)") == "((\"i\" = 1) OR CAST(NULL AS bool))");
        CHECK(check_sql("i IN ()") == "FALSE");
        // the list's columns bring neither affinity nor collation
        CHECK(check_sql("'A' IN (nc, s)") == "((E'A' = \"nc\") OR (E'A' = \"s\"))");
        CHECK(check_sql("i NOT IN ()") == "TRUE");
        CHECK(check_sql("i BETWEEN 1 AND 5") == "((\"i\" >= 1) AND (\"i\" <= 5))");
        CHECK(check_sql("i NOT BETWEEN 1 AND j") == "(NOT ((\"i\" >= 1) AND (\"i\" <= \"j\")))");
        CHECK(check_sql("i IN (SELECT 1)") == "! a subquery stands where PostgreSQL allows none");
    }
}

TEST_CASE("text is ordered by bytes and compared by its collation", "[plan][printer]") {
    CHECK(check_sql("s < 'b'") == "((\"s\" COLLATE \"C\") < E'b')");
    CHECK(check_sql("s = 'b'") == "(\"s\" = E'b')");
    CHECK(check_sql("s BETWEEN 'a' AND 'b'") ==
          "(((\"s\" COLLATE \"C\") >= E'a') AND ((\"s\" COLLATE \"C\") <= E'b'))");
    CHECK(check_sql("nc = 'ABC'") == "(lower((\"nc\" COLLATE \"C\")) = E'abc')");
    CHECK(check_sql("nc = 'ÄB'") == "(lower((\"nc\" COLLATE \"C\")) = E'Äb')");
    CHECK(check_sql("nc < 'B'") == "((lower((\"nc\" COLLATE \"C\")) COLLATE \"C\") < E'b')");
    CHECK(check_sql("s = nc") == "(\"s\" = \"nc\")"); // the left column's collation counts
    CHECK(check_sql("nc = s") == "(lower((\"nc\" COLLATE \"C\")) = lower((\"s\" COLLATE \"C\")))");
    CHECK(check_sql("s = 'A' COLLATE NOCASE") == "(lower((\"s\" COLLATE \"C\")) = E'a')");
    CHECK(check_sql("nc COLLATE BINARY = 'A'") == "(\"nc\" = E'A')");
    CHECK(check_sql("nc IN ('A', 'B')") ==
          "(lower((\"nc\" COLLATE \"C\")) = ANY (CAST(ARRAY[E'a', E'b'] AS text[])))");
    CHECK(check_sql("rt = 'a '") ==
          "(rtrim(CAST(\"rt\" AS text), E' ') = rtrim(CAST(E'a ' AS text), E' '))");
    CHECK(check_sql("s = 'a' COLLATE mine") == "! collation \"MINE\" has no equivalent");
    SECTION("citext") {
        PrintOptions options;
        options.citext_schema = "\"ext\"";
        CHECK(shown(check("ci = 'A'", options)) ==
              "(\"ci\" OPERATOR(\"ext\".=) CAST(E'A' AS \"ext\".citext))");
        CHECK(shorten(shown(check("ci < 'B'", options))) ==
              "((lower((CAST(\"ci\" AS text) COLLATE \"C\")) COLLATE \"C\") < E'b')");
    }
}

TEST_CASE("arithmetic", "[plan][printer]") {
    CHECK(term_sql("i + j * 2") == "(\"i\" + (\"j\" * 2))");
    CHECK(term_sql("i / j") == "(\"i\" / NULLIF(\"j\", 0))");
    CHECK(term_sql("i / 2") == "(\"i\" / 2)");
    CHECK(term_sql("i / 0") == "CAST(NULL AS int8)");
    CHECK(term_sql("i % j") == "(\"i\" % NULLIF(\"j\", 0))");
    CHECK(term_sql("r / 2") == "(\"r\" / CAST(2 AS float8))");
    CHECK(term_sql("i / 2.0") == "(CAST(\"i\" AS float8) / CAST(2 AS float8))");
    CHECK(term_sql("n / 2") == "! operator / is used on numeric and a number, which SQLite may "
                               "divide as integers");
    CHECK(term_sql("n / 2.0") == "(CAST(\"n\" AS float8) / CAST(2 AS float8))");
    CHECK(term_sql("coalesce(i, 0.5) / 2").starts_with("! operator / is used on double"));
    CHECK(term_sql("n % 3") == "(trunc(\"n\") % NULLIF(trunc(CAST(3 AS numeric)), 0))");
    CHECK(term_sql("r % 3") == "! operator % is used on real numbers");
    CHECK(term_sql("-i") == "(- \"i\")");
    CHECK(term_sql("2 * 3 + 1") == "CAST(7 AS int8)");
    CHECK(term_sql("9223372036854775807 + 1") ==
          "(CAST(9223372036854775807 AS int8) + CAST(1 AS int8))");
    CHECK(term_sql("s + 1") == "! operator + is used on text");
    CHECK(term_sql("i + '5'") == "(\"i\" + 5)");
    CHECK(term_sql("i << 3") == "(\"i\" << 3)");
    CHECK(term_sql("i << j").starts_with("! operator << shifts by"));
    CHECK(term_sql("i & 3") == "(\"i\" & CAST(3 AS int8))");
    CHECK(term_sql("em / 1000") ==
          "(CAST((extract(E'epoch', timezone(E'UTC', \"em\")) * 1000) AS int8) / 1000)");
    SECTION("the exactness of numeric is noted") {
        const Printed printed = check("n * 2 > 1");
        CHECK(printed.notes == std::vector<std::string>{"arithmetic on numeric is exact, SQLite's "
                                                        "is in double precision"});
    }
    SECTION("CAST") {
        CHECK(term_sql("CAST(i AS TEXT)") == "CAST(\"i\" AS text)");
        CHECK(term_sql("CAST(r AS INTEGER)") == "CAST(trunc(\"r\") AS int8)");
        CHECK(term_sql("CAST(i AS REAL)") == "CAST(\"i\" AS float8)");
        CHECK(term_sql("CAST('12' AS INT)") == "CAST(12 AS int8)");
        CHECK(term_sql("CAST(s AS INT)") == "! CAST to a number is used on text");
        CHECK(term_sql("CAST(s AS BLOB)") == "convert_to(\"s\", E'UTF8')");
        CHECK(term_sql("CAST(r AS TEXT)") == "! CAST is used on double precision");
    }
}
