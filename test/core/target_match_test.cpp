// Source tables matched with those that are there: names, types, keys, and what is missing.
#include "core/error.hpp"
#include "core/plan/load_strategy.hpp"
#include "core/plan/script.hpp"
#include "core/plan/target_match.hpp"
#include "plan_fixture.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::plan;
using fixture::column;
using fixture::request;
using fixture::rowid_table;
using fixture::table;
using Ints = std::vector<int>;
using Strings = std::vector<std::string>;

namespace {

TargetColumn target_column(std::string name, TypeKind kind = TypeKind::bigint) {
    TargetColumn made;
    made.name = std::move(name);
    made.type = make_type(kind);
    made.type_sql = made.type.sql();
    return made;
}

TargetTable target_table(std::string name, std::vector<TargetColumn> columns) {
    TargetTable made;
    made.name = std::move(name);
    made.columns = std::move(columns);
    made.keys.push_back({made.name + "_pkey", {0}, true, false});
    return made;
}

TargetForeignKey refers(std::string name, int column, int parent, bool is_deferrable = false) {
    TargetForeignKey key;
    key.name = std::move(name);
    key.columns = {column};
    key.parent = parent;
    key.parent_sql = "app.parent";
    key.parent_columns = {"id"};
    key.is_deferrable = is_deferrable;
    return key;
}

// child (id, parent_id) and parent (id, child_id), referring to each other as the keys say.
struct Pair {
    Schema schema;
    TargetTables targets;
    PlanRequest wanted = request();

    Pair() {
        schema.tables.push_back(
            rowid_table("child", {column("id", "INTEGER"), column("p", "INT")}));
        schema.tables.push_back(
            rowid_table("parent", {column("id", "INTEGER"), column("c", "INT")}));
        targets.schema = "app";
        targets.tables.push_back(target_table("child", {target_column("id"), target_column("p")}));
        targets.tables.push_back(target_table("parent", {target_column("id"), target_column("c")}));
        wanted.options.mode = Mode::append;
    }
    Plan plan() const { return Plan(schema, wanted, &targets); }
};

Strings names(const Plan &plan) {
    Strings all;
    for (const TablePlan &planned : plan.tables())
        all.push_back(planned.name);
    return all;
}

Error problem_of(const Plan &plan) {
    try {
        plan.check_targets();
    } catch (const Error &error) {
        return error;
    }
    FAIL("nothing was missing");
    return Error("", "");
}

} // namespace

TEST_CASE("names match exactly, folded, then without case", "[plan][target]") {
    CHECK(match_names({"Item"}, {"item"}, {"ITEM", "item", "Item"}) == Ints{2});
    CHECK(match_names({"Item"}, {"item"}, {"ITEM", "item"}) == Ints{1});
    CHECK(match_names({"OrderLine"}, {"order_line"}, {"orderline", "order_line"}) == Ints{1});
    CHECK(match_names({"Item"}, {"i"}, {"ITEM"}) == Ints{0});
    // Two that differ in case alone: neither is meant.
    CHECK(match_names({"Item"}, {"i"}, {"ITEM", "iTEM"}) == Ints{-1});
    // A target is given once, to the name that is its own.
    CHECK(match_names({"OrderLine", "order_line"}, {"order_line", "order_line"}, {"order_line"}) ==
          Ints{-1, 0});
}

TEST_CASE("an existing column gives its name, type and limits", "[plan][target]") {
    Pair pair;
    pair.targets.tables[0].columns[1] = target_column("P");
    pair.targets.tables[0].columns[1].max_integer = 32767;
    pair.targets.tables[0].columns[1].is_not_null = true;
    const Plan plan = pair.plan();
    const auto child = static_cast<std::size_t>(plan.find_table("child"));
    CHECK(plan.tables()[child].columns[1].name == "P");
    CHECK(plan.tables()[child].columns[0].is_key);
    CHECK_FALSE(plan.tables()[child].columns[0].is_identity);
    const std::vector<ColumnRule> rules = plan.rules(child);
    CHECK(rules[1].max_integer == 32767);
    CHECK(rules[1].has_last_resort);
    CHECK_FALSE(rules[1].is_not_null);
    CHECK(rules[1].on_mismatch == TypeMismatch::error);
    CHECK_NOTHROW(plan.check_targets());
}

