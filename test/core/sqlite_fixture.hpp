// What the tests of core/sqlite share: a folder that goes away, files made by the SQLite library,
// and checks on the Error that a call throws.
#pragma once

#include "catch.hpp"
#include "core/error.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace migrate::core::test {

class TempDir {
  public:
    TempDir() {
        char name[] = "/tmp/migrate_test_XXXXXX";
        if (mkdtemp(name) == nullptr)
            std::abort();
        path_ = name;
    }
    TempDir(const TempDir &) = delete;
    TempDir &operator=(const TempDir &) = delete;
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::string &path() const { return path_; }
    std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }
    // Name, size and time of every file: what a reader must leave as it was.
    std::set<std::string> listing() const {
        std::set<std::string> names;
        for (const auto &each : std::filesystem::directory_iterator(path_))
            names.insert(each.path().filename().string() + " " +
                         std::to_string(each.is_regular_file() ? each.file_size() : 0) + " " +
                         std::to_string(each.last_write_time().time_since_epoch().count()));
        return names;
    }

  private:
    std::string path_;
};

struct CloseConnection {
    void operator()(sqlite3 *handle) const noexcept { sqlite3_close(handle); }
};
using Connection = std::unique_ptr<sqlite3, CloseConnection>;

inline void execute(const Connection &connection, const std::string &sql) {
    char *message = nullptr;
    const int result = sqlite3_exec(connection.get(), sql.c_str(), nullptr, nullptr, &message);
    const std::string text = message == nullptr ? "" : message;
    sqlite3_free(message);
    INFO(sql << ": " << text);
    REQUIRE(result == SQLITE_OK);
}

// An application's own connection, which may write.
inline Connection connect(const std::string &path) {
    sqlite3 *handle = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &handle) == SQLITE_OK);
    return Connection(handle);
}

inline std::string make_database(const std::string &path, const std::string &sql) {
    execute(connect(path), sql);
    return path;
}

inline std::string read_file(const std::string &path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline std::string write_file(const std::string &path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path;
}

// The Error that `call` throws; fails the test when it throws none.
inline Error error_of(const std::function<void()> &call) {
    std::optional<Error> caught;
    try {
        call();
    } catch (const Error &error) {
        caught = error;
    }
    REQUIRE(caught.has_value());
    return *caught;
}

inline void check_error(const std::function<void()> &call, std::string_view code,
                        std::string_view part) {
    const Error error = error_of(call);
    INFO(error.message() << " | " << error.detail() << " | " << error.hint());
    CHECK(std::string_view(error.code()) == code);
    const std::string all = error.message() + "\n" + error.detail() + "\n" + error.hint();
    CHECK(all.find(part) != std::string::npos);
}

} // namespace migrate::core::test
