#include "core/versioned/adoption.hpp"

#include "core/error.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::versioned;

namespace {

struct Folder {
    std::vector<SourceFile> files;
    MigrationSet set;
    std::vector<HistoryRow> recorded;

    explicit Folder(std::vector<SourceFile> sources)
        : files(std::move(sources)), set(read_migrations(files)) {}

    void record(std::string version) {
        HistoryRow row;
        row.version = std::move(version);
        recorded.push_back(std::move(row));
    }
    AdoptionPlan plan(Tool tool, const std::vector<ForeignRow> &rows) const {
        return plan_adoption(read_foreign_history(tool, rows, sqitch_project(files)), set,
                             recorded);
    }
    // "version:name …", then "-label" of what has no file.
    std::string words(Tool tool, const std::vector<ForeignRow> &rows) const {
        std::string text;
        const AdoptionPlan planned = plan(tool, rows);
        for (const Adoption &adoption : planned.adoptions)
            text += (text.empty() ? "" : " ") + adoption.version + ":" + adoption.name;
        for (const std::string &label : planned.without_file)
            text += (text.empty() ? "-" : " -") + label;
        return text;
    }
};

Folder folder_of_names(const std::vector<std::string> &names) {
    std::vector<SourceFile> files;
    for (const std::string &name : names)
        files.push_back({name, "SELECT 1;\n"});
    return Folder(std::move(files));
}

Error error_of(AdoptionPlan plan, const Folder &folder) {
    try {
        settle_checksums(plan, folder.set, folder.files, Allowance::error);
    } catch (const Error &error) {
        return error;
    }
    return Error("00000", "none");
}

constexpr std::nullopt_t kNull = std::nullopt;

ForeignRow flyway(std::optional<std::string> version, std::string type, std::string script,
                  std::optional<std::string> checksum) {
    return {version, type, script, checksum, "1", "1", "true"};
}

} // namespace

TEST_CASE("versions match as numbers, whatever the layout", "[versioned][adopt]") {
    const Folder folder =
        folder_of_names({"001_a_UP.sql", "001_a_DOWN.sql", "2_b.sql", "10_c.sql"});
    CHECK(folder.words(Tool::rails, {{"1"}, {"0010"}}) == "001:a 10:c");
    CHECK(folder.words(Tool::dbmate, {{"20"}, {"3"}, {"2"}, {"none"}}) == "2:b -3 -20 -none");
    // Written twice, it is applied once.
    CHECK(folder.words(Tool::dbmate, {{"1"}, {"01"}}) == "001:a");
}

TEST_CASE("what is recorded is left alone", "[versioned][adopt]") {
    Folder folder = folder_of_names({"001_a.sql", "002_b.sql"});
    folder.record("1");
    CHECK(folder.words(Tool::dbmate, {{"001"}, {"002"}}) == "002:b");
    CHECK(folder.words(Tool::flyway, {flyway("1.0", "BASELINE", "", kNull)}) == "");
}

TEST_CASE("a high-water mark stands for all below", "[versioned][adopt]") {
    const Folder folder = folder_of_names({"1_a.up.sql", "3_b.up.sql", "10_c.up.sql"});
    CHECK(folder.words(Tool::golang_migrate, {{"3", "false"}}) == "1:a 3:b");
    CHECK(folder.words(Tool::golang_migrate, {{"4", "false"}}) == "1:a 3:b -4");
    CHECK(folder.words(Tool::alembic, {{"0003"}}) == "1:a 3:b");
    CHECK_THROWS_AS(folder.words(Tool::alembic, {{"0004"}}), Error);
}

TEST_CASE("names of files and folders match", "[versioned][adopt]") {
    const Folder pairs = folder_of_names({"1700000000000_a.up.sql", "1700000000001_b.sql"});
    CHECK(
        pairs.words(Tool::node_pg_migrate, {{"1700000000000_a", "1"}, {"1700000000001_c", "1"}}) ==
        "1700000000000:a -1700000000001_c");
    CHECK(pairs.words(Tool::sql_migrate, {{"1700000000001_b.sql", "1"}}) == "1700000000001:b");
    const Folder prisma = folder_of_names({"x/20240101000000_a/migration.sql"});
    CHECK(prisma.words(Tool::prisma, {{"20240101000000_a", "s", "1", "2", kNull}}) ==
          "20240101000000:a");
    CHECK(prisma.words(Tool::prisma, {{"20240101000000_b", "s", "1", "2", kNull}}) ==
          "-20240101000000_b");
}

TEST_CASE("flyway's baseline needs no file and hides none", "[versioned][adopt]") {
    const Folder folder = folder_of_names({"B2__all.sql", "V2__last.sql", "V3__next.sql"});
    CHECK(folder.words(Tool::flyway, {flyway("3", "SQL", "V3__next.sql", kNull),
                                      flyway("2", "BASELINE", "", kNull)}) == "2:baseline 3:next");
    CHECK(folder.words(Tool::flyway, {flyway("2", "SQL", "V2__last.sql", kNull)}) == "2:last");
}

