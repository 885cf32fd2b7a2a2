#include "core/sqlite/row_reader.hpp"
#include "core/sqlite/sqlite_source.hpp"
#include "sqlite_fixture.hpp"

#include <algorithm>
#include <numeric>

using namespace migrate::core;
using namespace migrate::core::sqlite;
using namespace migrate::core::test;
using namespace std::string_view_literals;

namespace {

const Table &table_of(const SqliteSource &source, const std::string &name) {
    const auto &tables = source.schema().tables;
    const auto found = std::ranges::find(tables, name, &Table::name);
    REQUIRE(found != tables.end());
    return *found;
}

std::vector<int> all_columns(const Table &table) {
    std::vector<int> columns(table.columns.size());
    std::iota(columns.begin(), columns.end(), 0);
    return columns;
}

std::string text_of(const Cell &cell) {
    switch (cell.storage) {
    case StorageClass::null:
        return "null";
    case StorageClass::integer:
        return std::to_string(cell.integer);
    case StorageClass::real:
        return "real " + std::to_string(cell.real);
    case StorageClass::text:
        return "'" + std::string(cell.view()) + "'";
    case StorageClass::blob:
        return "x" + std::string(cell.view());
    }
    return "?";
}

// All rows, "id: cell|cell" each.
std::vector<std::string> rows_of(SqliteSource &source, const std::string &name,
                                 std::vector<int> columns) {
    const auto reader = source.read(table_of(source, name), columns);
    Batch batch(columns.size());
    std::vector<std::string> rows;
    for (Fetch fetch = reader->fetch(batch); fetch != Fetch::end; fetch = reader->fetch(batch))
        for (std::size_t i = 0; i < batch.rows(); ++i) {
            std::string row = std::to_string(batch.row_id(i)) + ":";
            for (std::size_t k = 0; k < columns.size(); ++k)
                row += (k == 0 ? " " : "|") + text_of(batch.row(i)[k]);
            rows.push_back(row);
        }
    CHECK(reader->fetch(batch) == Fetch::end);
    CHECK(batch.is_empty());
    return rows;
}

struct Fixture {
    TempDir dir;
    std::unique_ptr<SqliteSource> source;

    explicit Fixture(const std::string &sql, OpenOptions options = {}) {
        source = SqliteSource::open(make_database(dir.file("x.db"), sql), options);
    }
    std::vector<std::string> rows(const std::string &name) {
        return rows_of(*source, name, all_columns(table_of(*source, name)));
    }
};

using Rows = std::vector<std::string>;

std::string numbers(int count, const std::string &table, const std::string &values) {
    return "; WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < " +
           std::to_string(count) + ") INSERT INTO " + table + " SELECT " + values + " FROM n";
}

bool is_stopped = false;
int steps_to_stop = 0;

bool stops_now_and_then() noexcept {
    ++steps_to_stop;
    return steps_to_stop == 2 || steps_to_stop == 5 || steps_to_stop == 7;
}

} // namespace

TEST_CASE("every storage class", "[sqlite][row_reader]") {
    Fixture file("CREATE TABLE t(a, b); INSERT INTO t VALUES (NULL, 1), (-9223372036854775808, "
                 "9223372036854775807), (0.5, -1e300), ('', x''), ('text', x'626c6f62'), "
                 "(CAST(x'610062' AS TEXT), x'00ff')");
    CHECK(file.rows("t") == Rows{"1: null|1", "2: -9223372036854775808|9223372036854775807",
                                 "3: real 0.500000|real " + std::to_string(-1e300), "4: ''|x",
                                 "5: 'text'|xblob", std::string("6: 'a\0b'|x\0\xff"sv)});
    CHECK(file.source->count_rows(table_of(*file.source, "t")) == 6);
    file.source->finish();
}

