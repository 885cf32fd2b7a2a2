#include "pg/table_sync.hpp"

#include "pg/error_bridge.hpp"
#include "pg/insert_text.hpp"
#include "pg/sql_names.hpp"
#include "pg/sync_scope.hpp"
#include "pg/sync_state.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "access/genam.h"
#include "access/table.h"
#include "catalog/pg_class_d.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"
}

namespace migrate::pg {
namespace {

// No column of a condition is likely to have this name.
constexpr char kRowId[] = "migrate row id";
constexpr char kTenant[] = "migrate tenant";

// --- the table ----------------------------------------------------------------------------------

void check_target(Relation relation) {
    Form_pg_class form = relation->rd_rel;
    if (form->relkind != RELKIND_RELATION && form->relkind != RELKIND_PARTITIONED_TABLE)
        ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
                        errmsg("cannot sync \"%s\"", RelationGetRelationName(relation)),
                        errdetail("Only tables and partitioned tables are synced.")));
    if (form->relhasrules && relation->rd_rules != nullptr)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("cannot sync table \"%s\"", RelationGetRelationName(relation)),
                        errdetail("Its rules would make something else of the statements.")));
}

// By the default order of the type, which ORDER BY and the key's index have too.
void prepare_order(SortSupport order, Oid type, Oid collation) {
    TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_LT_OPR);
    if (!OidIsValid(entry->lt_opr))
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
                        errmsg("type %s cannot be part of a key", format_type_be(type)),
                        errdetail("It has no order.")));
    order->ssup_cxt = CurrentMemoryContext;
    order->ssup_collation = collation;
    order->ssup_nulls_first = false;
    order->ssup_attno = 0;
    order->abbreviate = false;
    PrepareSortSupportFromOrderingOp(entry->lt_opr, order);
}

void read_columns(TableSync *sync, TupleDesc relation) {
    const int count = sync->count;
    sync->names = static_cast<const char **>(palloc0(sizeof(char *) * (count + 1)));
    sync->is_key = static_cast<bool *>(palloc0(sizeof(bool) * (count + 1)));
    sync->is_compared = static_cast<bool *>(palloc0(sizeof(bool) * (count + 1)));
    sync->is_not_null = static_cast<bool *>(palloc0(sizeof(bool) * (count + 1)));
    sync->is_changed = static_cast<bool *>(palloc0(sizeof(bool) * (count + 1)));
    sync->lengths = static_cast<int16 *>(palloc0(sizeof(int16) * (count + 1)));
    sync->by_value = static_cast<bool *>(palloc0(sizeof(bool) * (count + 1)));
    for (int i = 0; i < count; i++) {
        Form_pg_attribute attribute = TupleDescAttr(relation, sync->columns[i].attribute);
        sync->names[i] = quote_identifier(pstrdup(NameStr(attribute->attname)));
        sync->is_compared[i] = attribute->attidentity != ATTRIBUTE_IDENTITY_ALWAYS;
        sync->is_not_null[i] = attribute->attnotnull;
        sync->lengths[i] = attribute->attlen;
        sync->by_value[i] = attribute->attbyval;
    }
}

void read_key(TableSync *sync, TupleDesc relation) {
    const WriterTarget &target = sync->request.target;
    sync->keys = target.key_columns;
    sync->key_columns = static_cast<int *>(palloc0(sizeof(int) * (sync->keys + 1)));
    sync->orders =
        static_cast<SortSupportData *>(palloc0(sizeof(SortSupportData) * (sync->keys + 1)));
    sync->previous = static_cast<Datum *>(palloc0(sizeof(Datum) * (sync->keys + 1)));
    sync->previous_target = static_cast<Datum *>(palloc0(sizeof(Datum) * (sync->keys + 1)));
    for (int i = 0; i < sync->keys; i++) {
        const int column = find_sync_column(sync, target.key[i]);
        Form_pg_attribute attribute = TupleDescAttr(relation, sync->columns[column].attribute);
        sync->key_columns[i] = column;
        sync->is_key[column] = true;
        prepare_order(&sync->orders[i], attribute->atttypid, attribute->attcollation);
    }
}

