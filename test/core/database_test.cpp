#include "core/sqlite/database.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/statement.hpp"
#include "sqlite_fixture.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace migrate::core;
using namespace migrate::core::sqlite;
using namespace migrate::core::test;
using namespace std::string_view_literals;

namespace {

OpenOptions quick() {
    OpenOptions options;
    options.busy_timeout_ms = 30;
    options.os_user = "postgres";
    return options;
}

std::unique_ptr<Database> open(const std::string &path) {
    return Database::open(path, quick());
}

std::int64_t count(const Database &database, const std::string &table) {
    Statement row(database, "SELECT count(*) FROM " + table, "count");
    REQUIRE(row.step());
    return row.integer(0);
}

void check_open_fails(const std::string &path, std::string_view code, std::string_view part) {
    check_error([&] { open(path); }, code, part);
}

// What one import does to the file: everything in one read transaction.
std::int64_t rows_of(const std::string &path) {
    const auto database = open(path);
    database->begin_read();
    const std::int64_t rows = count(*database, "t");
    database->end_read();
    return rows;
}

constexpr char kSimple[] = "CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3)";
constexpr char kWal[] =
    "PRAGMA journal_mode = WAL; CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)";

// Runs as another user: root may read everything.
class AsNobody {
  public:
    AsNobody() : is_root_(geteuid() == 0) {
        if (is_root_)
            REQUIRE(seteuid(65534) == 0);
    }
    AsNobody(const AsNobody &) = delete;
    AsNobody &operator=(const AsNobody &) = delete;
    ~AsNobody() {
        if (is_root_ && seteuid(0) != 0)
            std::abort();
    }

  private:
    bool is_root_;
};

} // namespace

TEST_CASE("a path must be absolute and a plain file", "[sqlite][database]") {
    const TempDir dir;
    check_open_fails("", "22023", "The path is empty.");
    check_open_fails(":memory:", "22023", "memory");
    check_open_fails("file:/tmp/x.db?mode=rwc", "22023", "A URI is not a path.");
    check_open_fails("data/x.db", "22023", "relative");
    check_open_fails(std::string("/tmp/a\0b", 8), "22023", "zero byte");
    check_open_fails(dir.file("no.db"), "58P01", "No such file or directory");
    check_open_fails(dir.file("no.db"), "58P01", "read by the server");
    check_open_fails(dir.file("no/no.db"), "58P01", "No such file or directory");
    check_open_fails(dir.path(), "42809", "a directory");
    check_open_fails("/dev/null", "42809", "a device");
    REQUIRE(mkfifo(dir.file("pipe").c_str(), 0600) == 0);
    check_open_fails(dir.file("pipe"), "42809", "a named pipe");
    check_open_fails("/tmp/" + std::string(300, 'x'), "22023", "too long");
    CHECK(error_of([&] { open(dir.file("a\nb.db")); }).message().find("a_b.db") !=
          std::string::npos);
}

TEST_CASE("a missing right names the user and the place", "[sqlite][database]") {
    const TempDir dir;
    chmod(dir.path().c_str(), 0755);
    std::filesystem::create_directory(dir.file("in"));
    make_database(dir.file("in/x.db"), kSimple);
    SECTION("the file") {
        chmod(dir.file("in/x.db").c_str(), 0);
        const AsNobody nobody;
        check_open_fails(dir.file("in/x.db"), "42501", "\"postgres\" may not read the file");
    }
    SECTION("the directory") {
        chmod(dir.file("in").c_str(), 0);
        {
            const AsNobody nobody;
            check_open_fails(dir.file("in/x.db"), "42501",
                             "may not search directory \"" + dir.file("in") + "\"");
        }
        chmod(dir.file("in").c_str(), 0755);
    }
}

