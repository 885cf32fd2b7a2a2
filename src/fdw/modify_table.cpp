#include "fdw/modify_table.hpp"

#include "fdw/connection_cache.hpp"
#include "fdw/fdw_options.hpp"
#include "fdw/scan_spool.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/settings.hpp"

#include <utility>
#include <vector>

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/pg_class_d.h"
#include "executor/executor.h"
#include "foreign/fdwapi.h"
#include "foreign/foreign.h"
#include "nodes/plannodes.h"
#include "parser/parsetree.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
}

namespace migrate::fdw {
namespace {

using core::fdw::WriteKind;
using pg::call_core;

bool is_generated(const ForeignSource *source, AttrNumber attribute) {
    const int column = source->columns[attribute - 1].source;
    return source->found->table->columns[static_cast<std::size_t>(column)].generated !=
           core::Generated::none;
}

[[noreturn]] void refuse(const ForeignSource *source, AttrNumber attribute) {
    call_core([&] {
        core::fdw::refuse_generated(*source->found->table, source->columns[attribute - 1].source);
    });
    pg_unreachable();
}

void add_column(TableModify *table, AttrNumber attribute, AttrNumber junk) {
    const ForeignSource *source = table->scan->source;
    check_column(source, attribute);
    WrittenColumn *column = &table->columns[table->count++];
    *column = written_column(source, attribute);
    column->junk = junk;
    table->needs_settings |= needs_settings(*column);
}

AttrNumber find_junk(const ForeignSource *source, List *plan_columns, AttrNumber attribute) {
    AttrNumber junk =
        ExecFindJunkAttributeInTlist(plan_columns, identity_name(source->descriptor, attribute));
    if (!AttributeNumberIsValid(junk))
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("the key of SQLite table \"%s\" has changed since the statement was "
                               "planned",
                               pg::server_text(source->table)),
                        errhint("Prepare the statement again.")));
    return junk;
}

void add_values(TableModify *table, const ModifyRequest &request) {
    const ForeignSource *source = table->scan->source;
    ListCell *cell = nullptr;
    foreach (cell, request.columns) {
        auto attribute = static_cast<AttrNumber>(lfirst_int(cell));
        check_column(source, attribute);
        if (!is_generated(source, attribute))
            add_column(table, attribute, 0);
        else if (list_member_int(request.named, attribute))
            refuse(source, attribute);
        else if (request.kind == WriteKind::insert)
            table->generated = lappend_int(table->generated, attribute);
    }
    table->values = table->count;
}

void add_identity(TableModify *table, const ModifyRequest &request) {
    const ForeignSource *source = table->scan->source;
    table->is_by_tid = request.identity.columns == NIL;
    if (table->is_by_tid)
        table->tid_junk = find_junk(source, request.plan_columns, 0);
    ListCell *cell = nullptr;
    foreach (cell, request.identity.columns) {
        auto attribute = static_cast<AttrNumber>(lfirst_int(cell));
        add_column(table, attribute, find_junk(source, request.plan_columns, attribute));
    }
}

const char *sql_of_type(const ForeignSource *source, AttrNumber attribute) {
    Form_pg_attribute form = TupleDescAttr(source->descriptor, attribute - 1);
    return pg::type_sql(form->atttypid, form->atttypmod);
}

void make_writer(MemoryContext context, TableModify *table, const ModifyRequest &request) {
    const ForeignSource *source = table->scan->source;
    auto *types = static_cast<const char **>(palloc0(sizeof(char *) * (table->count + 1)));
    for (int i = 0; i < table->count; i++)
        types[i] = sql_of_type(source, table->columns[i].attribute);
    const bool names_key = request.kind != WriteKind::insert && !request.identity.has_rowid;
    List *returned = request.returned;
    table->writer = pg::own<core::fdw::TableWriter>(context, [&] {
        core::fdw::WriteRequest write;
        write.kind = request.kind;
        write.relation = source->found;
        write.skips_conflicts = request.skips_conflicts;
        std::vector<core::fdw::StoredColumn> stored;
        for (int i = 0; i < table->count; i++) {
            const WrittenColumn &column = table->columns[i];
            const int index = source->columns[column.attribute - 1].source;
            if (i >= table->values && !names_key)
                break; // the rowid, which needs no column
            (i < table->values ? write.columns : write.keys).push_back(index);
            stored.push_back(stored_column(source, column, types[i]));
        }
        for (int i = 0; i < list_length(returned); i++)
            write.returned.push_back(source->columns[returned->elements[i].int_value - 1].source);
        auto writer = std::make_unique<core::fdw::TableWriter>(**source->lease, std::move(write),
                                                               std::move(stored));
        if (request.has_repeats)
            writer->expect_repeats();
        return writer;
    });
}

