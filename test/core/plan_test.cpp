// The plan: what is chosen, how it is named and typed, first from declarations, then from values.
#include "core/error.hpp"
#include "plan_fixture.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::plan;
using fixture::at;
using fixture::column;
using fixture::foreign_key;
using fixture::integer;
using fixture::request;
using fixture::rowid_table;
using fixture::shop;
using fixture::table;
using fixture::type_of;
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

Strings names(const Plan &plan) {
    Strings all;
    for (const TablePlan &table : plan.tables())
        all.push_back(table.name);
    return all;
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
        wanted.options.epochs.clear();
        wanted.options.conflict_keys = {{"*", {"id"}}, {"itme", {"sku"}}};
        CHECK(error_of([&] { Plan(schema, wanted); }).message() ==
              "option \"conflict_key\" names the unknown table \"itme\"");
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