TEST_CASE("row ids", "[sqlite][row_reader]") {
    SECTION("the alias is the id, wherever it stands and whatever is read") {
        Fixture file("CREATE TABLE t(a, id INTEGER PRIMARY KEY); "
                     "INSERT INTO t VALUES ('x', -5), ('y', 0), ('z', 9223372036854775807)");
        CHECK(file.rows("t") ==
              Rows{"-5: 'x'|-5", "0: 'y'|0", "9223372036854775807: 'z'|9223372036854775807"});
        CHECK(rows_of(*file.source, "t", {1}) ==
              Rows{"-5: -5", "0: 0", "9223372036854775807: 9223372036854775807"});
        CHECK(rows_of(*file.source, "t", {0}) ==
              Rows{"-5: 'x'", "0: 'y'", "9223372036854775807: 'z'"});
        CHECK(rows_of(*file.source, "t", {}) == Rows{"-5:", "0:", "9223372036854775807:"});
        CHECK(rows_of(*file.source, "t", {1, 0, 1}).front() == "-5: -5|'x'|-5");
    }
    SECTION("a name that no column bears") {
        Fixture file("CREATE TABLE t(RowId, _rowid_); INSERT INTO t(_rowid_, oid) VALUES ('a', 7)");
        CHECK(rowid_name(table_of(*file.source, "t")) == "oid");
        CHECK(file.rows("t") == Rows{"7: null|'a'"});
    }
    SECTION("all names are taken") {
        Fixture file(
            "CREATE TABLE t(rowid, _rowid_, oid); INSERT INTO t VALUES (5, 6, 7), (4, 3, 2)");
        CHECK(rowid_name(table_of(*file.source, "t")).empty());
        CHECK(file.rows("t") == Rows{"1: 5|6|7", "2: 4|3|2"});
    }
    SECTION("all names are taken, but one is the alias") {
        Fixture file("CREATE TABLE t(rowid INTEGER PRIMARY KEY, _rowid_, oid); "
                     "INSERT INTO t VALUES (50, 6, 7)");
        CHECK(file.rows("t") == Rows{"50: 50|6|7"});
        CHECK(rows_of(*file.source, "t", {1}) == Rows{"1: 6"});
    }
    SECTION("WITHOUT ROWID rows are counted in the order of the key") {
        Fixture file("CREATE TABLE t(k TEXT PRIMARY KEY DESC, v) WITHOUT ROWID; "
                     "INSERT INTO t VALUES ('a', 1), ('c', 2), ('b', 3)");
        CHECK(file.rows("t") == Rows{"1: 'c'|2", "2: 'b'|3", "3: 'a'|1"});
        CHECK(file.source->count_rows(table_of(*file.source, "t")) == 3);
    }
}

TEST_CASE("a covering index does not change the order", "[sqlite][row_reader]") {
    Fixture file("CREATE TABLE t(a INT, pad TEXT); CREATE INDEX i ON t(a); "
                 "INSERT INTO t VALUES (3, hex(zeroblob(900))), (1, hex(zeroblob(900))), (2, '')");
    CHECK(rows_of(*file.source, "t", {0}) == Rows{"1: 3", "2: 1", "3: 2"});
}

TEST_CASE("many rows come in full batches", "[sqlite][row_reader]") {
    Fixture file("CREATE TABLE t(a, b)" + numbers(2500, "t", "i, 'value ' || i"));
    const Table &table = table_of(*file.source, "t");
    const auto reader = file.source->read(table, {1, 0});
    Batch batch(2);
    std::vector<std::size_t> sizes;
    std::int64_t sum = 0;
    while (reader->fetch(batch) == Fetch::rows) {
        sizes.push_back(batch.rows());
        for (std::size_t i = 0; i < batch.rows(); ++i) {
            sum += batch.row(i)[1].integer;
            REQUIRE(batch.row(i)[0].view() == "value " + std::to_string(batch.row_id(i)));
        }
    }
    CHECK(sizes == std::vector<std::size_t>{1000, 1000, 500});
    CHECK(sum == 2500 * 2501 / 2);
}

TEST_CASE("large rows travel by bytes", "[sqlite][row_reader]") {
    Fixture file("CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(3000000)), "
                 "(zeroblob(600000)), (zeroblob(600000)), (zeroblob(5))");
    const auto reader = file.source->read(table_of(*file.source, "t"), {0});
    Batch batch(1);
    std::vector<std::size_t> sizes;
    while (reader->fetch(batch) == Fetch::rows) {
        sizes.push_back(batch.rows());
        CHECK(batch.row(0)[0].view().find_first_not_of('\0') == std::string_view::npos);
    }
    CHECK(sizes == std::vector<std::size_t>{1, 2, 1});
}

