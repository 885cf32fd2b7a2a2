// The SQL of primary keys, UNIQUE and indexes.
#include "script_fixture.hpp"

#include "catch.hpp"

using namespace fixture;

TEST_CASE("script keys: primary keys", "[plan][script][key]") {
    Schema schema;
    schema.tables.push_back(table("line", {column("a", "INTEGER"), column("b", "TEXT")}));
    set_primary_key(schema.tables[0], {1, 0});
    PlanRequest wanted = request();

    SECTION("in the order of the key") {
        const Script script = script_of(schema, wanted);
        const Statement &key = only(script, Phase::key);
        CHECK(key.sql == "ALTER TABLE \"shop\".\"line\" ADD CONSTRAINT \"line_pkey\" PRIMARY KEY "
                         "(\"b\", \"a\")");
        CHECK(key.can_fail);
        CHECK(key.fallback_sql == "CREATE INDEX \"line_pkey\" ON \"shop\".\"line\" (\"b\", \"a\")");
        CHECK(key.fallback_note == "its keys are not unique in PostgreSQL: a plain index instead");
        CHECK(key.probe_sql ==
              "SELECT COALESCE(pg_catalog.sum(probe.n), 0)::bigint, "
              "pg_catalog.string_agg(probe.k, ', ' ORDER BY probe.i) FILTER (WHERE probe.i <= 10) "
              "FROM (SELECT pg_catalog.count(*) AS n, pg_catalog.row_number() OVER (ORDER BY "
              "\"b\", \"a\") AS i, pg_catalog.left(CAST(ROW(\"b\", \"a\") AS text), 60) AS k FROM "
              "\"shop\".\"line\" WHERE \"b\" IS NOT NULL AND \"a\" IS NOT NULL GROUP BY \"b\", "
              "\"a\" HAVING pg_catalog.count(*) > 1) AS probe");
        CHECK(script.records[static_cast<std::size_t>(key.record)].source_name == "line(b, a)");
    }
    SECTION("NULLs in it") {
        Plan plan(schema, wanted);
        std::vector<ColumnStatistics> statistics(2);
        statistics[1].nulls = 2;
        plan.set_loaded(0, 9, statistics);
        const Script script = write_script(plan);
        CHECK(only(script, Phase::key).sql.find("UNIQUE (\"b\", \"a\")") != std::string::npos);
        CHECK(record(script, "primary key", "line(b, a)").status == Fate::adapted);
        CHECK(record(script, "primary key", "line(b, a)").reason ==
              "it holds NULL: UNIQUE instead of PRIMARY KEY");
    }
    SECTION("named, and the name taken") {
        schema.tables[0].primary_key_name = "PK";
        CHECK(only(script_of(schema, wanted), Phase::key).object == "shop.line.pk");
        schema.tables.push_back(table("pk", {column("a", "INT")}));
        CHECK(only(script_of(schema, wanted), Phase::key).object == "shop.line.line_pkey");
        CHECK(record(script_of(schema, wanted), "primary key", "line.PK").source_sql ==
              "CONSTRAINT \"PK\" PRIMARY KEY (b, a)");
    }
    SECTION("COLLATE NOCASE: the key over the column, and an index that folds") {
        schema.tables[0].indexes[0].columns[0].collation = "NOCASE";
        const Script script = script_of(schema, wanted);
        CHECK(only(script, Phase::key).sql.find("PRIMARY KEY (\"b\", \"a\")") != std::string::npos);
        CHECK(only(script, Phase::index).sql ==
              "CREATE UNIQUE INDEX \"line_b_a_lower_idx\" ON \"shop\".\"line\" "
              "(pg_catalog.lower(\"b\"), \"a\")");
        CHECK(only(script, Phase::index).record == only(script, Phase::key).record);
        CHECK(record(script, "primary key", "line(b, a)").reason ==
              "COLLATE NOCASE: a unique index over lower() beside it");
    }
    SECTION("the option") {
        wanted.options.constraints = false;
        const Script script = script_of(schema, wanted);
        CHECK(sql_of(script, Phase::key).empty());
        CHECK(record(script, "primary key", "line(b, a)").reason ==
              "option \"constraints\" is false");
    }
}

