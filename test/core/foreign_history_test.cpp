#include "core/versioned/foreign_history.hpp"

#include "core/error.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::versioned;

namespace {

using Rows = std::vector<ForeignRow>;

// "label@time" of each entry, "!" before a baseline.
std::string words(Tool tool, const Rows &rows, const std::string &project = "") {
    std::string text;
    for (const ForeignEntry &entry : read_foreign_history(tool, rows, project).entries) {
        text += text.empty() ? "" : " ";
        text += (entry.is_baseline ? "!" : "") + entry.label;
        if (entry.applied_at)
            text += "@" + std::to_string(*entry.applied_at);
    }
    return text;
}

Error error_of(Tool tool, const Rows &rows, const std::string &project = "") {
    try {
        read_foreign_history(tool, rows, project);
    } catch (const Error &error) {
        return error;
    }
    return Error("00000", "none");
}

constexpr std::nullopt_t kNull = std::nullopt;

// version, type, script, checksum, installed_on, execution_time, success
ForeignRow flyway(std::optional<std::string> version, std::string type, std::string time,
                  std::string success = "true") {
    return {version, type, "sub/R__views.sql", "-5", time, "12", success};
}

// name, checksum, started_at, finished_at, rolled_back_at
ForeignRow prisma(std::string name, std::optional<std::string> finished,
                  std::optional<std::string> rolled_back = kNull) {
    return {name, "sum", "1000000", finished, rolled_back};
}

} // namespace

TEST_CASE("flyway: what was undone or deleted is not applied", "[versioned][adopt]") {
    CHECK(words(Tool::flyway, {flyway(kNull, "SCHEMA", "0"), flyway("1", "SQL", "1"),
                               flyway("1", "UNDO_SQL", "2"), flyway("2", "JDBC", "3"),
                               flyway("2.0", "DELETE", "4")}) == "");
    CHECK(words(Tool::flyway, {flyway("1", "SQL", "1"), flyway("1", "UNDO_SQL", "2"),
                               flyway("1", "SQL", "3")}) == "1@3");
    CHECK(words(Tool::flyway, {flyway("1", "BASELINE", "1"), flyway("2", "SQL_BASELINE", "2")}) ==
          "!1@1 !2@2");
}

TEST_CASE("flyway: a repeatable migration has the name of its script", "[versioned][adopt]") {
    const ForeignHistory history = read_foreign_history(
        Tool::flyway, {flyway(kNull, "SQL", "1"), flyway(kNull, "SQL", "2")}, "");
    REQUIRE(history.entries.size() == 1);
    CHECK(history.entries[0].key == "R__views");
    CHECK(history.entries[0].applied_at == 2);
    CHECK(history.entries[0].checksum == "-5");
    CHECK(history.entries[0].execution_time_ms == 12);
}

TEST_CASE("a failed migration stops an adoption, unless it succeeded later", "[versioned][adopt]") {
    CHECK(error_of(Tool::flyway, {flyway("3", "SQL", "1", "false")}).message() ==
          "flyway has a failed migration \"3\"");
    CHECK(words(Tool::flyway, {flyway("3", "SQL", "1", "false"), flyway("3", "SQL", "2")}) ==
          "3@2");
    CHECK(error_of(Tool::prisma, {prisma("1_a", kNull)}).message() ==
          "prisma has a failed migration \"1_a\"");
    CHECK(std::string(error_of(Tool::prisma, {prisma("1_a", kNull)}).code()) == "55000");
    CHECK(error_of(Tool::sqlx, {{"4", "false", "1", "1", "\\xab"}}).message() ==
          "sqlx has a failed migration \"4\"");
}

TEST_CASE("prisma: what was rolled back does not count", "[versioned][adopt]") {
    CHECK(words(Tool::prisma, {prisma("1_a", kNull, "5"), prisma("1_a", "3001000"),
                               prisma("2_b", "9", "10")}) == "1_a@3001000");
    const auto history = read_foreign_history(Tool::prisma, {prisma("1_a", "3001000")}, "");
    CHECK(history.entries[0].execution_time_ms == 2001);
}

