#include "database_fixture.hpp"

using namespace migrate::core;
using namespace migrate::core::sqlite;
using namespace migrate::core::test;
using namespace std::string_view_literals;

TEST_CASE("a connection can read and nothing else", "[sqlite][database]") {
    const TempDir dir;
    const std::string path = make_database(
        dir.file("x.db"), std::string(kSimple) + "; CREATE VIEW v AS SELECT a FROM t;"
                                                 "CREATE VIRTUAL TABLE f USING fts5(body)");
    const auto before = dir.listing();
    const auto database = open(path);
    const std::string sql =
        GENERATE("INSERT INTO t VALUES (9)", "UPDATE t SET a = 1", "DELETE FROM t", "DROP TABLE t",
                 "CREATE TEMP TABLE x(a)", "CREATE TABLE x(a)", "ATTACH ':memory:' AS m",
                 "PRAGMA journal_mode = WAL", "PRAGMA query_only = OFF", "PRAGMA table_list",
                 "PRAGMA mmap_size = 1000000", "PRAGMA writable_schema = ON", "VACUUM",
                 "SELECT load_extension('x')", "SELECT zeroblob(10)", "SELECT randomblob(10)",
                 "SELECT printf('%1000d', 1)", "SELECT * FROM v", "SELECT * FROM f",
                 "SELECT * FROM pragma_table_info('t')", "SELECT fts3_tokenizer('simple')",
                 "SELECT * FROM json_each('[1]')", "SELECT * FROM t WHERE a MATCH 'x'",
                 "SELECT * FROM t WHERE a REGEXP 'x'",
                 "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i FROM n) SELECT i FROM n");
    INFO(sql);
    CHECK_THROWS_AS(Statement(*database, sql, "test").step(), Error);
    CHECK(dir.listing() == before);
    CHECK(count(*database, "t") == 3);
}

TEST_CASE("statements", "[sqlite][statement]") {
    const TempDir dir;
    const auto database = open(
        make_database(dir.file("x.db"), "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, NULL), "
                                        "(x'00', CAST(x'610062' AS TEXT))"));
    Statement row(*database, "SELECT a, b FROM t WHERE a = ?1 OR b = ?2", "read");
    row.bind(1, std::int64_t{1});
    row.bind(2, "a\0b"sv);
    REQUIRE(row.step());
    CHECK(row.integer(0) == 1);
    CHECK(row.is_null(1));
    CHECK(row.text(1).empty());
    REQUIRE(row.step());
    CHECK(row.text(1) == "a\0b"sv);
    CHECK_FALSE(row.step());
    row.reset();
    CHECK(row.step());
    CHECK(quote_name("a\"b") == "\"a\"\"b\"");
    check_error([&] { Statement(*database, "SELECT missing FROM t", "try it"); }, "XX001",
                "could not try it: no such column: missing");
    check_error([&] { row.bind(3, "x"); }, "XX001", "could not read");
}

TEST_CASE("the flag stops a statement", "[sqlite][statement]") {
    const TempDir dir;
    static bool is_set = false;
    is_set = false;
    OpenOptions options = quick();
    options.is_interrupted = []() noexcept { return is_set; };
    std::string sql = "CREATE TABLE t(a);";
    sql += "WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
           "INSERT INTO t SELECT i FROM n";
    const auto database = Database::open(make_database(dir.file("x.db"), sql), options);
    database->begin_read();
    is_set = true;
    Statement row(*database, "SELECT count(*) FROM t WHERE a > 5", "count");
    check_error([&] { row.step(); }, "57014", "canceled");
    row.reset();
    is_set = false;
    CHECK(count(*database, "t WHERE a > 5") == 19995);
    database->end_read();
}
