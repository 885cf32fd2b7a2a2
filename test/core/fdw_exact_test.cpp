// What is pushed as exact: conditions under which SQLite may count to a LIMIT, orders, and
// aggregates with their proof. On the same values as the test of the predicates.
#include "core/fdw/aggregate_query.hpp"
#include "core/fdw/scan_order.hpp"
#include "fdw_values.hpp"

#include <optional>

using namespace migrate::core;
using namespace migrate::core::fdw;
using namespace migrate::core::test;

namespace {

// How the foreign column reads a stored value; nothing when that is an error.
struct Reading {
    ColumnRule rule;
    Batch arena{1};

    Reading(const Relation &relation, const Probe &probe) {
        rule.type = probe.type;
        rule.epoch = probe.epoch;
        rule.takes_number_text = takes_number_text(relation, 0);
    }
    std::optional<Cell> operator()(const Cell &stored) {
        Cell cell = stored;
        if (cell.is_null())
            return cell;
        const Fit fit = convert_cell(cell, rule, arena);
        return fit == Fit::fits || fit == Fit::rounded ? std::optional(cell) : std::nullopt;
    }
};

StorageClass class_of(Family family) {
    return family == Family::text ? StorageClass::text : StorageClass::integer;
}

ScanRequest request_for(const Relation &relation, const Probe &probe) {
    ScanRequest request;
    request.relation = &relation;
    request.columns = request.tested = {{0, probe.epoch}};
    return request;
}

// Calls `each` with every table, probe and condition.
void for_all(fdw::Connection &connection,
             const std::function<void(const Relation &, const Probe &, const Condition &)> &each) {
    for (const Table &table : connection.schema().tables)
        for (const Probe &probe : kProbes)
            for (const Condition &condition : conditions_of(probe))
                each(*connection.find(table.name), probe, condition);
}

std::vector<Cell> cells_of(fdw::Connection &connection, const ScanRequest &request, Batch &batch) {
    const ScanQuery query = write_query(connection, request);
    QueryReader reader(connection.database(), *request.relation, request.columns);
    reader.start(query);
    std::vector<Cell> cells;
    while (reader.fetch(batch, Batch::kMaxRows) == Fetch::rows)
        for (std::size_t i = 0; i < batch.rows(); ++i)
            cells.push_back(batch.row(i)[0]);
    return cells;
}

struct Expected {
    std::int64_t rows = 0;
    std::int64_t values = 0;
    std::optional<std::int64_t> least, most;
};

void add(Expected &expected, const Cell &cell) {
    ++expected.rows;
    if (cell.is_null())
        return;
    ++expected.values;
    expected.least = std::min(expected.least.value_or(cell.integer), cell.integer);
    expected.most = std::max(expected.most.value_or(cell.integer), cell.integer);
}

AggregateRequest all_aggregates() {
    AggregateRequest request;
    request.aggregates = {{Aggregate::Kind::count_rows, -1},
                          {Aggregate::Kind::count, 0},
                          {Aggregate::Kind::min, 0},
                          {Aggregate::Kind::max, 0}};
    request.checked = {{0, Family::integer, INT64_MIN, INT64_MAX}};
    return request;
}

} // namespace