bool is_unique_index(const TableSync *sync, Relation index) {
    const Form_pg_index form = index->rd_index;
    if (!form->indisunique || !form->indisvalid || form->indnkeyatts != sync->keys ||
        !heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, nullptr))
        return false;
    for (int i = 0; i < form->indnkeyatts; i++) {
        bool is_found = false;
        for (int key = 0; key < sync->keys; key++)
            is_found |=
                form->indkey.values[i] == sync->columns[sync->key_columns[key]].attribute + 1;
        if (!is_found)
            return false;
    }
    return true;
}

// Whether an index of the table answers for it that no key comes twice.
bool has_unique_index(const TableSync *sync, Relation relation) {
    ListCell *cell = nullptr;
    foreach (cell, RelationGetIndexList(relation)) {
        Relation index = index_open(lfirst_oid(cell), AccessShareLock);
        const bool is_one = is_unique_index(sync, index);
        index_close(index, NoLock);
        if (is_one)
            return true;
    }
    return false;
}

bool has_key_to_itself(Relation relation) {
    ListCell *cell = nullptr;
    foreach (cell, RelationGetFKeyList(relation))
        if (static_cast<ForeignKeyCacheInfo *>(lfirst(cell))->confrelid ==
            RelationGetRelid(relation))
            return true;
    return false;
}

void read_watermark(TableSync *sync, TupleDesc relation) {
    sync->watermark = -1;
    if (sync->request.watermark == nullptr)
        return;
    sync->watermark = find_sync_column(sync, sync->request.watermark);
    Form_pg_attribute attribute = TupleDescAttr(relation, sync->columns[sync->watermark].attribute);
    prepare_order(&sync->mark_order, attribute->atttypid, attribute->attcollation);
}

// --- rows that wait -----------------------------------------------------------------------------

TupleDesc describe_columns(const TableSync *sync, TupleDesc relation, bool has_row_id) {
    TupleDesc descriptor = CreateTemplateTupleDesc(sync->count + (has_row_id ? 1 : 0));
    for (int i = 0; i < sync->count; i++) {
        Form_pg_attribute attribute = TupleDescAttr(relation, sync->columns[i].attribute);
        const auto number = static_cast<AttrNumber>(i + 1);
        TupleDescInitEntry(descriptor, number, NameStr(attribute->attname), attribute->atttypid,
                           attribute->atttypmod, 0);
        TupleDescInitEntryCollation(descriptor, number, attribute->attcollation);
    }
    if (has_row_id)
        TupleDescInitEntry(descriptor, static_cast<AttrNumber>(sync->count + 1), kRowId, INT8OID,
                           -1, 0);
    return descriptor;
}

// With a scope, the tenant of the row behind its key.
TupleDesc describe_key(const TableSync *sync, TupleDesc columns) {
    const int tenant = scope_column(sync);
    TupleDesc descriptor = CreateTemplateTupleDesc(sync->keys + (tenant >= 0 ? 1 : 0));
    for (int i = 0; i < sync->keys; i++) {
        Form_pg_attribute attribute = TupleDescAttr(columns, sync->key_columns[i]);
        const auto number = static_cast<AttrNumber>(i + 1);
        TupleDescInitEntry(descriptor, number, NameStr(attribute->attname), attribute->atttypid,
                           attribute->atttypmod, 0);
        TupleDescInitEntryCollation(descriptor, number, attribute->attcollation);
    }
    if (tenant >= 0)
        TupleDescInitEntry(descriptor, static_cast<AttrNumber>(sync->keys + 1), kTenant,
                           TupleDescAttr(columns, tenant)->atttypid,
                           TupleDescAttr(columns, tenant)->atttypmod, 0);
    return descriptor;
}

void open_store(RowStore *store, const char *name, TupleDesc descriptor) {
    store->name = name;
    store->descriptor = descriptor;
    store->rows = tuplestore_begin_heap(false, false, work_mem);
    store->count = 0;
}

