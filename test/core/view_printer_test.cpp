// Views: what they may read, how names resolve and which columns they give. What is expected here
// was run on PostgreSQL 15 and SQLite 3.40 over the same rows.
#include "printer_fixture.hpp"

using namespace printer_fixture;

namespace {

std::string fold(std::string_view name) {
    std::string folded(name);
    for (char &c : folded)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return folded;
}

BoundRelation relation(std::string name, std::vector<BoundColumn> bound) {
    BoundRelation made;
    made.source_name = name;
    made.target_sql = "\"shop\".\"" + fold(name) + "\"";
    made.columns = std::move(bound);
    return made;
}

std::vector<BoundRelation> relations() {
    return {relation("P", {column("id", TypeKind::bigint), column("name", TypeKind::text),
                           column("pid", TypeKind::bigint), column("active", TypeKind::boolean)}),
            relation("c", {column("id", TypeKind::bigint), column("p_id", TypeKind::bigint),
                           column("amt", TypeKind::float8), column("nc", TypeKind::text, "NOCASE"),
                           column("at", TypeKind::timestamp)}),
            relation("x y", {column("a\"b", TypeKind::bigint), column("js", TypeKind::jsonb)})};
}

PrintedView print_query(const std::string &query, std::vector<BoundRelation> known = relations()) {
    const sqlite::ViewClauses clauses = sqlite::parse_create_view("CREATE VIEW v AS " + query);
    INFO(query << ": " << clauses.problem);
    REQUIRE(clauses.select);
    return print_view(*clauses.select, clauses.column_names, known, {}, fold);
}

std::string view_sql(const std::string &query) {
    const PrintedView view = print_query(query);
    return view.is_good() ? shorten(view.sql) : "! " + view.problem;
}

std::string columns_of(const std::string &query) {
    std::string all;
    for (const BoundColumn &output : print_query(query).columns)
        all += output.source_name + "=" + output.target_name + ":" + output.type.sql() + " ";
    return all;
}

} // namespace

TEST_CASE("a view names every relation and column in full", "[plan][view]") {
    CHECK(view_sql("SELECT ID, Name FROM p WHERE active = 1 ORDER BY name") ==
          "SELECT \"p\".\"id\" AS \"id\", \"p\".\"name\" AS \"name\" FROM \"shop\".\"p\" AS \"p\" "
          "WHERE (\"p\".\"active\" = TRUE) ORDER BY (\"p\".\"name\" COLLATE \"C\") ASC NULLS "
          "FIRST");
    CHECK(view_sql("SELECT \"a\"\"b\" FROM \"x y\"") ==
          "SELECT \"x y\".\"a\"\"b\" AS \"a\"\"b\" FROM \"shop\".\"x y\" AS \"x y\"");
    CHECK(view_sql("SELECT 1 FROM main.p").ends_with(" FROM \"shop\".\"p\" AS \"p\""));
    SECTION("nothing but relations of this import") {
        CHECK(view_sql("SELECT * FROM nosuch") == "! reads \"nosuch\", which is not imported");
        CHECK(view_sql("SELECT * FROM sqlite_schema") ==
              "! reads \"sqlite_schema\", which is not imported");
        CHECK(view_sql("SELECT * FROM pg_catalog.p") ==
              "! reads \"pg_catalog.p\", which is not imported");
        CHECK(view_sql("SELECT * FROM temp.p") == "! reads \"temp.p\", which is not imported");
        CHECK(view_sql("SELECT * FROM json_each('[1]')") ==
              "! table-valued function \"json_each\" has no equivalent");
        CHECK(view_sql("SELECT * FROM pragma_table_info('p')").starts_with("! table-valued"));
        CHECK(view_sql("SELECT (SELECT rolpassword FROM pg_authid) FROM p") ==
              "! reads \"pg_authid\", which is not imported");
        CHECK(view_sql("SELECT pg_read_file('/etc/passwd') FROM p") ==
              "! function \"pg_read_file\" has no equivalent");
        CHECK(view_sql("WITH p AS (SELECT 1) SELECT * FROM p") ==
              "! WITH \"p\" has the name of a table or view");
    }
    SECTION("names that try to be more than names") {
        CHECK(view_sql("SELECT id AS \"a\"\"; DROP TABLE p; --\" FROM p AS \"q\"\" \"") ==
              "SELECT \"q\"\" \".\"id\" AS \"a\"\"; drop table p; --\" FROM \"shop\".\"p\" AS "
              "\"q\"\" \"");
        CHECK(view_sql("SELECT id FROM p AS \"a\nb\"") ==
              "SELECT \"relation\".\"id\" AS \"id\" FROM \"shop\".\"p\" AS \"relation\"");
        const std::string longest(70, 'q');
        CHECK(view_sql("SELECT " + longest + ".id FROM p AS " + longest) ==
              "SELECT \"relation\".\"id\" AS \"id\" FROM \"shop\".\"p\" AS \"relation\"");
    }
}

