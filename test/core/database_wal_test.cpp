#include "database_fixture.hpp"

#include <sys/stat.h>

using namespace migrate::core;
using namespace migrate::core::sqlite;
using namespace migrate::core::test;

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
