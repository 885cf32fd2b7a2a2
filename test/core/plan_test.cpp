// The plan: what is chosen, how it is named and typed, first from declarations, then from values.
#include "core/error.hpp"
#include "plan_fixture.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::plan;
using fixture::column;
using fixture::foreign_key;
using fixture::integer;
using fixture::request;
using fixture::rowid_table;
using fixture::table;
using Strings = std::vector<std::string>;
using Sizes = std::vector<std::size_t>;

namespace {

// Runs what must fail and hands back the error.
template <typename Action>
Error error_of(Action action) {
    try {
        action();
    } catch (const Error &error) {
        return error;
    }
    FAIL("no error was thrown");
    return Error("", "");
}

Schema shop() {
    Schema schema;
    schema.tables.push_back(table("order_line", {column("order_id", "INTEGER"),
                                                 column("sku", "TEXT"), column("price", "REAL")}));
    schema.tables[0].foreign_keys.push_back(foreign_key({0}, "Orders"));
    schema.tables[0].foreign_keys.push_back(foreign_key({1}, "item", {"SKU"}));
    schema.tables.push_back(
        rowid_table("Orders", {column("id", "INTEGER"), column("placed", "DATETIME")}));
    schema.tables.push_back(table("item", {column("sku", "TEXT", true), column("any", "")}));
    fixture::set_primary_key(schema.tables[2], {0});
    schema.views.push_back(fixture::view("v_top", "CREATE VIEW v_top AS SELECT * FROM v_base"));
    schema.views.push_back(fixture::view("v_base", "CREATE VIEW v_base AS SELECT * FROM item"));
    return schema;
}

Strings names(const Plan &plan) {
    Strings all;
    for (const TablePlan &table : plan.tables())
        all.push_back(table.name);
    return all;
}

std::string type_of(const Plan &plan, std::string_view table, std::size_t column) {
    const int found = plan.find_table(table);
    REQUIRE(found >= 0);
    return plan.tables()[static_cast<std::size_t>(found)].columns[column].type.sql();
}

std::size_t at(const Plan &plan, std::string_view table) {
    const int found = plan.find_table(table);
    REQUIRE(found >= 0);
    return static_cast<std::size_t>(found);
}

} // namespace

TEST_CASE("patterns choose tables and views", "[plan][selection]") {
    Schema schema = shop();
    Table fts = table("search", {column("body", "")});
    fts.kind = TableKind::virtual_table;
    fts.module = "fts5";
    schema.tables.push_back(std::move(fts));
    schema.tables.push_back(table("a.b*", {column("x", "INT")}));
    PlanRequest wanted = request();

    SECTION("all but what is never imported") {
        const Plan plan(schema, wanted);
        CHECK(names(plan) == Strings{"orders", "item", "order_line", "a.b*"});
        CHECK(plan.views().size() == 2);
        CHECK(plan.views()[0].name == "v_base");
        CHECK(plan.find_table("ORDER_LINE") == 2);
        CHECK(plan.find_table("search") == -1);
    }
    SECTION("names without case, wildcards") {
        wanted.tables = {"ORDER*", "v_?ase"};
        const Plan plan(schema, wanted);
        CHECK(names(plan) == Strings{"orders", "order_line"});
        REQUIRE(plan.views().size() == 1);
        CHECK(plan.views()[0].name == "v_base");
    }
    SECTION("what is excluded goes") {
        wanted.exclude = {"*item*", "v_top", "search"};
        const Plan plan(schema, wanted);
        CHECK(names(plan) == Strings{"orders", "order_line", "a.b*"});
        CHECK(plan.views().size() == 1);
    }
    SECTION("quotes as in SQL, without wildcards") {
        wanted.tables = {"\"A.B*\""};
        CHECK(names(Plan(schema, wanted)) == Strings{"a.b*"});
        CHECK(NamePattern("\"a\"\"b\"").matches("A\"B"));
        CHECK_FALSE(NamePattern("\"a\"b\"").matches("a\"b"));
    }
    SECTION("a pattern that matches nothing") {
        wanted.tables = {"order_lime"};
        const Error error = error_of([&] { Plan(schema, wanted); });
        CHECK(std::string(error.code()) == "42P01");
        CHECK(error.message() == "table pattern \"order_lime\" matches no table in the file");
        CHECK(error.hint() == "Perhaps you meant the table \"order_line\".");
        wanted.tables.clear();
        wanted.exclude = {"zzz*"};
        CHECK(error_of([&] { Plan(schema, wanted); }).message() ==
              "table pattern \"zzz*\" matches no table in the file");
    }
    SECTION("a dot without quotes") {
        wanted.tables = {"other_schema.something"};
        CHECK(error_of([&] { Plan(schema, wanted); }).hint() ==
              "Write a name that holds a dot in double quotes; names carry no schema.");
    }
    SECTION("a virtual table by its name, and by a wildcard") {
        wanted.tables = {"Search"};
        const Error error = error_of([&] { Plan(schema, wanted); });
        CHECK(std::string(error.code()) == "42809");
        CHECK(error.message() == "cannot import table \"search\"");
        CHECK(error.detail() ==
              "It is a virtual table of module \"fts5\", which only that module can read.");
        wanted.tables = {"sear*"};
        CHECK(std::string(error_of([&] { Plan(schema, wanted); }).code()) == "42P01");
    }
    SECTION("option views") {
        wanted.options.views = false;
        CHECK(Plan(schema, wanted).views().empty());
    }
}