void fill_cells(TableModify *table, TupleTableSlot *slot, TupleTableSlot *plan_slot) {
    bool is_null = false;
    for (int i = 0; i < table->count; i++) {
        const WrittenColumn &column = table->columns[i];
        Datum value = column.junk != 0 ? ExecGetJunkAttribute(plan_slot, column.junk, &is_null)
                                       : slot_getattr(slot, column.attribute, &is_null);
        table->cells[i] = value_cell(column, value, is_null);
    }
    if (table->tid_junk != 0) {
        Datum tid = ExecGetJunkAttribute(plan_slot, table->tid_junk, &is_null);
        core::Cell cell;
        cell.set_integer(stored_row_id(reinterpret_cast<ItemPointer>(DatumGetPointer(tid))));
        table->cells[table->count] = cell;
    }
}

void check_generated(const TableModify *table, TupleTableSlot *slot) {
    ListCell *cell = nullptr;
    foreach (cell, table->generated) {
        auto attribute = static_cast<AttrNumber>(lfirst_int(cell));
        if (!slot_attisnull(slot, attribute))
            refuse(table->scan->source, attribute);
    }
}

// The values that the row has in the file now, over those that were written.
void store_returned(TableModify *table, TupleTableSlot *slot) {
    TupleDesc descriptor = slot->tts_tupleDescriptor;
    const auto natts = static_cast<Size>(descriptor->natts);
    auto *values = static_cast<Datum *>(palloc0(sizeof(Datum) * (natts + 1)));
    auto *nulls = static_cast<bool *>(palloc(sizeof(bool) * (natts + 1)));
    memset(nulls, true, sizeof(bool) * (natts + 1));
    if (!TTS_EMPTY(slot)) {
        slot_getallattrs(slot);
        memcpy(values, slot->tts_values, sizeof(Datum) * natts);
        memcpy(nulls, slot->tts_isnull, sizeof(bool) * natts);
    }
    show_row(table->scan, values, nulls);
    HeapTuple tuple = heap_form_tuple(descriptor, values, nulls);
    Oid relation = slot->tts_tableOid;
    ExecForceStoreHeapTuple(tuple, slot, false);
    ExecMaterializeSlot(slot);
    slot->tts_tableOid = relation;
}

} // namespace

void begin_statement_write(EState *executor, Oid relation) {
    List *targets = executor->es_plannedstmt->resultRelations;
    if (targets == NIL)
        return;
    Oid server = GetForeignServerIdByRelId(relation);
    ListCell *cell = nullptr;
    foreach (cell, targets) {
        RangeTblEntry *target = rt_fetch(lfirst_int(cell), executor->es_range_table);
        if (get_rel_relkind(target->relid) == RELKIND_FOREIGN_TABLE &&
            GetForeignServerIdByRelId(target->relid) == server && is_writable_server(server)) {
            begin_write(server);
            return;
        }
    }
}

TableModify *open_modify(MemoryContext context, Oid relation, const ModifyRequest &request,
                         bool is_run) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    if (is_run)
        begin_write(GetForeignServerIdByRelId(relation));
    auto *table = static_cast<TableModify *>(palloc0(sizeof(TableModify)));
    table->scan = open_scan(context, relation, request.returned, NIL);
    const ForeignSource *source = table->scan->source;
    call_core([&] { core::fdw::check_target(*source->found, false); });
    const int most = list_length(request.columns) + list_length(request.identity.columns);
    table->columns = static_cast<WrittenColumn *>(palloc0(sizeof(WrittenColumn) * (most + 1)));
    table->cells = static_cast<core::Cell *>(palloc0(sizeof(core::Cell) * (most + 1)));
    add_values(table, request);
    if (request.kind != WriteKind::insert)
        add_identity(table, request);
    table->has_returned = request.returned != NIL;
    make_writer(context, table, request);
    table->row_memory =
        AllocSetContextCreate(context, "migrate written row", ALLOCSET_DEFAULT_SIZES);
    MemoryContextSwitchTo(caller);
    return table;
}

bool modify_row(TableModify *table, TupleTableSlot *slot, TupleTableSlot *plan_slot) {
    const ForeignSource *source = table->scan->source;
    spool_scans(source);
    save_level(source->lease);
    MemoryContextReset(table->row_memory);
    MemoryContext caller = MemoryContextSwitchTo(table->row_memory);
    const int level = table->needs_settings ? pg::push_settings() : 0;
    fill_cells(table, slot, plan_slot);
    if (table->needs_settings)
        pg::pop_settings(level);
    check_generated(table, slot);
    core::Batch *returned = table->has_returned ? &table->scan->state->rows->batch() : nullptr;
    const bool is_written = call_core([&] { return table->writer->write(table->cells, returned); });
    if (is_written && returned != nullptr)
        store_returned(table, slot);
    MemoryContextSwitchTo(caller);
    return is_written;
}

void close_modify(TableModify *table) {
    close_scan(table->scan);
}

} // namespace migrate::fdw