TEST_CASE("each wrong file has its own words", "[sqlite][database]") {
    const TempDir dir;
    struct Case {
        std::string_view bytes;
        std::string_view part;
    };
    const Case wrong = GENERATE(
        Case{""sv, "0 bytes"sv}, Case{"\x1f\x8b\x08\0\0\0\0\0\0\x03zz"sv, "gzip"sv},
        Case{"PK\x03\x04\x14\0\0\0"sv, "a zip archive"sv},
        Case{"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n"sv, "dump in SQL text"sv},
        Case{"BEGIN TRANSACTION;\nCREATE TABLE t(a);"sv, "dump in SQL text"sv},
        Case{"\xef\xbb\xbf\r\n  create table x (a)"sv, "sqlite3 NEW.db < DUMP.sql"sv},
        Case{"-- a comment\nSELECT 1;"sv, "dump in SQL text"sv},
        Case{"version https://git-lfs.github.com/spec/v1\noid sha256:00"sv, "Git LFS pointer"sv},
        Case{"\n<!DOCTYPE html>\n<html><body>404"sv, "an HTML page"sv},
        Case{"<HTML><head>"sv, "an HTML page"sv}, Case{"id,name\n1,\xc3\xa4\n"sv, "plain text"sv},
        Case{"** This file contains an SQLite 2.1 database **\0\0"sv, "a SQLite 2 database"sv},
        Case{"\x37\x7f\x06\x82\0\x2d\xe2\x18"sv, "write-ahead log"sv},
        Case{"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\0\0\0\0"sv, "rollback journal"sv},
        Case{"12345678DUCK\x01\0"sv, "DuckDB"sv}, Case{"\0\0\0\0\0\0"sv, "zero bytes"sv},
        Case{"SQLite for"sv, "truncated"sv}, Case{"SQLite format 3\0\x10\0"sv, "truncated"sv},
        Case{"\x9f\x02\xee\xc1\x80\x81\x07\x13\xfe\xff"sv, "encrypted or not a SQLite"sv});
    const std::string path = write_file(dir.file("x.db"), wrong.bytes);
    INFO(wrong.part);
    check_open_fails(path, "XX001", wrong.part);
    CHECK(dir.listing().size() == 1);
}

TEST_CASE("damaged headers and pages", "[sqlite][database]") {
    const TempDir dir;
    std::string rows = kSimple;
    rows += "; WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
            "INSERT INTO t SELECT 'row number ' || i FROM n";
    const std::string good = read_file(make_database(dir.file("good.db"), rows));
    std::string bad = good;
    const std::string path = dir.file("x.db");
    SECTION("page size") {
        bad[16] = 0x11;
        check_open_fails(write_file(path, bad), "XX001", "The page size is none");
    }
    SECTION("payload fractions") {
        bad[21] = 1;
        check_open_fails(write_file(path, bad), "XX001", "damaged header");
    }
    SECTION("read version") {
        bad[19] = 3;
        check_open_fails(write_file(path, bad), "0A000", "read version is 3");
    }
    SECTION("schema format") {
        bad[47] = 9;
        check_open_fails(write_file(path, bad), "0A000", "unsupported version");
    }
    SECTION("truncated") {
        check_open_fails(write_file(path, good.substr(0, good.size() / 2)), "XX001",
                         "is truncated");
        check_open_fails(write_file(path, good.substr(0, 2000)), "XX001", "less than one page");
    }
    SECTION("encrypted behind a plain header") {
        for (std::size_t i = 100; i < bad.size(); ++i)
            bad[i] = static_cast<char>(i * 7919 >> 3);
        const Error error = error_of([&] { rows_of(write_file(path, bad)); });
        CHECK(std::string(error.code()) == "XX001");
    }
    SECTION("schema") {
        make_database(dir.file("s.db"),
                      "CREATE TABLE t(a); PRAGMA writable_schema = ON; "
                      "UPDATE sqlite_schema SET sql = 'CREATE TABLE t(a,' WHERE name = 't'");
        check_open_fails(dir.file("s.db"), "XX001", "malformed database schema (t)");
    }
}

TEST_CASE("an ordinary database is read and left alone", "[sqlite][database]") {
    const TempDir dir;
    const std::string path = make_database(dir.file("x.db"), kSimple);
    const auto before = dir.listing();
    const auto database = open(path);
    CHECK_FALSE(database->is_immutable());
    CHECK(database->notes().empty());
    database->begin_read();
    database->begin_read();
    CHECK(database->state().size == static_cast<std::int64_t>(std::filesystem::file_size(path)));
    CHECK(database->state().change_counter > 0);
    CHECK(count(*database, "t") == 3);
    database->end_read();
    database->end_read();
    database->begin_read();
    CHECK(count(*database, "t") == 3);
    database->end_read();
    CHECK(dir.listing() == before);
}

TEST_CASE("nothing in a file name is a parameter", "[sqlite][database]") {
    const TempDir dir;
    const std::string path = dir.file("a?mode=rwc&vfs=x#%41 \xc3\xa4;'\".db");
    make_database(dir.file("x.db"), kSimple);
    std::filesystem::rename(dir.file("x.db"), path);
    CHECK(rows_of(path) == 3);
    CHECK(dir.listing().size() == 1);
    CHECK(file_uri("/a b/%?.db", "mode=ro") == "file:///a%20b/%25%3F.db?mode=ro");
}