TEST_CASE("tables and columns are named", "[plan]") {
    Schema schema;
    schema.tables.push_back(table("Item", {column("Name", "TEXT"), column("ctid", "INT"),
                                           column("name\n", "TEXT"), column("gone", "INT")}));
    schema.tables[0].columns[3].unreadable = "it calls load_extension";
    schema.tables.push_back(table("item\x01", {column("a", "INT")}));
    schema.tables.push_back(table("item_", {column("a", "INT")}));
    PlanRequest wanted = request();
    const Plan plan(schema, wanted);
    REQUIRE(plan.tables().size() == 3);
    const TablePlan &item = plan.tables()[0];
    CHECK(item.name == "item");
    CHECK(item.name_note.empty());
    REQUIRE(item.columns.size() == 3);
    CHECK(item.columns[0].name == "name");
    CHECK(item.columns[0].name_note.empty());
    CHECK(item.columns[1].name == "ctid_1");
    CHECK(item.columns[1].name_note == "is a system column");
    CHECK(item.columns[2].name == "name_");
    CHECK(plan.source_columns(0) == std::vector<int>{0, 1, 2});
    CHECK(plan.tables()[1].name == "item_");
    CHECK(plan.tables()[2].name == "item__1");

    SECTION("a name does not depend on what else is chosen") {
        wanted.tables = {"item_"};
        CHECK(names(Plan(schema, wanted)) == Strings{"item__1"});
    }
    SECTION("case is kept on demand") {
        wanted.options.identifiers = Identifiers::preserve;
        CHECK(Plan(schema, wanted).tables()[0].name == "Item");
    }
}

TEST_CASE("a table can be too wide", "[plan]") {
    Schema schema;
    schema.tables.push_back(table("wide", {}));
    for (int i = 0; i < 1601; ++i)
        schema.tables[0].columns.push_back(column("c" + std::to_string(i), "INT"));
    const Error error = error_of([&] { Plan(schema, request()); });
    CHECK(std::string(error.code()) == "54011");
    CHECK(error.message() == "table \"wide\" has 1601 columns");
    PlanRequest wanted = request();
    wanted.exclude = {"wide"};
    CHECK(Plan(schema, wanted).tables().empty());
    schema.tables[0].columns[7].unreadable = "no";
    CHECK(Plan(schema, request()).tables()[0].columns.size() == 1600);
}

