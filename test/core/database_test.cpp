#include "core/sqlite/file_probe.hpp"
#include "database_fixture.hpp"

#include <fcntl.h>
#include <sys/stat.h>

using namespace migrate::core;
using namespace migrate::core::sqlite;
using namespace migrate::core::test;
using namespace std::string_view_literals;

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
    check_open_fails("/tmp/" + std::string(600, 'x'), "22023", "up to 504 bytes");
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
