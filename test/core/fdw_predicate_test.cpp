// Every rule of the pushdown, by its only promise: the rows that a pushed condition finds hold all
// rows whose converted value satisfies it. Tried on columns of every affinity, with and without an
// index, also where the schema was edited afterwards and says another type than the one that the
// values were stored under.
#include "fdw_values.hpp"

using namespace migrate::core;
using namespace migrate::core::fdw;
using namespace migrate::core::test;

TEST_CASE("a pushed condition keeps every row that satisfies it", "[fdw][predicate]") {
    const TempDir folder;
    Lease lease(std::make_shared<fdw::Connection>(make_file(folder), quick()));
    std::size_t pushed = 0, checked = 0;
    for (const Table &table : lease->schema().tables) {
        const Relation *relation = lease->find(table.name);
        REQUIRE(relation != nullptr);
        for (const Probe &probe : kProbes) {
            ColumnRule rule;
            rule.type = probe.type;
            rule.epoch = probe.epoch;
            rule.takes_number_text = takes_number_text(*relation, 0);
            ScanRequest request;
            request.relation = relation;
            request.columns = request.tested = {{0, probe.epoch}};
            for (Condition &condition : conditions_of(probe)) {
                Batch arena(1);
                request.conditions.clear();
                const std::set<std::int64_t> wanted =
                    rows_of(*lease, request, [&](const Cell &stored) {
                        Cell cell = stored;
                        const Fit fit = convert_cell(cell, rule, arena);
                        return (fit == Fit::fits || fit == Fit::rounded) &&
                               holds(probe, cell, condition);
                    });
                request.conditions = {{condition}};
                ScanQuery query;
                const std::set<std::int64_t> found = rows_of(
                    *lease, request, [](const Cell &) { return true; }, &query);
                pushed += query.pushed;
                ++checked;
                INFO(table.name << " as " << probe.type.sql() << ": " << query.sql << " ["
                                << (query.values.empty() ? "" : query.values.front().text)
                                << (query.values.empty() ? 0 : query.values.front().integer));
                CHECK(std::ranges::includes(found, wanted));
            }
        }
    }
    CHECK(checked > 20'000);
    CHECK(pushed > checked / 3);
    lease.finish();
}

TEST_CASE("a condition that no rule takes says why", "[fdw][predicate]") {
    PushColumn column;
    column.sql = "c";
    std::string reason;
    const Condition integer{0, Family::integer, Comparison::less, {operand(std::int64_t{1})}};
    SECTION("a column of a view") {
        column.is_view = true;
        CHECK_FALSE(superset_of(column, integer, &reason));
        CHECK(reason == "how SQLite compares a column of a view is not known");
    }
    SECTION("an order that the text does not have") {
        column.affinity = plan::Affinity::text;
        CHECK_FALSE(superset_of(column, integer, &reason));
        CHECK(reason == "no rule keeps all of its rows in SQLite");
    }
    SECTION("text under a number") {
        column.affinity = plan::Affinity::integer;
        CHECK_FALSE(
            superset_of(column, {0, Family::text, Comparison::equal, {operand("1")}}, &reason));
        CHECK(reason == "SQLite's column has INTEGER affinity");
    }
    SECTION("too long an array") {
        const Condition many{0, Family::integer, Comparison::any_of,
                             std::vector<Operand>(501, operand(std::int64_t{1}))};
        CHECK_FALSE(superset_of(column, many, &reason));
        CHECK(reason == "the array has more than 500 elements");
    }
    SECTION("a value that SQLite has not") {
        Operand unknown;
        unknown.kind = Operand::Kind::unknown;
        CHECK_FALSE(superset_of(column, {0, Family::real, Comparison::less, {unknown}}, &reason));
        CHECK(reason == "SQLite has no such value");
    }
}

TEST_CASE("a comparison with NULL finds nothing", "[fdw][predicate]") {
    PushColumn column;
    column.sql = "c";
    std::string reason;
    CHECK(superset_of(column, {0, Family::integer, Comparison::equal, {Operand()}}, &reason)->sql ==
          "0");
    CHECK(superset_of(column, {0, Family::integer, Comparison::any_of, {}}, &reason)->sql == "0");
}
