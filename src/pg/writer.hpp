// Writes batches of converted rows into one relation. Four ways behind one small interface, chosen
// on the relation as it is opened, never on the plan: an event trigger may have changed what the
// DDL made (architecture.md, "Writing rows").
//
//     Writer *writer = open_writer(target);
//     Written written = writer->write(batch, 0, batch.rows()); …
//     writer->close();
#pragma once

#include "core/batch.hpp"
#include "pg/cell_datum.hpp"
#include "pg/settings.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "utils/rel.h"
}

namespace migrate::pg {

// Where rows come from, for error contexts: SQLite table "item", row 7; CSV file "/a.csv", line 7.
// The texts are in the server's encoding and outlive the writer.
struct WriteOrigin {
    const char *kind; // "SQLite table", "CSV file"
    const char *name;
    const char *unit; // what Batch::row_id counts: "row", "line"
    // What to do about a row that does not fit a page, a full sentence; NULL: no hint.
    const char *wide_row_hint = nullptr;
};

// What a row does whose key is in the relation already.
enum class Conflict : unsigned char { error, nothing, update };

// Where the rows go. Everything it points to must outlive the writer.
struct WriterTarget {
    Oid relation;
    WriteOrigin origin;
    const core::TypeKind *kinds;
    const char *const *names; // target columns in the order of the batch, UTF-8; others: defaults
    int columns;
    bool may_freeze; // option "freeze"
    const CallerSettings *caller_settings;
    bool is_created = true;  // by this call: only then may rows go past the executor
    bool is_guarded = false; // write() is called in subtransactions that may be rolled back
    // Input functions (kind other) run under the caller's settings too, as COPY's do: DateStyle.
    bool reads_as_caller = false;
    const char *where = nullptr; // an SQL condition over the target's columns, server encoding
    Conflict on_conflict = Conflict::error;
    const char *const *key = nullptr; // the columns that tell rows apart, UTF-8; for on_conflict
    int key_columns = 0;
    const Oid *types = nullptr; // that the cells were made for; see make_datum_columns
    // All rows are one statement, at the end of which foreign keys among them are checked.
    bool is_one_statement = false;
    // The rows are there already: those of the same key get the values of these columns, UTF-8.
    const char *const *updated = nullptr;
    int updated_columns = 0;
    bool updates_only() const { return updated_columns > 0; }
};

// What became of the rows that were written: together they are all of them.
struct Written {
    int64 inserted;
    int64 updated;
    int64 skipped; // by the condition, by on_conflict (rows that do not differ too), by a trigger
};

// Lives in the memory context that was current when it was opened; has no destructor. An error
// leaves it to that context and to the transaction's resource owner.
class Writer {
  public:
    // Writes the rows [first, end) of the batch that are not rejected. With on_conflict no two of
    // them may have the same key.
    virtual Written write(const core::Batch &batch, std::size_t first, std::size_t end) = 0;
    // From now on rows come from there.
    virtual void set_origin(const WriteOrigin &origin) = 0;
    // Ends the load and tells of the rows that only now were written (is_one_statement); the writer
    // is of no use afterwards.
    virtual Written close() = 0;
    virtual const char *name() const = 0; // "bulk", "executor", "sql" or "distributed"
};

// Opens the relation with ROW EXCLUSIVE and chooses: bulk for a plain heap table that this call
// created and nobody gave an index, trigger, rule, policy or parent to; executor for an existing
// heap table, not temporary, where multi-insert does what INSERT would do; distributed for tables
// of Citus; sql for the rest.
Writer *open_writer(const WriterTarget &target);

// The four ways. Each takes the opened relation over and closes it (keeping the lock).
Writer *open_bulk_writer(const WriterTarget &target, Relation relation);
Writer *open_executor_writer(const WriterTarget &target, Relation relation);
Writer *open_sql_writer(const WriterTarget &target, Relation relation);
Writer *open_distributed_writer(const WriterTarget &target, Relation relation);

// TABLE_INSERT_… options: frozen rows only where this very subtransaction gave the relation its
// file, as a frozen row of an aborted subtransaction would stay visible for ever.
int bulk_insert_options(Relation relation, bool may_freeze);

// An error context while rows are written: SQLite table "item", rows 1 to 1000. The origin is
// looked at when an error is reported.
struct WriteContext {
    ErrorContextCallback callback;
    const WriteOrigin *origin;
    int64 first_row;
    int64 last_row;
};
void push_write_context(WriteContext *context, const WriteOrigin *origin, int64 first_row,
                        int64 last_row);
void pop_write_context(const WriteContext *context);

} // namespace migrate::pg