TEST_CASE("a WAL database that was closed is opened immutable", "[sqlite][database][wal]") {
    const TempDir dir;
    const std::string path = make_database(dir.file("x.db"), kWal);
    const auto check = [&] {
        const auto before = dir.listing();
        const auto database = open(path);
        CHECK(database->is_immutable());
        REQUIRE(database->notes().size() == 1);
        CHECK(database->notes()[0].find("has no -wal beside it") != std::string::npos);
        database->begin_read();
        CHECK(count(*database, "t") == 2);
        database->end_read();
        CHECK(dir.listing() == before);
    };
    SECTION("alone") {
        REQUIRE(dir.listing().size() == 1);
        check();
    }
    SECTION("with an empty -wal") {
        write_file(path + "-wal", "");
        check();
    }
    SECTION("with a -shm that nobody uses and no -wal") {
        write_file(path + "-shm", std::string(32768, '\0'));
        check();
    }
    SECTION("in a folder that may not be written") {
        chmod(dir.path().c_str(), 0555);
        {
            const AsNobody nobody;
            check();
        }
        chmod(dir.path().c_str(), 0755);
    }
    SECTION("changed after it was opened") {
        const auto database = open(path);
        execute(connect(path), "INSERT INTO t VALUES (3)");
        check_error([&] { database->begin_read(); }, "55006", "was changed while it was read");
    }
    SECTION("changed while it is read") {
        const auto database = open(path);
        database->begin_read();
        execute(connect(path), "INSERT INTO t VALUES (3)");
        check_error([&] { database->end_read(); }, "55006", "was changed while it was read");
    }
}

TEST_CASE("a WAL database in use is read with its log", "[sqlite][database][wal]") {
    const TempDir dir;
    const std::string path = dir.file("x.db");
    const Connection application = connect(path);
    execute(application, kWal);
    REQUIRE(std::filesystem::file_size(path + "-wal") > 0);
    const auto names = [&] {
        std::set<std::string> all;
        for (const auto &each : std::filesystem::directory_iterator(dir.path()))
            all.insert(each.path().filename().string());
        return all;
    };
    const auto before = names();

    SECTION("the snapshot stays while the application goes on") {
        const auto database = open(path);
        CHECK_FALSE(database->is_immutable());
        database->begin_read();
        CHECK(count(*database, "t") == 2);
        execute(application, "INSERT INTO t VALUES (3); PRAGMA wal_checkpoint(PASSIVE)");
        CHECK(count(*database, "t") == 2);
        database->end_read();
        database->begin_read();
        CHECK(count(*database, "t") == 3);
        database->end_read();
    }
    SECTION("the last reader does not checkpoint or delete") {
        const std::string main_file = read_file(path);
        CHECK(rows_of(path) == 2);
        CHECK(read_file(path) == main_file);
    }
    SECTION("copied with its side files") {
        std::filesystem::create_directory(dir.file("copy"));
        for (const char *side : {"", "-wal", "-shm"})
            std::filesystem::copy_file(path + side, dir.file("copy/x.db") + side);
        const std::string wal = read_file(dir.file("copy/x.db-wal"));
        CHECK(rows_of(dir.file("copy/x.db")) == 2);
        CHECK(read_file(dir.file("copy/x.db-wal")) == wal);
        std::filesystem::remove_all(dir.file("copy"));
    }
    SECTION("copied without its -shm") {
        std::filesystem::create_directory(dir.file("copy"));
        for (const char *side : {"", "-wal"})
            std::filesystem::copy_file(path + side, dir.file("copy/x.db") + side);
        check_open_fails(dir.file("copy/x.db"), "55000", "wal_checkpoint(TRUNCATE)");
        CHECK_FALSE(std::filesystem::exists(dir.file("copy/x.db-shm")));
        std::filesystem::remove_all(dir.file("copy"));
    }
    SECTION("through a symbolic link") {
        std::filesystem::create_symlink(path, dir.file("link.db"));
        CHECK(rows_of(dir.file("link.db")) == 2);
        std::filesystem::remove(dir.file("link.db"));
    }
    SECTION("a -wal that may not be read") {
        chmod(dir.path().c_str(), 0755);
        chmod((path + "-wal").c_str(), 0);
        const AsNobody nobody;
        check_open_fails(path, "42501", "x.db-wal");
    }
    CHECK(names() == before);
}

TEST_CASE("an application that keeps its WAL to itself", "[sqlite][database][wal]") {
    const TempDir dir;
    const std::string path = make_database(dir.file("x.db"), kWal);
    const Connection application = connect(path);
    execute(application, "PRAGMA locking_mode = EXCLUSIVE; SELECT * FROM t");
    CHECK_FALSE(std::filesystem::exists(path + "-shm"));
    check_open_fails(path, "55P03", "could not lock");
}