TEST_CASE("output columns are named and typed", "[plan][view]") {
    CHECK(columns_of("SELECT id, Name AS Title, id + 1, count(*) FROM p GROUP BY 1, 2") ==
          "id=id:bigint Title=title:text =column:bigint =count:bigint ");
    CHECK(columns_of("SELECT id AS a, id AS a, pid AS A FROM p") ==
          "a=a:bigint a:1=a_1:bigint A:2=a_2:bigint ");
    CHECK(columns_of("SELECT * FROM p, c WHERE p.id = c.p_id") ==
          "id=id:bigint name=name:text pid=pid:bigint active=active:boolean id:1=id_1:bigint "
          "p_id=p_id:bigint amt=amt:double precision nc=nc:text "
          "at=at:timestamp without time zone ");
    CHECK(columns_of("SELECT 1 AS i, 1.5 AS r, 'a' AS s, NULL AS n, x'00' AS b, 1 = 1 AS t") ==
          "i=i:bigint r=r:double precision s=s:text n=n:text b=b:bytea t=t:boolean ");
    CHECK(
        columns_of("SELECT sum(id) AS s, avg(id) AS a, min(name) AS m, max(active) AS x FROM p") ==
        "s=s:bigint a=a:double precision m=m:text x=x:boolean ");
    SECTION("names of CREATE VIEW v(…)") {
        const sqlite::ViewClauses clauses =
            sqlite::parse_create_view("CREATE VIEW v(A, b) AS SELECT id, name FROM p");
        const PrintedView view =
            print_view(*clauses.select, clauses.column_names, relations(), {}, fold);
        REQUIRE(view.is_good());
        CHECK(view.columns[0].source_name == "A");
        CHECK(view.columns[0].target_name == "a");
        const std::vector<std::string> three = {"a", "b", "c"};
        CHECK(print_view(*clauses.select, three, relations(), {}, fold).problem ==
              "the view names 3 columns and gives 2");
    }
    SECTION("a view over a view") {
        PrintedView inner = print_query("SELECT id, nc, count(*) FROM c GROUP BY id, nc");
        // nc is grouped as NOCASE, which PostgreSQL would not do
        CHECK(inner.problem == "GROUP BY is used on text with collation NOCASE");
        inner = print_query("SELECT id, nc, amt * 2 FROM c");
        REQUIRE(inner.is_good());
        std::vector<BoundRelation> known = {relation("inner_view", inner.columns)};
        const PrintedView outer = print_query("SELECT id FROM inner_view WHERE nc = 'A'", known);
        REQUIRE(outer.is_good());
        CHECK(
            shorten(outer.sql).ends_with("(lower((\"inner_view\".\"nc\" COLLATE \"C\")) = E'a')"));
        // The third column is called "amt * 2" in SQLite: the name is not a string here.
        CHECK(print_query("SELECT \"amt * 2\" FROM inner_view", known).problem ==
              "no column \"amt * 2\" is known");
    }
}

