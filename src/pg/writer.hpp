// Writes batches of converted rows into one relation. Two ways so far, behind one small interface,
// chosen on the relation as it is opened, never on the plan: an event trigger may have changed what
// the DDL made (architecture.md, "Writing rows").
//
//     Writer *writer = open_writer(target);
//     writer->write(batch); …
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

// Where the rows go. Everything it points to must outlive the writer.
struct WriterTarget {
    Oid relation;
    const char *source_name; // the SQLite table, for error contexts; in the server's encoding
    const core::TypeKind *kinds;
    const char *const *names; // target columns in the order of the batch, UTF-8
    int columns;
    bool may_freeze; // option "freeze"
    const CallerSettings *caller_settings;
};

// Lives in the memory context that was current when it was opened; has no destructor. An error
// leaves it to that context and to the transaction's resource owner.
class Writer {
  public:
    // Writes the rows of the batch that are not rejected; returns how many.
    virtual int64 write(const core::Batch &batch) = 0;
    // Ends the load; the writer is of no use afterwards.
    virtual void close() = 0;
    virtual const char *name() const = 0; // "bulk" or "sql"
};

// Opens the relation with ROW EXCLUSIVE and chooses: bulk for a plain heap table of the caller's
// that nobody gave an index, trigger, rule, policy or parent to; sql for everything else.
Writer *open_writer(const WriterTarget &target);

// The two ways. Both take the opened relation over and close it (keeping the lock).
Writer *open_bulk_writer(const WriterTarget &target, Relation relation);
Writer *open_sql_writer(const WriterTarget &target, Relation relation);

// TABLE_INSERT_… options: frozen rows only where this very subtransaction gave the relation its
// file, as a frozen row of an aborted subtransaction would stay visible for ever.
int bulk_insert_options(Relation relation, bool may_freeze);

// An error context while a batch is written: SQLite table "item", rows 1 to 1000.
struct WriteContext {
    ErrorContextCallback callback;
    const char *source_name;
    int64 first_row;
    int64 last_row;
};
void push_write_context(WriteContext *context, const char *source_name, const core::Batch &batch);
void pop_write_context(const WriteContext *context);

} // namespace migrate::pg
