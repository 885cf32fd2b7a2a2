// The queries and statements of a sync. They run under the caller's search_path, as users' triggers
// and conditions do, so all names and operators are qualified.
#include "pg/sync_state.hpp"

#include "pg/sql_names.hpp"

namespace migrate::pg {
namespace {

// A condition may qualify columns by the table's own name.
const char *row_alias(const TableSync *sync) {
    return sync->request.target.where != nullptr ? quote_identifier(sync->table_name) : kSyncTarget;
}

char *column_list(const TableSync *sync, const char *alias) {
    StringInfoData list;
    initStringInfo(&list);
    for (int i = 0; i < sync->count; i++)
        append_item(&list, ", ", psprintf("%s.%s", alias, sync->names[i]));
    return list.data;
}

char *key_list(const TableSync *sync, const char *alias) {
    StringInfoData list;
    initStringInfo(&list);
    for (int i = 0; i < sync->keys; i++)
        append_item(&list, ", ", psprintf("%s.%s", alias, sync->names[sync->key_columns[i]]));
    return list.data;
}

// A row of the table without a key is no row of the source; which is the caller's own affair.
char *target_condition(const TableSync *sync, const char *alias, bool is_of_source) {
    StringInfoData condition;
    initStringInfo(&condition);
    if (is_of_source)
        append_item(&condition, " AND ",
                    psprintf("EXISTS (SELECT FROM %s AS \"migrate row\" WHERE %s)", kSourceRows,
                             same_key(sync, alias, "\"migrate row\"")));
    for (int i = 0; i < sync->keys; i++)
        if (!sync->is_not_null[sync->key_columns[i]])
            append_item(&condition, " AND ",
                        psprintf("%s.%s IS NOT NULL", alias, sync->names[sync->key_columns[i]]));
    return condition.len > 0 ? psprintf(" WHERE %s", condition.data) : condition.data;
}

} // namespace

char *same_key(const TableSync *sync, const char *one, const char *other) {
    StringInfoData condition;
    initStringInfo(&condition);
    for (int i = 0; i < sync->keys; i++) {
        const int column = sync->key_columns[i];
        append_item(&condition, " AND ",
                    psprintf("%s.%s %s %s.%s", one, sync->names[column],
                             equality_operator(sync->columns[column].type), other,
                             sync->names[column]));
    }
    return condition.data;
}

// The line end keeps a comment at the condition's end from hiding the parenthesis. Without a
// condition the columns are the row as it is stored, which saves the executor a copy by columns.
char *target_query(const TableSync *sync, bool is_of_source) {
    const char *alias = row_alias(sync);
    const char *where = sync->request.target.where;
    return psprintf("SELECT %s%s FROM %s%s AS %s%s ORDER BY %s", column_list(sync, alias),
                    where != nullptr ? psprintf(", (%s\n) IS TRUE", where) : "", sync->only,
                    sync->table, alias, target_condition(sync, alias, is_of_source),
                    key_list(sync, alias));
}

char *source_query(const TableSync *sync) {
    const char *alias = row_alias(sync);
    const char *where = sync->request.target.where;
    return psprintf("SELECT %s, %s.\"migrate row id\" FROM %s AS %s%s ORDER BY %s",
                    column_list(sync, alias), alias, kSourceRows, alias,
                    where != nullptr ? psprintf(" WHERE (%s\n)", where) : "",
                    key_list(sync, alias));
}

char *watermark_query(const TableSync *sync) {
    const char *name = sync->names[sync->watermark];
    return psprintf("SELECT %s FROM %s%s WHERE %s IS NOT NULL ORDER BY %s DESC LIMIT 1", name,
                    sync->only, sync->table, name, name);
}

// Only what differs in any row is set: other columns may be the affair of triggers, or closed to
// the caller.
char *update_statement(const TableSync *sync) {
    StringInfoData sets;
    initStringInfo(&sets);
    for (int i = 0; i < sync->count; i++)
        if (sync->is_changed[i])
            append_item(&sets, ", ",
                        psprintf("%s = %s.%s", sync->names[i], kChangedRows, sync->names[i]));
    return psprintf("UPDATE %s%s AS %s SET %s FROM %s WHERE %s", sync->only, sync->table,
                    kSyncTarget, sets.data, kChangedRows,
                    same_key(sync, kSyncTarget, kChangedRows));
}

char *insert_added_statement(const TableSync *sync) {
    StringInfoData names;
    initStringInfo(&names);
    for (int i = 0; i < sync->count; i++)
        append_item(&names, ", ", sync->names[i]);
    return psprintf("INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s", sync->table,
                    names.data, column_list(sync, kAddedRows), kAddedRows);
}

char *delete_statement(const TableSync *sync, const char *guard) {
    return psprintf("DELETE FROM %s%s AS %s USING %s WHERE %s%s", sync->only, sync->table,
                    kSyncTarget, kMissingRows, same_key(sync, kSyncTarget, kMissingRows), guard);
}

} // namespace migrate::pg
