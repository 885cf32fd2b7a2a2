// The comparison of a table with the rows of a source, in the order of the key.
#include "pg/table_sync.hpp"

#include "pg/error_bridge.hpp"
#include "pg/sql_names.hpp"
#include "pg/sync_arrays.hpp"
#include "pg/sync_scope.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "utils/datum.h"
#include "utils/lsyscache.h"
}

namespace migrate::pg {
namespace {

// --- keys ---------------------------------------------------------------------------------------

// Both are rows of the columns.
int compare_rows(TableSync *sync, const Datum *one, const Datum *other) {
    for (int i = 0; i < sync->keys; i++) {
        const int column = sync->key_columns[i];
        const int order =
            ApplySortComparator(one[column], false, other[column], false, &sync->orders[i]);
        if (order != 0)
            return order;
    }
    return 0;
}

int compare_with_key(TableSync *sync, const Datum *row, const Datum *key) {
    for (int i = 0; i < sync->keys; i++) {
        const int order =
            ApplySortComparator(row[sync->key_columns[i]], false, key[i], false, &sync->orders[i]);
        if (order != 0)
            return order;
    }
    return 0;
}

// Copies the key of the row, in the memory of the sync, over the one that was there.
void remember_key(TableSync *sync, Datum *key, bool *has_key, const Datum *row) {
    MemoryContext caller = MemoryContextSwitchTo(sync->memory);
    for (int i = 0; i < sync->keys; i++) {
        const int column = sync->key_columns[i];
        if (*has_key && !sync->by_value[column])
            pfree(DatumGetPointer(key[i]));
        key[i] = datumCopy(row[column], sync->by_value[column], sync->lengths[column]);
    }
    *has_key = true;
    MemoryContextSwitchTo(caller);
}

const char *shown_key(const TableSync *sync, const Datum *row) {
    StringInfoData names;
    StringInfoData values;
    initStringInfo(&names);
    initStringInfo(&values);
    for (int i = 0; i < sync->keys; i++) {
        const int column = sync->key_columns[i];
        Oid function = InvalidOid;
        bool is_varlena = false;
        getTypeOutputInfo(sync->columns[column].type, &function, &is_varlena);
        append_item(&names, ", ", sync->names[column]);
        append_item(&values, ", ", OidOutputFunctionCall(function, row[column]));
    }
    return psprintf("(%s)=(%s)", names.data, values.data);
}

[[noreturn]] void fail_duplicate(const TableSync *sync, const Datum *row, int64 row_id) {
    const WriteOrigin &origin = sync->request.target.origin;
    ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
                    errmsg("%s \"%s\" has a key that comes twice", origin.kind, origin.name),
                    errdetail("Key %s comes again at %s " INT64_FORMAT ".", shown_key(sync, row),
                              origin.unit, row_id),
                    errhint("Name a key that tells the rows apart, or mend the source.")));
    pg_unreachable();
}

[[noreturn]] void fail_ambiguous(const TableSync *sync, const Datum *row) {
    ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
                    errmsg("table %s has a key that comes twice", sync->table),
                    errdetail("Key %s stands in several rows.", shown_key(sync, row)),
                    errhint("Name a key that tells the rows apart.")));
    pg_unreachable();
}

[[noreturn]] void fail_null(const TableSync *sync, int column) {
    ereport(ERROR,
            (errcode(ERRCODE_NOT_NULL_VIOLATION),
             errmsg("key column \"%s\" is null", server_text(sync->request.target.names[column]))));
    pg_unreachable();
}

// --- the comparison -----------------------------------------------------------------------------

// Where the rows are too many to be sent, all of the table are read.
RowCursor *open_cursor_of_source(const TableSync *sync) {
    const RowArrays *keys = key_arrays(sync, sync->source);
    if (keys == nullptr)
        return open_cursor(target_query(sync, false), sync->count + 1);
    return open_cursor(psprintf("%s%s", arrays_clause(keys), target_query(sync, true)),
                       sync->count + 1, keys->count, keys->types, keys->values);
}

void open_target(TableSync *sync) {
    const int level = push_caller_settings(sync->request.target.caller_settings);
    MemoryContext caller = MemoryContextSwitchTo(sync->memory);
    const bool has_mark = sync->watermark >= 0;
    if (has_mark && sync->placement != Placement::local)
        sync->target_rows = open_cursor_of_source(sync);
    else
        sync->target_rows = open_cursor(target_query(sync, has_mark), sync->count + 1);
    MemoryContextSwitchTo(caller);
    pop_settings(level);
}