TEST_CASE("two readers of one source", "[sqlite][row_reader]") {
    Fixture file("CREATE TABLE t(a); CREATE TABLE u(a)" + numbers(1500, "t", "i") +
                 numbers(1500, "u", "-i"));
    const auto left = file.source->read(table_of(*file.source, "t"), {0});
    const auto right = file.source->read(table_of(*file.source, "u"), {0});
    Batch first(1);
    Batch second(1);
    for (int i = 0; i < 2; ++i) {
        CHECK(left->fetch(first) == Fetch::rows);
        CHECK(right->fetch(second) == Fetch::rows);
        CHECK(first.row(0)[0].integer == -second.row(0)[0].integer);
    }
    CHECK(left->fetch(first) == Fetch::end);
    CHECK(right->fetch(second) == Fetch::end);
}

TEST_CASE("text of a UTF-16 database comes as UTF-8", "[sqlite][row_reader]") {
    const std::string encoding = GENERATE("UTF-16le", "UTF-16be");
    Fixture file("PRAGMA encoding = '" + encoding +
                 "'; CREATE TABLE t(a, b); INSERT INTO t VALUES ('größe €', '\xf0\x9f\x98\x80'), "
                 "('', x'00')");
    CHECK(file.rows("t") == Rows{"1: 'größe €'|'\xf0\x9f\x98\x80'", std::string("2: ''|x\0"sv)});
}

TEST_CASE("a STRICT table is not believed", "[sqlite][row_reader]") {
    Fixture file("CREATE TABLE t(a INTEGER NOT NULL); INSERT INTO t VALUES ('abc'), (x'ff00'); "
                 "PRAGMA writable_schema = ON; "
                 "UPDATE sqlite_schema SET sql = 'CREATE TABLE t(a INTEGER NOT NULL) STRICT'");
    CHECK(file.rows("t") == Rows{"1: 'abc'", std::string("2: x\xff\0"sv)});
}

TEST_CASE("generated columns are computed", "[sqlite][row_reader]") {
    Fixture file("CREATE TABLE t(a INT, v AS (a * 2), s TEXT AS (a || 'x') STORED, "
                 "w TEXT AS (upper(s) || ''), d AS (json_extract('{\"k\":[1]}', '$.k[0]') + a)); "
                 "INSERT INTO t VALUES (1), (NULL)");
    CHECK(file.rows("t") == Rows{"1: 1|2|'1x'|'1X'|2", "2: null|null|null|null|null"});
}

TEST_CASE("a value that SQLite cannot compute names its place", "[sqlite][row_reader]") {
    Fixture file("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT);"
                 "INSERT INTO t VALUES (1, '{\"x\":5}'), (20, '{oops');"
                 "ALTER TABLE t ADD COLUMN j AS (json_extract(a, '$.x'))");
    const Error error = error_of([&] { file.rows("t"); });
    CHECK(error.message() == "could not compute column \"j\" of table \"t\": malformed JSON");
    CHECK(error.detail() == "SQLite itself fails on row 20.");
    CHECK(rows_of(*file.source, "t", {0, 1}).size() == 2);
}