TEST_CASE("what is kept exactly satisfies the condition or cannot be read", "[fdw][exact]") {
    const TempDir folder;
    Lease lease(std::make_shared<fdw::Connection>(make_file(folder), quick()));
    std::size_t exact = 0, by_class = 0;
    for_all(*lease, [&](const Relation &relation, const Probe &probe, const Condition &condition) {
        ScanRequest request = request_for(relation, probe);
        request.conditions = {{condition}};
        const WhereClause where = write_where(*lease, request);
        if (where.keeps == Keeps::superset)
            return;
        (where.keeps == Keeps::exact ? exact : by_class)++;
        Reading read(relation, probe);
        const auto wrong = rows_of(*lease, request, [&](const Cell &stored) {
            const std::optional<Cell> cell = read(stored);
            return cell && !holds(probe, *cell, condition) &&
                   (where.keeps == Keeps::exact || stored.storage == class_of(probe.family));
        });
        INFO(relation.table->name << " as " << probe.type.sql() << ":" << where.sql);
        CHECK(wrong.empty());
    });
    CHECK(exact > 1'000);
    CHECK(by_class > 20);
    lease.finish();
}

TEST_CASE("an order that is pushed is the order of what can be read", "[fdw][exact]") {
    const TempDir folder;
    Lease lease(std::make_shared<fdw::Connection>(make_file(folder), quick()));
    const bool is_descending = GENERATE(false, true);
    const bool nulls_first = GENERATE(false, true);
    std::size_t ordered = 0;
    for (const Table &table : lease->schema().tables) {
        const Relation &relation = *lease->find(table.name);
        for (const Probe &probe : {kProbes[0], kProbes[4]}) {
            ScanRequest request = request_for(relation, probe);
            request.order = {0, probe.family, is_descending, nulls_first};
            const ScanQuery query = write_query(*lease, request);
            CHECK(query.is_ordered == query.order_reason.empty());
            if (!query.is_ordered)
                continue;
            ++ordered;
            Reading read(relation, probe);
            Batch batch(1);
            std::vector<Cell> cells;
            for (const Cell &stored : cells_of(*lease, request, batch))
                if (const std::optional<Cell> cell = read(stored))
                    cells.push_back(*cell);
            const auto is_before = [&](const Cell &left, const Cell &right) {
                if (left.is_null() || right.is_null())
                    return nulls_first ? left.is_null() && !right.is_null()
                                       : !left.is_null() && right.is_null();
                const bool is_less = probe.family == Family::text ? left.view() < right.view()
                                                                  : left.integer < right.integer;
                const bool is_equal = probe.family == Family::text ? left.view() == right.view()
                                                                   : left.integer == right.integer;
                return !is_equal && is_less != is_descending;
            };
            INFO(table.name << ": " << query.sql);
            CHECK(std::ranges::is_sorted(cells, is_before));
        }
    }
    CHECK(ordered >= 12);
    lease.finish();
}

TEST_CASE("aggregates are SQLite's only where they are PostgreSQL's", "[fdw][exact]") {
    const TempDir folder;
    Lease lease(std::make_shared<fdw::Connection>(make_file(folder), quick()));
    const AggregateRequest aggregates = all_aggregates();
    std::size_t exact = 0, refused = 0;
    for_all(*lease, [&](const Relation &relation, const Probe &probe, const Condition &condition) {
        if (probe.family != Family::integer)
            return;
        ScanRequest request = request_for(relation, probe);
        request.conditions = {{condition}};
        const AggregateQuery query = write_aggregates(*lease, request, aggregates);
        if (!query.reason.empty())
            return;
        const AggregateAnswer answer = run_aggregates(*lease, request, query);
        if (answer.kind != AggregateAnswer::Kind::exact) {
            ++refused;
            return;
        }
        ++exact;
        Reading read(relation, probe);
        Batch batch(1);
        Expected expected;
        for (const Cell &stored : cells_of(*lease, request, batch)) {
            const std::optional<Cell> cell = read(stored);
            REQUIRE(cell);
            if (holds(probe, *cell, condition))
                add(expected, *cell);
        }
        INFO(relation.table->name << ": " << query.sql);
        CHECK(answer.values[0] == expected.rows);
        CHECK(answer.values[1] == expected.values);
        CHECK(answer.values[2] == expected.least);
        CHECK(answer.values[3] == expected.most);
    });
    CHECK(exact > 200);
    CHECK(refused > 50);
    lease.finish();
}

TEST_CASE("a limit is pushed only with exact conditions and a given order", "[fdw][exact]") {
    const TempDir folder;
    const std::string path =
        make_database(folder.file("limit.db"), "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, "
                                               "x TEXT, r REAL); CREATE INDEX t_n ON t (n);"
                                               "INSERT INTO t VALUES (1, 5, 'a', 1.5), (2, NULL, "
                                               "'b', 2), (3, 4, x'00', 3), (4, 9, 'd', 4)");
    Lease lease(std::make_shared<fdw::Connection>(path, quick()));
    ScanRequest request = request_for(*lease->find("t"), kProbes[0]);
    request.limit = 2;
    const auto sql = [&] { return write_query(*lease, request).sql; };
    CHECK(sql().ends_with(" LIMIT ?"));
    request.conditions = {{{1, Family::integer, Comparison::greater, {operand(std::int64_t{3})}}}};
    CHECK(sql().ends_with("WHERE migrate_t.\"n\" > ? LIMIT ?"));
    request.order = {1, Family::integer, false, false};
    CHECK(sql().ends_with("INDEXED BY \"t_n\" WHERE migrate_t.\"n\" > ? ORDER BY "
                          "migrate_t.\"n\" NULLS LAST LIMIT ?"));
    request.order = {0, Family::integer, true, true};
    CHECK(sql().ends_with("ORDER BY migrate_t.\"id\" DESC LIMIT ?"));
    request.order = {2, Family::text, false, false}; // no index
    CHECK(sql().ends_with("WHERE migrate_t.\"n\" > ?"));
    request.order.reset();
    request.conditions = {{{3, Family::real, Comparison::greater, {operand(3.0)}}}};
    CHECK_FALSE(write_query(*lease, request).is_limited);
    request.conditions = {{{2, Family::text, Comparison::equal, {operand("a")}}}};
    CHECK_FALSE(write_query(*lease, request).is_limited); // a number or a blob would be kept
    lease.finish();
}

TEST_CASE("no order is a sort of SQLite's", "[fdw][exact]") {
    const TempDir folder;
    Lease lease(std::make_shared<fdw::Connection>(make_file(folder), quick()));
    for (const Table &table : lease->schema().tables) {
        ScanRequest request = request_for(*lease->find(table.name), kProbes[0]);
        for (const bool is_descending : {false, true})
            for (const bool nulls_first : {false, true}) {
                request.order = {0, Family::integer, is_descending, nulls_first};
                const ScanQuery query = write_query(*lease, request);
                if (!query.is_ordered)
                    continue;
                Statement statement(lease->database(), query.sql, "sort");
                while (statement.step())
                    continue;
                INFO(query.sql);
                CHECK(sqlite3_stmt_status(statement.handle(), SQLITE_STMTSTATUS_SORT, 0) == 0);
            }
    }
    lease.finish();
}

TEST_CASE("the rowid of a row is found when it is asked for", "[fdw][exact]") {
    const TempDir folder;
    const std::string path =
        make_database(folder.file("rowid.db"),
                      "CREATE TABLE t (n INTEGER); CREATE INDEX t_n ON t (n);"
                      "INSERT INTO t (rowid, n) VALUES (10, 3), (20, 1), (30, 2), (40, 1)");
    Lease lease(std::make_shared<fdw::Connection>(path, quick()));
    ScanRequest request = request_for(*lease->find("t"), kProbes[0]);
    request.wants_row_id = false;
    const auto ids = [&] {
        const ScanQuery query = write_query(*lease, request);
        QueryReader reader(lease->database(), *request.relation, request.columns);
        reader.start(query);
        Batch batch(1);
        std::vector<std::int64_t> found;
        while (reader.fetch(batch, 3) == Fetch::rows)
            for (std::size_t i = 0; i < batch.rows(); ++i)
                found.push_back(reader.row_id_of(batch.row_id(i)));
        return found;
    };
    CHECK(ids() == std::vector<std::int64_t>{10, 20, 30, 40});
    request.order = {0, Family::integer, true, true};
    CHECK(ids() == std::vector<std::int64_t>{10, 30, 40, 20});
    request.limit = 2;
    CHECK(ids() == std::vector<std::int64_t>{10, 30});
    request.order.reset();
    request.conditions = {{{0, Family::integer, Comparison::less, {operand(std::int64_t{3})}}}};
    request.limit.reset();
    CHECK(ids().size() == 3); // SQLite's own way, with the rowid in each row
    lease.finish();
}