TEST_CASE("view printer: joins", "[plan][view]") {
    const std::string p = "\"shop\".\"p\" AS \"p\"";
    const std::string c = "\"shop\".\"c\" AS \"c\"";
    CHECK(view_sql("SELECT 1 FROM p, c").ends_with(" FROM " + p + " CROSS JOIN " + c));
    CHECK(view_sql("SELECT 1 FROM p JOIN c").ends_with(" FROM " + p + " CROSS JOIN " + c));
    CHECK(view_sql("SELECT 1 FROM p LEFT JOIN c")
              .ends_with(" FROM " + p + " LEFT JOIN " + c + " ON TRUE"));
    CHECK(view_sql("SELECT 1 FROM p CROSS JOIN c ON p.id = p_id")
              .ends_with(" INNER JOIN " + c + " ON (\"p\".\"id\" = \"c\".\"p_id\")"));
    CHECK(view_sql("SELECT id FROM p JOIN c USING (id)") ==
          "SELECT \"p\".\"id\" AS \"id\" FROM " + p + " INNER JOIN " + c +
              " ON ((\"p\".\"id\" = \"c\".\"id\"))");
    CHECK(view_sql("SELECT id FROM p NATURAL LEFT JOIN c")
              .ends_with(" LEFT JOIN " + c + " ON ((\"p\".\"id\" = \"c\".\"id\"))"));
    CHECK(view_sql("SELECT id FROM p FULL JOIN c USING (id)")
              .starts_with("SELECT COALESCE(\"p\".\"id\", \"c\".\"id\") AS \"id\""));
    CHECK(view_sql("SELECT 1 FROM p FULL JOIN c ON p.id > c.id").starts_with("! FULL JOIN on"));
    CHECK(view_sql("SELECT id FROM p JOIN c") == "! column name \"id\" is ambiguous");
    CHECK(view_sql("SELECT 1 FROM p JOIN c USING (name)") ==
          "! USING names column \"name\", which is not on both sides");
    CHECK(view_sql("SELECT 1 FROM p a JOIN p b ON a.id = c.id JOIN c") ==
          "! ON uses \"c.id\", which is not joined yet");
    CHECK(view_sql("SELECT 1 FROM p a JOIN p b ON a.id = \"amt\" JOIN c") ==
          "! ON uses \"amt\", which is not joined yet");
    SECTION("aliases stay apart over the whole query") {
        CHECK(view_sql("SELECT t.id FROM p t WHERE t.id = (SELECT max(t.id) FROM c t)") ==
              "SELECT \"t\".\"id\" AS \"id\" FROM \"shop\".\"p\" AS \"t\" WHERE (\"t\".\"id\" = "
              "(SELECT max(\"t_1\".\"id\") AS \"max\" FROM \"shop\".\"c\" AS \"t_1\"))");
    }
}

TEST_CASE("aliases, places and groups", "[plan][view]") {
    CHECK(view_sql("SELECT amt * 2 AS total FROM c WHERE total > 5")
              .ends_with(" WHERE ((\"c\".\"amt\" * CAST(2 AS float8)) > CAST(5 AS float8))"));
    CHECK(view_sql("SELECT p_id AS k, count(*) AS n FROM c GROUP BY k HAVING n > 1")
              .ends_with(" GROUP BY \"c\".\"p_id\" HAVING (count(*) > 1)"));
    CHECK(view_sql("SELECT upper(name) || '!', count(*) FROM p GROUP BY upper(name)")
              .ends_with(" GROUP BY upper((\"p\".\"name\" COLLATE \"C\"))"));
    CHECK(view_sql("SELECT name, count(*) FROM p") ==
          "! column \"name\" is neither in GROUP BY nor in an aggregate");
    CHECK(view_sql("SELECT name FROM p GROUP BY pid") ==
          "! column \"name\" is neither in GROUP BY nor in an aggregate");
    CHECK(view_sql("SELECT * FROM p GROUP BY id") == "! * stands beside aggregates");
    CHECK(view_sql("SELECT id FROM p WHERE count(*) > 1") ==
          "! function \"count\" is an aggregate where none can stand");
    CHECK(view_sql("SELECT sum(count(*)) FROM p").starts_with("! function \"count\""));
    CHECK(view_sql("SELECT id FROM p GROUP BY 3") == "! GROUP BY names column 3 of 1");
    CHECK(view_sql("SELECT js, count(*) FROM \"x y\" GROUP BY js") ==
          "! GROUP BY is used on jsonb");
    CHECK(view_sql("SELECT (SELECT max(p.id) FROM c) FROM p") ==
          "! function \"max\" uses no column of its own query");
    CHECK(
        view_sql("SELECT sum(active) AS n FROM p")
            .starts_with("SELECT CAST(sum(CAST(CAST(\"p\".\"active\" AS int4) AS int8)) AS int8)"));
    CHECK(
        view_sql("SELECT max(active), count(DISTINCT pid), total(id) FROM p") ==
        "SELECT bool_or(\"p\".\"active\") AS \"max\", count(DISTINCT \"p\".\"pid\") AS \"count\", "
        "COALESCE(sum(CAST(\"p\".\"id\" AS float8)), CAST(0 AS float8)) AS \"total\" FROM "
        "\"shop\".\"p\" AS \"p\"");
    CHECK(view_sql("SELECT count(*) FILTER (WHERE active) FROM p")
              .starts_with("SELECT (count(*) FILTER (WHERE \"p\".\"active\"))"));
    CHECK(print_query("SELECT group_concat(name, ';') FROM p").notes ==
          std::vector<std::string>{"group_concat joins in no certain order"});
    CHECK(view_sql("SELECT row_number() OVER (ORDER BY id) FROM p") ==
          "! function \"row_number\" with OVER has no equivalent");
    CHECK(view_sql("SELECT rowid FROM p") == "! \"rowid\" has no equivalent");
    CHECK(view_sql("SELECT \"nosuch\" FROM p").starts_with("SELECT CAST(E'nosuch' AS text)"));
}