TEST_CASE("golang-migrate: one row, which may be dirty", "[versioned][adopt]") {
    CHECK(words(Tool::golang_migrate, {}) == "");
    CHECK(words(Tool::golang_migrate, {{"-1", "false"}}) == "");
    CHECK(words(Tool::golang_migrate, {{"20", "false"}}) == "20");
    CHECK(read_foreign_history(Tool::golang_migrate, {{"20", "false"}}, "").is_high_water);
    const Error error = error_of(Tool::golang_migrate, {{"20", "true"}});
    CHECK(error.message() == "golang-migrate has left version \"20\" dirty");
    CHECK(std::string(error.code()) == "55000");
}

TEST_CASE("goose: the last row of a version counts, 0 is none", "[versioned][adopt]") {
    CHECK(words(Tool::goose, {{"0", "true", "1"},
                              {"1", "true", "2"},
                              {"2", "true", "3"},
                              {"1", "false", "4"},
                              {"2", "false", "5"},
                              {"2", "true", "6"}}) == "2@6");
}

TEST_CASE("alembic: one head that is a number, or an error", "[versioned][adopt]") {
    CHECK(words(Tool::alembic, {}) == "");
    CHECK(words(Tool::alembic, {{"0005"}}) == "0005");
    CHECK(std::string(error_of(Tool::alembic, {{"1975ea83b712"}}).code()) == "0A000");
    CHECK(error_of(Tool::alembic, {{"1"}, {"2"}}).detail() ==
          "Its table has only the heads, \"1\", \"2\", and what leads to them is Python.");
}

TEST_CASE("sqitch: one project's changes, as often as they were reworked", "[versioned][adopt]") {
    const Rows rows{{"flipr", "users", "c1", "h1", "1"},
                    {"flipr", "users", "c2", "c2", "2"},
                    {"other", "users", "c3", kNull, "3"}};
    CHECK(words(Tool::sqitch, rows, "flipr") == "users@1 users@2");
    CHECK(words(Tool::sqitch, rows) == "users@1 users@2 users@3");
    CHECK(words(Tool::sqitch, {}, "flipr") == "");
    const auto entries = read_foreign_history(Tool::sqitch, rows, "flipr").entries;
    CHECK(entries[0].checksum == "h1");
    CHECK(entries[1].checksum == std::nullopt);
    const Error error = error_of(Tool::sqitch, rows, "third");
    CHECK(std::string(error.code()) == "42704");
    CHECK(error.detail() == "Its table has changes of \"flipr\", \"other\".");
}

TEST_CASE("sqlx: nanoseconds, and a checksum as bytea prints", "[versioned][adopt]") {
    const auto entries =
        read_foreign_history(
            Tool::sqlx, {{"1", "true", "7", "2500000", "\\xab"}, {"2", "true", "8", "-1", kNull}},
            "")
            .entries;
    CHECK(entries[0].execution_time_ms == 2);
    CHECK(entries[0].checksum == "ab");
    CHECK(entries[1].execution_time_ms == std::nullopt);
    CHECK(entries[1].checksum == std::nullopt);
}

TEST_CASE("the others have a version or a file's name", "[versioned][adopt]") {
    CHECK(words(Tool::dbmate, {{"001"}, {"2"}}) == "001 2");
    CHECK(words(Tool::diesel, {{"20240101000000", "5"}}) == "20240101000000@5");
    const auto key_of = [](Tool tool, const char *label) {
        return read_foreign_history(tool, {{label, "1"}}, "").entries[0].key;
    };
    CHECK(key_of(Tool::sql_migrate, "1_a.sql") == "1_a");
    CHECK(key_of(Tool::node_pg_migrate, "1_a") == "1_a");
    CHECK(key_of(Tool::node_pg_migrate, "1_a.up") == "1_a");
    CHECK(key_of(Tool::refinery, "007") == "7");
}
