// The SQL of foreign keys, checks and generated columns.
#include "script_fixture.hpp"

#include "catch.hpp"

using namespace fixture;

TEST_CASE("script constraints: foreign keys", "[plan][script][foreign_key]") {
    Schema schema = one_table();
    schema.tables.push_back(table("line", {column("item_id", "INTEGER"), column("sku", "TEXT")}));
    schema.tables[1].foreign_keys.push_back(foreign_key({0}, "Item"));
    ForeignKey &key = schema.tables[1].foreign_keys[0];
    PlanRequest wanted = request();
    const auto reason = [&] {
        return record(script_of(schema, wanted), "foreign key", "line(item_id)").reason;
    };

    SECTION("parent columns are spelt out") {
        const Script script = script_of(schema, wanted);
        const Statement &statement = only(script, Phase::foreign_key);
        CHECK(statement.sql ==
              "ALTER TABLE \"shop\".\"line\" ADD CONSTRAINT \"line_item_id_fkey\" FOREIGN KEY "
              "(\"item_id\") REFERENCES \"shop\".\"item\" (\"id\")");
        CHECK(statement.fallback_sql == statement.sql + " NOT VALID");
        CHECK(statement.is_foreign_key);
        CHECK(statement.can_fail);
        CHECK(statement.probe_sql ==
              "SELECT pg_catalog.count(*), pg_catalog.string_agg(probe.k, ', ' ORDER BY probe.i) "
              "FILTER (WHERE probe.i <= 10) FROM (SELECT pg_catalog.row_number() OVER () AS i, "
              "pg_catalog.left(CAST(child.ctid AS text), 60) AS k FROM \"shop\".\"line\" AS child "
              "WHERE child.\"item_id\" IS NOT NULL AND NOT EXISTS (SELECT FROM \"shop\".\"item\" "
              "AS parent WHERE parent.\"id\" = child.\"item_id\")) AS probe");
        CHECK(record(script, "foreign key", "line(item_id)").source_sql ==
              "FOREIGN KEY (item_id) REFERENCES \"Item\"");
    }
    SECTION("names, actions and time") {
        key.name = "To Item";
        key.on_delete = ForeignKeyAction::set_default;
        key.on_update = ForeignKeyAction::restrict;
        key.is_deferrable = key.is_initially_deferred = true;
        CHECK(only(script_of(schema, wanted), Phase::foreign_key)
                  .sql.ends_with("ON UPDATE RESTRICT ON DELETE SET DEFAULT DEFERRABLE INITIALLY "
                                 "DEFERRED"));
        key.is_initially_deferred = false;
        key.on_delete = ForeignKeyAction::set_null;
        key.on_update = ForeignKeyAction::cascade;
        const Script script = script_of(schema, wanted);
        CHECK(only(script, Phase::foreign_key)
                  .sql.ends_with("ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE"));
        CHECK(record(script, "foreign key", "line.To Item").target_name == "shop.line.\"to item\"");
    }
    SECTION("two alike") {
        schema.tables[1].foreign_keys.push_back(foreign_key({0}, "item", {"id"}));
        CHECK(sql_of(script_of(schema, wanted), Phase::foreign_key)[1].find(
                  "\"line_item_id_fkey_1\"") != std::string::npos);
    }
    SECTION("no parent") {
        key.parent_table = "gone";
        CHECK(reason() == "parent table \"gone\" does not exist");
        key.parent_table = "item";
        wanted.exclude = {"item"};
        CHECK(reason() == "parent table \"item\" is not imported");
    }
    SECTION("the parent's columns are no key here") {
        key.parent_columns = {"qty"};
        CHECK(reason() == "parent table \"item\" has no primary key or UNIQUE over (qty) here");
        schema.tables[0].indexes.push_back(fixture::index("q", {2}, true));
        CHECK(reason().empty());
        schema.tables[0].indexes[0].predicate = expression("qty > 0");
        CHECK(reason() == "parent table \"item\" has no primary key or UNIQUE over (qty) here");
        key.parent_columns = {"id"};
        wanted.options.constraints = false;
        CHECK(reason() == "parent table \"item\" has no primary key or UNIQUE over (id) here");
    }
    SECTION("a composite key in another order") {
        schema.tables[0].indexes.push_back(unique({1, 2}));
        schema.tables[1].foreign_keys[0] = foreign_key({0, 1}, "item", {"qty", "sku"});
        CHECK(only(script_of(schema, wanted), Phase::foreign_key)
                  .sql.find("FOREIGN KEY (\"item_id\", \"sku\") REFERENCES \"shop\".\"item\" "
                            "(\"qty\", \"sku\")") != std::string::npos);
    }
    SECTION("types that do not compare") {
        schema.tables[1].columns[0].declared_type = "BLOB";
        CHECK(reason() == "column \"item_id\" is bytea and its parent \"id\" is bigint");
    }
    SECTION("an action on a generated column") {
        schema.tables[1].columns[0].generated = Generated::stored;
        schema.tables[1].columns[0].generation = expression("length(sku)");
        CHECK(reason().empty());
        key.on_delete = ForeignKeyAction::set_null;
        CHECK(reason() == "its action would write into a generated column");
    }
    SECTION("the option") {
        wanted.options.foreign_keys = false;
        CHECK(reason() == "option \"foreign_keys\" is false");
    }
    SECTION("orphans by the primary key of their row") {
        set_primary_key(schema.tables[1], {1, 0});
        CHECK(only(script_of(schema, wanted), Phase::foreign_key)
                  .probe_sql.find("CAST(ROW(child.\"sku\", child.\"item_id\") AS text)") !=
              std::string::npos);
    }
}