TEST_CASE("a cell over max_value_size names its place", "[sqlite][row_reader]") {
    OpenOptions options;
    options.max_value_size = 1000;
    SECTION("within SQLite's own limit") {
        Fixture file("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, hex(zeroblob(500))), "
                     "(2, zeroblob(1001))",
                     options);
        const Error error = error_of([&] { file.rows("t"); });
        CHECK(std::string(error.code()) == "54000");
        CHECK(error.message() == "value in column \"b\" of table \"t\" is too large");
        CHECK(error.detail() == "The value in row 2 has more than 1000 bytes.");
        CHECK(rows_of(*file.source, "t", {0}).size() == 2);
    }
    SECTION("beyond it, in a table with and one without row ids") {
        const std::string rowid = GENERATE("", " WITHOUT ROWID");
        Fixture file("CREATE TABLE t(a INT PRIMARY KEY, b, c)" + rowid +
                         "; INSERT INTO t VALUES (1, 'small', 2), (2, 'x', zeroblob(20000000)), "
                         "(3, 'y', 'z')",
                     options);
        const Error error = error_of([&] { file.rows("t"); });
        CHECK(std::string(error.code()) == "54000");
        CHECK(error.message() == "value in column \"c\" of table \"t\" is too large");
        CHECK(error.detail().find("row 2 ") != std::string::npos);
        CHECK(rows_of(*file.source, "t", {0, 1}) == Rows{"1: 1|'small'", "2: 2|'x'", "3: 3|'y'"});
    }
    SECTION("values that are only together too large are read") {
        options.max_value_size = 12 << 20;
        Fixture file("CREATE TABLE t(a TEXT PRIMARY KEY, b, c) WITHOUT ROWID; INSERT INTO t VALUES "
                     "('k', zeroblob(10000000), zeroblob(10000000)), ('l', 1, 2)",
                     options);
        const auto reader = file.source->read(table_of(*file.source, "t"), {0, 1, 2});
        Batch batch(3);
        std::int64_t rows = 0;
        while (reader->fetch(batch) == Fetch::rows)
            rows += static_cast<std::int64_t>(batch.rows());
        CHECK(rows == 2);
    }
}

TEST_CASE("columns that double each other cannot take the memory", "[sqlite][row_reader]") {
    OpenOptions options;
    options.max_value_size = 16 << 20;
    std::string sql = "CREATE TABLE t(c0 TEXT";
    for (int i = 1; i <= 12; ++i)
        sql += ", c" + std::to_string(i) + " AS (replace(c" + std::to_string(i - 1) +
               ", 'x', 'xxxx'))";
    for (int i = 0; i < 100; ++i)
        sql += ", d" + std::to_string(i) + " AS (c11 || 'y')";
    Fixture file(sql + "); INSERT INTO t VALUES ('x'), ('y')", options);
    const Error error = error_of([&] { file.rows("t"); });
    CHECK(std::string(error.code()) == "54000");
    CHECK(sqlite3_hard_heap_limit64(-1) == 0);
    CHECK(sqlite3_soft_heap_limit64(-1) == 0);
}

