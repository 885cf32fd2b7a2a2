#include "core/versioned/catalog_diff.hpp"

#include "catch.hpp"

using namespace migrate::core::versioned;

namespace {

CatalogDiff diff(CatalogSnapshot before, CatalogSnapshot after) {
    return compare_catalogs(before, after);
}

} // namespace

TEST_CASE("equal catalogs have no difference", "[versioned][catalog]") {
    CatalogSnapshot one = {{"table a", "", "owner x"}, {"column a.b", "table a", "integer"}};
    CatalogSnapshot other = {{"column a.b", "table a", "integer"}, {"table a", "", "owner x"}};
    CatalogDiff found = diff(one, other);
    CHECK(found.text.empty());
    CHECK(found.is_restored);
    CHECK(diff({}, {}).is_restored);
}

TEST_CASE("what came, went and changed is named", "[versioned][catalog]") {
    CatalogDiff found = diff({{"table a", "", ""}, {"column a.x", "table a", "integer"}},
                             {{"column a.x", "table a", "bigint"}, {"view v", "", "SELECT 1"}});
    CHECK(found.text ==
          "column a.x: integer became bigint; table a is missing; view v was left behind");
    CHECK_FALSE(found.is_restored);
}

TEST_CASE("the parts of a table are not named beside it", "[versioned][catalog]") {
    CatalogSnapshot table = {{"table a", "schema s", ""},
                             {"column a.x", "table a", "integer"},
                             {"column order of a", "table a", "x", true}};
    CHECK(diff({}, table).text == "table a was left behind");
    table.push_back({"schema s", "", ""});
    CHECK(diff({}, table).text == "schema s was left behind");
    CHECK(diff(table, {{"schema s", "", ""}}).text == "table a is missing");
    CHECK(diff({{"table a", "", ""}}, {{"table a", "", ""}, {"column a.y", "table a", "text"}})
              .text == "column a.y was left behind");
}

TEST_CASE("an order of columns is told and forgiven", "[versioned][catalog]") {
    SECTION("the same names") {
        CatalogDiff found = diff({{"column order of a", "", "x\ny\nz", true}},
                                 {{"column order of a", "", "x\nz\ny", true}});
        CHECK(found.text == "column order of a: x, y, z became x, z, y");
        CHECK(found.is_restored);
    }
    SECTION("another set of names is told by the names") {
        CatalogDiff found =
            diff({{"column order of a", "", "x\ny", true}}, {{"column order of a", "", "x", true}});
        CHECK(found.text.empty());
        CHECK(found.is_restored);
    }
}

TEST_CASE("of a change only the lines that differ are told", "[versioned][catalog]") {
    CHECK(diff({{"function f", "", "BEGIN\n    x;\nEND"}},
               {{"function f", "", "BEGIN\n    y;\n    z;\nEND"}})
              .text == "function f: x; became y;, z;");
    CHECK(diff({{"table a", "", "owner x"}}, {{"table a", "", "owner x\nrow security"}}).text ==
          "table a gained row security");
    CHECK(diff({{"table a", "", "owner x\nunlogged"}}, {{"table a", "", "owner x"}}).text ==
          "table a lost unlogged");
    CHECK(diff({{"f", "", "a\nb"}}, {{"f", "", "b\na"}}).text ==
          "f differs in the order of its lines");
    CatalogDiff found = diff({{"f", "", "a\n  b"}}, {{"f", "", "a\n\n\tb"}});
    CHECK(found.text == "f differs in white space");
    CHECK_FALSE(found.is_restored);
}

TEST_CASE("a long change is cut between characters", "[versioned][catalog]") {
    std::string umlauts;
    for (int i = 0; i < 200; i++)
        umlauts += "ü";
    CatalogDiff found = diff({{"f", "", "a" + umlauts}}, {{"f", "", "b"}});
    CHECK(found.text == "f: a" + umlauts.substr(0, 158) + "… became b");
}

TEST_CASE("a long list of differences ends with their number", "[versioned][catalog]") {
    CatalogSnapshot after;
    for (int i = 0; i < 60; i++)
        after.push_back({"view v" + std::to_string(i), "", ""});
    std::string text = diff({}, after).text;
    CHECK(text.ends_with("; and 10 more"));
    CHECK(text.size() < 60 * 25);
}
