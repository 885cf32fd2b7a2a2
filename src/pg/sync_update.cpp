#include "pg/sync_update.hpp"

#include "pg/sql.hpp"
#include "pg/sql_names.hpp"
#include "pg/subtransaction.hpp"
#include "pg/sync_arrays.hpp"

#include <cinttypes>

#include "pg/postgres.hpp"

extern "C" {
#include "access/genam.h"
#include "access/table.h"
#include "common/pg_prng.h"
#include "nodes/bitmapset.h"
#include "optimizer/optimizer.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/typcache.h"
}

namespace migrate::pg {
namespace {

struct UpdateTask {
    TableSync *sync;
    const RowStore *store; // that the statement reads
    const char *sql;
    int64 rows;
};

void run_update(void *argument) {
    auto *task = static_cast<UpdateTask *>(argument);
    const int level = push_caller_settings(task->sync->request.target.caller_settings);
    task->rows = run_on_rows(task->sync, *task->store, task->sql);
    pop_settings(level);
}

// The attributes that an index depends on, by FirstLowInvalidHeapAttributeNumber.
Bitmapset *index_attributes(Relation index) {
    Bitmapset *attributes = nullptr;
    for (int i = 0; i < index->rd_index->indnkeyatts; i++)
        if (index->rd_index->indkey.values[i] > 0)
            attributes = bms_add_member(attributes, index->rd_index->indkey.values[i] -
                                                        FirstLowInvalidHeapAttributeNumber);
    pull_varattnos(reinterpret_cast<Node *>(RelationGetIndexExpressions(index)), 1, &attributes);
    return attributes;
}

// What may stand in the way of an update that goes row by row.
struct Hindrances {
    List *unique = NIL;           // Bitmapset of each index that is checked row by row
    Bitmapset *foreign = nullptr; // attributes of foreign keys
};

Bitmapset *foreign_attributes(Relation relation) {
    Bitmapset *attributes = nullptr;
    ListCell *cell = nullptr;
    foreach (cell, RelationGetFKeyList(relation)) {
        const auto *key = static_cast<ForeignKeyCacheInfo *>(lfirst(cell));
        for (int i = 0; i < key->nkeys; i++)
            attributes =
                bms_add_member(attributes, key->conkey[i] - FirstLowInvalidHeapAttributeNumber);
    }
    return attributes;
}

// (Indexes of partitions are like the table's own.)
Hindrances find_hindrances(const TableSync *sync) {
    Hindrances found;
    ListCell *cell = nullptr;
    Relation relation = table_open(sync->relation, AccessShareLock);
    foreach (cell, RelationGetIndexList(relation)) {
        Relation index = index_open(lfirst_oid(cell), AccessShareLock);
        // The portions of rows that go to shards are statements of their own.
        if (index->rd_index->indisunique &&
            (index->rd_index->indimmediate || sync->placement != Placement::local))
            found.unique = lappend(found.unique, index_attributes(index));
        index_close(index, NoLock);
    }
    found.foreign = foreign_attributes(relation);
    table_close(relation, NoLock);
    return found;
}

bool is_member(const TableSync *sync, int column, const Bitmapset *attributes) {
    return bms_is_member(sync->columns[column].attribute + 1 - FirstLowInvalidHeapAttributeNumber,
                         attributes);
}

// Keys that found each other are equal to an index too, whatever they look like.
bool is_changed_index(const TableSync *sync, const Bitmapset *index) {
    for (int i = 0; i < sync->count; i++)
        if (sync->is_changed[i] && !sync->is_key[i] && is_member(sync, i, index))
            return true;
    return false;
}

bool is_unique_and_changed(const TableSync *sync, const Hindrances &hindrances, int column) {
    ListCell *cell = nullptr;
    foreach (cell, hindrances.unique)
        if (sync->is_changed[column] && !sync->is_key[column] &&
            is_member(sync, column, static_cast<Bitmapset *>(lfirst(cell))))
            return true;
    return false;
}

bool is_parkable_type(Oid type) {
    return type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID ||
           type == TEXTOID || type == VARCHAROID || type == UUIDOID;
}

const char *highest_value(const TableSync *sync, int column) {
    const int level = push_caller_settings(sync->request.target.caller_settings);
    (void)run_query(psprintf("SELECT GREATEST(pg_catalog.max(t.%s), 0)::pg_catalog.text "
                             "FROM %s%s AS t",
                             sync->names[column], sync->only, sync->table));
    pop_settings(level);
    return query_text(0, 1);
}

// A value that no row has. "migrate number" counts the rows of `store`. Numbers go up, as those of
// many applications must not be negative (a CHECK). Nothing in it is volatile and nothing is a
// query: Citus takes neither.
const char *parked_value(const TableSync *sync, int column, const char *store) {
    const DatumColumn &type = sync->columns[column];
    const char *type_name = format_type_with_typemod(type.type, type.typmod);
    const std::uint64_t random = pg_prng_uint64(&pg_global_prng_state);
    if (!sync->is_not_null[column])
        return "NULL";
    switch (type.type) {
    case TEXTOID: // the number first: a short text is cut behind it
    case VARCHAROID:
        return psprintf("CAST(pg_catalog.to_hex(%s.\"migrate number\") OPERATOR(pg_catalog.||) "
                        "'-%016" PRIx64 "' AS %s)",
                        store, random, type_name);
    case UUIDOID:
        return psprintf("CAST('%016" PRIx64 "' OPERATOR(pg_catalog.||) pg_catalog.lpad("
                        "pg_catalog.to_hex(%s.\"migrate number\"), 16, '0') AS pg_catalog.uuid)",
                        random, store);
    default:
        return psprintf("CAST(CAST('%s' AS pg_catalog.numeric) OPERATOR(pg_catalog.+) "
                        "%s.\"migrate number\" AS %s)",
                        highest_value(sync, column), store, type_name);
    }
}

// The key finds the row again, so it stays; a foreign key holds no value that no row has.
int parking_rank(const TableSync *sync, const Hindrances &hindrances, int column) {
    if (sync->is_key[column] || !sync->is_compared[column] ||
        (sync->is_not_null[column] && !is_parkable_type(sync->columns[column].type)))
        return 0;
    if (sync->is_not_null[column] && is_member(sync, column, hindrances.foreign))
        return 1;
    return sync->is_changed[column] ? 3 : 2;
}

// Marks a column of the index, unless one is marked; false where none can be.
bool mark_parked(const TableSync *sync, const Hindrances &hindrances, const Bitmapset *index,
                 bool *is_parked) {
    int best = -1;
    int best_rank = 0;
    for (int i = 0; i < sync->count; i++) {
        if (!is_member(sync, i, index))
            continue;
        if (is_parked[i])
            return true;
        const int rank = parking_rank(sync, hindrances, i);
        if (rank > best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    if (best >= 0)
        is_parked[best] = true;
    return best >= 0;
}

// A column of each unique index; NULL where one has none to park.
bool *choose_parked(const TableSync *sync, const Hindrances &hindrances) {
    auto *is_parked = static_cast<bool *>(palloc0(sizeof(bool) * (sync->count + 1)));
    ListCell *cell = nullptr;
    foreach (cell, hindrances.unique) {
        const auto *index = static_cast<Bitmapset *>(lfirst(cell));
        if (is_changed_index(sync, index) && !mark_parked(sync, hindrances, index, is_parked))
            return nullptr;
    }
    return is_parked;
}

char *park_statement(const TableSync *sync, const bool *is_parked, const RowStore &store) {
    StringInfoData sets;
    initStringInfo(&sets);
    for (int i = 0; i < sync->count; i++)
        if (is_parked[i])
            append_item(&sets, ", ",
                        psprintf("%s = %s", sync->names[i], parked_value(sync, i, store.name)));
    const char *rows = store.is_array ? store.name
                                      : psprintf("(SELECT *, pg_catalog.row_number() OVER () "
                                                 "AS \"migrate number\" FROM %s) AS %s",
                                                 store.name, store.name);
    return psprintf("UPDATE %s%s AS %s SET %s FROM %s WHERE %s", sync->only, sync->table,
                    kSyncTarget, sets.data, rows, same_key(sync, kSyncTarget, store.name));
}

// (A comparison of images, as records, would not come to the shards of Citus as such.)
const char *differs(const TableSync *sync, int column) {
    const Oid type = sync->columns[column].type;
    if (!OidIsValid(lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr))
        return "true";
    return psprintf("(%s.%s %s %s.%s) IS NOT TRUE", kSyncTarget, sync->names[column],
                    equality_operator(type), kChangedRows, sync->names[column]);
}

// Only rows that change a unique value.
char *park_changed_statement(const TableSync *sync, const Hindrances &hindrances,
                             const bool *is_parked) {
    StringInfoData changes;
    initStringInfo(&changes);
    for (int i = 0; i < sync->count; i++)
        if (is_unique_and_changed(sync, hindrances, i))
            append_item(&changes, " OR ", differs(sync, i));
    return psprintf("%s AND (%s)", park_statement(sync, is_parked, sync->changed), changes.data);
}

// Rows that go once no other points to them, by their key: NULL where no unique index has a column
// to park.
char *park_spared_statement(const TableSync *sync) {
    const Hindrances hindrances = find_hindrances(sync);
    auto *is_parked = static_cast<bool *>(palloc0(sizeof(bool) * (sync->count + 1)));
    bool has_parked = false;
    ListCell *cell = nullptr;
    foreach (cell, hindrances.unique)
        has_parked |=
            mark_parked(sync, hindrances, static_cast<Bitmapset *>(lfirst(cell)), is_parked);
    return has_parked ? park_statement(sync, is_parked, sync->missing) : nullptr;
}

bool may_collide(const TableSync *sync, const Hindrances &hindrances) {
    for (int i = 0; i < sync->count; i++)
        if (is_unique_and_changed(sync, hindrances, i))
            return true;
    return false;
}

// A value that a CHECK or a short text does not take is none: the key's own error tells more.
void park_changed(TableSync *sync, const Hindrances &hindrances, const bool *is_parked,
                  ErrorData *error) {
    UpdateTask parking = {sync, &sync->changed, park_changed_statement(sync, hindrances, is_parked),
                          0};
    if (try_in_subtransaction(run_update, &parking, kDataErrors) != nullptr)
        ReThrowError(error);
    // What was parked has to come back, be it the same in all rows.
    for (int i = 0; i < sync->count; i++)
        sync->is_changed[i] |= is_parked[i];
}

SyncUpdate update_carefully(TableSync *sync, UpdateTask *task, const Hindrances &hindrances) {
    ErrorData *error = try_in_subtransaction(run_update, task, kDataErrors);
    if (error == nullptr)
        return {task->rows, false};
    if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION)
        ReThrowError(error);
    const bool *is_parked = choose_parked(sync, hindrances);
    const bool is_rid_of_spared = park_spared(sync);
    if (is_parked == nullptr && !is_rid_of_spared)
        ReThrowError(error);
    if (is_parked != nullptr)
        park_changed(sync, hindrances, is_parked, error);
    task->sql = update_statement(sync);
    run_update(task);
    return {task->rows, true};
}

} // namespace

SyncUpdate update_changed(TableSync *sync) {
    if (sync->changed.count == 0)
        return {0, false};
    const Hindrances hindrances = find_hindrances(sync);
    UpdateTask task = {sync, &sync->changed, update_statement(sync), 0};
    SyncUpdate update = {0, false};
    share_rows(sync->changed);
    if (may_collide(sync, hindrances)) {
        update = update_carefully(sync, &task, hindrances);
    } else {
        run_update(&task);
        update.rows = task.rows;
    }
    unshare_rows(sync->changed);
    return update;
}

bool park_spared(TableSync *sync) {
    if (!sync->has_spared || sync->counts.deleted >= sync->missing.count)
        return false;
    const char *park = park_spared_statement(sync);
    if (park == nullptr)
        return false;
    UpdateTask parking = {sync, &sync->missing, park, 0};
    share_rows(sync->missing);
    const ErrorData *error = try_in_subtransaction(run_update, &parking, kDataErrors);
    unshare_rows(sync->missing);
    return error == nullptr && parking.rows > 0;
}

} // namespace migrate::pg
