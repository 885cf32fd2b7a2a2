// Rejected rows between their reading and the end of the run: a tuplestore that spills to disk,
// made before any subtransaction begins, written to migrate.rejects_data by one statement at the
// end.
#pragma once

#include "core/convert.hpp"

#include <string>
#include <vector>

#include "pg/postgres.hpp"

namespace migrate::pg {

struct RejectStore;

// Lives in CurrentMemoryContext.
RejectStore *open_reject_store();
void store_rejects(RejectStore *store, const char *table_name,
                   const std::vector<core::Reject> &rejects);
// Forgets the rejects of a table that is loaded again.
void forget_rejects(RejectStore *store, const char *table_name);
// The first of the stored rejects as lines for an error's DETAIL, palloc'd.
const char *describe_rejects(RejectStore *store, int most);
// Writes all of them under the run; between SPI_connect and SPI_finish, under pinned settings.
void record_rejects(RejectStore *store, int64 run_id, const char *source);
// A store that spilled has a temporary file, which must not outlive the statement.
void close_reject_store(RejectStore *store);

} // namespace migrate::pg
