#include "core/sqlite/sqlite_source.hpp"
#include "sqlite_fixture.hpp"

using namespace migrate::core;
using namespace migrate::core::sqlite;
using namespace migrate::core::test;

namespace {

std::string numbers(int count, const std::string &table, const std::string &values) {
    return "; WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < " +
           std::to_string(count) + ") INSERT INTO " + table + " SELECT " + values + " FROM n";
}

} // namespace

TEST_CASE("a backup", "[sqlite][backup]") {
    const TempDir dir;
    const std::string path = dir.file("x.db");
    const std::string target = dir.file("copy of x?.db");
    const Connection application = connect(path);
    execute(application, "PRAGMA journal_mode = WAL; CREATE TABLE t(a)" +
                             numbers(100'000, "t", "'row number ' || i"));
    const auto list = [&] {
        std::set<std::string> all;
        for (const auto &each : std::filesystem::directory_iterator(dir.path()))
            all.insert(each.path().filename().string());
        return all;
    };
    std::set<std::string> names = list();

    SECTION("of a WAL database in use is whole and alone") {
        const BackupResult result = backup_database(path, target, {});
        CHECK(result.is_done);
        CHECK(result.pages > 10);
        CHECK(result.bytes == static_cast<std::int64_t>(std::filesystem::file_size(target)));
        names.insert("copy of x?.db");
        CHECK(list() == names);
        CHECK((std::filesystem::status(target).permissions() & std::filesystem::perms::all) ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
        const auto source = SqliteSource::open(target, {});
        CHECK(source->database().notes().empty());
        CHECK(source->count_rows(source->schema().tables.at(0)) == 100'000);
    }
    SECTION("never writes over a file") {
        write_file(target, "mine");
        check_error([&] { backup_database(path, target, {}); }, "58P02", "File exists");
        CHECK(read_file(target) == "mine");
    }
    SECTION("nor takes old side files for its own") {
        write_file(target + "-wal", "mine");
        check_error([&] { backup_database(path, target, {}); }, "58P02", "-wal");
        CHECK(read_file(target + "-wal") == "mine");
        CHECK_FALSE(std::filesystem::exists(target));
    }
    SECTION("is removed when the flag stops it") {
        static int calls = 0;
        calls = 0;
        OpenOptions options;
        options.is_interrupted = []() noexcept { return ++calls > 2; };
        bool is_done = true;
        try {
            is_done = backup_database(path, target, options).is_done;
        } catch (const Error &error) {
            CHECK(std::string(error.code()) == "57014");
            is_done = false;
        }
        CHECK_FALSE(is_done);
        CHECK(list() == names);
    }
    SECTION("into no folder") {
        check_error([&] { backup_database(path, dir.file("no/x.db"), {}); }, "58P01", "written by");
        check_error([&] { backup_database(path, "x.db", {}); }, "22023", "absolute");
    }
    SECTION("of no database") {
        check_error([&] { backup_database(dir.file("none"), target, {}); }, "58P01", "none");
        CHECK(list() == names);
    }
}
