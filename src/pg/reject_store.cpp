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
constexpr int kColumns = 10;
// A dump writes bytea as hexadecimal text within 1 GB for the whole row.
constexpr std::size_t kMaxRawSize = std::size_t{64} << 20;

struct Attribute {
    const char *name;
    Oid type;
};
// In the order of RejectRow.
constexpr Attribute kAttributes[kColumns] = {
    {"source", TEXTOID},     {"table_name", TEXTOID}, {"row_id", INT8OID},
    {"line_first", INT8OID}, {"line_last", INT8OID},  {"column_name", TEXTOID},
    {"sqlstate", TEXTOID},   {"reason", TEXTOID},     {"value", TEXTOID},
    {"raw", BYTEAOID},
};

// A row of the store under construction.
struct Values {
    Datum datums[kColumns];
    bool nulls[kColumns];
    int count;
};

void add_text(Values *values, const char *text) {
    values->nulls[values->count] = text == nullptr;
    values->datums[values->count++] = text != nullptr ? CStringGetTextDatum(text) : Datum{0};
}

void add_number(Values *values, bool is_there, int64 number) {
    values->nulls[values->count] = !is_there;
    values->datums[values->count++] = Int64GetDatum(number);
}

void add_bytes(Values *values, const char *bytes, std::size_t size) {
    auto *value = static_cast<bytea *>(palloc(size + VARHDRSZ));
    SET_VARSIZE(value, size + VARHDRSZ);
    if (size != 0)
        memcpy(VARDATA(value), bytes, size);
    values->nulls[values->count] = false;
    values->datums[values->count++] = PointerGetDatum(value);
}

const char *text_of(TupleTableSlot *slot, int attribute) {
    bool is_null = false;
    Datum value = slot_getattr(slot, attribute, &is_null);
    return is_null ? nullptr : TextDatumGetCString(value);
}

int64 number_of(TupleTableSlot *slot, int attribute) {
    bool is_null = false;
    Datum value = slot_getattr(slot, attribute, &is_null);
    return is_null ? 0 : DatumGetInt64(value);
}

RejectRow row_of(TupleTableSlot *slot) {
    RejectRow row = {};
    bool is_null = false;
    (void)slot_getattr(slot, 3, &is_null);
    row.has_row_id = !is_null;
    row.source = text_of(slot, 1);
    row.table_name = text_of(slot, 2);
    row.row_id = number_of(slot, 3);
    row.line_first = number_of(slot, 4);
    row.line_last = number_of(slot, 5);
    row.column_name = text_of(slot, 6);
    row.sqlstate = text_of(slot, 7);
    row.reason = text_of(slot, 8);
    row.value = text_of(slot, 9);
    bytea *raw = DatumGetByteaPP(slot_getattr(slot, 10, &is_null));
    row.raw = VARDATA_ANY(raw);
    row.raw_size = VARSIZE_ANY_EXHDR(raw);
    return row;
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

void store_reject(RejectStore *store, const RejectRow &row) {
    MemoryContext caller = MemoryContextSwitchTo(store->memory);
    const bool is_whole = row.raw_size <= kMaxRawSize;
    Values values = {};
    add_text(&values, row.source);
    add_text(&values, row.table_name);
    add_number(&values, row.has_row_id, row.row_id);
    add_number(&values, !row.has_row_id, row.line_first);
    add_number(&values, !row.has_row_id, row.line_last);
    add_text(&values, row.column_name);
    add_text(&values, row.sqlstate);
    add_text(&values, is_whole ? row.reason : psprintf("%s; the first 64 MB are kept", row.reason));
    add_text(&values, row.value);
    add_bytes(&values, row.raw, Min(row.raw_size, kMaxRawSize));
    tuplestore_putvalues(store->store, store->descriptor, values.datums, values.nulls);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(store->memory);
}

void store_rejects(RejectStore *store, const char *table_name,
                   const std::vector<core::Reject> &rejects) {
    for (const core::Reject &reject : rejects) {
        RejectRow row = {};
        row.table_name = table_name;
        row.has_row_id = true;
        row.row_id = reject.row_id;
        // A row that a constraint refuses has no value that is to blame.
        if (!reject.column.empty())
            row.column_name = server_text(reject.column.c_str());
        row.sqlstate = reject.code;
        row.reason = server_text(reject.reason.c_str());
        if (!reject.value.empty())
            row.value = server_text(reject.value.c_str());
        row.raw = reject.raw.data();
        row.raw_size = reject.raw.size();
        store_reject(store, row);
    }
}

void forget_rejects(RejectStore *store, const char *table_name) {
    Tuplestorestate *old = store->store;
    store->store = new_tuplestore(store);
    tuplestore_rescan(old);
    TupleTableSlot *slot = MakeSingleTupleTableSlot(store->descriptor, &TTSOpsMinimalTuple);
    while (tuplestore_gettupleslot(old, true, false, slot)) {
        bool is_null = false;
        char *table = TextDatumGetCString(slot_getattr(slot, 2, &is_null));
        if (strcmp(table, table_name) != 0)
            tuplestore_puttupleslot(store->store, slot);
        pfree(table);
    }
    ExecDropSingleTupleTableSlot(slot);
    tuplestore_end(old);
}

void for_each_reject(RejectStore *store, void (*use)(const RejectRow &row, void *argument),
                     void *argument) {
    tuplestore_rescan(store->store);
    TupleTableSlot *slot = MakeSingleTupleTableSlot(store->descriptor, &TTSOpsMinimalTuple);
    while (tuplestore_gettupleslot(store->store, true, false, slot)) {
        MemoryContext caller = MemoryContextSwitchTo(store->memory);
        const RejectRow row = row_of(slot);
        MemoryContextSwitchTo(caller);
        use(row, argument);
        MemoryContextReset(store->memory);
    }
    ExecDropSingleTupleTableSlot(slot);
}

namespace {

// Lines of an error's DETAIL.
struct Description {
    StringInfoData lines;
    int left;
};

void describe_reject(const RejectRow &row, void *argument) {
    auto *description = static_cast<Description *>(argument);
    if (description->left-- <= 0)
        return;
    StringInfo lines = &description->lines;
    if (lines->len > 0)
        appendStringInfoChar(lines, '\n');
    if (row.has_row_id)
        appendStringInfo(lines, "Table \"%s\", row " INT64_FORMAT, row.table_name, row.row_id);
    else
        appendStringInfo(lines, "File \"%s\", line " INT64_FORMAT, row.source, row.line_first);
    if (row.column_name != nullptr)
        appendStringInfo(lines, ", column \"%s\"", row.column_name);
    appendStringInfo(lines, ": %s", row.reason);
    if (row.value != nullptr && row.has_row_id)
        appendStringInfo(lines, ": %s", row.value);
}

} // namespace

const char *describe_rejects(RejectStore *store, int most) {
    Description description = {{}, most};
    initStringInfo(&description.lines);
    for_each_reject(store, describe_reject, &description);
    return description.lines.data;
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