TEST_CASE("what a foreign key may compare", "[plan][script][foreign_key]") {
    const auto can = [](TypeKind child, TypeKind parent) {
        return can_refer(make_type(child), make_type(parent));
    };
    CHECK(can(TypeKind::citext, TypeKind::text));
    CHECK_FALSE(can(TypeKind::text, TypeKind::citext));
    CHECK(can(TypeKind::bigint, TypeKind::numeric));
    CHECK_FALSE(can(TypeKind::numeric, TypeKind::bigint));
    CHECK(can(TypeKind::numeric, TypeKind::float8));
    CHECK_FALSE(can(TypeKind::text, TypeKind::bigint));
    CHECK(can(TypeKind::other, TypeKind::bigint));
}

TEST_CASE("checks", "[plan][script][check]") {
    Schema schema = one_table();
    std::vector<Check> &checks = schema.tables[0].checks;
    PlanRequest wanted = request();
    checks.push_back(check("qty > 0"));
    checks.push_back(check("qty > id", "Order_Of"));
    const Script script = script_of(schema, wanted);
    std::vector<Statement> made;
    std::copy_if(script.statements.begin(), script.statements.end(), std::back_inserter(made),
                 [](const Statement &statement) { return statement.phase == Phase::check; });
    REQUIRE(made.size() == 2);
    CHECK(made[0].sql == "ALTER TABLE \"shop\".\"item\" ADD CONSTRAINT \"item_qty_check\" CHECK (" +
                             check_sql("qty > 0") + ")");
    CHECK(made[0].fallback_sql == made[0].sql + " NOT VALID");
    CHECK(made[0].probe_sql.find("CAST(item.\"id\" AS text), 60) AS k FROM \"shop\".\"item\" AS "
                                 "item WHERE NOT (" +
                                 check_sql("qty > 0") + ")) AS probe") != std::string::npos);
    CHECK(made[1].object == "shop.item.order_of");
    CHECK(record(script, "check", "item.item_qty_check").source_sql == "qty > 0");
    CHECK(record(script, "check", "item.Order_Of").status == Fate::imported);

    SECTION("names that 18 gives to NOT NULL are not taken") {
        schema.tables[0].columns[2].is_not_null = true;
        checks[0].name = "item_qty_not_null";
        CHECK(sql_of(script_of(schema, wanted), Phase::check)[0].find("\"item_qty_not_null_1\"") !=
              std::string::npos);
    }
    SECTION("without an equal, not understood, left out") {
        checks[0] = check("load_extension(sku)");
        CHECK(record(script_of(schema, wanted), "check", "item.item_sku_check").status ==
              Fate::skipped);
        checks[0].expression.tree = nullptr;
        checks[0].expression.problem = "too deep";
        CHECK(record(script_of(schema, wanted), "check", "item.item_check").reason == "too deep");
        wanted.options.constraints = false;
        CHECK(record(script_of(schema, wanted), "check", "item.Order_Of").reason ==
              "option \"constraints\" is false");
    }
}

TEST_CASE("script constraints: generated columns", "[plan][script][generated]") {
    Schema schema = one_table();
    Column &sku = schema.tables[0].columns[1];
    Column &qty = schema.tables[0].columns[2];
    qty.generated = Generated::is_virtual;
    qty.generation = expression("id * 2");
    PlanRequest wanted = request();

    SECTION("STORED, and compared with the values") {
        const Script script = script_of(schema, wanted);
        const std::string create = sql_of(script, Phase::table)[0];
        const std::size_t begin = create.find("\"qty\" bigint GENERATED ALWAYS AS (");
        REQUIRE(begin != std::string::npos);
        CHECK(create.find(") STORED", begin) != std::string::npos);
        const Statement &probe = only(script, Phase::check);
        CHECK(probe.sql.empty());
        CHECK(probe.can_fail);
        CHECK(probe.fallback_sql ==
              "ALTER TABLE \"shop\".\"item\" ALTER COLUMN \"qty\" DROP EXPRESSION IF EXISTS");
        CHECK(probe.probe_sql.find("AS item WHERE item.\"qty\" IS DISTINCT FROM (") !=
              std::string::npos);
        REQUIRE(probe.record >= 0);
        const ObjectRecord &record = script.records[static_cast<std::size_t>(probe.record)];
        CHECK(record.object_type == "generated column");
        CHECK(record.source_name == "item.qty");
        CHECK(record.source_sql == "id * 2");
        CHECK(record.status == Fate::imported);
    }
    SECTION("one in another: the other becomes plain") {
        sku.generated = Generated::stored;
        sku.generation = expression("qty || 'x'");
        const Script script = script_of(schema, wanted);
        CHECK(sql_of(script, Phase::table)[0].find("\"sku\" text,") != std::string::npos);
        const ObjectRecord &plain = record(script, "generated column", "item.sku");
        CHECK(plain.status == Fate::adapted);
        CHECK(plain.reason.starts_with("a plain column with the values: "));
        CHECK(record(script, "generated column", "item.qty").status == Fate::imported);
    }
    SECTION("a column that became plain may stand in another's expression") {
        sku.generated = Generated::stored;
        sku.generation = SourceExpression{"?", nullptr, "not understood"};
        qty.generation = expression("length(sku)");
        const Script script = script_of(schema, wanted);
        CHECK(record(script, "generated column", "item.sku").reason ==
              "a plain column with the values: not understood");
        CHECK(record(script, "generated column", "item.qty").status == Fate::imported);
    }
    SECTION("one that cannot be read") {
        qty.unreadable = "its expression calls f()";
        const Script script = script_of(schema, wanted);
        CHECK(record(script, "column", "item.qty").status == Fate::skipped);
        CHECK(record(script, "generated column", "item.qty").status == Fate::skipped);
    }
}
