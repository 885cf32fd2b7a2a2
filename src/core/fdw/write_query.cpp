#include "core/fdw/write_query.hpp"

#include "core/error.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/row_reader.hpp"
#include "core/sqlite/statement.hpp"

#include <string_view>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

std::string name_of(const Table &table, int column) {
    return sqlite::quote_name(table.columns.at(static_cast<std::size_t>(column)).name);
}

// "a", "b"; with `suffix` behind each.
std::string list_of(const Table &table, const std::vector<int> &columns,
                    std::string_view suffix = "", std::string_view between = ", ") {
    std::string list;
    for (const int column : columns) {
        if (!list.empty())
            list += between;
        list += name_of(table, column);
        list += suffix;
    }
    return list;
}

std::string insert_sql(const WriteRequest &request, const std::string &target) {
    const Table &table = *request.relation->table;
    const std::string rowid = sqlite::rowid_name(table);
    std::string sql = "INSERT INTO " + target;
    // DEFAULT VALUES takes no ON CONFLICT; a rowid of NULL is one that SQLite chooses.
    if (request.columns.empty() && (!request.skips_conflicts || rowid.empty()))
        return sql + " DEFAULT VALUES";
    if (request.columns.empty()) {
        sql += " (" + rowid + ") VALUES (NULL)";
    } else {
        sql += " (" + list_of(table, request.columns) + ") VALUES (?";
        for (std::size_t i = 1; i < request.columns.size(); ++i)
            sql += ", ?";
        sql += ")";
    }
    return sql + (request.skips_conflicts ? " ON CONFLICT DO NOTHING" : "");
}

std::string where_sql(const WriteRequest &request) {
    const Table &table = *request.relation->table;
    if (request.keys.empty())
        return " WHERE " + sqlite::rowid_name(table) + " = ?";
    return " WHERE " + list_of(table, request.keys, " = ?", " AND ");
}

} // namespace

std::string write_sql(const WriteRequest &request) {
    const Table &table = *request.relation->table;
    const std::string target = "main." + sqlite::quote_name(table.name);
    std::string sql;
    if (request.kind == WriteKind::insert)
        sql = insert_sql(request, target);
    else if (request.kind == WriteKind::update)
        sql = "UPDATE " + target + " SET " + list_of(table, request.columns, " = ?") +
              where_sql(request);
    else
        sql = "DELETE FROM " + target + where_sql(request);
    if (!request.returned.empty())
        sql += " RETURNING " + list_of(table, request.returned);
    return sql;
}

void check_target(const Relation &relation, bool by_rowid) {
    const Table &table = *relation.table;
    const std::string name = "\"" + sqlite::shown(table.name) + "\"";
    if (relation.is_view)
        throw Error(sqlstate::kWrongObjectType, "cannot write to SQLite view " + name);
    if (table.kind != TableKind::ordinary)
        throw Error(sqlstate::kWrongObjectType, "cannot write to SQLite table " + name)
            .with_detail("It belongs to a virtual table.");
    if (by_rowid && sqlite::rowid_name(table).empty())
        throw Error(sqlstate::kFeatureNotSupported,
                    "cannot update or delete rows of SQLite table " + name)
            .with_detail("It has no rowid, and no column of the foreign table is its key.")
            .with_hint("Give the columns of its primary key the option \"key\".");
}

} // namespace migrate::core::fdw
