// Scripts of schemas made by hand, for the tests of core/plan/script*.cpp.
#pragma once

#include "core/plan/expression_printer.hpp"
#include "core/plan/script.hpp"
#include "plan_fixture.hpp"

#include "catch.hpp"

#include <algorithm>

namespace fixture {

using namespace migrate::core::plan;
using Strings = std::vector<std::string>;

inline Strings sql_of(const Script &script, Phase phase) {
    Strings all;
    for (const Statement &statement : script.statements) {
        if (statement.phase == phase)
            all.push_back(statement.sql);
    }
    return all;
}

inline const Statement &only(const Script &script, Phase phase) {
    const auto is_it = [&](const Statement &statement) { return statement.phase == phase; };
    REQUIRE(std::count_if(script.statements.begin(), script.statements.end(), is_it) == 1);
    return *std::find_if(script.statements.begin(), script.statements.end(), is_it);
}

inline const ObjectRecord &record(const Script &script, std::string_view type,
                                  std::string_view name) {
    const auto is_it = [&](const ObjectRecord &record) {
        return record.object_type == type && record.source_name == name;
    };
    INFO(type << " " << name);
    REQUIRE(std::count_if(script.records.begin(), script.records.end(), is_it) == 1);
    return *std::find_if(script.records.begin(), script.records.end(), is_it);
}

inline bool has_record(const Script &script, std::string_view type) {
    return std::any_of(script.records.begin(), script.records.end(),
                       [&](const ObjectRecord &record) { return record.object_type == type; });
}

inline Script script_of(const Schema &schema, PlanRequest wanted = request()) {
    return write_script(Plan(schema, std::move(wanted)));
}

// item(id, sku, qty) with a key on id.
inline Schema one_table() {
    Schema schema;
    schema.tables.push_back(rowid_table(
        "item", {column("id", "INTEGER"), column("sku", "TEXT"), column("qty", "INTEGER")}));
    return schema;
}

// What the printer says of an expression over the columns of one_table().
inline std::string check_sql(std::string_view text) {
    std::vector<BoundColumn> columns;
    columns.push_back({"id", "id", make_type(TypeKind::bigint), EpochUnit::none, "BINARY", false});
    columns.push_back({"sku", "sku", make_type(TypeKind::text), EpochUnit::none, "BINARY", false});
    columns.push_back(
        {"qty", "qty", make_type(TypeKind::bigint), EpochUnit::none, "BINARY", false});
    const SourceExpression source = expression(text);
    REQUIRE(source.tree != nullptr);
    const Printed printed = print_check(*source.tree, columns, {});
    REQUIRE(printed.problem == "");
    return printed.sql;
}

} // namespace fixture
