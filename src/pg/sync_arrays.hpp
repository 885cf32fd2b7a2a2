// How the statements of a sync get at the rows of a store: as an ephemeral named relation or, for
// tables of Citus, which plans no such relation, as arrays that are parameters.
//
//     share_rows(store);
//     int64 rows = run_on_rows(sync, store, sql);    // … FROM migrate_changed …
//     unshare_rows(store);
//
// All calls stand between SPI_connect and SPI_finish.
#pragma once

#include "pg/row_arrays.hpp"
#include "pg/sync_state.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

// Registers the store for the next statements, and takes it back; outside of the subtransactions
// that these run in. Arrays need neither.
void share_rows(const RowStore &store);
void unshare_rows(const RowStore &store);

// Runs the statement, which reads the rows of the store by its name, and returns how many rows it
// wrote. As arrays the rows come in portions, a statement each; all at once where the table refers
// to itself. Beside the columns, each row has its "migrate number" then. Under the caller's
// settings; those of printing are pinned to the end of their level.
int64 run_on_rows(const TableSync *sync, const RowStore &store, const char *sql);

// The keys of a store for one query that reads them by the store's name, palloc'd; NULL where they
// are too many for it.
const RowArrays *key_arrays(const TableSync *sync, const RowStore &store);

} // namespace migrate::pg
