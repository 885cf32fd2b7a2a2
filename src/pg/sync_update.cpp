#include "pg/sync_update.hpp"

#include "pg/sql.hpp"
#include "pg/sql_names.hpp"
#include "pg/subtransaction.hpp"
#include "pg/sync_state.hpp"

extern "C" {
#include "access/genam.h"
#include "access/table.h"
#include "nodes/bitmapset.h"
#include "optimizer/optimizer.h"
#include "utils/rel.h"
#include "utils/relcache.h"
}

namespace migrate::pg {
namespace {

struct UpdateTask {
    TableSync *sync;
    const char *sql;
    int64 rows;
};

void run_update(void *argument) {
    auto *task = static_cast<UpdateTask *>(argument);
    const int level = push_caller_settings(task->sync->request.target.caller_settings);
    task->rows = static_cast<int64>(run_query(task->sql));
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

// Of the indexes that are checked row by row. (Those of partitions are like the table's own.)
Bitmapset *unique_attributes(const TableSync *sync) {
    Bitmapset *attributes = nullptr;
    ListCell *cell = nullptr;
    Relation relation = table_open(sync->relation, AccessShareLock);
    foreach (cell, RelationGetIndexList(relation)) {
        Relation index = index_open(lfirst_oid(cell), AccessShareLock);
        if (index->rd_index->indisunique && index->rd_index->indimmediate)
            attributes = bms_add_members(attributes, index_attributes(index));
        index_close(index, NoLock);
    }
    table_close(relation, NoLock);
    return attributes;
}

bool is_unique(const TableSync *sync, const Bitmapset *unique, int column) {
    return bms_is_member(sync->columns[column].attribute + 1 - FirstLowInvalidHeapAttributeNumber,
                         unique);
}

bool is_unique_and_changed(const TableSync *sync, const Bitmapset *unique, int column) {
    return sync->is_changed[column] && is_unique(sync, unique, column);
}

// A value that no row has, NULL where there is none. "migrate number" counts the rows of `store`.
const char *parked_value(const TableSync *sync, int column, const char *store) {
    const DatumColumn &type = sync->columns[column];
    const char *name = sync->names[column];
    if (!sync->is_not_null[column])
        return "NULL";
    switch (type.type) {
    case INT2OID:
    case INT4OID:
    case INT8OID:
    case NUMERICOID:
        return psprintf("CAST(LEAST((SELECT pg_catalog.min(t.%s) FROM %s%s AS t), 0) "
                        "OPERATOR(pg_catalog.-) %s.\"migrate number\" AS %s)",
                        name, sync->only, sync->table, store,
                        format_type_with_typemod(type.type, type.typmod));
    case TEXTOID:
    case VARCHAROID:
        return psprintf("CAST(pg_catalog.gen_random_uuid() AS %s)",
                        format_type_with_typemod(type.type, type.typmod));
    case UUIDOID:
        return "pg_catalog.gen_random_uuid()";
    default:
        return nullptr;
    }
}

const char *park_statement(const TableSync *sync, const char *store, const char *sets) {
    return psprintf("UPDATE %s%s AS %s SET %s FROM (SELECT *, pg_catalog.row_number() OVER () "
                    "AS \"migrate number\" FROM %s) AS %s WHERE %s",
                    sync->only, sync->table, kSyncTarget, sets, store, store,
                    same_key(sync, kSyncTarget, store));
}

// Rows that change a unique value. NULL where a column has no value to park.
const char *park_changed_statement(const TableSync *sync, const Bitmapset *unique) {
    StringInfoData sets, present, wanted;
    initStringInfo(&sets);
    initStringInfo(&present);
    initStringInfo(&wanted);
    for (int i = 0; i < sync->count; i++) {
        if (!is_unique_and_changed(sync, unique, i))
            continue;
        const char *value = parked_value(sync, i, kChangedRows);
        if (value == nullptr)
            return nullptr;
        append_item(&sets, ", ", psprintf("%s = %s", sync->names[i], value));
        append_item(&present, ", ", psprintf("%s.%s", kSyncTarget, sync->names[i]));
        append_item(&wanted, ", ", psprintf("%s.%s", kChangedRows, sync->names[i]));
    }
    return psprintf("%s AND CAST(ROW(%s) AS pg_catalog.record) OPERATOR(pg_catalog.*<>) "
                    "CAST(ROW(%s) AS pg_catalog.record)",
                    park_statement(sync, kChangedRows, sets.data), present.data, wanted.data);
}

// Rows that go once no other points to them, by their key.
const char *park_spared_statement(const TableSync *sync) {
    const Bitmapset *unique = unique_attributes(sync);
    StringInfoData sets;
    initStringInfo(&sets);
    for (int i = 0; i < sync->count; i++) {
        if (sync->is_key[i] || !is_unique(sync, unique, i))
            continue;
        const char *value = parked_value(sync, i, kMissingRows);
        if (value != nullptr)
            append_item(&sets, ", ", psprintf("%s = %s", sync->names[i], value));
    }
    return sets.len > 0 ? park_statement(sync, kMissingRows, sets.data) : nullptr;
}

bool may_collide(const TableSync *sync, const Bitmapset *unique) {
    for (int i = 0; i < sync->count; i++)
        if (is_unique_and_changed(sync, unique, i))
            return true;
    return false;
}

SyncUpdate update_carefully(TableSync *sync, UpdateTask *task, const Bitmapset *unique) {
    ErrorData *error = try_in_subtransaction(run_update, task, kDataErrors);
    if (error == nullptr)
        return {task->rows, false};
    const char *park = park_changed_statement(sync, unique);
    const bool is_rid_of_spared =
        error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION && park_spared(sync);
    if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION || (park == nullptr && !is_rid_of_spared))
        ReThrowError(error);
    UpdateTask parking = {sync, park, 0};
    // A value that a CHECK or a short text does not take is none: the key's own error tells more.
    if (park != nullptr && try_in_subtransaction(run_update, &parking, kDataErrors) != nullptr)
        ReThrowError(error);
    run_update(task);
    return {task->rows, true};
}

} // namespace

SyncUpdate update_changed(TableSync *sync) {
    if (sync->changed.count == 0)
        return {0, false};
    const Bitmapset *unique = unique_attributes(sync);
    UpdateTask task = {sync, update_statement(sync), 0};
    SyncUpdate update = {0, false};
    register_rows(sync->changed);
    if (may_collide(sync, unique)) {
        update = update_carefully(sync, &task, unique);
    } else {
        run_update(&task);
        update.rows = task.rows;
    }
    unregister_rows(sync->changed);
    return update;
}

bool park_spared(TableSync *sync) {
    if (!sync->has_spared || sync->counts.deleted >= sync->missing.count)
        return false;
    const char *park = park_spared_statement(sync);
    if (park == nullptr)
        return false;
    UpdateTask parking = {sync, park, 0};
    register_rows(sync->missing);
    const ErrorData *error = try_in_subtransaction(run_update, &parking, kDataErrors);
    unregister_rows(sync->missing);
    return error == nullptr && parking.rows > 0;
}

} // namespace migrate::pg
