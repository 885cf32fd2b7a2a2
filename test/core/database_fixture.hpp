// What the tests of a SQLite connection share: opening with a short wait and without rights.
#pragma once

#include "core/sqlite/database.hpp"
#include "core/sqlite/statement.hpp"
#include "sqlite_fixture.hpp"

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <unistd.h>

namespace migrate::core::test {

using sqlite::Database;
using sqlite::OpenOptions;
using sqlite::Statement;

inline OpenOptions quick() {
    OpenOptions options;
    options.busy_timeout_ms = 30;
    options.os_user = "postgres";
    return options;
}

inline std::unique_ptr<Database> open(const std::string &path) {
    return Database::open(path, quick());
}

inline std::int64_t count(const Database &database, const std::string &table) {
    Statement row(database, "SELECT count(*) FROM " + table, "count");
    REQUIRE(row.step());
    return row.integer(0);
}

inline void check_open_fails(const std::string &path, std::string_view code,
                             std::string_view part) {
    check_error([&] { open(path); }, code, part);
}

// What one import does to the file: everything in one read transaction.
inline std::int64_t rows_of(const std::string &path) {
    const auto database = open(path);
    database->begin_read();
    const std::int64_t rows = count(*database, "t");
    database->end_read();
    return rows;
}

// Three rows, in a database with a rollback journal.
inline constexpr char kSimple[] = "CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3)";
// Two rows, in WAL mode.
inline constexpr char kWal[] =
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

} // namespace migrate::core::test
