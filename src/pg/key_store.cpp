#include "pg/key_store.hpp"

#include "pg/cell_datum.hpp"
#include "pg/insert_text.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/table.h"
#include "catalog/pg_type_d.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/queryenvironment.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"
}

namespace migrate::pg {

struct KeyStore {
    MemoryContext memory; // of the store itself
    MemoryContext datums; // of a batch's
    WriterTarget target;
    DatumColumn *columns;
    bool *is_key;         // by column
    TupleDesc descriptor; // the columns under their names, then kRowId
    Tuplestorestate *store;
    EphemeralNamedRelation relation;
    Portal repeats; // row ids in ascending order
    SPIPlanPtr plan;
    int64 next; // repeat that was fetched and not yet passed, PG_INT64_MAX after the last
    Datum *values;
    bool *nulls;
};

namespace {

constexpr char kStoreName[] = "migrate_keys";
// No column of a condition is likely to have this name.
constexpr char kRowId[] = "migrate row id";

TupleDesc make_descriptor(const KeyStore *store, TupleDesc relation) {
    const int count = store->target.columns;
    TupleDesc descriptor = CreateTemplateTupleDesc(count + 1);
    for (int i = 0; i < count; i++) {
        Form_pg_attribute attribute = TupleDescAttr(relation, store->columns[i].attribute);
        const auto number = static_cast<AttrNumber>(i + 1);
        TupleDescInitEntry(descriptor, number, NameStr(attribute->attname), attribute->atttypid,
                           attribute->atttypmod, 0);
        TupleDescInitEntryCollation(descriptor, number, attribute->attcollation);
    }
    TupleDescInitEntry(descriptor, static_cast<AttrNumber>(count + 1), kRowId, INT8OID, -1, 0);
    return descriptor;
}

bool is_key_column(const WriterTarget &target, const char *name) {
    for (int i = 0; i < target.key_columns; i++)
        if (strcmp(target.key[i], name) == 0)
            return true;
    return false;
}

// The row ids, but for the last (or first) one of each key.
char *repeats_query(const KeyStore *store, const char *relation_name, bool keeps_last) {
    StringInfoData keys;
    initStringInfo(&keys);
    for (int i = 0; i < store->target.columns; i++)
        if (store->is_key[i])
            appendStringInfo(
                &keys, "%s%s", keys.len > 0 ? ", " : "",
                quote_identifier(NameStr(TupleDescAttr(store->descriptor, i)->attname)));
    const char *row_id = quote_identifier(kRowId);
    const char *condition =
        store->target.where != nullptr ? psprintf("WHERE (%s\n)", store->target.where) : "";
    return psprintf("SELECT %s FROM (SELECT %s, pg_catalog.row_number() OVER "
                    "(PARTITION BY %s ORDER BY %s %s) AS place FROM %s AS %s %s) p "
                    "WHERE p.place OPERATOR(pg_catalog.>) 1 ORDER BY 1",
                    row_id, row_id, keys.data, row_id, keeps_last ? "DESC" : "ASC", kStoreName,
                    quote_identifier(relation_name), condition);
}

void register_store(KeyStore *store) {
    store->relation =
        static_cast<EphemeralNamedRelation>(palloc0(sizeof(EphemeralNamedRelationData)));
    store->relation->md.name = const_cast<char *>(kStoreName);
    store->relation->md.reliddesc = InvalidOid;
    store->relation->md.tupdesc = store->descriptor;
    store->relation->md.enrtype = ENR_NAMED_TUPLESTORE;
    store->relation->md.enrtuples = static_cast<double>(tuplestore_tuple_count(store->store));
    store->relation->reldata = store->store;
    if (SPI_register_relation(store->relation) != SPI_OK_REL_REGISTER)
        elog(ERROR, "could not register the keys");
}

void fetch_repeat(KeyStore *store) {
    bool is_null = false;
    SPI_cursor_fetch(store->repeats, true, 1);
    store->next = PG_INT64_MAX;
    if (SPI_processed > 0)
        store->next =
            DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
    SPI_freetuptable(SPI_tuptable);
}

} // namespace

KeyStore *open_key_store(const WriterTarget &target) {
    auto *store = static_cast<KeyStore *>(palloc0(sizeof(KeyStore)));
    store->memory = CurrentMemoryContext;
    store->target = target;
    Relation relation = table_open(target.relation, AccessShareLock);
    store->columns = make_datum_columns(RelationGetDescr(relation), target.kinds, target.names,
                                        target.columns, target.types);
    store->descriptor = make_descriptor(store, RelationGetDescr(relation));
    table_close(relation, NoLock);
    store->store = tuplestore_begin_heap(false, false, work_mem);
    store->datums =
        AllocSetContextCreate(CurrentMemoryContext, "migrate keys", ALLOCSET_DEFAULT_SIZES);
    store->values = static_cast<Datum *>(palloc0(sizeof(Datum) * (target.columns + 1)));
    store->nulls = static_cast<bool *>(palloc0(sizeof(bool) * (target.columns + 1)));
    store->is_key = static_cast<bool *>(palloc0(sizeof(bool) * (target.columns + 1)));
    for (int i = 0; i < target.columns; i++)
        store->is_key[i] = is_key_column(target, target.names[i]);
    return store;
}

namespace {

void store_row(KeyStore *store, const core::Cell *cells, int64 row_id) {
    const int count = store->target.columns;
    for (int i = 0; i < count; i++) {
        store->nulls[i] = cells[i].is_null();
        if (store->nulls[i] && store->is_key[i])
            return;
        if (!store->nulls[i])
            store->values[i] = cell_datum(cells[i], store->columns[i]);
    }
    store->values[count] = Int64GetDatum(row_id);
    tuplestore_putvalues(store->store, store->descriptor, store->values, store->nulls);
}

} // namespace

void store_keys(KeyStore *store, const core::Batch &batch) {
    MemoryContext caller = MemoryContextSwitchTo(store->datums);
    const int level = push_caller_settings(store->target.caller_settings);
    for (std::size_t row = 0; row < batch.rows(); row++)
        if (!batch.is_rejected(row))
            store_row(store, batch.row(row), batch.row_id(row));
    pop_settings(level);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(store->datums);
}

void find_repeats(KeyStore *store, bool keeps_last) {
    register_store(store);
    check_condition(store->target.where);
    const int level = push_caller_settings(store->target.caller_settings);
    store->plan = SPI_prepare(
        repeats_query(store, get_rel_name(store->target.relation), keeps_last), 0, nullptr);
    if (store->plan == nullptr)
        elog(ERROR, "could not prepare the search for repeated keys: %s",
             SPI_result_code_string(SPI_result));
    store->repeats = SPI_cursor_open(nullptr, store->plan, nullptr, nullptr, true);
    fetch_repeat(store);
    pop_settings(level);
}

bool is_repeat(KeyStore *store, int64 row_id) {
    while (store->next < row_id)
        fetch_repeat(store);
    return store->next == row_id;
}

void close_key_store(KeyStore *store) {
    if (store->repeats != nullptr) {
        SPI_cursor_close(store->repeats);
        SPI_freeplan(store->plan);
        SPI_unregister_relation(kStoreName);
    }
    tuplestore_end(store->store);
    MemoryContextDelete(store->datums);
}

} // namespace migrate::pg
