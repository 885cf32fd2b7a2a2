#include "core/sqlite/catalog.hpp"

#include "core/error.hpp"
#include "core/sqlite/shadow_tables.hpp"
#include "core/sqlite/sql_parser.hpp"
#include "core/sqlite/statement.hpp"
#include "core/sqlite/table_catalog.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

// One row of sqlite_schema.
struct Entry {
    std::string type;
    std::string name;
    std::string table;
    std::string sql;
};

std::vector<Entry> read_entries(const Database &database) {
    std::vector<Entry> entries;
    Statement rows(database, "SELECT type, name, tbl_name, sql FROM main.sqlite_schema",
                   "read the schema");
    while (rows.step())
        entries.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3)});
    return entries;
}

std::string read_encoding(const Database &database) {
    Statement row(database, "PRAGMA encoding", "read the encoding");
    return row.step() ? row.text(0) : "UTF-8";
}

View make_view(Entry &entry) {
    ViewClauses clauses = parse_create_view(entry.sql);
    View view;
    view.name = std::move(entry.name);
    view.sql = std::move(entry.sql);
    view.column_names = std::move(clauses.column_names);
    view.select = std::move(clauses.select);
    view.problem = std::move(clauses.problem);
    return view;
}

// SQLite keeps the prefix for itself and refuses it for others in every version.
bool is_internal_name(const std::string &name) {
    return sqlite3_strnicmp(name.c_str(), "sqlite_", 7) == 0;
}

Table make_table(Entry &entry, const ShadowTables &shadows) {
    Table table;
    table.name = std::move(entry.name);
    table.sql = std::move(entry.sql);
    if (const std::optional<std::string> module = virtual_module(table.sql)) {
        table.kind = TableKind::virtual_table;
        table.module = *module;
    } else if (is_internal_name(table.name)) {
        table.kind = TableKind::internal;
    } else if (const std::string *owner = shadows.owner_of(table.name)) {
        table.kind = TableKind::shadow;
        table.module = *owner;
    }
    return table;
}

ShadowTables find_virtual_tables(const std::vector<Entry> &entries) {
    ShadowTables shadows;
    for (const Entry &entry : entries)
        if (entry.type == "table" && virtual_module(entry.sql))
            shadows.add(entry.name, entry.sql);
    return shadows;
}

IndexTexts collect_index_texts(const std::vector<Entry> &entries) {
    IndexTexts texts;
    for (const Entry &entry : entries)
        if (entry.type == "index")
            texts.emplace(entry.name, entry.sql);
    return texts;
}

// sqlite_sequence is an ordinary table that anybody can have written to: only integers count.
void read_sequences(const Database &database, Schema &schema) {
    const auto sequence = std::ranges::find_if(schema.tables, [](const Table &table) {
        return table.kind == TableKind::internal && is_same_name(table.name, "sqlite_sequence");
    });
    if (sequence == schema.tables.end() || sequence->columns.size() != 2)
        return;
    std::map<std::string, std::int64_t> values;
    Statement rows(database, "SELECT name, seq FROM main.sqlite_sequence NOT INDEXED",
                   "read table \"sqlite_sequence\"");
    while (rows.step()) {
        if (sqlite3_column_type(rows.handle(), 1) != SQLITE_INTEGER)
            continue;
        const std::int64_t value = rows.integer(1);
        const auto [place, is_new] = values.emplace(rows.text(0), value);
        if (!is_new)
            place->second = std::max(place->second, value);
    }
    for (Table &table : schema.tables)
        if (const auto value = values.find(table.name); value != values.end())
            table.sequence = value->second;
}

} // namespace

Schema read_catalog(const Database &database) {
    Schema schema;
    schema.encoding = read_encoding(database);
    std::vector<Entry> entries = read_entries(database);
    const ShadowTables shadows = find_virtual_tables(entries);
    const IndexTexts index_texts = collect_index_texts(entries);
    for (Entry &entry : entries) {
        if (entry.type == "view") {
            schema.views.push_back(make_view(entry));
        } else if (entry.type == "trigger") {
            schema.triggers.push_back(
                {std::move(entry.name), std::move(entry.table), std::move(entry.sql)});
        } else if (entry.type == "table") {
            Table table = make_table(entry, shadows);
            if (table.kind != TableKind::virtual_table)
                describe_table(database, index_texts, table);
            schema.tables.push_back(std::move(table));
        }
    }
    read_sequences(database, schema);
    return schema;
}

} // namespace migrate::core::sqlite
