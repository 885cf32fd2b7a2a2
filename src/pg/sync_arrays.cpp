#include "pg/sync_arrays.hpp"

#include "pg/row_arrays.hpp"
#include "pg/sql.hpp"

extern "C" {
#include "executor/tuptable.h"
#include "utils/queryenvironment.h"
}

namespace migrate::pg {
namespace {

// An INSERT is evaluated here and opens a COPY to each shard. Of other statements each shard gets a
// copy of all rows, as text.
constexpr int64 kMaxInserted = 50000;
constexpr int64 kMaxSent = 10000;
constexpr Size kMaxInsertedBytes = Size{16} << 20;
constexpr Size kMaxSentBytes = Size{2} << 20;

// Of a store, the columns that a statement reads, and the rows' numbers.
struct StoreReader {
    const RowStore *store;
    TupleTableSlot *slot;
    RowArrays *rows;
    int *columns; // by array, but for the numbers: index into the store's descriptor
    int64 number; // of the row that was read last
};

bool is_read(const TableSync *sync, const RowStore &store, int column, bool is_key_only) {
    if (store.name == kMissingRows) // keys, and a tenant that no statement reads
        return column < sync->keys;
    if (is_key_only)
        return column < sync->count && sync->is_key[column];
    return store.name == kAddedRows || sync->is_key[column] || sync->is_changed[column];
}

StoreReader *open_reader(const TableSync *sync, const RowStore &store, bool is_key_only) {
    const int natts = store.descriptor->natts;
    pin_printing();
    auto *reader = static_cast<StoreReader *>(palloc0(sizeof(StoreReader)));
    reader->store = &store;
    reader->rows = make_row_arrays(store.name, natts + 1);
    reader->columns = static_cast<int *>(palloc0(sizeof(int) * (natts + 1)));
    for (int i = 0; i < natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(store.descriptor, i);
        if (!is_read(sync, store, i, is_key_only))
            continue;
        reader->columns[reader->rows->count] = i;
        add_array(reader->rows, NameStr(attribute->attname), attribute->atttypid,
                  attribute->atttypmod);
    }
    add_array(reader->rows, "migrate number", INT8OID, -1);
    reader->slot = MakeSingleTupleTableSlot(store.descriptor, &TTSOpsMinimalTuple);
    tuplestore_rescan(store.rows);
    return reader;
}

bool take_row(StoreReader *reader) {
    CHECK_FOR_INTERRUPTS();
    TupleTableSlot *slot = reader->slot;
    if (!tuplestore_gettupleslot(reader->store->rows, true, false, slot))
        return false;
    slot_getallattrs(slot);
    const int numbers = reader->rows->count - 1;
    for (int i = 0; i < numbers; i++) {
        const int column = reader->columns[i];
        add_value(reader->rows, i, slot->tts_values[column], slot->tts_isnull[column]);
    }
    add_value(reader->rows, numbers, Int64GetDatum(++reader->number), false);
    return true;
}

// False where there is no row left.
bool read_portion(StoreReader *reader, int64 most, Size most_bytes) {
    clear_arrays(reader->rows);
    int64 count = 0;
    while (count < most && arrays_size(reader->rows) < most_bytes && take_row(reader))
        count++;
    make_arrays(reader->rows);
    return count > 0;
}

// Foreign keys are checked, and rows that keep others found, at the end of a statement.
int64 run_in_portions(const TableSync *sync, const RowStore &store, const char *sql) {
    const bool is_insert = store.name == kAddedRows;
    const int64 most = sync->refers_to_itself ? PG_INT64_MAX : is_insert ? kMaxInserted : kMaxSent;
    const Size most_bytes = sync->refers_to_itself ? MaxAllocHugeSize
                            : is_insert            ? kMaxInsertedBytes
                                                   : kMaxSentBytes;
    MemoryContext caller = CurrentMemoryContext;
    StoreReader *reader = open_reader(sync, store, false);
    const RowArrays *rows = reader->rows;
    const char *statement = psprintf("%s%s", arrays_clause(rows), sql);
    int64 written = 0;
    while (read_portion(reader, most, most_bytes)) {
        written += static_cast<int64>(run_query(statement, rows->count, rows->types, rows->values));
        MemoryContextSwitchTo(caller);
    }
    ExecDropSingleTupleTableSlot(reader->slot);
    clear_arrays(reader->rows);
    return written;
}

} // namespace

void share_rows(const RowStore &store) {
    if (store.is_array)
        return;
    auto *relation =
        static_cast<EphemeralNamedRelation>(palloc0(sizeof(EphemeralNamedRelationData)));
    relation->md.name = const_cast<char *>(store.name);
    relation->md.reliddesc = InvalidOid;
    relation->md.tupdesc = store.descriptor;
    relation->md.enrtype = ENR_NAMED_TUPLESTORE;
    relation->md.enrtuples = static_cast<double>(store.count);
    relation->reldata = store.rows;
    if (SPI_register_relation(relation) != SPI_OK_REL_REGISTER)
        elog(ERROR, "could not register \"%s\"", store.name);
}

void unshare_rows(const RowStore &store) {
    if (!store.is_array)
        SPI_unregister_relation(store.name);
}

int64 run_on_rows(const TableSync *sync, const RowStore &store, const char *sql) {
    return store.is_array ? run_in_portions(sync, store, sql) : static_cast<int64>(run_query(sql));
}

const RowArrays *key_arrays(const TableSync *sync, const RowStore &store) {
    if (store.count > kMaxSent)
        return nullptr;
    StoreReader *reader = open_reader(sync, store, true);
    (void)read_portion(reader, kMaxSent, MaxAllocHugeSize);
    ExecDropSingleTupleTableSlot(reader->slot);
    return reader->rows;
}

} // namespace migrate::pg
