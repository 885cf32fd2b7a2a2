#include "pg/reject_store.hpp"

#include "pg/bookkeeping.hpp"
#include "pg/error_bridge.hpp"

#include <cstring>

#include "pg/postgres.hpp"

extern "C" {
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "lib/stringinfo.h"
#include "utils/queryenvironment.h"
#include "utils/resowner.h"
#include "utils/tuplestore.h"
}

namespace migrate::pg {

struct RejectStore {
    MemoryContext home;   // of the store itself
    ResourceOwner owner;  // of its temporary file, older than any subtransaction
    MemoryContext memory; // of the values on their way in
    TupleDesc descriptor;
    Tuplestorestate *store;
};

namespace {

constexpr char kStoreName[] = "migrate_rejects";
constexpr int kColumns = 7;

struct Attribute {
    const char *name;
    Oid type;
};
constexpr Attribute kAttributes[kColumns] = {
    {"table_name", TEXTOID}, {"row_id", INT8OID}, {"column_name", TEXTOID}, {"sqlstate", TEXTOID},
    {"reason", TEXTOID},     {"value", TEXTOID},  {"raw", BYTEAOID},
};

Datum bytes_datum(const std::string &bytes) {
    auto *value = static_cast<bytea *>(palloc(bytes.size() + VARHDRSZ));
    SET_VARSIZE(value, bytes.size() + VARHDRSZ);
    memcpy(VARDATA(value), bytes.data(), bytes.size());
    return PointerGetDatum(value);
}

// A tuplestore that belongs to the whole call: one whose file belonged to a subtransaction would be
// gone, and read all the same, after its rollback.
Tuplestorestate *new_tuplestore(const RejectStore *store) {
    MemoryContext caller = MemoryContextSwitchTo(store->home);
    ResourceOwner owner = CurrentResourceOwner;
    CurrentResourceOwner = store->owner;
    Tuplestorestate *tuples = tuplestore_begin_heap(false, false, work_mem);
    CurrentResourceOwner = owner;
    MemoryContextSwitchTo(caller);
    return tuples;
}

} // namespace

RejectStore *open_reject_store() {
    auto *store = static_cast<RejectStore *>(palloc(sizeof(RejectStore)));
    store->home = CurrentMemoryContext;
    store->owner = CurrentResourceOwner;
    store->memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate rejects", ALLOCSET_SMALL_SIZES);
    store->descriptor = CreateTemplateTupleDesc(kColumns);
    for (int i = 0; i < kColumns; i++)
        TupleDescInitEntry(store->descriptor, static_cast<AttrNumber>(i + 1), kAttributes[i].name,
                           kAttributes[i].type, -1, 0);
    store->store = new_tuplestore(store);
    return store;
}

void store_rejects(RejectStore *store, const char *table_name,
                   const std::vector<core::Reject> &rejects) {
    MemoryContext caller = MemoryContextSwitchTo(store->memory);
    bool nulls[kColumns] = {};
    for (const core::Reject &reject : rejects) {
        Datum values[kColumns] = {CStringGetTextDatum(table_name),
                                  Int64GetDatum(reject.row_id),
                                  CStringGetTextDatum(server_text(reject.column.c_str())),
                                  CStringGetTextDatum(reject.code),
                                  CStringGetTextDatum(server_text(reject.reason.c_str())),
                                  CStringGetTextDatum(server_text(reject.value.c_str())),
                                  bytes_datum(reject.raw)};
        tuplestore_putvalues(store->store, store->descriptor, values, nulls);
    }
    MemoryContextSwitchTo(caller);
    MemoryContextReset(store->memory);
}

void forget_rejects(RejectStore *store, const char *table_name) {
    Tuplestorestate *old = store->store;
    store->store = new_tuplestore(store);
    tuplestore_rescan(old);
    TupleTableSlot *slot = MakeSingleTupleTableSlot(store->descriptor, &TTSOpsMinimalTuple);
    while (tuplestore_gettupleslot(old, true, false, slot)) {
        bool is_null = false;
        char *table = TextDatumGetCString(slot_getattr(slot, 1, &is_null));
        if (strcmp(table, table_name) != 0)
            tuplestore_puttupleslot(store->store, slot);
        pfree(table);
    }
    ExecDropSingleTupleTableSlot(slot);
    tuplestore_end(old);
}

const char *describe_rejects(RejectStore *store, int most) {
    StringInfoData lines;
    initStringInfo(&lines);
    tuplestore_rescan(store->store);
    TupleTableSlot *slot = MakeSingleTupleTableSlot(store->descriptor, &TTSOpsMinimalTuple);
    for (int i = 0; i < most && tuplestore_gettupleslot(store->store, true, false, slot); i++) {
        slot_getallattrs(slot);
        appendStringInfo(
            &lines, "%sTable \"%s\", row " INT64_FORMAT ", column \"%s\": %s: %s",
            i > 0 ? "\n" : "", TextDatumGetCString(slot->tts_values[0]),
            DatumGetInt64(slot->tts_values[1]), TextDatumGetCString(slot->tts_values[2]),
            TextDatumGetCString(slot->tts_values[4]), TextDatumGetCString(slot->tts_values[5]));
    }
    ExecDropSingleTupleTableSlot(slot);
    return lines.data;
}

void record_rejects(RejectStore *store, int64 run_id, const char *source) {
    EphemeralNamedRelationData relation = {};
    relation.md.name = const_cast<char *>(kStoreName);
    relation.md.reliddesc = InvalidOid;
    relation.md.tupdesc = store->descriptor;
    relation.md.enrtype = ENR_NAMED_TUPLESTORE;
    relation.md.enrtuples = static_cast<double>(tuplestore_tuple_count(store->store));
    relation.reldata = store->store;
    if (tuplestore_tuple_count(store->store) == 0)
        return;
    tuplestore_rescan(store->store);
    if (SPI_register_relation(&relation) != SPI_OK_REL_REGISTER)
        elog(ERROR, "could not register the rejects");
    insert_rejects(run_id, source);
    SPI_unregister_relation(kStoreName);
}

void close_reject_store(RejectStore *store) {
    tuplestore_end(store->store);
    MemoryContextDelete(store->memory);
}

} // namespace migrate::pg
