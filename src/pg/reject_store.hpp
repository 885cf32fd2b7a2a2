// Rejected rows between their reading and the end of the run: a tuplestore that spills to disk,
// made before any subtransaction begins, written to migrate.rejects_data by one statement at the
// end.
#pragma once

#include "core/convert.hpp"

#include <cstddef>
#include <vector>

#include "pg/postgres.hpp"

namespace migrate::pg {

struct RejectStore;

// One rejected value or record; texts in the server's encoding.
struct RejectRow {
    const char *source; // the file; NULL: the one that record_rejects names
    const char *table_name;
    bool has_row_id; // else it has lines
    int64 row_id;
    int64 line_first;
    int64 line_last;
    const char *column_name; // NULL for a record as a whole
    const char *sqlstate;
    const char *reason;
    const char *value; // NULL without a column
    const char *raw;   // its first 64 MB are kept
    std::size_t raw_size;
};

// Lives in CurrentMemoryContext.
RejectStore *open_reject_store();
void store_reject(RejectStore *store, const RejectRow &row);
void store_rejects(RejectStore *store, const char *table_name,
                   const std::vector<core::Reject> &rejects);
// Forgets the rejects of a table that is loaded again.
void forget_rejects(RejectStore *store, const char *table_name);
// The first of the stored rejects as lines for an error's DETAIL, palloc'd.
const char *describe_rejects(RejectStore *store, int most);
// Calls `use` for each of them, in their order; the row's texts live until it returns.
void for_each_reject(RejectStore *store, void (*use)(const RejectRow &row, void *argument),
                     void *argument);
// Writes all of them under the run; between SPI_connect and SPI_finish, under pinned settings.
void record_rejects(RejectStore *store, int64 run_id, const char *source);
// A store that spilled has a temporary file, which must not outlive the statement.
void close_reject_store(RejectStore *store);

} // namespace migrate::pg