TEST_CASE("view printer: ORDER BY and LIMIT", "[plan][view]") {
    CHECK(view_sql("SELECT id FROM p ORDER BY pid DESC, 1")
              .ends_with(" ORDER BY \"p\".\"pid\" DESC NULLS LAST, \"p\".\"id\" ASC NULLS FIRST"));
    CHECK(view_sql("SELECT id FROM p ORDER BY pid NULLS LAST")
              .ends_with(" ORDER BY \"p\".\"pid\" ASC NULLS LAST"));
    CHECK(view_sql("SELECT nc FROM c ORDER BY nc")
              .ends_with(" ORDER BY (lower((\"c\".\"nc\" COLLATE \"C\")) COLLATE \"C\") ASC NULLS "
                         "FIRST"));
    CHECK(view_sql("SELECT id AS name FROM p ORDER BY name")
              .ends_with(" ORDER BY \"p\".\"id\" ASC NULLS FIRST"));
    CHECK(view_sql("SELECT id FROM p ORDER BY 'x'").ends_with("\"shop\".\"p\" AS \"p\""));
    CHECK(view_sql("SELECT id FROM p ORDER BY 2") == "! ORDER BY names column 2 of 1");
    CHECK(view_sql("SELECT id FROM p ORDER BY random()").starts_with("! function \"random\""));
    CHECK(view_sql("SELECT js FROM \"x y\" ORDER BY js") == "! orders by jsonb");
    CHECK(view_sql("SELECT id FROM p LIMIT 5 OFFSET 2").ends_with(" LIMIT 5 OFFSET 2"));
    CHECK(view_sql("SELECT id FROM p LIMIT -1").ends_with("\"shop\".\"p\" AS \"p\""));
    CHECK(view_sql("SELECT id FROM p LIMIT 2 + 3") == "! LIMIT is not a whole constant");
    SECTION("of a compound or DISTINCT, from outside") {
        CHECK(view_sql("SELECT DISTINCT name FROM p ORDER BY name")
                  .ends_with(" AS \"query\" ORDER BY (\"query\".\"name\" COLLATE \"C\") ASC NULLS "
                             "FIRST"));
        CHECK(view_sql("SELECT DISTINCT name FROM p ORDER BY pid") ==
              "! ORDER BY of a compound or DISTINCT is no result column");
    }
}

TEST_CASE("compounds, VALUES and WITH", "[plan][view]") {
    CHECK(view_sql("SELECT id FROM p UNION ALL SELECT amt FROM c") ==
          "SELECT CAST(\"p\".\"id\" AS float8) AS \"id\" FROM \"shop\".\"p\" AS \"p\" UNION ALL "
          "SELECT \"c\".\"amt\" AS \"id\" FROM \"shop\".\"c\" AS \"c\"");
    CHECK(view_sql("SELECT id, name FROM p UNION SELECT id, p_id FROM c") ==
          "! mixes text and bigint");
    CHECK(view_sql("SELECT id FROM p UNION SELECT id, p_id FROM c") ==
          "! SELECTs of a compound give different numbers of columns");
    CHECK(view_sql("SELECT nc FROM c UNION SELECT name FROM p") ==
          "! DISTINCT or a compound is used on text with collation NOCASE");
    CHECK(view_sql("SELECT id FROM p UNION SELECT id FROM c INTERSECT SELECT pid FROM p")
              .starts_with("((SELECT \"p\".\"id\" AS \"id\""));
    CHECK(
        view_sql("VALUES (1, 'a'), (NULL, 'b')") ==
        "SELECT \"values\".\"column1\" AS \"column1\", \"values\".\"column2\" AS \"column2\" FROM "
        "(VALUES (CAST(1 AS int8), CAST(E'a' AS text)), (CAST(NULL AS int8), CAST(E'b' AS text))) "
        "AS \"values\"(\"column1\", \"column2\")");
    CHECK(view_sql("WITH w(a) AS (SELECT id FROM p) SELECT a FROM w") ==
          "WITH \"w\" AS (SELECT \"p\".\"id\" AS \"a\" FROM \"shop\".\"p\" AS \"p\") SELECT "
          "\"w_1\".\"a\" AS \"a\" FROM \"w\" AS \"w_1\"");
    CHECK(view_sql("WITH t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) "
                   "SELECT n FROM t")
              .starts_with("WITH RECURSIVE \"t\" AS (SELECT CAST(1 AS int8) AS \"n\" UNION ALL"));
    CHECK(
        view_sql("WITH t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t LIMIT 9) SELECT n FROM t") ==
        "! WITH \"t\" recurses as PostgreSQL cannot");
    CHECK(view_sql("WITH t(n) AS (SELECT n FROM t) SELECT n FROM t") ==
          "! WITH \"t\" reads itself in its first SELECT");
}

