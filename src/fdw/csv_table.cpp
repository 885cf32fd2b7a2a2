#include "fdw/csv_table.hpp"

#include "core/csv/file_list.hpp"
#include "core/csv/foreign_options.hpp"
#include "fdw/csv_table_options.hpp"
#include "pg/csv_column.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/permissions.hpp"

#include <memory>

#include "pg/postgres.hpp"

extern "C" {
#include "access/table.h"
#include "foreign/foreign.h"
#include "utils/rel.h"
}

namespace migrate::fdw {
namespace {

using core::csv::OnError;
using pg::call_core;

void read_options(CsvTable *table) {
    CsvTableState *state = table->state;
    ForeignTable *foreign = GetForeignTable(table->relation);
    add_csv_options(&state->given, GetForeignServer(foreign->serverid)->options);
    add_csv_options(&state->given, foreign->options);
    call_core([&] {
        state->options = core::csv::parse_csv_options(state->given);
        core::csv::check_for_queries(state->options);
    });
    char *filename = csv_option_text(foreign->options, "filename");
    if (filename == nullptr) // the validator can be taken off a wrapper
        ereport(ERROR, (errcode(ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED),
                        errmsg("option \"filename\" is required")));
    table->path = pg::checked_path(filename, "filename", "option");
}

void read_column(CsvTable *table, Form_pg_attribute attribute) {
    CsvTableState *state = table->state;
    const CsvColumnOptions said = csv_column_options(table->relation, attribute->attnum);
    const char *name = said.name == nullptr ? nullptr : pg::utf8_text(said.name);
    table->attributes[table->count++] = attribute->attnum;
    pg::add_csv_column(&state->columns, attribute);
    call_core([&] {
        core::csv::TableColumn &column = state->columns.columns.back();
        state->own_names.push_back(column.name);
        column.is_not_null = column.is_not_null && !attribute->atthasdef;
        if (name != nullptr)
            column.name = name;
        if (said.force_null)
            state->options.force_null.names.push_back(column.name);
        if (said.force_not_null)
            state->options.force_not_null.names.push_back(column.name);
    });
}

void read_columns(CsvTable *table) {
    TupleDesc descriptor = table->descriptor;
    CsvTableState *state = table->state;
    table->attributes =
        static_cast<AttrNumber *>(palloc(sizeof(AttrNumber) * (descriptor->natts + 1)));
    for (int i = 0; i < descriptor->natts; i++)
        if (!TupleDescAttr(descriptor, i)->attisdropped)
            read_column(table, TupleDescAttr(descriptor, i));
    call_core([&] {
        state->columns.is_existing = true;
        core::csv::add_origin_columns(state->columns, state->options, state->name);
        core::csv::check_named_columns(state->options, state->columns);
        for (const core::csv::TableColumn &column : state->columns.columns)
            if (column.origin == core::csv::ColumnOrigin::field)
                state->field_names.push_back(column.name);
    });
}

} // namespace

CsvTable *open_csv_table(MemoryContext context, Oid relation) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    auto *table = static_cast<CsvTable *>(palloc0(sizeof(CsvTable)));
    table->state =
        pg::own<CsvTableState>(context, [] { return std::make_unique<CsvTableState>(); });
    table->relation = relation;
    Relation opened = table_open(relation, NoLock);
    table->descriptor = CreateTupleDescCopyConstr(RelationGetDescr(opened));
    const char *name = pg::utf8_text(RelationGetRelationName(opened));
    table_close(opened, NoLock);
    call_core([&] { table->state->name = name; });
    read_options(table);
    read_columns(table);
    MemoryContextSwitchTo(caller);
    return table;
}

void list_files(CsvTable *table) {
    call_core([&] { table->state->files = core::csv::list_csv_files(table->path); });
}

bool keeps_going(const core::csv::CsvOptions &options) {
    return options.on_error != OnError::stop || options.ragged == core::csv::Ragged::reject;
}

} // namespace migrate::fdw
