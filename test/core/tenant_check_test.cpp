// Columns that are looked up in parents, and the check of the tenants of rows.
#include "core/plan/tenancy.hpp"
#include "core/sqlite/lookup_sql.hpp"
#include "core/sqlite/sqlite_source.hpp"
#include "sqlite_fixture.hpp"

#include "catch.hpp"

#include <algorithm>

using namespace migrate::core;
using namespace migrate::core::sqlite;
using namespace migrate::core::test;

namespace {

std::unique_ptr<SqliteSource> open_tenants(const TempDir &folder, const std::string &sql,
                                           const std::string &column = "org") {
    auto source = SqliteSource::open(make_database(folder.file("t.db"), sql), OpenOptions());
    Schema &schema = source->mutable_schema();
    ImportOptions options;
    options.tenant_key = column;
    plan::apply_tenancy(schema, plan::select_relations(schema, {}, {}), options);
    return source;
}

// The values of the tenant column of a table, in the order of its rows.
std::string tenants_of(SqliteSource &source, const std::string &name) {
    const auto &tables = source.schema().tables;
    const auto table = std::ranges::find(tables, name, &Table::name);
    REQUIRE(table != tables.end());
    const auto reader = source.read(*table, {table->tenant_column});
    Batch batch(1);
    std::string all;
    while (reader->fetch(batch) != Fetch::end) {
        for (std::size_t i = 0; i < batch.rows(); ++i) {
            const Cell &cell = batch.row(i)[0];
            all += all.empty() ? "" : " ";
            if (cell.storage == StorageClass::text)
                all += cell.view();
            else
                all += cell.storage == StorageClass::null ? "null" : std::to_string(cell.integer);
        }
    }
    return all;
}

} // namespace

TEST_CASE("lookups: the SQL of a value", "[sqlite][tenancy]") {
    Column column;
    column.name = "a\"b";
    CHECK(value_sql("t", column) == "t.\"a\"\"b\"");
    column.lookups.push_back({"p", {"x", "y"}, {"k", "l"}, "", {{"q", {"z"}, {"id"}, "org", {}}}});
    CHECK(value_sql("t", column) ==
          "(SELECT (SELECT migrate_p2.\"org\" FROM main.\"q\" AS migrate_p2 WHERE "
          "migrate_p2.\"id\" = +migrate_p1.\"z\") FROM main.\"p\" AS migrate_p1 WHERE "
          "migrate_p1.\"k\" = +t.\"x\" AND migrate_p1.\"l\" = +t.\"y\")");
    column.lookups.push_back({"q", {"w"}, {"id"}, "org", {}});
    CHECK(value_sql("t", column).starts_with("coalesce((SELECT (SELECT "));
}

TEST_CASE("lookups: compared as foreign keys compare", "[sqlite][tenancy]") {
    const TempDir folder;
    const auto source = open_tenants(
        folder, "CREATE TABLE p (k TEXT COLLATE NOCASE PRIMARY KEY, org INTEGER);"
                "CREATE TABLE c (k INTEGER REFERENCES p (k));"
                "CREATE TABLE d (k TEXT REFERENCES p (k));"
                "CREATE TABLE n (id INTEGER PRIMARY KEY, org TEXT);"
                "CREATE TABLE e (n TEXT REFERENCES n (id));"
                "INSERT INTO p VALUES ('1', 7), ('01', 8), ('Ab', 9);"
                "INSERT INTO c VALUES (1), ('01'), (2); INSERT INTO d VALUES ('aB'), ('01');"
                "INSERT INTO n VALUES (5, 'five'); INSERT INTO e VALUES (' 5'), ('5.0'), ('x');");
    CHECK(tenants_of(*source, "c") == "7 7 null"); // '01' in an INTEGER column is 1
    CHECK(tenants_of(*source, "d") == "9 8");
    CHECK(tenants_of(*source, "e") == "five five null");
}

