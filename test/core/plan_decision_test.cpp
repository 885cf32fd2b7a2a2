// The plan's types as the values decide them.
#include "plan_fixture.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::plan;
using fixture::at;
using fixture::column;
using fixture::foreign_key;
using fixture::integer;
using fixture::request;
using fixture::shop;
using fixture::table;
using fixture::type_of;
using Strings = std::vector<std::string>;
using Sizes = std::vector<std::size_t>;

TEST_CASE("what must be read before it is loaded", "[plan][decide]") {
    Schema schema = shop();
    PlanRequest wanted = request();

    SECTION("undeclared columns, with the tables that keys join to them") {
        // item has a column without a type, and its key is joined with order_line.
        const Plan plan(schema, wanted);
        CHECK(plan.tables_to_profile() == Sizes{at(plan, "item"), at(plan, "order_line")});
        schema.tables[2].columns[1].declared_type = "TEXT";
        CHECK(Plan(schema, wanted).tables_to_profile().empty());
    }
    SECTION("keys of different types") {
        schema.tables[2].columns[1].declared_type = "TEXT";
        schema.tables[0].columns[1].declared_type = "INTEGER";
        const Plan plan(schema, wanted);
        CHECK(plan.tables_to_profile() == Sizes{at(plan, "item"), at(plan, "order_line")});
    }
    SECTION("text of different lengths is no difference") {
        schema.tables[2].columns[1].declared_type = "TEXT";
        schema.tables[0].columns[1].declared_type = "VARCHAR(10)";
        CHECK(Plan(schema, wanted).tables_to_profile().empty());
    }
    SECTION("an identity asks only its children") {
        schema.tables[2].columns[1].declared_type = "TEXT";
        schema.tables[0].columns[0].declared_type = "TEXT";
        const Plan plan(schema, wanted);
        // order_line and item share a group, orders stays as it is.
        CHECK(plan.tables_to_profile() == Sizes{at(plan, "item"), at(plan, "order_line")});
    }
    SECTION("time columns, when no misfit would tell of their numbers") {
        schema.tables[2].columns[1].declared_type = "TEXT";
        wanted.options.on_type_mismatch = TypeMismatch::error;
        const Plan plan(schema, wanted);
        CHECK(plan.tables_to_profile() == Sizes{at(plan, "orders")});
        wanted.options.epoch = EpochChoice::julian;
        const Plan known(schema, wanted);
        CHECK(known.tables_to_profile().empty());
        CHECK(known.tables()[0].columns[1].epoch == EpochUnit::julian);
    }
    SECTION("a misfit takes those with it that keys join, not through an identity") {
        const Plan plan(schema, wanted);
        CHECK(plan.replan_set(at(plan, "orders")) == Sizes{at(plan, "orders")});
        CHECK(plan.replan_set(at(plan, "item")) == Sizes{at(plan, "item"), at(plan, "order_line")});
    }
}

TEST_CASE("values decide", "[plan][decide]") {
    Schema schema;
    schema.tables.push_back(table("item", {column("price", "INTEGER", true), column("any", "")}));
    PlanRequest wanted = request();
    Plan plan(schema, wanted);

    SECTION("a column alone") {
        fixture::feed(plan, 0, {{integer(1), 1.5}, {std::string("n/a"), integer(2)}});
        plan.decide();
        CHECK(type_of(plan, "item", 0) == "text");
        CHECK(type_of(plan, "item", 1) == "numeric");
        CHECK(plan.tables()[0].is_decided);
        CHECK(plan.tables_to_profile().empty());
        REQUIRE(plan.tables()[0].type_notes.size() == 1);
        CHECK(plan.tables()[0].type_notes[0].find("price") != std::string::npos);
        CHECK(plan.rules(0)[0].type.sql() == "text");
    }
    SECTION("facts come along") {
        fixture::feed(plan, 0, {{integer(7), {}}, {integer(-3), {}}});
        plan.decide();
        const TableFacts &facts = plan.tables()[0].facts;
        CHECK(facts.is_known);
        CHECK(facts.rows == 2);
        CHECK(facts.nulls == std::vector<std::int64_t>{0, 2});
        CHECK(facts.max_integers[0] == 7);
        CHECK_FALSE(facts.max_integers[1].has_value());
    }
    SECTION("NOT NULL that the values break") {
        fixture::feed(plan, 0, {{integer(1), {}}, {{}, {}}, {{}, {}}});
        plan.decide();
        CHECK_FALSE(plan.tables()[0].columns[0].is_not_null);
        CHECK(plan.tables()[0].type_notes ==
              Strings{"column \"price\": NOT NULL left off, 2 values are NULL"});
        CHECK_FALSE(plan.rules(0)[0].is_not_null);
    }
    SECTION("what the load saw counts last") {
        std::vector<ColumnStatistics> statistics(2);
        statistics[0].max_integer = 9007199254740993;
        statistics[1].nulls = 1;
        statistics[1].nulled.count = 3;
        plan.set_loaded(0, 4, statistics);
        CHECK(plan.tables()[0].facts.rows == 4);
        CHECK(plan.tables()[0].facts.nulls == std::vector<std::int64_t>{0, 3});
        CHECK(plan.tables()[0].facts.max_integers[0] == 9007199254740993);
    }
    SECTION("NULLs that the options would make") {
        wanted.options.on_type_mismatch = TypeMismatch::null;
        wanted.options.has_on_type_mismatch = true;
        Plan nulling(schema, wanted);
        fixture::feed(nulling, 0, {{std::string("x"), {}}, {integer(1), {}}});
        nulling.decide();
        CHECK(type_of(nulling, "item", 0) == "bigint");
        CHECK_FALSE(nulling.tables()[0].columns[0].is_not_null);
        CHECK(nulling.tables()[0].facts.nulls[0] == 1);
    }
}

