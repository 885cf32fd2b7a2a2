// Keeps the scans of a session apart from its own writes. SQLite does not say whether a running
// SELECT sees what its own connection changes meanwhile; PostgreSQL says that it does not. So the
// first write after a scan began reads that scan to its end, into a tuplestore, and the scan goes
// on from there: an UPDATE does not meet its own rows again, and an open cursor shows the state
// that it was opened on.
//
//     watch_scan(node);             // when it begins
//     spool_scans(source);          // before each write
#pragma once

#include "fdw/table_scan.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/execnodes.h"
}

namespace migrate::fdw {

// `can_rewind`: the plan may scan it again from the first row. Palloc'd in CurrentMemoryContext,
// which must be the scan's own.
void watch_scan(ForeignScanState *node, bool can_rewind);
// The scan has ended.
void unwatch_scan(TableScan *scan);

// Reads all scans of the source's connection to their end that were not yet.
void spool_scans(const ForeignSource *source);

// Whether that happened to the scan, and it has to be read from there.
bool is_spooled(const TableScan *scan);
// Goes to the first row: of the whole table but for conditions whose operands may change, all of
// which PostgreSQL checks.
void rewind_spool(TableScan *scan);
// Fills the scan's batch; false at the end.
bool fetch_spooled(TableScan *scan);

} // namespace migrate::fdw