TEST_CASE("all that the target lacks is one error", "[plan][target]") {
    Pair pair;
    pair.schema.tables.push_back(table("Order Note", {column("text", "TEXT")}));
    pair.targets.tables[0].columns.pop_back();
    const Error error = problem_of(pair.plan());
    CHECK(std::string(error.code()) == "42P01");
    CHECK(error.message() == "1 table and 1 column of the file are missing in schema \"app\"");
    CHECK(error.detail() == "Missing tables: \"Order Note\".\nMissing columns: child.p.");

    pair.schema.tables.pop_back();
    CHECK(std::string(problem_of(pair.plan()).code()) == "42703");
    CHECK(problem_of(pair.plan()).message() == "1 column of the file is missing in schema \"app\"");
}

TEST_CASE("a NOT NULL column needs a value", "[plan][target]") {
    Pair pair;
    TargetTable &child = pair.targets.tables[0];
    child.columns.push_back(target_column("kind", TypeKind::text));
    child.columns.back().is_not_null = true;
    const Error error = problem_of(pair.plan());
    CHECK(std::string(error.code()) == "23502");
    CHECK(error.detail() == "They have no default, and the file lacks them: child.kind.");

    SECTION("a default fills it") {
        child.columns.back().has_default = true;
        CHECK_NOTHROW(pair.plan().check_targets());
    }
    SECTION("a trigger may fill it, while it fires") {
        child.has_before_trigger = true;
        CHECK_NOTHROW(pair.plan().check_targets());
        pair.wanted.options.triggers = false;
        CHECK(std::string(problem_of(pair.plan()).code()) == "23502");
    }
}

TEST_CASE("generated columns are the target's own", "[plan][target]") {
    Pair pair;
    pair.targets.tables[0].columns[1].is_generated = true;
    const Plan plan = pair.plan();
    const TablePlan &child = plan.tables()[static_cast<std::size_t>(plan.find_table("child"))];
    CHECK(child.columns.size() == 1);
    REQUIRE(child.left_out.size() == 1);
    CHECK(child.left_out[0].reason == "the target computes it");
}

TEST_CASE("a migration tool's own table is left out unless it is named", "[plan][target]") {
    Pair pair;
    pair.schema.tables.push_back(table("alembic_version", {column("version_num", "TEXT")}));
    pair.schema.tables.push_back(table("migrations", {column("name", "TEXT")}));
    const Plan plan = pair.plan();
    REQUIRE(plan.tool_tables().size() == 1);
    CHECK(std::string(plan.tool_tables()[0].tool) == "Alembic");
    CHECK(problem_of(plan).detail() == "Missing tables: migrations.");

    pair.wanted.tables = {"alembic*", "child"};
    CHECK(names(pair.plan()) == Strings{"child"});
    pair.wanted.tables = {"Alembic_Version"};
    CHECK(problem_of(pair.plan()).detail() == "Missing tables: alembic_version.");
}

TEST_CASE("on_conflict needs a unique key whose columns are loaded", "[plan][target]") {
    Pair pair;
    pair.wanted.options.on_conflict = OnConflict::update;
    CHECK_NOTHROW(pair.plan().check_targets());

    SECTION("no primary key") {
        pair.targets.tables[0].keys.clear();
        const Error error = problem_of(pair.plan());
        CHECK(std::string(error.code()) == "42P10");
        CHECK(error.detail() == "Table \"child\" has no primary key.");
    }
    SECTION("a deferrable key cannot be named") {
        pair.targets.tables[0].keys[0].is_deferrable = true;
        CHECK(problem_of(pair.plan()).detail() ==
              "Table \"child\" has no primary key or unique key over \"id\".");
    }
    SECTION("columns of the caller's, as the source spells them") {
        pair.wanted.options.conflict_keys = {{"child", {"P"}}};
        CHECK(problem_of(pair.plan()).detail() ==
              "Table \"child\" has no primary key or unique key over \"p\".");
        pair.targets.tables[0].keys.push_back({"child_p_key", {1}, false, false});
        const Plan plan = pair.plan();
        CHECK_NOTHROW(plan.check_targets());
        CHECK(plan.tables()[0].conflict_key == Strings{"p"});
        CHECK(plan.tables()[0].columns[1].is_key);
    }
}