TEST_CASE("UNIQUE", "[plan][script][key]") {
    Schema schema = one_table();
    PlanRequest wanted = request();

    SECTION("plain and named") {
        schema.tables[0].indexes.push_back(unique({1, 2}));
        schema.tables[0].indexes.push_back(unique({1}, "Sku_Once"));
        const Script script = script_of(schema, wanted);
        const Strings sql = sql_of(script, Phase::key);
        REQUIRE(sql.size() == 3);
        CHECK(sql[1] == "ALTER TABLE \"shop\".\"item\" ADD CONSTRAINT \"item_sku_qty_key\" UNIQUE "
                        "(\"sku\", \"qty\")");
        CHECK(sql[2] == "ALTER TABLE \"shop\".\"item\" ADD CONSTRAINT \"sku_once\" UNIQUE "
                        "(\"sku\")");
        CHECK(record(script, "unique", "item(sku, qty)").status == Fate::imported);
        CHECK(record(script, "unique", "item.Sku_Once").target_name == "shop.item.sku_once");
    }
    SECTION("a column twice") {
        schema.tables[0].indexes.push_back(unique({1, 1}));
        CHECK(sql_of(script_of(schema, wanted), Phase::key)[1].ends_with("UNIQUE (\"sku\")"));
    }
    SECTION("without case it is an index") {
        schema.tables[0].columns[1].collation = "NOCASE";
        schema.tables[0].indexes.push_back(unique({1}));
        schema.tables[0].indexes[0].columns[0].collation = "NOCASE";
        const Script script = script_of(schema, wanted);
        CHECK(sql_of(script, Phase::key).size() == 1);
        const Statement &index = only(script, Phase::index);
        CHECK(index.sql == "CREATE UNIQUE INDEX \"item_sku_idx\" ON \"shop\".\"item\" "
                           "(pg_catalog.lower(\"sku\"))");
        CHECK(index.fallback_sql == "CREATE INDEX \"item_sku_idx\" ON \"shop\".\"item\" "
                                    "(pg_catalog.lower(\"sku\"))");
        CHECK(index.probe_sql.find("GROUP BY pg_catalog.lower(\"sku\") HAVING") !=
              std::string::npos);
        CHECK(record(script, "unique", "item(sku)").status == Fate::adapted);
        CHECK(record(script, "column", "item.sku").reason ==
              "COLLATE NOCASE holds only in its UNIQUE and indexes, by lower()");
    }
    SECTION("with citext it is a constraint") {
        schema.tables[0].columns[1].collation = "NOCASE";
        schema.tables[0].indexes.push_back(unique({1}));
        schema.tables[0].indexes[0].columns[0].collation = "NOCASE";
        wanted.options.nocase = Nocase::citext;
        wanted.citext_schema = "\"Ext\"";
        const Script script = script_of(schema, wanted);
        CHECK(sql_of(script, Phase::key)[1].ends_with("UNIQUE (\"sku\")"));
        CHECK(sql_of(script, Phase::table)[0].find("\"sku\" \"Ext\".citext,") != std::string::npos);
        CHECK_FALSE(has_record(script, "column"));
    }
    SECTION("other collations are told") {
        schema.tables[0].columns[1].collation = "RTRIM";
        schema.tables[0].indexes.push_back(unique({1}));
        schema.tables[0].indexes[0].columns[0].collation = "RTRIM";
        const Script script = script_of(schema, wanted);
        CHECK(record(script, "unique", "item(sku)").reason ==
              "collation RTRIM is not carried over");
        CHECK(record(script, "column", "item.sku").reason == "collation RTRIM is not carried over");
    }
    SECTION("json has no order, jsonb has") {
        schema.tables[0].indexes.push_back(unique({1}));
        wanted.options.types.push_back({"item", "sku", "json"});
        wanted.resolved_types.emplace_back("json", "json");
        CHECK(record(script_of(schema, wanted), "unique", "item(sku)").reason ==
              "values of type json of column \"sku\" have no order to index");
        wanted.resolved_types[0].second = "jsonb";
        CHECK(record(script_of(schema, wanted), "unique", "item(sku)").status == Fate::imported);
        wanted.resolved_types[0].second = "xml";
        CHECK(record(script_of(schema, wanted), "unique", "item(sku)").status == Fate::skipped);
    }
    SECTION("too many columns") {
        Index wide = unique({});
        for (int i = 0; i < 33; ++i) {
            schema.tables[0].columns.push_back(column("c" + std::to_string(i), "INT"));
            wide.columns.push_back(key_column(i + 3));
        }
        schema.tables[0].indexes.push_back(std::move(wide));
        const Script script = script_of(schema, wanted);
        CHECK(script.table_notes[0].back().ends_with(
            "PostgreSQL allows no more than 32 columns in a key or index"));
    }
}