void close_target(TableSync *sync) {
    if (sync->target_rows != nullptr)
        close_cursor(sync->target_rows);
    sync->target_rows = nullptr;
}

// Whether the row of the table at hand meets the condition.
bool is_wanted(const TableSync *sync) {
    return sync->request.target.where == nullptr ||
           DatumGetBool(sync->target_rows->values[sync->count]);
}

void pass_target(TableSync *sync, bool is_missing) {
    RowCursor *rows = sync->target_rows;
    sync->counts.present += is_wanted(sync) ? 1 : 0;
    if (sync->scope != nullptr && is_wanted(sync))
        note_target_tenant(sync, is_missing);
    if (!sync->is_key_unique) {
        if (sync->has_previous_target &&
            compare_with_key(sync, rows->values, sync->previous_target) == 0)
            fail_ambiguous(sync, rows->values);
        remember_key(sync, sync->previous_target, &sync->has_previous_target, rows->values);
    }
    next_row(rows);
}

void keep_missing(TableSync *sync) {
    // With a watermark only rows of the source were to be read.
    if (is_wanted(sync) && sync->watermark < 0) {
        Datum key[INDEX_MAX_KEYS + 1];
        bool nulls[INDEX_MAX_KEYS + 1] = {};
        for (int i = 0; i < sync->keys; i++)
            key[i] = sync->target_rows->values[sync->key_columns[i]];
        if (sync->scope != nullptr) {
            key[sync->keys] = sync->target_rows->values[scope_column(sync)];
            nulls[sync->keys] = sync->target_rows->nulls[scope_column(sync)];
        }
        sync->counts.missing++;
        if (sync->request.deletes)
            put_row(&sync->missing, key, nulls);
    }
    pass_target(sync, true);
}

bool is_same_value(const TableSync *sync, int i, const Datum *values, const bool *nulls) {
    const RowCursor *rows = sync->target_rows;
    if (nulls[i] || rows->nulls[i])
        return nulls[i] == rows->nulls[i];
    return datum_image_eq(values[i], rows->values[i], sync->by_value[i], sync->lengths[i]);
}

void compare_values(TableSync *sync, const Datum *values, const bool *nulls) {
    bool is_same = true;
    for (int i = 0; i < sync->count; i++) {
        if (!sync->is_compared[i] || is_same_value(sync, i, values, nulls))
            continue;
        sync->is_changed[i] = true;
        is_same = false;
    }
    if (is_same)
        return;
    sync->counts.changed++;
    put_row(&sync->changed, values, nulls);
}

// Takes the next row of the source: whatever the table has before it is missing in the source.
bool merge_row(TableSync *sync, const Datum *values, const bool *nulls, int64 row_id) {
    if (sync->has_previous) {
        const int order = compare_with_key(sync, values, sync->previous);
        if (order < 0)
            return false;
        if (order == 0)
            fail_duplicate(sync, values, row_id);
    }
    remember_key(sync, sync->previous, &sync->has_previous, values);
    sync->counts.compared++;
    int order = 1;
    while (sync->target_rows->has_row &&
           (order = compare_rows(sync, sync->target_rows->values, values)) < 0)
        keep_missing(sync);
    if (sync->target_rows->has_row && order == 0) {
        compare_values(sync, values, nulls);
        pass_target(sync, false);
        return true;
    }
    sync->counts.added++;
    put_row(&sync->added, values, nulls);
    return true;
}

// --- a batch ------------------------------------------------------------------------------------

void make_room(TableSync *sync, std::size_t rows) {
    if (rows <= sync->room)
        return;
    MemoryContext caller = MemoryContextSwitchTo(sync->memory);
    const std::size_t cells = rows * static_cast<std::size_t>(sync->count + 1);
    sync->values = static_cast<Datum *>(palloc(sizeof(Datum) * cells));
    sync->nulls = static_cast<bool *>(palloc(sizeof(bool) * cells));
    sync->room = rows;
    MemoryContextSwitchTo(caller);
}

void form_row(TableSync *sync, const core::Cell *cells, int64 row_id, Datum *values, bool *nulls) {
    for (int i = 0; i < sync->count; i++) {
        values[i] = nullable_datum(cells[i], sync->columns[i], &nulls[i]);
        if (nulls[i] && sync->is_key[i])
            fail_null(sync, i);
    }
    values[sync->count] = Int64GetDatum(row_id);
    nulls[sync->count] = false;
}

