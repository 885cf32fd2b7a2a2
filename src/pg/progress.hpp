// pg_stat_progress_copy while a table loads.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

// Begins the command for one table. It is begun anew for each table: building an index, ANALYZE and
// an aborted subtransaction each end it.
void start_progress(Oid relation);
void report_progress(int64 rows, int64 rejected, int64 bytes);
void end_progress();

} // namespace migrate::pg