TEST_CASE("tables are loaded in the order of the target's keys", "[plan][target]") {
    Pair pair;
    CHECK(names(pair.plan()) == Strings{"child", "parent"});
    pair.targets.tables[0].foreign_keys.push_back(refers("child_p_fkey", 1, 1));
    CHECK(names(pair.plan()) == Strings{"parent", "child"});
}

TEST_CASE("a foreign key whose parents come late is deferred, or waits", "[plan][target]") {
    Pair pair;
    TargetTable &child = pair.targets.tables[0];
    TargetTable &parent = pair.targets.tables[1];

    SECTION("to the table itself: one statement") {
        child.foreign_keys.push_back(refers("child_p_fkey", 1, 0));
        CHECK(load_strategy(pair.plan()).tables[0].is_one_statement);
        // Rows that may fail one by one cannot be one statement.
        pair.wanted.options.on_type_mismatch = TypeMismatch::reject;
        const LoadStrategy strategy = load_strategy(pair.plan());
        CHECK_FALSE(strategy.tables[0].is_one_statement);
        CHECK(strategy.tables[0].late_columns == std::vector<std::size_t>{1});
    }
    child.foreign_keys.push_back(refers("child_p_fkey", 1, 1));
    parent.foreign_keys.push_back(refers("parent_c_fkey", 1, 0));
    SECTION("in a cycle: deferred where it can be") {
        child.foreign_keys.back().is_deferrable = parent.foreign_keys.back().is_deferrable = true;
        const LoadStrategy strategy = load_strategy(pair.plan());
        REQUIRE(strategy.deferred.size() == 1);
        CHECK(strategy.deferred[0].key->name == "child_p_fkey");
    }
    SECTION("in a cycle: NULL first") {
        CHECK(load_strategy(pair.plan()).tables[0].late_columns == std::vector<std::size_t>{1});
    }
    SECTION("in a cycle without a column that takes NULL") {
        child.columns[1].is_not_null = true;
        REQUIRE_THROWS_MATCHES(
            load_strategy(pair.plan()), Error,
            Catch::Matchers::Message("foreign key \"child_p_fkey\" of table \"child\" is part of a "
                                     "cycle that cannot be loaded"));
    }
}

TEST_CASE("the statements around the rows", "[plan][target][script]") {
    Pair pair;
    pair.wanted.options.mode = Mode::truncate;
    pair.wanted.options.triggers = false;
    TargetTable &child = pair.targets.tables[0];
    child.columns[0].sequence_sql = "app.child_id_seq";
    child.is_owned = true;
    child.triggers.push_back({"Loud", "app.child", 'A'});
    child.foreign_keys.push_back(refers("child_p_fkey", 1, 0, true));
    Strings statements;
    for (const Statement &statement : write_script(pair.plan()).statements)
        statements.push_back(std::string(phase_name(statement.phase)) + ": " +
                             statement.sql.substr(0, 60));
    CHECK(statements ==
          Strings{"table: ALTER TABLE ONLY app.child DISABLE TRIGGER \"Loud\"",
                  "table: TRUNCATE \"shop\".\"child\", \"shop\".\"parent\"",
                  "table: SET CONSTRAINTS \"shop\".\"child_p_fkey\" DEFERRED", "data: ", "data: ",
                  "foreign_key: SET CONSTRAINTS \"shop\".\"child_p_fkey\" IMMEDIATE",
                  "check: ALTER TABLE ONLY app.child ENABLE ALWAYS TRIGGER \"Loud\"",
                  "sequence: SELECT pg_catalog.setval(E'app.child_id_seq', m.most) FROM (",
                  "analyze: ANALYZE \"shop\".\"child\""});
}
