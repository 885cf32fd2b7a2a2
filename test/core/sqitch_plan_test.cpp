// sqitch: the plan's syntax, reworked changes, the scripts in deploy/ and revert/.
#include "core/versioned/sqitch_plan.hpp"
#include "migration_files.hpp"

#include "catch.hpp"

using namespace migrate::core::versioned;

namespace {

// Appends what every line has behind its name: "a", "b [a]" and "@v1" become whole lines.
std::string plan_of(const std::vector<std::string> &items) {
    std::string plan = "%syntax-version=1.0.0\n%project=shop\n%uri=https://example.org/ # x\n\n";
    for (const std::string &item : items)
        plan += item + " 2022-07-14T17:26:21Z Ann O'Hara <ann@example.org> # a note, with [x] @y\n";
    return plan;
}

Lines plan_problems(const std::string &text) {
    Lines result;
    for (const PlanProblem &problem : read_sqitch_plan(text).problems)
        result.push_back((problem.is_error ? "!" : "") + problem.reason);
    return result;
}

Lines names(const SqitchPlan &plan) {
    Lines result;
    for (const PlannedChange &change : plan.changes)
        result.push_back(change.name);
    return result;
}

} // namespace

TEST_CASE("a sqitch plan is read in its order", "[versioned][sqitch]") {
    const SqitchPlan plan = read_sqitch_plan(
        "# Sqitch\n\n" +
        plan_of({"schemas/main", "+ t [schemas/main]", "@v1.0.0-rc.1",
                 "\t x-1 [t shop:schemas/main @v1.0.0-rc.1 t@v1.0.0-rc.1 !gone]", "_y_"}) +
        "z 2022-07-14T17:26:21Z M\xC3\xBCller <m>\n# end");
    CHECK(plan.problems.empty());
    CHECK(plan.project == "shop");
    CHECK(names(plan) == Lines{"schemas/main", "t", "x-1", "_y_", "z"});
    CHECK(plan.tags == Lines{"v1.0.0-rc.1"});
    CHECK(plan.changes[0].line == 7);
    CHECK(read_sqitch_plan("").changes.empty());
}

TEST_CASE("a reworked change lies between tags", "[versioned][sqitch]") {
    const SqitchPlan plan =
        read_sqitch_plan(plan_of({"a", "@v1", "b", "@v2", "@v3", "a [a@v1]", "@v4", "a"}));
    REQUIRE(names(plan) == Lines{"a", "b", "a", "a"});
    CHECK(plan.changes[0].first_tag == 0);
    CHECK(plan.changes[0].end_tag == 3);
    CHECK(plan.changes[1].first_tag == plan.changes[1].end_tag);
    CHECK(plan.changes[2].first_tag == 3);
    CHECK(plan.changes[2].end_tag == 4);
    CHECK(plan.changes[3].first_tag == plan.changes[3].end_tag);
}

TEST_CASE("what sqitch does not take of a plan", "[versioned][sqitch]") {
    const auto error = [](const std::vector<std::string> &items) {
        const Lines all = plan_problems(plan_of(items));
        REQUIRE(all.size() == 1);
        return all[0];
    };
    CHECK(error({"hi!"}) == "!has an invalid change name \"hi!\" in line 5");
    CHECK(error({"a:b"}) == "!has an invalid change name \"a:b\" in line 5");
    CHECK(error({"foo^6"}) == "!has an invalid change name \"foo^6\" in line 5");
    CHECK(error({"../etc"}) == "!has an invalid change name \"../etc\" in line 5");
    CHECK(error({"a", "@v/1"}) == "!has an invalid tag name \"v/1\" in line 6");
    CHECK(error({"@v1"}) == "!has the tag \"v1\" before any change in line 5");
    CHECK(error({"a", "@v1", "@v1"}) == "!has a second tag \"v1\" in line 7");
    CHECK(error({"a", "a"}) == "!has a second change \"a\" without a tag since line 5, in line 6");
    CHECK(error({"a", "-a"}) == "!plans to revert a change, which is not supported, in line 6");
    CHECK(error({"a b"}) == "!has no timestamp behind the name: expected "
                            "\"2006-01-02T15:04:05Z\" in line 5");
    CHECK(error({"a [b:c:d]"}) == "!has an invalid dependency \"b:c:d\" in line 5");
    CHECK(error({"a [b]", "b"}) ==
          "!plans the change \"a\", which requires \"b\", not planned before, in line 5");
    CHECK(error({"a", "b [a@v1]", "@v1"}) ==
          "!plans the change \"b\", which requires \"a@v1\", not planned before, in line 6");
    CHECK(error({"a", "b [!a]"}) ==
          "!plans the change \"b\", which conflicts with \"a\", planned before, in line 6");
    CHECK(error({"a [core:base !core:old]"}) ==
          "plans the change \"a\", which requires \"core:base\" of another project, unchecked "
          "here, in line 5");
    CHECK(plan_problems(plan_of({"a [0123456789abcdef0123456789abcdef01234567]"})).empty());
    CHECK(plan_problems("a 2022-07-14T17:26:21Z\n") ==
          Lines{"!has no planner behind the timestamp: expected \"name <mail>\" in line 1"});
    CHECK(plan_problems("a 2022-07-14T17:26:21Z A <b> c\n") ==
          Lines{"!has \"c\" behind the planner: expected \"# note\" in line 1"});
    SECTION("wrong lines keep their places") {
        CHECK(names(read_sqitch_plan("a\nb [\nc [b\n@v\na\n")) == Lines{"a", "b", "c", "a"});
    }
}

