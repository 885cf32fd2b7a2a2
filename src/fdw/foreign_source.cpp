#include "fdw/foreign_source.hpp"

#include "core/error.hpp"
#include "core/import_options.hpp"
#include "core/sqlite/file_probe.hpp"
#include "fdw/connection_cache.hpp"
#include "fdw/fdw_options.hpp"
#include "pg/error_bridge.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "pg/postgres.hpp"

extern "C" {
#include "access/table.h"
#include "foreign/foreign.h"
#include "mb/pg_wchar.h"
#include "utils/rel.h"
}

namespace migrate::fdw {
namespace {

using pg::call_core;

constexpr char kTableNotFound[] = "HV00R";
constexpr char kColumnNameNotFound[] = "HV005";

std::string hint_of(const std::string &nearest, const char *kind) {
    return nearest.empty() ? ""
                           : "Perhaps you meant the " + std::string(kind) + " \"" + nearest + "\".";
}

// Inside call_core.
[[noreturn]] void fail_no_table(const core::fdw::Connection &connection, const char *table) {
    std::vector<std::string_view> names;
    for (const core::Table &each : connection.schema().tables)
        names.emplace_back(each.name);
    for (const core::View &each : connection.schema().views)
        names.emplace_back(each.name);
    throw core::Error(kTableNotFound,
                      "SQLite database \"" + core::sqlite::shown(connection.path()) +
                          "\" has no table or view \"" + core::sqlite::shown(table) + "\"")
        .with_hint(hint_of(core::nearest_name(table, names), "table"));
}

[[noreturn]] void fail_no_column(const core::Table &table, const char *column) {
    std::vector<std::string_view> names;
    for (const core::Column &each : table.columns)
        names.emplace_back(each.name);
    throw core::Error(kColumnNameNotFound, "SQLite table \"" + core::sqlite::shown(table.name) +
                                               "\" has no column \"" + core::sqlite::shown(column) +
                                               "\"")
        .with_hint(hint_of(core::nearest_name(column, names), "column"));
}

[[noreturn]] void fail_unreadable(const core::Table &table, const core::Column &column) {
    std::string detail = column.unreadable + ".";
    detail[0] = static_cast<char>(pg_toupper(static_cast<unsigned char>(detail[0])));
    throw core::Error(core::sqlstate::kFeatureNotSupported,
                      "cannot read column \"" + core::sqlite::shown(column.name) +
                          "\" of SQLite table \"" + core::sqlite::shown(table.name) + "\"")
        .with_detail(detail);
}

// The column of that name, spelled alike before spelled otherwise; -1 for none.
int find_column(const core::Table &table, const char *name) {
    const auto find = [&](const auto &is_same) {
        const auto found = std::ranges::find_if(table.columns, is_same);
        return found == table.columns.end() ? -1 : static_cast<int>(found - table.columns.begin());
    };
    const int exact = find([&](const core::Column &each) { return each.name == name; });
    return exact >= 0 ? exact : find([&](const core::Column &each) {
        return sqlite3_stricmp(each.name.c_str(), name) == 0;
    });
}

const char *column_name(const ForeignSource *source, AttrNumber attribute) {
    Form_pg_attribute form = TupleDescAttr(source->descriptor, attribute - 1);
    char *name = column_options(source->relation, attribute).column_name;
    return pg::utf8_text(name != nullptr ? name : NameStr(form->attname));
}

// Types that core knows, and bytea, which as the target of other functions is read as text.
pg::ColumnType foreign_type(Oid type, int32 typmod) {
    pg::ColumnType result = pg::column_type(type, typmod);
    if (type == BYTEAOID)
        result.kind = core::TypeKind::bytea;
    return result;
}

void describe_columns(ForeignSource *source) {
    source->columns =
        static_cast<SourceColumn *>(palloc0(sizeof(SourceColumn) * (source->count + 1)));
    for (int i = 0; i < source->count; i++) {
        Form_pg_attribute attribute = TupleDescAttr(source->descriptor, i);
        SourceColumn *column = &source->columns[i];
        column->source = -1;
        if (attribute->attisdropped)
            continue;
        column->type = foreign_type(attribute->atttypid, attribute->atttypmod);
        column->epoch = column_options(source->relation, attribute->attnum).epoch;
        const char *name = column_name(source, attribute->attnum);
        column->source = call_core([&] { return find_column(*source->found->table, name); });
    }
}

} // namespace

ForeignSource *open_source(MemoryContext context, Oid relation) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    auto *source = static_cast<ForeignSource *>(palloc0(sizeof(ForeignSource)));
    Oid server = GetForeignTable(relation)->serverid;
    Relation opened = table_open(relation, NoLock);
    source->descriptor = CreateTupleDescCopy(RelationGetDescr(opened));
    table_close(opened, NoLock);
    source->relation = relation;
    source->count = source->descriptor->natts;
    source->table = pg::utf8_text(source_table(relation));
    source->timezone = server_options(server).timezone;
    source->lease = open_lease(context, server);
    source->found = call_core([&] {
        const core::fdw::Relation *found = (*source->lease)->find(source->table);
        if (found == nullptr)
            fail_no_table(**source->lease, source->table);
        return found;
    });
    describe_columns(source);
    MemoryContextSwitchTo(caller);
    return source;
}

void close_source(ForeignSource *source) {
    call_core([&] { source->lease->finish(); });
}

void check_column(const ForeignSource *source, AttrNumber attribute) {
    const int column = source->columns[attribute - 1].source;
    const char *name = column < 0 ? column_name(source, attribute) : nullptr;
    call_core([&] {
        const core::Table &table = *source->found->table;
        if (column < 0)
            fail_no_column(table, name);
        if (!table.columns[static_cast<std::size_t>(column)].unreadable.empty())
            fail_unreadable(table, table.columns[static_cast<std::size_t>(column)]);
    });
}

core::fdw::ScanColumn scan_column(const ForeignSource *source, AttrNumber attribute) {
    const SourceColumn &column = source->columns[attribute - 1];
    return {column.source, column.epoch};
}

core::fdw::RowColumn row_column(const ForeignSource *source, AttrNumber attribute,
                                const char *sql) {
    const SourceColumn &column = source->columns[attribute - 1];
    const core::Table &table = *source->found->table;
    core::fdw::RowColumn row;
    row.rule.name = table.columns.at(static_cast<std::size_t>(column.source)).name;
    row.rule.type = pg::core_type(column.type, sql);
    row.rule.epoch = column.epoch;
    row.rule.takes_number_text = core::fdw::takes_number_text(*source->found, column.source);
    row.rule.is_utf8_checked = GetDatabaseEncoding() != PG_SQL_ASCII;
    row.rule.is_utf8_server = GetDatabaseEncoding() == PG_UTF8;
    row.least = column.type.min_integer;
    row.most = column.type.max_integer;
    return row;
}

} // namespace migrate::fdw