TEST_CASE("rollback journals", "[sqlite][database]") {
    const TempDir dir;
    const std::string path = make_database(
        dir.file("x.db"), "PRAGMA journal_mode = PERSIST; CREATE TABLE t(a); "
                          "WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
                          "INSERT INTO t SELECT 'row number ' || i FROM n");
    SECTION("one that is over") {
        REQUIRE(std::filesystem::file_size(path + "-journal") > 0);
        const auto before = dir.listing();
        CHECK(rows_of(path) == 5000);
        CHECK(dir.listing() == before);
    }
    SECTION("one that is hot") {
        const Connection application = connect(path);
        execute(application, "PRAGMA cache_size = 3; BEGIN; UPDATE t SET a = a || 'changed'");
        std::filesystem::copy_file(path, dir.file("hot.db"));
        std::filesystem::copy_file(path + "-journal", dir.file("hot.db-journal"));
        const auto before = dir.listing();
        check_open_fails(dir.file("hot.db"), "55000", "a transaction on it was not finished");
        check_open_fails(dir.file("hot.db"), "55000", "PRAGMA schema_version");
        CHECK(dir.listing() == before);
    }
    SECTION("beside a WAL header") {
        make_database(dir.file("w.db"), kWal);
        write_file(dir.file("w.db-journal"), std::string(1024, '\x01'));
        check_open_fails(dir.file("w.db"), "55000", "a transaction on it was not finished");
    }
}

TEST_CASE("locks of an application", "[sqlite][database]") {
    const TempDir dir;
    const std::string path = make_database(dir.file("x.db"), kSimple);
    const Connection application = connect(path);
    SECTION("a writer that has not come to write is no hindrance") {
        execute(application, "BEGIN IMMEDIATE");
        CHECK(rows_of(path) == 3);
    }
    SECTION("an exclusive lock when the file is opened") {
        execute(application, "BEGIN EXCLUSIVE");
        check_open_fails(path, "55P03", "could not lock SQLite database \"" + path + "\"");
        check_open_fails(path, "55P03", "more than 30 ms");
    }
    SECTION("an exclusive lock when the transaction begins") {
        const auto database = open(path);
        execute(application, "BEGIN EXCLUSIVE");
        check_error([&] { database->begin_read(); }, "55P03", "could not lock");
        execute(application, "COMMIT");
        database->begin_read();
        database->end_read();
    }
    SECTION("the flag ends the wait") {
        execute(application, "BEGIN EXCLUSIVE");
        OpenOptions options = quick();
        options.busy_timeout_ms = 60'000;
        options.is_interrupted = []() noexcept { return true; };
        check_error([&] { Database::open(path, options); }, "57014", "canceled");
    }
    SECTION("our lock keeps a writer out until the end") {
        const auto database = open(path);
        database->begin_read();
        execute(application, "BEGIN; INSERT INTO t VALUES (4)");
        CHECK(sqlite3_exec(application.get(), "COMMIT", nullptr, nullptr, nullptr) == SQLITE_BUSY);
        CHECK(count(*database, "t") == 3);
        database->end_read();
        execute(application, "COMMIT");
    }
}

TEST_CASE("a file that changes under the lock is told", "[sqlite][database]") {
    const TempDir dir;
    const std::string path = make_database(dir.file("x.db"), kSimple);
    const auto database = open(path);
    database->begin_read();
    SECTION("the change counter") {
        std::string bytes = read_file(path);
        ++bytes[27];
        write_file(path, bytes);
    }
    SECTION("the size") {
        write_file(path, read_file(path) + std::string(4096, '\0'));
    }
    SECTION("the time") {
        const timespec times[2] = {{1, 0}, {1, 0}};
        REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
    }
    SECTION("another file in its place") {
        std::filesystem::copy_file(path, dir.file("y.db"));
        std::filesystem::rename(dir.file("y.db"), path);
    }
    check_error([&] { database->end_read(); }, "55006", "was changed while it was read");
}

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

TEST_CASE("several connections to one file share their locks", "[sqlite][database]") {
    const TempDir dir;
    const std::string path = make_database(dir.file("x.db"), kSimple);
    const Connection application = connect(path);
    const auto first = open(path);
    first->begin_read();
    { // closing another connection must not drop the lock of the first
        const auto second = open(path);
        CHECK(count(*second, "t") == 3);
    }
    execute(application, "BEGIN; INSERT INTO t VALUES (4)");
    CHECK(sqlite3_exec(application.get(), "COMMIT", nullptr, nullptr, nullptr) == SQLITE_BUSY);
    first->end_read();
    execute(application, "COMMIT");
}