TEST_CASE("columns joined by foreign keys are decided together", "[plan][decide]") {
    Schema schema;
    schema.tables.push_back(table("parent", {column("code", "INTEGER", true)}));
    fixture::set_primary_key(schema.tables[0], {0});
    schema.tables.push_back(table("child", {column("code", "INTEGER"), column("n", "INTEGER")}));
    schema.tables[1].foreign_keys.push_back(foreign_key({0}, "parent"));
    PlanRequest wanted = request();

    SECTION("one misfit re-types both") {
        Plan plan(schema, wanted);
        CHECK(plan.tables_to_profile().empty());
        REQUIRE(plan.replan_set(1) == Sizes{0, 1});
        fixture::feed(plan, 0, {{integer(1)}, {std::string("A1")}});
        fixture::feed(plan, 1, {{integer(1), integer(5)}});
        plan.decide();
        CHECK(type_of(plan, "parent", 0) == "text");
        CHECK(type_of(plan, "child", 0) == "text");
        CHECK(type_of(plan, "child", 1) == "bigint");
        CHECK(plan.tables()[1].type_notes ==
              Strings{"column \"code\": text, as the column that a foreign key joins it with"});
    }
    SECTION("declared differently, the same values") {
        schema.tables[1].columns[0].declared_type = "TEXT";
        Plan plan(schema, wanted);
        CHECK(plan.tables_to_profile() == Sizes{0, 1});
        fixture::feed(plan, 0, {{integer(1)}});
        fixture::feed(plan, 1, {{std::string("1"), {}}});
        plan.decide();
        CHECK(type_of(plan, "parent", 0) == "text");
        CHECK(type_of(plan, "child", 0) == "text");
    }
    SECTION("an undeclared child takes its parent's type") {
        schema.tables[1].columns[0].declared_type = "";
        Plan plan(schema, wanted);
        fixture::feed(plan, 0, {{integer(1)}});
        fixture::feed(plan, 1, {{{}, {}}});
        plan.decide();
        CHECK(type_of(plan, "child", 0) == "bigint");
    }
    SECTION("integers and reals meet in numeric") {
        schema.tables[1].columns[0].declared_type = "REAL";
        Plan plan(schema, wanted);
        fixture::feed(plan, 0, {{integer(1)}});
        fixture::feed(plan, 1, {{1.5, {}}});
        plan.decide();
        CHECK(type_of(plan, "parent", 0) == "numeric");
        CHECK(type_of(plan, "child", 0) == "numeric");
    }
    SECTION("an identity stays, its child becomes what it can") {
        schema.tables[0].indexes.clear();
        schema.tables[0].rowid_alias = 0;
        schema.tables[1].columns[0].declared_type = "DECIMAL";
        Plan plan(schema, wanted);
        CHECK(plan.tables_to_profile() == Sizes{1});
        CHECK(plan.replan_set(1) == Sizes{1});
        SECTION("all its values fit") {
            fixture::feed(plan, 1, {{integer(1), {}}, {2.0, {}}});
            plan.decide();
            CHECK(type_of(plan, "child", 0) == "bigint");
            CHECK(
                plan.tables()[1].type_notes ==
                Strings{"column \"code\": bigint, as the column that a foreign key joins it with"});
        }
        SECTION("one does not") {
            fixture::feed(plan, 1, {{integer(1), {}}, {2.5, {}}});
            plan.decide();
            CHECK(type_of(plan, "child", 0) == "numeric");
            CHECK(type_of(plan, "parent", 0) == "bigint");
        }
    }
    SECTION("a rowid stays bigint without its sequence, too") {
        schema.tables[0].indexes.clear();
        schema.tables[0].rowid_alias = 0;
        wanted.options.sequences = false;
        Plan plan(schema, wanted);
        CHECK(plan.replan_set(1) == Sizes{1});
        fixture::feed(plan, 1, {{std::string("x"), {}}});
        plan.decide();
        CHECK(type_of(plan, "child", 0) == "text");
        CHECK(type_of(plan, "parent", 0) == "bigint");
    }
    SECTION("text of two lengths stays so, also when one is widened") {
        schema.tables[0].columns[0].declared_type = "VARCHAR(3)";
        schema.tables[1].columns[0].declared_type = "TEXT";
        Plan plan(schema, wanted);
        fixture::feed(plan, 0, {{std::string("abcd")}});
        fixture::feed(plan, 1, {{std::string("abcd"), {}}});
        plan.decide();
        CHECK(type_of(plan, "parent", 0) == "text");
        CHECK(type_of(plan, "child", 0) == "text");
    }
    SECTION("a type of the caller's that the child's values do not fit") {
        wanted.options.types.push_back({"parent", "code", "uuid"});
        wanted.resolved_types.emplace_back("uuid", "uuid");
        Plan plan(schema, wanted);
        CHECK(type_of(plan, "child", 0) == "uuid");
        fixture::feed(plan, 1, {{integer(12), {}}});
        plan.decide();
        CHECK(type_of(plan, "child", 0) == "bigint");
        CHECK(type_of(plan, "parent", 0) == "uuid");
    }
    SECTION("a table that refers to itself") {
        schema.tables[1].foreign_keys[0] = foreign_key({1}, "child", {"code"});
        Plan plan(schema, wanted);
        CHECK(plan.replan_set(1) == Sizes{1});
        fixture::feed(plan, 1, {{std::string("x"), integer(4)}});
        plan.decide();
        CHECK(type_of(plan, "child", 0) == "text");
        CHECK(type_of(plan, "child", 1) == "text");
    }
}