void open_stores(TableSync *sync, TupleDesc relation) {
    TupleDesc columns = describe_columns(sync, relation, false);
    open_store(&sync->source, kSourceRows, describe_columns(sync, relation, true));
    open_store(&sync->changed, kChangedRows, columns);
    open_store(&sync->added, kAddedRows, columns);
    open_store(&sync->missing, kMissingRows, describe_key(sync, columns));
    // The source is read by a query of its own, with no table of Citus in it.
    for (RowStore *store : {&sync->changed, &sync->added, &sync->missing})
        store->is_array = sync->placement != Placement::local;
}

void find_mark(TableSync *sync) {
    if (sync->watermark < 0)
        return;
    const int level = push_caller_settings(sync->request.target.caller_settings);
    RowCursor *highest = open_cursor(watermark_query(sync), 1);
    sync->has_mark = highest->has_row;
    if (sync->has_mark)
        sync->mark = datumCopy(highest->values[0], sync->by_value[sync->watermark],
                               sync->lengths[sync->watermark]);
    close_cursor(highest);
    pop_settings(level);
}

// Rows whose order does not matter, or cannot tell: a condition is the server's to evaluate.
bool is_sorted_from_start(const TableSync *sync) {
    return sync->watermark >= 0 || sync->request.target.where != nullptr;
}

} // namespace

int find_sync_column(const TableSync *sync, const char *utf8_name) {
    for (int i = 0; i < sync->count; i++)
        if (strcmp(sync->request.target.names[i], utf8_name) == 0)
            return i;
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("column \"%s\" of table \"%s\" is not among those of the source",
                           server_text(utf8_name), sync->table_name)));
    return -1;
}

void empty_store(RowStore *store) {
    tuplestore_clear(store->rows);
    store->count = 0;
}

void put_row(RowStore *store, const Datum *values, const bool *nulls) {
    tuplestore_putvalues(store->rows, store->descriptor, const_cast<Datum *>(values),
                         const_cast<bool *>(nulls));
    store->count++;
}

TableSync *open_table_sync(const SyncRequest &request) {
    auto *sync = static_cast<TableSync *>(palloc0(sizeof(TableSync)));
    const WriterTarget &target = request.target;
    sync->request = request;
    sync->memory = CurrentMemoryContext;
    sync->batch_memory =
        AllocSetContextCreate(sync->memory, "migrate sync batch", ALLOCSET_DEFAULT_SIZES);
    Relation relation = table_open(target.relation, AccessShareLock);
    TupleDesc descriptor = RelationGetDescr(relation);
    check_target(relation);
    sync->relation = target.relation;
    sync->table = qualified_name(relation);
    sync->table_name = pstrdup(RelationGetRelationName(relation));
    sync->only = relation->rd_rel->relkind == RELKIND_RELATION ? "ONLY " : "";
    sync->count = target.columns;
    sync->columns =
        make_datum_columns(descriptor, target.kinds, target.names, target.columns, target.types);
    read_columns(sync, descriptor);
    read_key(sync, descriptor);
    read_watermark(sync, descriptor);
    sync->is_key_unique = has_unique_index(sync, relation);
    sync->refers_to_itself = has_key_to_itself(relation);
    sync->placement = placement_of(target.relation);
    // Rows of tables that are everywhere go with those that refer to them, wherever these are.
    if (sync->placement != Placement::local)
        work_in_sequence();
    if (request.tenant != nullptr)
        open_scope(sync);
    open_stores(sync, descriptor);
    table_close(relation, NoLock);
    if (target.where != nullptr)
        check_condition(target.where);
    find_mark(sync);
    sync->is_sorted = is_sorted_from_start(sync);
    return sync;
}

const SyncCounts &sync_counts(const TableSync *sync) {
    return sync->counts;
}

void keep_missing_rows(TableSync *sync) {
    empty_store(&sync->missing);
}

void close_table_sync(TableSync *sync) {
    for (RowStore *store : {&sync->source, &sync->changed, &sync->added, &sync->missing})
        tuplestore_end(store->rows);
    MemoryContextDelete(sync->batch_memory);
}

} // namespace migrate::pg