TEST_CASE("indexes", "[plan][script][index]") {
    Schema schema = one_table();
    PlanRequest wanted = request();
    std::vector<Index> &indexes = schema.tables[0].indexes;

    SECTION("plain, with directions") {
        indexes.push_back(fixture::index("Item_Qty", {2, 1}));
        indexes[0].columns[0].is_descending = true;
        const Script script = script_of(schema, wanted);
        CHECK(only(script, Phase::index).sql ==
              "CREATE INDEX \"item_qty\" ON \"shop\".\"item\" (\"qty\" DESC, \"sku\")");
        CHECK(only(script, Phase::index).fallback_sql.empty());
        CHECK(record(script, "index", "item.Item_Qty").status == Fate::imported);
        CHECK(record(script, "index", "item.Item_Qty").source_sql == "CREATE INDEX Item_Qty");
    }
    SECTION("a partial unique index stays partial, in its fallback too") {
        indexes.push_back(fixture::index("one", {1}, true));
        indexes[0].predicate = expression("qty > 0");
        const Statement index = only(script_of(schema, wanted), Phase::index);
        const std::string predicate = check_sql("qty > 0");
        CHECK(index.sql == "CREATE UNIQUE INDEX \"one\" ON \"shop\".\"item\" (\"sku\") WHERE (" +
                               predicate + ")");
        CHECK(index.fallback_sql ==
              "CREATE INDEX \"one\" ON \"shop\".\"item\" (\"sku\") WHERE (" + predicate + ")");
        CHECK(index.probe_sql.find("WHERE \"sku\" IS NOT NULL AND (" + predicate + ") GROUP BY") !=
              std::string::npos);
    }
    SECTION("a predicate without an equal") {
        indexes.push_back(fixture::index("one", {1}, true));
        indexes[0].predicate = expression("load_extension('x') > 0");
        const Script script = script_of(schema, wanted);
        CHECK(sql_of(script, Phase::index).empty());
        CHECK(record(script, "index", "item.one").status == Fate::skipped);
        CHECK_FALSE(record(script, "index", "item.one").reason.empty());
        indexes[0].predicate = SourceExpression{"??", nullptr, "a strange operator"};
        CHECK(record(script_of(schema, wanted), "index", "item.one").reason ==
              "a strange operator");
    }
    SECTION("expressions") {
        indexes.push_back(fixture::index("folded", {}));
        indexes[0].columns.emplace_back().expression = expression("length(sku)");
        indexes[0].columns[0].is_descending = true;
        indexes[0].columns.push_back(key_column(2));
        const std::string sql = only(script_of(schema, wanted), Phase::index).sql;
        CHECK(sql.starts_with("CREATE INDEX \"folded\" ON \"shop\".\"item\" (("));
        CHECK(sql.ends_with(") DESC, \"qty\")"));
        indexes[0].columns[0].expression->tree = nullptr;
        indexes[0].columns[0].expression->problem = "no";
        CHECK(record(script_of(schema, wanted), "index", "item.folded").reason == "no");
        indexes[0].columns[0].expression.reset();
        CHECK(record(script_of(schema, wanted), "index", "item.folded").reason ==
              "one of its terms is not known");
    }
    SECTION("one name space with tables, views and made names") {
        indexes.push_back(fixture::index("A B", {1}));
        indexes.push_back(fixture::index("item_pkey", {1}));
        schema.tables.push_back(table("a b", {column("x", "INT")}));
        const Script script = script_of(schema, wanted);
        CHECK(only(script, Phase::key).object == "shop.item.item_pkey_1");
        CHECK(record(script, "index", "item.A B").reason ==
              "named \"a b_1\": the name is taken; folded to lower case");
        CHECK(record(script, "index", "item.item_pkey").target_name == "shop.item.item_pkey");
    }
    SECTION("the option") {
        indexes.push_back(fixture::index("i", {1}));
        wanted.options.indexes = false;
        CHECK(record(script_of(schema, wanted), "index", "item.i").reason ==
              "option \"indexes\" is false");
    }
}
