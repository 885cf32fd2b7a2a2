// The history of migrations: an ordinary table of the user's, found, trusted, made and written.
//
// All calls stand between SPI_connect and SPI_finish, under pinned settings, but for the caller's
// search_path, which find_history takes as text.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/pg_list.h"
#include "utils/timestamp.h"
}

namespace migrate::pg {

// Where the history is, or would be made. Texts in the server's encoding, palloc'd.
struct HistoryTable {
    Oid relation; // InvalidOid: there is none yet
    Oid owner;
    Oid schema_oid;
    char *schema;
    char *name;
    char *qualified; // quoted
    bool has_applied_at;
    bool has_execution_time;
    bool has_checksum;
};

// Whether schema and name still lead to the very table.
bool is_unchanged(const HistoryTable *history);

// Looks along the caller's whole search path (never in pg_temp) for a table of that name with our
// columns; a table of that name that another tool made is passed over, and "migrate_history" is
// looked for in its place. Finds where one would be made when there is none. Errors: 42809 for what
// is no ordinary permanent table, 42501 for a table whose owner is not trusted and that could run
// code of theirs, 3F000 for an empty path.
HistoryTable *find_history(const char *name, const char *search_path);

// 55000 when there is none on the path but one of ours in another schema: what began as a second
// history would run everything again.
void check_no_other_history(const HistoryTable *history);

// Makes the table as the caller, and fills in what find_history would.
void create_history(HistoryTable *history);

// Keeps other runners out until the transaction ends: an advisory lock on the history's schema and
// name, and, where the table is there, a lock on it against everything but reads. Waits up to
// `wait_ms` for both. Errors: 55P03 with the holder, 42501 without INSERT, 25001 in an isolation
// level that would read an old history.
void lock_history(const HistoryTable *history, int64 wait_ms);
// Whether the advisory lock is free to take, and taken.
bool try_lock_history(const HistoryTable *history);
// The lock on the table alone, for one that was made meanwhile.
void lock_history_relation(const HistoryTable *history, int64 wait_ms);

// Reads all rows: version, name, applied_at, execution_time_ms, checksum as text, bigint
// microseconds for the time; in SPI_tuptable. Returns how many. 42501 without SELECT.
uint64 read_history(const HistoryTable *history);
// How many rows there are, and whether `version` is one of them.
struct HistoryCount {
    int64 rows;
    bool has_version;
};
HistoryCount count_history(const HistoryTable *history, const char *version);

// Writes, with the rights that run_on_table says (pg/table_trust.hpp), after the caller's were
// checked. 55000 when a trigger took the row away, or the name leads to another table now.
// `checksum` NULL leaves it NULL; a time below zero too.
void insert_history(const HistoryTable *history, const char *version, const char *name,
                    int64 execution_time_ms, const char *checksum, TimestampTz applied_at);
// Completes a row that a file wrote itself, or gives it a new checksum (a time below zero: the
// row's stays). Returns false when there is none.
bool update_history(const HistoryTable *history, const char *version, int64 execution_time_ms,
                    const char *checksum);
// False when there was none.
bool delete_history(const HistoryTable *history, const char *version);

// For the tables of other tools, which follow the same rules. The existing schemas of a search path
// in its order, but for temporary ones, pg_catalog and those that the user may not use:
List *schemas_on_path(const char *search_path);

} // namespace migrate::pg
