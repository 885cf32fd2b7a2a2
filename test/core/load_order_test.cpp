// The order of tables and views.
#include "core/plan/load_order.hpp"
#include "plan_fixture.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::plan;
using Order = std::vector<std::size_t>;

namespace {

// Tables by name, each with the names of its parents.
Order order_of(const std::vector<std::pair<std::string, std::vector<std::string>>> &described) {
    std::vector<Table> tables;
    for (const auto &[name, parents] : described) {
        Table &table = tables.emplace_back(fixture::table(name, {fixture::column("a", "INT")}));
        for (const std::string &parent : parents)
            table.foreign_keys.push_back(fixture::foreign_key({0}, parent));
    }
    std::vector<const Table *> pointers;
    for (const Table &table : tables)
        pointers.push_back(&table);
    return load_order(pointers);
}

std::vector<std::string> names_read_by(std::string_view sql) {
    const View view = fixture::view("v", sql);
    REQUIRE(view.select != nullptr);
    return relations_of(*view.select);
}

} // namespace

TEST_CASE("tables come after their parents", "[plan][load_order]") {
    CHECK(order_of({}).empty());
    CHECK(order_of({{"a", {}}, {"b", {}}}) == Order{0, 1});
    CHECK(order_of({{"line", {"orders", "item"}},
                    {"item", {}},
                    {"orders", {"customer"}},
                    {"customer", {}}}) == Order{1, 3, 2, 0});

    SECTION("names are compared as SQLite does") {
        CHECK(order_of({{"b", {"A"}}, {"a", {}}}) == Order{1, 0});
    }
    SECTION("itself, twice, or a table that is not here") {
        CHECK(order_of({{"node", {"node", "node"}}, {"x", {"gone", "node", "node"}}}) ==
              Order{0, 1});
    }
    SECTION("the first of the file comes first where there is a choice") {
        CHECK(order_of({{"d", {"a"}}, {"c", {}}, {"b", {}}, {"a", {}}}) == Order{1, 2, 3, 0});
    }
}

TEST_CASE("cycles are broken at the first of the file", "[plan][load_order]") {
    CHECK(order_of({{"a", {"b"}}, {"b", {"a"}}}) == Order{0, 1});
    CHECK(order_of({{"a", {"c"}}, {"b", {"a"}}, {"c", {"b"}}}) == Order{0, 1, 2});

    SECTION("a child of a cycle waits for it") {
        CHECK(order_of({{"child", {"x"}}, {"x", {"y"}}, {"y", {"x"}}}) == Order{1, 0, 2});
    }
    SECTION("a cycle waits for the cycle above it") {
        CHECK(order_of({{"a", {"b", "y"}}, {"b", {"a"}}, {"x", {"y"}}, {"y", {"x"}}}) ==
              Order{2, 3, 0, 1});
    }
    SECTION("a long ring does not need the stack") {
        std::vector<std::pair<std::string, std::vector<std::string>>> ring;
        for (int i = 0; i < 3000; ++i)
            ring.push_back({"t" + std::to_string(i), {"t" + std::to_string((i + 1) % 3000)}});
        const Order order = order_of(ring);
        REQUIRE(order.size() == 3000);
        CHECK(order[0] == 0);
        CHECK(order[1] == 2999);
        CHECK(order[2999] == 1);
    }
}

TEST_CASE("views come after the views they read", "[plan][load_order]") {
    std::vector<View> views;
    views.push_back(fixture::view("top", "CREATE VIEW top AS SELECT * FROM Middle"));
    views.push_back(fixture::view("middle", "CREATE VIEW middle AS SELECT * FROM base, t"));
    views.push_back(fixture::view("base", "CREATE VIEW base AS SELECT 1 AS a"));
    CHECK(view_order(views) == Order{2, 1, 0});

    SECTION("a view in a cycle is left out, and what reads it") {
        views.push_back(fixture::view("x", "CREATE VIEW x AS SELECT * FROM y"));
        views.push_back(fixture::view("y", "CREATE VIEW y AS SELECT * FROM x"));
        views.push_back(fixture::view("self", "CREATE VIEW self AS SELECT * FROM self"));
        views.push_back(fixture::view("above", "CREATE VIEW above AS SELECT * FROM self"));
        CHECK(view_order(views) == Order{2, 1, 0});
    }
    SECTION("a view that was not understood keeps its place") {
        View lost;
        lost.name = "lost";
        views.push_back(std::move(lost));
        CHECK(view_order(views) == Order{2, 1, 0, 3});
    }
}

TEST_CASE("a query's relations are found wherever they stand", "[plan][load_order]") {
    using Names = std::vector<std::string>;
    CHECK(names_read_by("CREATE VIEW v AS SELECT * FROM a JOIN b ON a.x = b.x, (c CROSS JOIN d)") ==
          Names{"a", "b", "c", "d"});
    CHECK(names_read_by("CREATE VIEW v AS SELECT (SELECT max(x) FROM a) FROM (SELECT * FROM b) "
                        "WHERE y IN (SELECT y FROM c) AND EXISTS (SELECT 1 FROM d) "
                        "ORDER BY (SELECT 1 FROM e)") == Names{"b", "a", "d", "c", "e"});
    CHECK(names_read_by("CREATE VIEW v AS SELECT 1 FROM a UNION SELECT 2 FROM b") ==
          Names{"a", "b"});

    SECTION("common tables are looked through") {
        CHECK(names_read_by("CREATE VIEW v AS WITH q AS (SELECT * FROM a), r AS (SELECT * FROM Q) "
                            "SELECT * FROM q, r, main.q") == Names{"a", "q"});
        CHECK(names_read_by("CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
                            "i + 1 FROM n, a) SELECT * FROM n") == Names{"a"});
    }
    SECTION("a common table ends with its query") {
        CHECK(names_read_by("CREATE VIEW v AS SELECT * FROM (WITH q AS (SELECT 1) SELECT * FROM q) "
                            "AS s, q") == Names{"q"});
    }
    SECTION("each once") {
        CHECK(names_read_by("CREATE VIEW v AS SELECT * FROM a, A AS b, \"a\" AS c") == Names{"a"});
    }
}
