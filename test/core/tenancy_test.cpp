// Option "tenant_key" in a schema: what the keys become, and what is left as it was.
#include "core/plan/tenancy.hpp"
#include "core/plan/tenant_tables.hpp"
#include "script_fixture.hpp"
#include "sqlite_fixture.hpp"

#include "catch.hpp"

using namespace fixture;

namespace {

ImportOptions tenant_options(std::vector<std::string> kept = {}) {
    ImportOptions options;
    options.tenant_key = "account_id";
    options.tenant_unique_keep = std::move(kept);
    return options;
}

void rewrite(Schema &schema, const ImportOptions &options = tenant_options()) {
    apply_tenancy(schema, select_relations(schema, {}, {}), options);
}

// account(id); orders(id, account_id, code UNIQUE); item(id, order_id).
Schema three_tables() {
    Schema schema;
    schema.tables.push_back(rowid_table("account", {column("id", "INTEGER")}));
    schema.tables.push_back(rowid_table(
        "orders", {column("id", "INTEGER"), column("Account_Id", "INT"), column("code", "TEXT")}));
    schema.tables[1].indexes.push_back(unique({2}));
    schema.tables[1].foreign_keys.push_back(foreign_key({1}, "account", {"id"}));
    schema.tables.push_back(
        rowid_table("item", {column("id", "INTEGER"), column("order_id", "INTEGER")}));
    schema.tables[2].foreign_keys.push_back(foreign_key({1}, "ORDERS"));
    return schema;
}

} // namespace

TEST_CASE("tenancy: options", "[plan][tenancy][options]") {
    OptionValue given;
    given.kind = OptionKind::object;
    const auto set = [&](std::string name, OptionKind kind, std::string text = "") {
        OptionValue value;
        value.kind = kind;
        value.text = std::move(text);
        value.boolean = true;
        given.members.emplace_back(std::move(name), std::move(value));
    };
    const auto refused = [&] {
        return test::error_of([&] { static_cast<void>(parse_import_options(given)); });
    };
    SECTION("policies read app.tenant, or the setting that is named") {
        set("tenant_key", OptionKind::string, "org");
        SECTION("by default") {
            set("row_security", OptionKind::boolean);
            CHECK(parse_import_options(given).row_security == "app.tenant");
        }
        const char *name = GENERATE("a.b", "_x.y$1", "app.current.tenant");
        set("row_security", OptionKind::string, name);
        CHECK(parse_import_options(given).row_security == name);
    }
    SECTION("which must be a name that SET takes") {
        set("tenant_key", OptionKind::string, "org");
        const char *name = GENERATE("tenant", ".", "a.", ".b", "a..b", "1.a", "a.b'", "a b.c", "");
        set("row_security", OptionKind::string, name);
        CHECK(refused().message() ==
              "invalid value for option \"row_security\": \"" + std::string(name) + "\"");
    }
    SECTION("null turns the tenant off") {
        set("tenant_key", OptionKind::null);
        CHECK(parse_import_options(given).tenant_key.empty());
    }
    SECTION("the others need it") {
        set("distribute", OptionKind::boolean);
        CHECK(refused().code() == std::string("22023"));
        CHECK(refused().message() == "option \"distribute\" needs the option \"tenant_key\"");
    }
    SECTION("policies do not go with Citus") {
        for (const char *name : {"distribute", "row_security"})
            set(name, OptionKind::boolean);
        set("tenant_key", OptionKind::string, "org");
        CHECK(refused().code() == std::string("0A000"));
        CHECK(refused().message() ==
              "options \"distribute\" and \"row_security\" cannot be combined");
    }
}

TEST_CASE("tenancy: nothing without the option", "[plan][tenancy]") {
    Schema schema = three_tables();
    apply_tenancy(schema, select_relations(schema, {}, {}), ImportOptions());
    CHECK(schema.tables[2].columns.size() == 2);
    CHECK(schema.tables[1].primary_key == std::vector<int>{0});
    CHECK(schema.tables[1].tenant_column == -1);
}

TEST_CASE("tenancy: roles of tables", "[plan][tenancy]") {
    Schema schema = three_tables();
    schema.tables.push_back(rowid_table("country", {column("id", "INTEGER")}));
    const std::vector<TenantTable> found = find_tenant_tables(schema, "ACCOUNT_ID");
    CHECK(found[0].role == TenantRole::root);
    CHECK(found[0].column == 0);
    CHECK(found[1].role == TenantRole::owner);
    CHECK(found[1].column == 1);
    CHECK(found[2].role == TenantRole::child);
    CHECK(found[2].column == 2);
    REQUIRE(found[2].lookups.size() == 1);
    CHECK(found[2].lookups[0].parent_table == "orders");
    CHECK(found[2].lookups[0].columns == Strings{"order_id"});
    CHECK(found[2].lookups[0].parent_columns == Strings{"id"});
    CHECK(found[2].lookups[0].value_column == "Account_Id");
    CHECK(found[3].role == TenantRole::global);
    CHECK(find_tenant_tables(schema, "code")[0].role == TenantRole::global);
}