TEST_CASE("declarations propose types", "[plan]") {
    Schema schema = shop();
    PlanRequest wanted = request();
    const Plan plan(schema, wanted);
    CHECK(type_of(plan, "orders", 0) == "bigint");
    CHECK(type_of(plan, "orders", 1) == "timestamp with time zone");
    CHECK(type_of(plan, "order_line", 2) == "double precision");
    const ColumnPlan &id = plan.tables()[at(plan, "orders")].columns[0];
    CHECK(id.is_identity);
    CHECK(id.is_not_null);
    CHECK(id.is_key);
    const ColumnPlan &sku = plan.tables()[at(plan, "item")].columns[0];
    CHECK(sku.is_key);
    CHECK(sku.is_not_null);
    CHECK_FALSE(sku.is_identity);

    SECTION("rules for the load") {
        const std::vector<ColumnRule> rules = plan.rules(at(plan, "item"));
        REQUIRE(rules.size() == 2);
        CHECK(rules[0].name == "sku");
        CHECK(rules[0].is_not_null);
        CHECK(rules[0].on_mismatch == TypeMismatch::widen);
    }
    SECTION("a key of a rowid table may hold NULL, one WITHOUT ROWID may not") {
        schema.tables[2].columns[0].is_not_null = false;
        CHECK_FALSE(Plan(schema, wanted).tables()[1].columns[0].is_not_null);
        schema.tables[2].is_without_rowid = true;
        CHECK(Plan(schema, wanted).tables()[1].columns[0].is_not_null);
    }
    SECTION("no identity without sequences") {
        wanted.options.sequences = false;
        const Plan other(schema, wanted);
        CHECK_FALSE(other.tables()[0].columns[0].is_identity);
        CHECK(other.tables()[0].columns[0].type.sql() == "bigint");
    }
}

TEST_CASE("the caller's types win", "[plan][types]") {
    Schema schema = shop();
    PlanRequest wanted = request();
    const auto give = [&](std::string table, std::string column, std::string type) {
        wanted.options.types.push_back({std::move(table), std::move(column), type});
        wanted.resolved_types.emplace_back(type, type);
    };

    SECTION("exact names over wildcards, without case") {
        give("*", "*", "text");
        give("order_line", "PRICE", "numeric(10,2)");
        give("order_line", "*", "bytea");
        const Plan plan(schema, wanted);
        CHECK(type_of(plan, "order_line", 2) == "numeric(10,2)");
        CHECK(type_of(plan, "order_line", 1) == "bytea");
        CHECK(type_of(plan, "item", 1) == "text");
        CHECK(plan.rules(at(plan, "order_line"))[2].on_mismatch == TypeMismatch::error);
    }
    SECTION("the other end of a foreign key follows") {
        give("item", "sku", "uuid");
        const Plan plan(schema, wanted);
        CHECK(type_of(plan, "item", 0) == "uuid");
        CHECK(type_of(plan, "order_line", 1) == "uuid");
        CHECK_FALSE(plan.tables()[at(plan, "order_line")].columns[1].is_overridden);
        CHECK(plan.rules(at(plan, "order_line"))[1].on_mismatch == TypeMismatch::widen);
    }
    SECTION("widen, when the caller says so") {
        give("item", "sku", "uuid");
        wanted.options.has_on_type_mismatch = true;
        const Plan plan(schema, wanted);
        CHECK(plan.rules(at(plan, "item"))[0].on_mismatch == TypeMismatch::widen);
    }
    SECTION("an identity of another integer type, and of none") {
        give("orders", "id", "integer");
        Plan plan(schema, wanted);
        CHECK(plan.tables()[0].columns[0].is_identity);
        // The load does not tell the largest integer of such a column, so the profile has to.
        CHECK(plan.tables_to_profile().front() == 0);
        fixture::feed(plan, 0, {{integer(41), {}}, {integer(7), {}}});
        plan.decide();
        CHECK(type_of(plan, "orders", 0) == "integer");
        plan.set_loaded(0, 2, std::vector<ColumnStatistics>(2));
        CHECK(plan.tables()[0].facts.max_integers[0] == 41);
        wanted.options.types.clear();
        give("orders", "id", "text");
        CHECK_FALSE(Plan(schema, wanted).tables()[0].columns[0].is_identity);
    }
    SECTION("a column that does not exist") {
        give("order_line", "prise", "text");
        const Error error = error_of([&] { Plan(schema, wanted); });
        CHECK(std::string(error.code()) == "22023");
        CHECK(error.message() == "option \"types\" names the unknown column \"prise\"");
        CHECK(error.hint() == "Perhaps you meant the column \"price\".");
        wanted.options.types[0] = {"itm", "sku", "text"};
        CHECK(error_of([&] { Plan(schema, wanted); }).message() ==
              "option \"types\" names the unknown table \"itm\"");
        wanted.options.types.clear();
        wanted.options.epochs.push_back({"*", "placd", EpochChoice::julian});
        CHECK(error_of([&] { Plan(schema, wanted); }).message() ==
              "option \"epoch\" names the unknown column \"placd\"");
    }
    SECTION("types that no column has") {
        give("item", "sku", "anyelement");
        CHECK(std::string(error_of([&] { Plan(schema, wanted); }).code()) == "22023");
        wanted.resolved_types.clear();
        CHECK(error_of([&] { Plan(schema, wanted); }).message() ==
              "type \"anyelement\" in option \"types\" does not exist");
    }
}

