#include "core/versioned/migration_status.hpp"

#include "core/error.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::versioned;

namespace {

const std::string kSum(64, 'a');

// A set of plain migrations, each with the checksum kSum.
struct Folder {
    MigrationSet set;
    std::vector<Digests> digests;
    std::vector<HistoryRow> history;

    void add_file(std::string version, MigrationKind kind = MigrationKind::versioned) {
        Migration migration;
        migration.version = std::move(version);
        migration.name = "name";
        migration.kind = kind;
        migration.up.file = migration.version + "_name.sql";
        set.migrations.push_back(std::move(migration));
        digests.push_back({kSum, std::string(64, 'b')});
    }
    void add_row(std::string version, std::optional<std::string> checksum = kSum,
                 bool is_baseline = false) {
        HistoryRow row;
        row.version = std::move(version);
        row.name = "name";
        row.checksum = std::move(checksum);
        row.is_baseline = is_baseline;
        history.push_back(std::move(row));
    }
    std::vector<MigrationStatus> statuses() const { return compare(set, digests, history); }
    std::string words() const {
        std::string text;
        for (const MigrationStatus &status : statuses())
            text += (text.empty() ? "" : " ") + status.version + ":" +
                    std::string(status_name(status.status));
        return text;
    }
};

template <typename Function>
Error error_of(Function function) {
    try {
        function();
    } catch (const Error &error) {
        return error;
    }
    return Error("00000", "none");
}

} // namespace

TEST_CASE("a migration is pending until it is recorded", "[versioned][status]") {
    Folder folder;
    folder.add_file("001");
    folder.add_file("2");
    folder.add_file("10");
    CHECK(folder.words() == "001:pending 2:pending 10:pending");
    folder.add_row("1");
    CHECK(folder.words() == "001:applied 2:pending 10:pending");
    folder.add_row("10");
    CHECK(folder.words() == "001:applied 2:out_of_order 10:applied");
    CHECK(folder.statuses()[1].problem == "version 10 is applied already");
}

TEST_CASE("either checksum of a file is right, in any case", "[versioned][status]") {
    Folder folder;
    for (const char *version : {"1", "2", "3", "4", "5"})
        folder.add_file(version);
    folder.add_row("1", std::string(64, 'A'));
    folder.add_row("2", std::string(64, 'b'));
    folder.add_row("3", std::string(64, 'c'));
    folder.add_row("4", std::nullopt);
    folder.add_row("5", "crc32");
    CHECK(folder.words() == "1:applied 2:applied 3:changed 4:applied 5:applied");
    const auto statuses = folder.statuses();
    CHECK(statuses[0].problem.empty());
    CHECK(statuses[3].problem == "recorded without a checksum");
    CHECK(statuses[4].problem == "recorded with a checksum that is no SHA-256");
}

TEST_CASE("a recorded version without a file is missing", "[versioned][status]") {
    Folder folder;
    folder.add_file("2");
    folder.add_row("1");
    CHECK(folder.words() == "1:missing 2:pending");
    folder.add_row("3");
    CHECK(folder.words() == "1:missing 2:out_of_order 3:missing");
}

TEST_CASE("a recorded baseline covers what is not higher", "[versioned][status]") {
    Folder folder;
    for (const char *version : {"1", "2", "3"})
        folder.add_file(version);
    folder.add_row("2", "baseline", true);
    CHECK(folder.words() == "1:baseline 2:baseline 3:pending");
}

TEST_CASE("a baseline file counts in an empty history only", "[versioned][status]") {
    Folder folder;
    folder.add_file("1");
    folder.add_file("2", MigrationKind::baseline);
    folder.add_file("2");
    folder.add_file("3");
    CHECK(folder.words() == "2:pending 3:pending");
    folder.add_row("1");
    CHECK(folder.words() == "1:applied 2:pending 3:pending");
}

TEST_CASE("a baseline is not rolled back", "[versioned][status]") {
    Folder folder;
    folder.add_file("1");
    folder.add_file("2");
    folder.add_file("3");
    folder.add_row("2", "baseline", true);
    const Error last = error_of([&] { applied_down_to(folder.statuses(), {}, false); });
    CHECK(std::string(last.code()) == "55000");
    CHECK(last.message() == "migration \"2\" is a baseline");
    folder.add_row("3");
    CHECK(applied_down_to(folder.statuses(), {}, false).size() == 1);
    const Error cascade = error_of([&] { applied_down_to(folder.statuses(), "2", true); });
    CHECK(cascade.message() == "migration \"2\" is a baseline");
}