TEST_CASE("a folder with a sqitch plan is sqitch's", "[versioned][sqitch]") {
    const std::string plan = plan_of({"roles", "tables/t [roles]", "@v1", "tables/u", "@v2",
                                      "tables/t [tables/t@v1]", "@v3", "tables/t"});
    std::vector<std::pair<std::string, std::string>> files{
        {"sqitch.plan", plan},
        {"sqitch.conf", "[core]\n"},
        {"deploy/roles.sql", "BEGIN;\r\nCOMMIT;\r\n"},
        {"revert/roles.sql", "x"},
        {"deploy/tables/t@v2.sql", "first"},
        {"revert/tables/t@v2.sql", "x"},
        {"deploy/tables/t@v3.sql", "second"},
        {"deploy/tables/t.sql", "third"},
        {"deploy/tables/u.sql", "x"},
        {"verify/tables/t.sql", "x"},
        {"verify/tables/old.sql", "x"}};
    SECTION("versions are places; the first tag with a file names a reworked change") {
        const MigrationSet set = read_folder(files);
        CHECK(problems(set).empty());
        CHECK(rows(set) == Lines{"1|roles|sqitch|deploy/roles.sql|revert/roles.sql",
                                 "2|tables/t|sqitch|deploy/tables/t@v2.sql|revert/tables/t@v2.sql",
                                 "3|tables/u|sqitch|deploy/tables/u.sql|",
                                 "4|tables/t|sqitch|deploy/tables/t@v3.sql|",
                                 "5|tables/t|sqitch|deploy/tables/t.sql|"});
        CHECK(set.migrations[0].up.text == "BEGIN;\nCOMMIT;\n");
        CHECK(set.migrations[0].up.is_transactional);
    }
    SECTION("below another folder, beside other migrations") {
        for (auto &file : files)
            file.first = "db/" + file.first;
        files.push_back({"007_x_UP.sql", "x"});
        const MigrationSet set = read_folder(files);
        CHECK(problems(set).empty());
        CHECK(versions(set) == Lines{"1", "2", "3", "4", "5", "007"});
        CHECK(set.migrations[1].up.file == "db/deploy/tables/t@v2.sql");
    }
    SECTION("scripts that lack, and scripts too many") {
        files[2].first = "deploy/role.sql";
        files[4].first = "deploy/tables/t@v9.sql";
        files.push_back({"schema.sql", "x"});
        const MigrationSet set = read_folder(files);
        CHECK(versions(set) == Lines{"3", "4", "5"});
        CHECK(problems(set) ==
              Lines{"deploy/role.sql: is not in \"sqitch.plan\"",
                    "deploy/tables/t@v9.sql: is not in \"sqitch.plan\"",
                    "revert/roles.sql: is not in \"sqitch.plan\"",
                    "revert/tables/t@v2.sql: is not in \"sqitch.plan\"",
                    "schema.sql: is in none of \"deploy\", \"revert\" and \"verify\"",
                    "!sqitch.plan: has the change \"roles\" without a deploy script in line 5: "
                    "expected \"deploy/roles.sql\"",
                    "!sqitch.plan: has the change \"tables/t\" without a deploy script in line 6: "
                    "expected \"deploy/tables/t@v1.sql\""});
    }
    SECTION("one plan only; a bundle within the project is a copy") {
        files.push_back({"bundle/sqitch.plan", plan});
        CHECK(problems(read_folder(files)).empty());
        CHECK(problems(read_folder({{"a/sqitch.plan", ""}, {"b/sqitch.plan", ""}})) ==
              Lines{"!b/sqitch.plan: is a second plan beside \"a/sqitch.plan\""});
    }
    SECTION("a plan that is no text") {
        CHECK(problems(read_folder({{"sqitch.plan", "a\xFF"}})) ==
              Lines{"!sqitch.plan: is not valid UTF-8 in line 1"});
    }
}