// The values of all rows, each row with its id behind them.
void form_rows(TableSync *sync, const core::Batch &batch) {
    WriteContext context;
    push_write_context(&context, &sync->request.target.origin, 0, 0);
    make_room(sync, batch.rows());
    const auto width = static_cast<std::size_t>(sync->count + 1);
    for (std::size_t row = 0; row < batch.rows(); row++) {
        context.first_row = context.last_row = batch.row_id(row);
        if (!batch.is_rejected(row))
            form_row(sync, batch.row(row), batch.row_id(row), sync->values + row * width,
                     sync->nulls + row * width);
    }
    pop_write_context(&context);
}

bool is_below_mark(TableSync *sync, const Datum *values, const bool *nulls) {
    if (!sync->has_mark)
        return false;
    return nulls[sync->watermark] || ApplySortComparator(values[sync->watermark], false, sync->mark,
                                                         false, &sync->mark_order) < 0;
}

bool take_row(TableSync *sync, const Datum *values, const bool *nulls, int64 row_id) {
    if (sync->scope != nullptr)
        note_source_tenant(sync, values, nulls);
    if (!sync->is_sorted)
        return merge_row(sync, values, nulls, row_id);
    if (is_below_mark(sync, values, nulls))
        sync->counts.passed_over++;
    else
        put_row(&sync->source, values, nulls);
    return true;
}

bool take_rows(TableSync *sync, const core::Batch &batch) {
    const auto width = static_cast<std::size_t>(sync->count + 1);
    if (!sync->is_sorted && sync->target_rows == nullptr)
        open_target(sync);
    for (std::size_t row = 0; row < batch.rows(); row++)
        if (!batch.is_rejected(row) && !take_row(sync, sync->values + row * width,
                                                 sync->nulls + row * width, batch.row_id(row)))
            return false;
    return true;
}

// The rows that waited for all others, in the order of their keys.
void merge_sorted(TableSync *sync) {
    MemoryContext caller = MemoryContextSwitchTo(sync->memory);
    share_rows(sync->source);
    const int level = push_caller_settings(sync->request.target.caller_settings);
    open_target(sync);
    RowCursor *rows = open_cursor(source_query(sync), sync->count + 1);
    int64 wanted = 0;
    MemoryContextSwitchTo(sync->batch_memory);
    for (; rows->has_row; next_row(rows), wanted++) {
        if (!merge_row(sync, rows->values, rows->nulls, DatumGetInt64(rows->values[sync->count])))
            elog(ERROR, "the rows of \"%s\" are not sorted", sync->request.target.origin.name);
        MemoryContextReset(sync->batch_memory);
    }
    sync->counts.passed_over += sync->source.count - wanted;
    close_cursor(rows);
    while (sync->target_rows->has_row)
        keep_missing(sync);
    close_target(sync);
    pop_settings(level);
    unshare_rows(sync->source);
    empty_store(&sync->source);
    MemoryContextSwitchTo(caller);
}

} // namespace

bool add_rows(TableSync *sync, const core::Batch &batch) {
    MemoryContext caller = MemoryContextSwitchTo(sync->batch_memory);
    int level = -1;
    if (sync->request.target.reads_as_caller)
        level = push_caller_settings(sync->request.target.caller_settings);
    form_rows(sync, batch);
    if (level < 0)
        level = push_caller_settings(sync->request.target.caller_settings);
    const bool is_in_order = take_rows(sync, batch);
    pop_settings(level);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(sync->batch_memory);
    return is_in_order;
}

void restart_sorted(TableSync *sync) {
    close_target(sync);
    empty_store(&sync->changed);
    empty_store(&sync->added);
    empty_store(&sync->missing);
    sync->counts = {};
    if (sync->scope != nullptr)
        forget_tenants(sync);
    sync->has_previous = sync->has_previous_target = false;
    for (int i = 0; i < sync->count; i++)
        sync->is_changed[i] = false;
    sync->is_sorted = true;
}

void end_rows(TableSync *sync) {
    MemoryContext caller = MemoryContextSwitchTo(sync->batch_memory);
    if (sync->is_sorted) {
        merge_sorted(sync);
    } else {
        const int level = push_caller_settings(sync->request.target.caller_settings);
        if (sync->target_rows == nullptr)
            open_target(sync);
        while (sync->target_rows->has_row)
            keep_missing(sync);
        close_target(sync);
        pop_settings(level);
    }
    MemoryContextSwitchTo(caller);
    MemoryContextReset(sync->batch_memory);
}

} // namespace migrate::pg