TEST_CASE("tenancy: a column that no table has", "[plan][tenancy]") {
    const Schema schema = three_tables();
    const Error error =
        test::error_of([&] { static_cast<void>(find_tenant_tables(schema, "acount_id")); });
    CHECK(error.code() == std::string("42703"));
    CHECK(error.message() == "no table of the file has the tenant column \"acount_id\"");
    CHECK(error.hint() == "Perhaps you meant the column \"Account_Id\".");
}

TEST_CASE("tenancy: keys are led by the tenant", "[plan][tenancy]") {
    Schema schema = three_tables();
    rewrite(schema);
    const Script script = script_of(schema);
    CHECK(sql_of(script, Phase::key) ==
          Strings{"ALTER TABLE \"shop\".\"account\" ADD CONSTRAINT \"account_pkey\" PRIMARY KEY "
                  "(\"id\")",
                  "ALTER TABLE \"shop\".\"orders\" ADD CONSTRAINT \"orders_pkey\" PRIMARY KEY "
                  "(\"account_id\", \"id\")",
                  "ALTER TABLE \"shop\".\"orders\" ADD CONSTRAINT \"orders_account_id_code_key\" "
                  "UNIQUE (\"account_id\", \"code\")",
                  "ALTER TABLE \"shop\".\"item\" ADD CONSTRAINT \"item_pkey\" PRIMARY KEY "
                  "(\"account_id\", \"id\")"});
    CHECK(sql_of(script, Phase::foreign_key) ==
          Strings{"ALTER TABLE \"shop\".\"orders\" ADD CONSTRAINT \"orders_account_id_fkey\" "
                  "FOREIGN KEY (\"account_id\") REFERENCES \"shop\".\"account\" (\"id\")",
                  "ALTER TABLE \"shop\".\"item\" ADD CONSTRAINT \"item_account_id_order_id_fkey\" "
                  "FOREIGN KEY (\"account_id\", \"order_id\") REFERENCES \"shop\".\"orders\" "
                  "(\"account_id\", \"id\")"});
    SECTION("the records say what the file had") {
        CHECK(record(script, "primary key", "orders(id)").reason ==
              "led by the tenant column \"Account_Id\"");
        CHECK(record(script, "primary key", "orders(id)").source_sql == "PRIMARY KEY (id)");
        CHECK(record(script, "unique", "orders(code)").source_sql == "UNIQUE (code)");
        CHECK(record(script, "foreign key", "item(order_id)").source_sql ==
              "FOREIGN KEY (order_id) REFERENCES \"ORDERS\"");
        CHECK(record(script, "column", "item.Account_Id").reason ==
              "added, filled from the parent \"orders\" (order_id)");
    }
    SECTION("and no policy is made") {
        CHECK(sql_of(script, Phase::policy).empty());
    }
}

TEST_CASE("tenancy: actions leave the tenant alone", "[plan][tenancy]") {
    Schema schema = three_tables();
    ForeignKey &key = schema.tables[2].foreign_keys[0];
    key.on_delete = ForeignKeyAction::set_null;
    key.on_update = ForeignKeyAction::set_default;
    rewrite(schema);
    const Script script = script_of(schema);
    const std::string sql = sql_of(script, Phase::foreign_key)[1];
    CHECK(sql.ends_with("(\"account_id\", \"id\") ON DELETE SET NULL (\"order_id\")"));
    CHECK(record(script, "foreign key", "item(order_id)").source_sql ==
          "FOREIGN KEY (order_id) REFERENCES \"ORDERS\" ON UPDATE SET DEFAULT ON DELETE SET NULL");
    CHECK(record(script, "foreign key", "item(order_id)").reason ==
          "led by the tenant column \"Account_Id\"; its ON UPDATE is left off, as it would write "
          "the tenant too");
}