TEST_CASE("a reader goes on after an interruption", "[sqlite][row_reader]") {
    OpenOptions options;
    options.is_interrupted = []() noexcept { return is_stopped && stops_now_and_then(); };
    is_stopped = false;
    const std::string columns =
        GENERATE("(a INTEGER PRIMARY KEY, b)", "(a INT, b)", "(a INT PRIMARY KEY, b) WITHOUT ROWID",
                 "(rowid INT, _rowid_, oid AS (1))");
    Fixture file("CREATE TABLE t" + columns + numbers(20'000, "t", "i, 'v' || i"), options);
    const auto reader = file.source->read(table_of(*file.source, "t"), {0, 1});
    is_stopped = true;
    steps_to_stop = 0;
    Batch batch(2);
    std::int64_t expected = 0;
    int interruptions = 0;
    for (Fetch fetch = reader->fetch(batch); fetch != Fetch::end; fetch = reader->fetch(batch)) {
        interruptions += fetch == Fetch::interrupted;
        for (std::size_t i = 0; i < batch.rows(); ++i) {
            ++expected;
            REQUIRE(batch.row_id(i) == expected);
            REQUIRE(batch.row(i)[0].integer == expected);
            REQUIRE(batch.row(i)[1].view() == "v" + std::to_string(expected));
        }
    }
    is_stopped = false;
    CHECK(expected == 20'000);
    CHECK(interruptions == 3);
    file.source->finish();
}

TEST_CASE("damage in the middle names the last row", "[sqlite][row_reader]") {
    const TempDir dir;
    const std::string path =
        make_database(dir.file("x.db"), "PRAGMA page_size = 1024; CREATE TABLE t(a)" +
                                            numbers(5000, "t", "'row number ' || i"));
    std::string bytes = read_file(path);
    SECTION("a page of other bytes") {
        const std::size_t place = bytes.find("row number 2500");
        const std::size_t page = place / 1024 * 1024;
        for (std::size_t i = page; i < page + 1024; ++i)
            bytes[i] = '\xff';
        write_file(path, bytes);
        const auto source = SqliteSource::open(path, {});
        const auto reader = source->read(table_of(*source, "t"), {0});
        Batch batch(1);
        const Error error = error_of([&] {
            while (reader->fetch(batch) == Fetch::rows) {
            }
        });
        CHECK(std::string(error.code()) == "XX001");
        CHECK(error.message() == "could not read table \"t\": database disk image is malformed");
        CHECK(error.detail().find("The last row read was row 24") != std::string::npos);
        CHECK_THROWS_AS(source->count_rows(table_of(*source, "t")), Error);
        CHECK_NOTHROW(source->finish());
    }
    SECTION("a tree whose leaves are the same page") {
        // The root, page 2, is an interior page: let each of its cells point to the first child.
        const std::size_t root = 1024;
        REQUIRE(bytes[root] == 5);
        const auto cells = static_cast<unsigned char>(bytes[root + 4]);
        const auto cell_at = [&](std::size_t i) {
            return root + static_cast<unsigned char>(bytes[root + 12 + 2 * i]) * 256u +
                   static_cast<unsigned char>(bytes[root + 13 + 2 * i]);
        };
        for (std::size_t i = 1; i < cells; ++i)
            bytes.replace(cell_at(i), 4, bytes.substr(cell_at(0), 4));
        write_file(path, bytes);
        const auto source = SqliteSource::open(path, {});
        const auto reader = source->read(table_of(*source, "t"), {0});
        Batch batch(1);
        const Error error = error_of([&] {
            while (reader->fetch(batch) == Fetch::rows) {
            }
        });
        CHECK(std::string(error.code()) == "XX001");
        CHECK(error.message() == "could not read table \"t\": its rows are not in order");
    }
}

TEST_CASE("a table clustered by an unknown collation is scanned", "[sqlite][row_reader]") {
    Fixture file("CREATE TABLE t(a TEXT PRIMARY KEY, b) WITHOUT ROWID; "
                 "INSERT INTO t VALUES ('b', 1), ('a', 2); PRAGMA writable_schema = ON; "
                 "UPDATE sqlite_schema SET sql = 'CREATE TABLE t(a TEXT COLLATE klingon "
                 "PRIMARY KEY, b) WITHOUT ROWID' WHERE name = 't'");
    CHECK(table_of(*file.source, "t").is_without_rowid);
    CHECK(file.rows("t") == Rows{"1: 'a'|2", "2: 'b'|1"});
}

TEST_CASE("wide and empty tables", "[sqlite][row_reader]") {
    std::string sql = "CREATE TABLE wide(c0";
    for (int i = 1; i < 2000; ++i)
        sql += ", c" + std::to_string(i);
    Fixture file(sql + "); INSERT INTO wide(c1999) VALUES ('last'); CREATE TABLE none(a, b)");
    const Rows rows = file.rows("wide");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].starts_with("1: null|"));
    CHECK(rows[0].ends_with("|'last'"));
    CHECK(file.rows("none").empty());
}

TEST_CASE("odd names of tables and columns", "[sqlite][row_reader]") {
    Fixture file("CREATE TABLE \"a\"\"b.c\"(\"x\"\"y\", \"rowid\", \"order\"); "
                 "INSERT INTO \"a\"\"b.c\" VALUES (1, 2, 3); "
                 "CREATE TABLE \"\"(\"\"); INSERT INTO \"\" VALUES ('e'); "
                 "CREATE TABLE migrate_t(migrate_t); INSERT INTO migrate_t VALUES (4)");
    CHECK(file.rows("a\"b.c") == Rows{"1: 1|2|3"});
    CHECK(file.rows("") == Rows{"1: 'e'"});
    CHECK(file.rows("migrate_t") == Rows{"1: 4"});
}

TEST_CASE("the range of a column's numbers", "[sqlite][source]") {
    Fixture file(
        "CREATE TABLE t(a, b TEXT, c); "
        "INSERT INTO t VALUES (5, '7', NULL), (-2.5, 'x', 0), (0, '8', ''), ('900', '9', x'01')");
    const Table &table = table_of(*file.source, "t");
    const auto range = file.source->number_range(table, 0);
    REQUIRE(range);
    CHECK(range->first == -2.5);
    CHECK(range->second == 5);
    CHECK_FALSE(file.source->number_range(table, 1));
    CHECK_FALSE(file.source->number_range(table, 2));
}