TEST_CASE("a row is of the baseline file or of its twin, whichever ran", "[versioned][status]") {
    Folder folder;
    folder.add_file("1");
    folder.add_file("2", MigrationKind::baseline);
    folder.add_file("2");
    SECTION("the baseline ran, and stands for what is not higher") {
        folder.digests[2] = {std::string(64, 'c'), std::string(64, 'c')};
        folder.add_row("2");
        CHECK(folder.words() == "1:baseline 2:applied 2:baseline");
    }
    SECTION("the versioned file ran") {
        folder.digests[1] = {std::string(64, 'c'), std::string(64, 'c')};
        folder.add_row("1");
        folder.add_row("2");
        CHECK(folder.words() == "1:applied 2:applied");
    }
}

TEST_CASE("a repeatable migration that changed runs again", "[versioned][status]") {
    Folder folder;
    folder.add_file("1");
    folder.add_file("R__views", MigrationKind::repeatable);
    folder.add_row("1");
    folder.add_row("R__views", std::string(64, 'd'));
    CHECK(folder.words() == "1:applied R__views:pending");
    CHECK(folder.statuses()[1].problem.empty());
}

TEST_CASE("a run stops before it begins", "[versioned][status]") {
    Folder folder;
    folder.add_file("1");
    folder.add_row("1", std::string(64, 'c'));
    VersionedOptions options;
    const auto check = [&] { check_before_run(folder.set, folder.statuses(), options); };
    CHECK(error_of(check).message() == "checksum of applied migration \"1\" has changed");
    CHECK(std::string(error_of(check).code()) == "55000");
    options.changed = Allowance::allow;
    CHECK_NOTHROW(check());
    folder.add_row("0");
    CHECK(error_of(check).message() == "file of applied migration \"0\" is missing");
    options.missing = Allowance::allow;
    folder.add_file("0.5");
    CHECK(error_of(check).message() == "migration \"0.5\" is out of order");
    options.out_of_order = Allowance::allow;
    CHECK_NOTHROW(check());
    folder.set.problems.push_back({"x.sql", "has no number", false});
    CHECK_NOTHROW(check());
    folder.set.problems.push_back({"y.sql", "is a DOWN without an UP", true});
    CHECK(error_of(check).detail() == "It is a DOWN without an UP.");
}

TEST_CASE("a target ends the pending ones", "[versioned][status]") {
    Folder folder;
    for (const char *version : {"001", "2", "10"})
        folder.add_file(version);
    folder.add_row("1");
    const auto statuses = folder.statuses();
    CHECK(pending_up_to(statuses, std::nullopt) == std::vector<std::size_t>{1, 2});
    CHECK(pending_up_to(statuses, "2.0") == std::vector<std::size_t>{1});
    CHECK(pending_up_to(statuses, "1").empty());
    CHECK(std::string(error_of([&] { pending_up_to(statuses, "3"); }).code()) == "42704");
}

TEST_CASE("a rollback begins with the last one", "[versioned][status]") {
    Folder folder;
    for (const char *version : {"1", "2", "3"})
        folder.add_file(version);
    CHECK(error_of([&] { applied_down_to(folder.statuses(), std::nullopt, false); }).message() ==
          "no migration is applied");
    folder.add_row("1");
    folder.add_row("2");
    const auto statuses = folder.statuses();
    CHECK(applied_down_to(statuses, std::nullopt, false) == std::vector<std::size_t>{1});
    CHECK(applied_down_to(statuses, "01", true) == std::vector<std::size_t>{1, 0});
    const Error error = error_of([&] { applied_down_to(statuses, "1", false); });
    CHECK(std::string(error.code()) == "2BP01");
    CHECK(error.message() == "cannot roll back migration \"1\": migration \"2\" is applied");
    CHECK(std::string(error_of([&] { applied_down_to(statuses, "3", true); }).code()) == "42704");
}