TEST_CASE("tenancy: what holds the tenant already", "[plan][tenancy]") {
    Schema schema;
    schema.tables.push_back(
        table("own", {column("account_id", "INT"), column("slug", "TEXT"), column("n", "INT")}));
    SECTION("the tenant is the whole key: one row each") {
        set_primary_key(schema.tables[0], {0});
        schema.tables[0].indexes.push_back(unique({1}));
        rewrite(schema);
        CHECK(schema.tables[0].primary_key == std::vector<int>{0});
        CHECK(!schema.tables[0].primary_key_rewrite);
        CHECK(schema.tables[0].indexes[1].columns.size() == 1);
    }
    SECTION("it moves to the front of a primary key, and a UNIQUE stays") {
        set_primary_key(schema.tables[0], {2, 0});
        schema.tables[0].indexes.push_back(unique({1, 0}));
        rewrite(schema);
        CHECK(schema.tables[0].primary_key == std::vector<int>{0, 2});
        CHECK(schema.tables[0].primary_key_rewrite->columns == std::vector<int>{2, 0});
        CHECK(!schema.tables[0].indexes[1].rewrite);
    }
    SECTION("NOT NULL is added, and said") {
        rewrite(schema);
        CHECK(schema.tables[0].columns[0].is_not_null);
        CHECK(schema.tables[0].columns[0].adaptation == "NOT NULL, as every row has a tenant");
    }
}

TEST_CASE("tenancy: keys that stay unique across tenants", "[plan][tenancy]") {
    Schema schema = three_tables();
    schema.tables[2].columns[1].declared_type = "TEXT";
    schema.tables[2].foreign_keys[0] = foreign_key({1}, "orders", {"code"});
    const std::string name = GENERATE("ORDERS", "orders.code");
    rewrite(schema, tenant_options({name}));
    const Script script = script_of(schema);
    CHECK(sql_of(script, Phase::key)[2].ends_with("UNIQUE (\"code\")"));
    CHECK(sql_of(script, Phase::foreign_key)[1].ends_with(
        "FOREIGN KEY (\"order_id\") REFERENCES \"shop\".\"orders\" (\"code\")"));
    CHECK(record(script, "foreign key", "item(order_id)").reason ==
          "as it was: the key it refers to is unique across tenants");
    const Error error = test::error_of([&] { rewrite(schema, tenant_options({"orders.cod"})); });
    CHECK(error.code() == std::string("22023"));
    CHECK(error.message() == "invalid value for option \"tenant_unique_keep\": \"orders.cod\"");
    CHECK(error.detail() == "No table and no UNIQUE or unique index of the file has this name.");
    CHECK(error.hint() == "Write a table, or \"table.key\"; a key without a name is called by its "
                          "columns. Perhaps you meant \"orders.code\".");
}

TEST_CASE("tenancy: ways to a tenant", "[plan][tenancy]") {
    Schema schema = three_tables();
    SECTION("what cannot be NULL comes first") {
        Table &item = schema.tables[2];
        item.columns.push_back(column("second_id", "INTEGER", true));
        item.foreign_keys.push_back(foreign_key({2}, "orders"));
        const auto lookups = find_tenant_tables(schema, "account_id")[2].lookups;
        REQUIRE(lookups.size() == 2);
        CHECK(lookups[0].columns == Strings{"second_id"});
        CHECK(lookups[1].columns == Strings{"order_id"});
    }
    SECTION("over parents of parents") {
        schema.tables.push_back(rowid_table("part", {column("id", "INTEGER"), column("i", "INT")}));
        schema.tables[3].foreign_keys.push_back(foreign_key({1}, "item"));
        const auto found = find_tenant_tables(schema, "account_id");
        REQUIRE(found[3].lookups.size() == 1);
        CHECK(found[3].lookups[0].value_column.empty());
        REQUIRE(found[3].lookups[0].lookups.size() == 1);
        CHECK(found[3].lookups[0].lookups[0].value_column == "Account_Id");
    }
    SECTION("a table itself is none, nor is a cycle") {
        Table &item = schema.tables[2];
        item.columns.push_back(column("up", "INTEGER"));
        item.columns.push_back(column("other", "INTEGER"));
        item.foreign_keys.push_back(foreign_key({2}, "item"));
        item.foreign_keys.push_back(foreign_key({3}, "part"));
        schema.tables.push_back(rowid_table("part", {column("id", "INTEGER"), column("i", "INT")}));
        schema.tables[3].foreign_keys.push_back(foreign_key({1}, "item"));
        const auto found = find_tenant_tables(schema, "account_id");
        CHECK(found[2].lookups.size() == 1);
        CHECK(found[3].lookups.size() == 1);
        rewrite(schema);
        CHECK(schema.tables[2].foreign_keys[1].columns == std::vector<int>{4, 2});
        CHECK(schema.tables[2].foreign_keys[2].columns == std::vector<int>{4, 3});
    }
    SECTION("columns that are no key of the parent lead nowhere") {
        schema.tables[2].foreign_keys[0] = foreign_key({1}, "orders", {"Account_Id"});
        CHECK(find_tenant_tables(schema, "account_id")[2].role == TenantRole::global);
    }
    SECTION("they do not multiply without end") {
        std::string below = "item";
        for (int level = 0; level < 12; ++level) {
            const std::string name = "level" + std::to_string(level);
            schema.tables.push_back(rowid_table(
                name, {column("id", "INTEGER"), column("a", "INTEGER"), column("b", "INTEGER")}));
            schema.tables.back().foreign_keys.push_back(foreign_key({1}, below));
            schema.tables.back().foreign_keys.push_back(foreign_key({2}, below));
            below = name;
        }
        const auto found = find_tenant_tables(schema, "account_id");
        CHECK(found[3].lookups.size() == 2);
        CHECK(found.back().lookups.size() == 1);
    }
}