TEST_CASE("sqitch's changes match by name, reworked ones in order", "[versioned][adopt]") {
    const std::string by = " 2024-01-01T00:00:00Z me <me@example.com>\n";
    const Folder folder({{"sqitch.plan", "%project=flipr\n\nusers" + by + "@v1" + by +
                                             "users [users@v1]" + by + "last" + by},
                         {"deploy/users@v1.sql", "SELECT 1"},
                         {"deploy/users.sql", "SELECT 2"},
                         {"deploy/last.sql", "SELECT 3"}});
    REQUIRE(folder.set.migrations.size() == 3);
    CHECK(sqitch_project(folder.files) == "flipr");
    const ForeignRow users{"flipr", "users", "c", kNull, "1"};
    CHECK(folder.words(Tool::sqitch, {users}) == "1:users");
    CHECK(folder.words(Tool::sqitch, {users, users}) == "1:users 2:users");
    CHECK(folder.words(Tool::sqitch, {users, users, users}) == "1:users 2:users -users");
    // Places in a plan are no versions to another tool.
    CHECK(folder.words(Tool::dbmate, {{"1"}}) == "-1");
    CHECK(folder_of_names({"1_users.sql"}).words(Tool::sqitch, {users}) == "-users");
    CHECK(sqitch_project({{"1_users.sql", ""}}).empty());
}

TEST_CASE("flyway's checksum is of the lines", "[versioned][adopt]") {
    CHECK(crc32_of_lines("") == 0);
    // The check value of CRC-32, as a signed number.
    CHECK(crc32_of_lines("123456789") == static_cast<std::int32_t>(0xCBF43926));
    CHECK(crc32_of_lines("\xEF\xBB\xBF"
                         "123\r\n456\r789\n") == crc32_of_lines("123456789"));
}

TEST_CASE("a file that changed stops an adoption", "[versioned][adopt]") {
    const Folder folder({{"V1__a.sql", "123456789\n"}, {"R__v.sql", "new"}, {"R__w.sql", "${a}"}});
    const auto plan_of = [&](std::optional<std::string> checksum) {
        return folder.plan(Tool::flyway, {flyway("1", "SQL", "V1__a.sql", checksum)});
    };
    CHECK(std::string(error_of(plan_of("-873187034"), folder).code()) == "00000");
    CHECK(std::string(error_of(plan_of(kNull), folder).code()) == "00000");
    const Error error = error_of(plan_of("5"), folder);
    CHECK(std::string(error.code()) == "55000");
    CHECK(error.message() == "file \"V1__a.sql\" has changed since flyway applied it");
    CHECK(error.detail() == "The tool has checksum 5, the file has -873187034.");
    AdoptionPlan allowed = plan_of("5");
    settle_checksums(allowed, folder.set, folder.files, Allowance::allow);
    CHECK(allowed.adoptions.size() == 1);
    // A repeatable one runs again; of one with placeholders nobody knows.
    AdoptionPlan repeatable = folder.plan(Tool::flyway, {flyway(kNull, "SQL", "R__v.sql", "5"),
                                                         flyway(kNull, "SQL", "R__w.sql", "5")});
    settle_checksums(repeatable, folder.set, folder.files, Allowance::error);
    REQUIRE(repeatable.adoptions.size() == 1);
    CHECK(repeatable.adoptions[0].version == "R__w");
}

TEST_CASE("digests are compared with every line end", "[versioned][adopt]") {
    const SourceFile file{"1_a/migration.sql", "a\r\nb\n"};
    CHECK(file_variant(file, 0) == "a\r\nb\n");
    CHECK(file_variant(file, 1) == "a\nb\n");
    CHECK(file_variant(file, 2) == "a\r\nb\r\n");
    const Folder folder({file});
    AdoptionPlan plan = folder.plan(Tool::prisma, {{"1_a", "sum", "1", "2", kNull}});
    REQUIRE(plan.adoptions.size() == 1);
    CHECK(digest_kind(Tool::prisma, plan.adoptions[0]) == DigestKind::sha256);
    CHECK(digest_kind(Tool::sqlx, plan.adoptions[0]) == DigestKind::sha384);
    CHECK(digest_kind(Tool::sqitch, plan.adoptions[0]) == DigestKind::sha1);
    CHECK(digest_kind(Tool::flyway, plan.adoptions[0]) == DigestKind::none);
    plan.adoptions[0].digests = {"x", "y", "sum"};
    CHECK(std::string(error_of(plan, folder).code()) == "00000");
    plan.adoptions[0].digests = {"x", "y", "z"};
    CHECK(error_of(plan, folder).detail() == "The tool has checksum sum, the file has x.");
    plan.adoptions[0].entry.checksum.reset();
    CHECK(digest_kind(Tool::prisma, plan.adoptions[0]) == DigestKind::none);
}
