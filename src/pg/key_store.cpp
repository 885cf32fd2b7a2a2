#include "pg/key_store.hpp"

#include "pg/cell_datum.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/table.h"
#include "catalog/pg_type_d.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/queryenvironment.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"
}

namespace migrate::pg {

struct KeyStore {
    MemoryContext memory; // of the store itself
    MemoryContext datums; // of a batch's
    DatumColumn *columns;
    int count;
    TupleDesc descriptor; // the row id, then key_1, key_2, …
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

TupleDesc make_descriptor(const KeyStore *store, TupleDesc relation) {
    TupleDesc descriptor = CreateTemplateTupleDesc(store->count + 1);
    TupleDescInitEntry(descriptor, 1, "row_id", INT8OID, -1, 0);
    for (int i = 0; i < store->count; i++) {
        Form_pg_attribute attribute = TupleDescAttr(relation, store->columns[i].attribute);
        const auto number = static_cast<AttrNumber>(i + 2);
        TupleDescInitEntry(descriptor, number, psprintf("key_%d", i + 1), attribute->atttypid,
                           attribute->atttypmod, 0);
        TupleDescInitEntryCollation(descriptor, number, attribute->attcollation);
    }
    return descriptor;
}

// The row ids, but for the last (or first) one of each key.
char *repeats_query(const KeyStore *store, bool keeps_last) {
    StringInfoData keys;
    initStringInfo(&keys);
    for (int i = 0; i < store->count; i++)
        appendStringInfo(&keys, "%skey_%d", i > 0 ? ", " : "", i + 1);
    return psprintf("SELECT row_id FROM (SELECT row_id, pg_catalog.row_number() OVER "
                    "(PARTITION BY %s ORDER BY row_id %s) AS place FROM %s) p "
                    "WHERE p.place OPERATOR(pg_catalog.>) 1 ORDER BY row_id",
                    keys.data, keeps_last ? "DESC" : "ASC", kStoreName);
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

KeyStore *open_key_store(Oid relation_id, const core::TypeKind *kinds, const char *const *names,
                         int count, const Oid *types) {
    auto *store = static_cast<KeyStore *>(palloc0(sizeof(KeyStore)));
    store->memory = CurrentMemoryContext;
    Relation relation = table_open(relation_id, AccessShareLock);
    store->columns = make_datum_columns(RelationGetDescr(relation), kinds, names, count, types);
    store->count = count;
    store->descriptor = make_descriptor(store, RelationGetDescr(relation));
    table_close(relation, NoLock);
    store->store = tuplestore_begin_heap(false, false, work_mem);
    store->datums =
        AllocSetContextCreate(CurrentMemoryContext, "migrate keys", ALLOCSET_DEFAULT_SIZES);
    store->values = static_cast<Datum *>(palloc0(sizeof(Datum) * (count + 1)));
    store->nulls = static_cast<bool *>(palloc0(sizeof(bool) * (count + 1)));
    return store;
}

void store_keys(KeyStore *store, const core::Batch &batch) {
    MemoryContext caller = MemoryContextSwitchTo(store->datums);
    for (std::size_t row = 0; row < batch.rows(); row++) {
        const core::Cell *cells = batch.row(row);
        bool is_whole = !batch.is_rejected(row);
        for (int i = 0; is_whole && i < store->count; i++)
            is_whole = !cells[i].is_null();
        if (!is_whole)
            continue;
        store->values[0] = Int64GetDatum(batch.row_id(row));
        for (int i = 0; i < store->count; i++)
            store->values[i + 1] = cell_datum(cells[i], store->columns[i]);
        tuplestore_putvalues(store->store, store->descriptor, store->values, store->nulls);
    }
    MemoryContextSwitchTo(caller);
    MemoryContextReset(store->datums);
}

void find_repeats(KeyStore *store, bool keeps_last) {
    register_store(store);
    store->plan = SPI_prepare(repeats_query(store, keeps_last), 0, nullptr);
    if (store->plan == nullptr)
        elog(ERROR, "could not prepare the search for repeated keys: %s",
             SPI_result_code_string(SPI_result));
    store->repeats = SPI_cursor_open(nullptr, store->plan, nullptr, nullptr, true);
    fetch_repeat(store);
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