TEST_CASE("tenancy: a root that refers to its tenants' rows", "[plan][tenancy]") {
    Schema schema = three_tables();
    schema.tables[0].columns.push_back(column("last_order", "INTEGER"));
    schema.tables[0].foreign_keys.push_back(foreign_key({1}, "orders"));
    rewrite(schema);
    CHECK(schema.tables[0].primary_key == std::vector<int>{0});
    CHECK(schema.tables[0].foreign_keys[0].columns == std::vector<int>{0, 1});
    CHECK(schema.tables[0].columns.size() == 2);
}

TEST_CASE("tenancy: policies", "[plan][tenancy]") {
    Schema schema = three_tables();
    rewrite(schema);
    PlanRequest wanted = request();
    wanted.options.row_security = "app.tenant";
    const Strings sql = sql_of(script_of(schema, wanted), Phase::policy);
    REQUIRE(sql.size() == 4);
    CHECK(sql[2] ==
          "ALTER TABLE \"shop\".\"item\" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");
    CHECK(sql[3] == "CREATE POLICY tenant_isolation ON \"shop\".\"item\" USING (\"account_id\" = "
                    "CAST(NULLIF(pg_catalog.current_setting('app.tenant', true), '') AS bigint)) "
                    "WITH CHECK (\"account_id\" = CAST(NULLIF(pg_catalog.current_setting("
                    "'app.tenant', true), '') AS bigint))");
}

TEST_CASE("tenancy: tables of Citus", "[plan][tenancy]") {
    Schema schema = three_tables();
    rewrite(schema);
    PlanRequest wanted = request();
    wanted.options.distribute = true;
    const Strings sql = sql_of(script_of(schema, wanted), Phase::table);
    REQUIRE(sql.size() == 6);
    CHECK(sql[1] == "SELECT pg_catalog.create_reference_table(E'\"shop\".\"account\"')");
    CHECK(sql[3] == "SELECT pg_catalog.create_distributed_table(E'\"shop\".\"orders\"', "
                    "E'account_id', colocate_with => E'default')");
    CHECK(sql[5] == "SELECT pg_catalog.create_distributed_table(E'\"shop\".\"item\"', "
                    "E'account_id', colocate_with => E'\"shop\".\"orders\"')");
}

TEST_CASE("tenancy: foreign keys that Citus takes", "[plan][tenancy]") {
    Schema schema = three_tables();
    schema.tables[0].columns.push_back(column("last_order", "INTEGER"));
    schema.tables[0].foreign_keys.push_back(foreign_key({1}, "orders"));
    schema.tables[2].foreign_keys[0].on_update = ForeignKeyAction::cascade;
    schema.tables[2].foreign_keys[0].on_delete = ForeignKeyAction::set_null;
    rewrite(schema);
    PlanRequest wanted = request();
    wanted.options.distribute = true;
    const Script script = script_of(schema, wanted);
    CHECK(record(script, "foreign key", "account(last_order)").reason ==
          "a reference table of Citus cannot refer to a distributed one");
    CHECK(record(script, "foreign key", "item(order_id)").reason ==
          "led by the tenant column \"Account_Id\"; ON UPDATE CASCADE and ON DELETE SET NULL left "
          "off, which Citus does not do");
    CHECK(sql_of(script, Phase::foreign_key)[1].ends_with("(\"account_id\", \"id\")"));
    CHECK(sql_of(script, Phase::analyze).empty());
    CHECK(sql_of(script, Phase::sequence)[0] ==
          "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence("
          "E'\"shop\".\"account\"', E'id'), 1, false)");
}

TEST_CASE("tenancy: a view's star does not give the added column", "[plan][tenancy]") {
    Schema schema = three_tables();
    schema.views.push_back(view("v", "CREATE VIEW v AS SELECT * FROM item"));
    rewrite(schema);
    CHECK(only(script_of(schema), Phase::view)
              .sql.ends_with("AS SELECT \"item\".\"id\" AS \"id\", \"item\".\"order_id\" AS "
                             "\"order_id\" FROM \"shop\".\"item\" AS \"item\""));
}
