// Schemas made by hand and profiles fed by hand, for the tests of core/plan.
#pragma once

#include "core/plan/plan.hpp"
#include "core/sqlite/sql_parser.hpp"

#include "catch.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace fixture {

using namespace migrate::core;

// A Column cannot be copied, and so not stand in a list in braces.
struct ColumnSketch {
    std::string name;
    std::string type;
    bool is_not_null = false;
    operator Column() const {
        Column made;
        made.name = name;
        made.declared_type = type;
        made.collation = "BINARY";
        made.is_not_null = is_not_null;
        return made;
    }
};

inline ColumnSketch column(std::string name, std::string type, bool is_not_null = false) {
    return {std::move(name), std::move(type), is_not_null};
}

inline Table table(std::string name, std::initializer_list<ColumnSketch> columns) {
    Table made;
    made.name = std::move(name);
    made.sql = "CREATE TABLE " + made.name;
    for (const ColumnSketch &column : columns)
        made.columns.push_back(column);
    return made;
}

// The first column becomes exactly INTEGER PRIMARY KEY.
inline Table rowid_table(std::string name, std::initializer_list<ColumnSketch> columns) {
    Table made = table(std::move(name), columns);
    made.columns[0].key_position = 1;
    made.primary_key = {0};
    made.rowid_alias = 0;
    return made;
}

inline KeyColumn key_column(int column, std::string collation = "BINARY",
                            bool is_descending = false) {
    KeyColumn made;
    made.column = column;
    made.collation = std::move(collation);
    made.is_descending = is_descending;
    return made;
}

inline Index index(std::string name, std::initializer_list<int> columns, bool is_unique = false) {
    Index made;
    made.name = std::move(name);
    made.sql = "CREATE INDEX " + made.name;
    made.is_unique = is_unique;
    for (const int number : columns)
        made.columns.push_back(key_column(number));
    return made;
}

inline Index unique(std::initializer_list<int> columns, std::string name = "") {
    Index made = index("sqlite_autoindex", columns, true);
    made.sql.clear();
    made.constraint_name = std::move(name);
    made.origin = IndexOrigin::unique_constraint;
    return made;
}

inline void set_primary_key(Table &table, std::initializer_list<int> columns) {
    table.primary_key = columns;
    Index made = index("sqlite_autoindex_pk", columns, true);
    made.sql.clear();
    made.origin = IndexOrigin::primary_key;
    table.indexes.push_back(std::move(made));
}

inline ForeignKey foreign_key(std::initializer_list<int> columns, std::string parent,
                              std::vector<std::string> parent_columns = {}) {
    ForeignKey made;
    made.columns = columns;
    made.parent_table = std::move(parent);
    made.parent_columns = std::move(parent_columns);
    return made;
}

inline SourceExpression expression(std::string_view text) {
    return sqlite::parse_expression(text);
}

inline Check check(std::string_view text, std::string name = "") {
    Check made;
    made.name = std::move(name);
    made.expression = expression(text);
    return made;
}

inline View view(std::string name, std::string_view sql) {
    sqlite::ViewClauses clauses = sqlite::parse_create_view(sql);
    View made;
    made.name = std::move(name);
    made.sql = sql;
    made.column_names = std::move(clauses.column_names);
    made.select = std::move(clauses.select);
    made.problem = std::move(clauses.problem);
    return made;
}

inline plan::PlanRequest request(std::string schema = "shop") {
    plan::PlanRequest made;
    made.target_schema = std::move(schema);
    return made;
}

// A stored value: NULL, integer, real or text.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

inline Value integer(std::int64_t value) {
    return Value(value);
}

// Reads rows into a table's profile, row ids from 1, and hands it to the plan.
inline void feed(plan::Plan &plan, std::size_t table, const std::vector<std::vector<Value>> &rows) {
    plan::TableProfile profile = plan.make_profile(table);
    Batch batch(profile.columns.size());
    std::int64_t row_id = 0;
    for (const std::vector<Value> &row : rows) {
        Cell *cells = batch.add_row(++row_id);
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (const auto *number = std::get_if<std::int64_t>(&row[i]))
                cells[i].set_integer(*number);
            else if (const auto *real = std::get_if<double>(&row[i]))
                cells[i].set_real(*real);
            else if (const auto *text = std::get_if<std::string>(&row[i]))
                batch.set_bytes(cells[i], StorageClass::text, *text);
        }
    }
    profile.add(batch);
    plan.set_profile(table, std::move(profile));
}

// order_line refers to Orders (an identity) and to item (a key of type text).
inline Schema shop() {
    Schema schema;
    schema.tables.push_back(table("order_line", {column("order_id", "INTEGER"),
                                                 column("sku", "TEXT"), column("price", "REAL")}));
    schema.tables[0].foreign_keys.push_back(foreign_key({0}, "Orders"));
    schema.tables[0].foreign_keys.push_back(foreign_key({1}, "item", {"SKU"}));
    schema.tables.push_back(
        rowid_table("Orders", {column("id", "INTEGER"), column("placed", "DATETIME")}));
    schema.tables.push_back(table("item", {column("sku", "TEXT", true), column("any", "")}));
    set_primary_key(schema.tables[2], {0});
    schema.views.push_back(view("v_top", "CREATE VIEW v_top AS SELECT * FROM v_base"));
    schema.views.push_back(view("v_base", "CREATE VIEW v_base AS SELECT * FROM item"));
    return schema;
}

inline std::string type_of(const plan::Plan &made, std::string_view table, std::size_t column) {
    const int found = made.find_table(table);
    REQUIRE(found >= 0);
    return made.tables()[static_cast<std::size_t>(found)].columns[column].type.sql();
}

// The index of a planned table.
inline std::size_t at(const plan::Plan &made, std::string_view table) {
    const int found = made.find_table(table);
    REQUIRE(found >= 0);
    return static_cast<std::size_t>(found);
}

} // namespace fixture
