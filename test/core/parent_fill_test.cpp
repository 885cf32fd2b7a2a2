// Columns that the target has and the file lacks, filled from the rows of parents.
#include "core/plan/parent_fill.hpp"
#include "core/plan/plan_selection.hpp"
#include "core/plan/tenancy.hpp"
#include "plan_fixture.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::plan;
using fixture::column;
using fixture::rowid_table;

namespace {

TargetTable target_of(std::string name, const std::vector<std::string> &columns) {
    TargetTable made;
    made.name = std::move(name);
    for (const std::string &each : columns)
        made.columns.emplace_back().name = each;
    return made;
}

TargetForeignKey refers(std::vector<int> columns, int parent, std::vector<std::string> of_parent) {
    TargetForeignKey key;
    key.columns = std::move(columns);
    key.parent = parent;
    key.parent_columns = std::move(of_parent);
    return key;
}

// Customers(id, account_id), Orders(id, customer_id), Lines(id, order_id), and what the target
// makes of them.
struct Shop {
    Schema schema;
    TargetTables targets;

    Shop() {
        schema.tables.push_back(
            rowid_table("Customers", {column("id", "INTEGER"), column("account_id", "INT")}));
        schema.tables.push_back(
            rowid_table("Orders", {column("id", "INTEGER"), column("customer_id", "INT")}));
        schema.tables.push_back(
            rowid_table("Lines", {column("id", "INTEGER"), column("order_id", "INT")}));
        targets.tables.push_back(target_of("lines", {"id", "order_id", "line_account"}));
        targets.tables.push_back(target_of("orders", {"id", "customer_id", "customer_account"}));
        targets.tables.push_back(target_of("customers", {"id", "account_id"}));
        targets.tables[0].foreign_keys.push_back(refers({2, 1}, 1, {"customer_account", "id"}));
        targets.tables[1].foreign_keys.push_back(refers({2, 1}, 2, {"account_id", "id"}));
    }

    void fill() { fill_from_parents(schema, targets, ImportOptions()); }
};

} // namespace

TEST_CASE("parent fill: over parents of parents", "[plan][tenancy]") {
    Shop shop;
    shop.fill();
    const Table &orders = shop.schema.tables[1];
    REQUIRE(orders.columns.size() == 3);
    CHECK(orders.columns[2].name == "customer_account");
    CHECK(orders.columns[2].adaptation == "filled from the parent \"Customers\" (customer_id)");
    REQUIRE(orders.columns[2].lookups.size() == 1);
    CHECK(orders.columns[2].lookups[0].parent_columns == std::vector<std::string>{"id"});
    CHECK(orders.columns[2].lookups[0].value_column == "account_id");
    const Table &lines = shop.schema.tables[2];
    REQUIRE(lines.columns.size() == 3);
    CHECK(lines.columns[2].lookups[0].parent_table == "Orders");
    CHECK(lines.columns[2].lookups[0].value_column.empty());
    REQUIRE(lines.columns[2].lookups[0].lookups.size() == 1);
    CHECK(lines.columns[2].lookups[0].lookups[0].value_column == "account_id");
}

TEST_CASE("parent fill: what leads nowhere", "[plan][tenancy]") {
    Shop shop;
    SECTION("the file's columns are no key of the parent") {
        shop.schema.tables[0].primary_key.clear();
        shop.schema.tables[0].indexes.clear();
    }
    SECTION("the target computes the column") {
        shop.targets.tables[1].columns[2].is_generated = true;
    }
    SECTION("the file does not have the parent") {
        shop.schema.tables[0].name = "Clients";
    }
    shop.fill();
    CHECK(shop.schema.tables[1].columns.size() == 2);
    CHECK(shop.schema.tables[2].columns.size() == 2);
}

TEST_CASE("parent fill: a reference to its own table fills nothing by itself", "[plan][tenancy]") {
    Shop shop;
    shop.targets.tables[1].foreign_keys[0] = refers({2, 1}, 1, {"customer_account", "id"});
    shop.fill();
    CHECK(shop.schema.tables[1].columns.size() == 2);
}

TEST_CASE("parent fill: keys that tenancy rewrote are the file's still", "[plan][tenancy]") {
    Shop shop;
    ImportOptions options;
    options.tenant_key = "account_id";
    apply_tenancy(shop.schema, select_relations(shop.schema, {}, {}), options);
    REQUIRE(shop.schema.tables[0].primary_key == std::vector<int>{1, 0});
    shop.fill();
    CHECK(shop.schema.tables[1].columns.back().name == "customer_account");
}