TEST_CASE("subqueries", "[plan][view]") {
    CHECK(view_sql("SELECT (SELECT name FROM p WHERE p.id = c.p_id) AS n FROM c")
              .find("= \"c\".\"p_id\") LIMIT 1) AS \"n\"") != std::string::npos);
    CHECK(view_sql("SELECT (SELECT max(id) FROM p) AS n") ==
          "SELECT (SELECT max(\"p\".\"id\") AS \"max\" FROM \"shop\".\"p\" AS \"p\") AS \"n\"");
    CHECK(view_sql("SELECT id FROM p WHERE NOT EXISTS (SELECT 1 FROM c WHERE c.id = p.id)")
              .find(" WHERE (NOT EXISTS (SELECT CAST(1 AS int8)") != std::string::npos);
    CHECK(view_sql("SELECT id FROM p WHERE active IN (SELECT p_id FROM c)")
              .find("(CAST(CAST(\"p\".\"active\" AS int4) AS int8) = ANY (SELECT ") !=
          std::string::npos);
    CHECK(view_sql("SELECT id FROM c WHERE nc IN (SELECT name FROM p)")
              .find("lower((\"c\".\"nc\" COLLATE \"C\")) = ANY (SELECT lower((\"query\".\"name\" "
                    "COLLATE \"C\")) FROM (") != std::string::npos);
    CHECK(view_sql("SELECT id FROM p WHERE name IN (SELECT id FROM c)") ==
          "! compares text with bigint");
    CHECK(view_sql("SELECT id FROM p WHERE id IN (SELECT id, p_id FROM c)") ==
          "! IN compares rows of different lengths");
    CHECK(view_sql("SELECT q.n FROM (SELECT id AS n FROM p) q WHERE q.n > 1")
              .ends_with(") AS \"q\" WHERE (\"q\".\"n\" > 1)"));
    SECTION("depth") {
        std::string query = "SELECT id FROM p";
        for (int level = 0; level < 80; ++level)
            query = "SELECT id FROM (" + query + ")";
        const sqlite::ViewClauses clauses = sqlite::parse_create_view("CREATE VIEW v AS " + query);
        if (clauses.select) {
            const PrintedView view =
                print_view(*clauses.select, clauses.column_names, relations(), {}, fold);
            CHECK((view.is_good() ||
                   view.problem == "expression is nested more than 200 levels deep"));
        }
    }
}

TEST_CASE("views may read the clock", "[plan][view]") {
    CHECK(view_sql("SELECT id FROM c WHERE at < datetime('now', '-7 days')")
              .ends_with(" WHERE (\"c\".\"at\" < date_trunc(E'second', (timezone(E'UTC', "
                         "CURRENT_TIMESTAMP) + CAST(E'-7 day' AS interval))))"));
    CHECK(view_sql("SELECT strftime('%Y-%m', at) AS m, count(*) FROM c GROUP BY m")
              .starts_with("SELECT to_char(\"c\".\"at\", E'YYYY-MM') AS \"m\""));
    CHECK(view_sql("SELECT json_extract(js, '$.a') FROM \"x y\"") ==
          "! gives what json_extract finds, whose type is not known");
    CHECK(view_sql("SELECT 1 FROM \"x y\" WHERE json_extract(js, '$.a') = 'x'")
              .ends_with(" WHERE ((\"x y\".\"js\" #>> CAST(ARRAY[E'a'] AS text[])) = E'x')"));
}