TEST_CASE("lookups: the parent's index is used", "[sqlite][tenancy]") {
    const TempDir folder;
    const auto source =
        open_tenants(folder, "CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE, org TEXT);"
                             "CREATE TABLE c (code TEXT REFERENCES p (code));"
                             "CREATE TABLE d (p INT REFERENCES p (id));");
    for (const char *name : {"c", "d"}) {
        const auto &tables = source->schema().tables;
        const auto table = std::ranges::find(tables, std::string(name), &Table::name);
        REQUIRE(table != tables.end());
        const Connection connection = connect(folder.file("t.db"));
        sqlite3_stmt *statement = nullptr;
        const std::string sql = "EXPLAIN QUERY PLAN SELECT " +
                                value_sql("t", table->columns.back()) + " FROM " + name + " AS t";
        REQUIRE(sqlite3_prepare_v2(connection.get(), sql.c_str(), -1, &statement, nullptr) ==
                SQLITE_OK);
        std::string plan;
        while (sqlite3_step(statement) == SQLITE_ROW)
            plan += std::string(reinterpret_cast<const char *>(sqlite3_column_text(statement, 3))) +
                    "; ";
        sqlite3_finalize(statement);
        INFO(plan);
        CHECK(plan.find("SEARCH migrate_p1 USING ") != std::string::npos);
    }
}

TEST_CASE("tenant check: rows that are right", "[sqlite][tenancy]") {
    const TempDir folder;
    const auto source = open_tenants(
        folder, "CREATE TABLE p (id INTEGER PRIMARY KEY, org TEXT);"
                "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p, o INT REFERENCES p);"
                "INSERT INTO p VALUES (1, 'a'), (2, 'a'), (3, 'b');"
                // An orphan whose tenant another parent tells is no error of tenancy.
                "INSERT INTO c VALUES (1, 1, NULL), (2, NULL, 3), (3, 1, 2), (4, 99, 3);");
    source->check_tenants();
    CHECK(tenants_of(*source, "c") == "a b a b");
}

TEST_CASE("tenant check: rows at fault are named", "[sqlite][tenancy]") {
    const TempDir folder;
    const std::string tables =
        "CREATE TABLE p (id INTEGER PRIMARY KEY, org TEXT COLLATE NOCASE);"
        "CREATE TABLE c (a TEXT, b INT REFERENCES p, org TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;"
        "CREATE TABLE e (p INT REFERENCES p);";
    SECTION("without a tenant") {
        const auto source = open_tenants(folder, tables + "INSERT INTO p VALUES (1, NULL);"
                                                          "INSERT INTO e VALUES (1), (NULL), (8);");
        const Error error = error_of([&] { source->check_tenants(); });
        CHECK(error.code() == std::string("23502"));
        CHECK(error.message() == "3 rows without a tenant");
        CHECK(error.detail() == "Table \"p\": 1 row without \"org\": 1.\n"
                                "Table \"e\": 2 rows without a parent that has \"org\": row 2, row "
                                "3.");
    }
    SECTION("of another tenant, in its case too") {
        const auto source =
            open_tenants(folder, tables + "INSERT INTO p VALUES (1, 'Ant'), (2, 'Bee');"
                                          "INSERT INTO c VALUES ('x', 1, 'ant'), ('y', 2, 'Bee');");
        const Error error = error_of([&] { source->check_tenants(); });
        CHECK(error.code() == std::string("23503"));
        CHECK(error.message() == "1 row of another tenant than the parent");
        CHECK(error.detail() ==
              "Table \"c\": 1 row of another tenant than the parent in \"p\": (x, "
              "1) (ant, not Ant).");
    }
    SECTION("at most twenty, of all counted") {
        std::string sql = tables + "INSERT INTO p VALUES (1, 'a')";
        for (int i = 2; i < 40; ++i)
            sql += ", (" + std::to_string(i) + ", NULL)";
        const auto source = open_tenants(folder, sql + "; INSERT INTO e VALUES (1), (70);");
        const Error error = error_of([&] { source->check_tenants(); });
        CHECK(error.message() == "39 rows without a tenant");
        CHECK(error.detail().find("38 rows without \"org\": 2, 3,") != std::string::npos);
        CHECK(
            error.detail().find("20, 21.\nTable \"e\": 1 row without a parent that has \"org\".") !=
            std::string::npos);
    }
}
