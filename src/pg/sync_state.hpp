// What the parts of a table's sync share: its columns and stores (table_sync.cpp), the comparison
// (sync_compare.cpp), the texts of its queries and statements (sync_text.cpp), the way of the rows
// into them (sync_arrays.cpp), and their execution (sync_apply.cpp).
#pragma once

#include "pg/citus.hpp"
#include "pg/row_cursor.hpp"
#include "pg/table_sync.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "utils/sortsupport.h"
#include "utils/tuplestore.h"
}

namespace migrate::pg {

// The relations that our statements read, and the alias of the table in them.
inline constexpr char kSourceRows[] = "migrate_source";
inline constexpr char kChangedRows[] = "migrate_changed";
inline constexpr char kAddedRows[] = "migrate_added";
inline constexpr char kMissingRows[] = "migrate_missing";
inline constexpr char kSyncTarget[] = "migrate_target";

// Rows that wait for a statement; they spill to disk.
struct RowStore {
    const char *name;
    TupleDesc descriptor;
    Tuplestorestate *rows;
    int64 count;
    bool is_array; // as parameters into statements, not as a relation
};

struct SyncScope; // sync_scope.cpp

struct TableSync {
    SyncRequest request;
    SyncCounts counts;
    MemoryContext memory;
    MemoryContext batch_memory;
    Oid relation;
    const char *table;      // qualified name
    const char *table_name; // alone
    const char *only;       // "ONLY " but for a partitioned table: children are tables of their own
    Placement placement;
    bool refers_to_itself;
    bool is_key_unique; // else the table's own rows are looked at for keys that come twice
    bool is_sorted;     // rows may come in any order
    bool has_spared;    // missing rows that others pointed to when the first were deleted

    int count; // columns of the source
    DatumColumn *columns;
    const char **names; // quoted
    bool *is_key;
    bool *is_compared; // not so an identity GENERATED ALWAYS: no UPDATE may set it
    bool *is_not_null;
    bool *is_changed; // in any row
    int16 *lengths;
    bool *by_value;
    int keys;
    int *key_columns; // by place in the key
    SortSupportData *orders;

    int watermark; // its column, -1 for none
    bool has_mark; // the table has a highest value
    Datum mark;
    SortSupportData mark_order;

    bool has_previous;
    Datum *previous; // key of the row before, copied
    bool has_previous_target;
    Datum *previous_target;
    Datum *values; // of a batch: rows × columns
    bool *nulls;
    std::size_t room; // rows that fit there

    SyncScope *scope; // NULL where all rows are the source's affair
    RowCursor *target_rows;
    RowStore source;
    RowStore changed;
    RowStore added;
    RowStore missing;
};

// sync_text.cpp: palloc'd texts. The rows of the table in the order of the key, and whether the
// condition holds where there is one; `is_of_source`: only those whose keys are in migrate_source.
char *target_query(const TableSync *sync, bool is_of_source);
// The rows of migrate_source that meet the condition in the order of the key, with their ids.
char *source_query(const TableSync *sync);
char *watermark_query(const TableSync *sync);
// one.key = other.key AND …
char *same_key(const TableSync *sync, const char *one, const char *other);
char *update_statement(const TableSync *sync);
char *insert_added_statement(const TableSync *sync);
// `guard` follows the condition, "" for none.
char *delete_statement(const TableSync *sync, const char *guard);

// Index of a column of the source by its target's name; 22023 where there is none.
int find_sync_column(const TableSync *sync, const char *utf8_name);
void put_row(RowStore *store, const Datum *values, const bool *nulls);
void empty_store(RowStore *store);

} // namespace migrate::pg