TEST_CASE("PostgreSQL's type names are known", "[plan][types]") {
    CHECK(parse_target_type("character varying(20)") == make_varchar(20));
    CHECK(parse_target_type("character varying").kind == TypeKind::varchar);
    CHECK(parse_target_type("numeric(10,2)") == make_numeric(10, 2));
    CHECK(parse_target_type("numeric") == make_type(TypeKind::numeric));
    CHECK(parse_target_type("timestamp with time zone").kind == TypeKind::timestamptz);
    CHECK(parse_target_type("double precision").kind == TypeKind::float8);
    CHECK(parse_target_type("\"Ext\".citext").kind == TypeKind::citext);
    for (const char *name : {"integer", "numeric(5,-2)", "numeric(2,5)", "character(3)",
                             "timestamp(3) with time zone", "text[]", "public.mood"}) {
        CHECK(parse_target_type(name).kind == TypeKind::other);
        CHECK(parse_target_type(name).sql() == name);
    }
}

TEST_CASE("COLLATE NOCASE as citext", "[plan][types]") {
    Schema schema = shop();
    schema.tables[2].columns[0].collation = "NOCASE";
    PlanRequest wanted = request();
    wanted.options.nocase = Nocase::citext;
    const Error error = error_of([&] { Plan(schema, wanted); });
    CHECK(std::string(error.code()) == "0A000");
    CHECK(error.hint() == "Run CREATE EXTENSION citext, or use nocase \"lower_index\".");
    wanted.citext_schema = "\"public\"";
    CHECK(type_of(Plan(schema, wanted), "item", 0) == "citext");
    SECTION("the other end of a foreign key follows") {
        CHECK(type_of(Plan(schema, wanted), "order_line", 1) == "citext");
        schema.tables[0].columns[1].declared_type = "VARCHAR(9)";
        schema.tables[2].columns[1].declared_type = "TEXT";
        Plan plan(schema, wanted);
        CHECK(plan.tables_to_profile().empty());
        fixture::feed(plan, at(plan, "item"), {{std::string("a"), {}}});
        fixture::feed(plan, at(plan, "order_line"), {{integer(1), std::string("A"), {}}});
        plan.decide();
        CHECK(type_of(plan, "item", 0) == "citext");
        CHECK(type_of(plan, "order_line", 1) == "citext");
    }
    SECTION("or as text") {
        wanted.options.nocase = Nocase::lower_index;
        CHECK(type_of(Plan(schema, wanted), "item", 0) == "text");
    }
}

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

TEST_CASE("foreign keys are found in the plan", "[plan][foreign_key]") {
    Schema schema = shop();
    PlanRequest wanted = request();
    const auto problem_of = [&](const ForeignKey &key) {
        const Plan plan(schema, wanted);
        return resolve_foreign_key(plan, at(plan, "order_line"), key).problem;
    };
    CHECK(problem_of(foreign_key({0}, "ORDERS")).empty());
    CHECK(problem_of(foreign_key({0}, "nowhere")) == "parent table \"nowhere\" does not exist");
    CHECK(problem_of(foreign_key({0}, "item", {"nope"})) ==
          "parent table \"item\" has no column \"nope\"");
    CHECK(problem_of(foreign_key({0, 1}, "orders")) == "it has 2 columns and its parent key 1");
    CHECK(problem_of(foreign_key({0}, "order_line")) ==
          "parent table \"order_line\" has no primary key");
    CHECK(problem_of(foreign_key({9}, "orders")) == "it names an unknown column");
    wanted.exclude = {"item"};
    CHECK(problem_of(foreign_key({1}, "item")) == "parent table \"item\" is not imported");
    schema.tables[1].columns[0].unreadable = "no";
    CHECK(problem_of(foreign_key({0}, "orders")) == "column \"id\" is not imported");
}
