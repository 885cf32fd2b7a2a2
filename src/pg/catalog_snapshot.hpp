// A snapshot of the catalogs by name (pg/catalog_queries.hpp).
#pragma once

#include "core/versioned/catalog_diff.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

// Replaces what `snapshot` holds with the database as this transaction sees it; `left_out` is a
// table that is not described. Stands between SPI_connect and SPI_finish; pins settings itself.
void take_catalog_snapshot(Oid left_out, core::versioned::CatalogSnapshot *snapshot);

} // namespace migrate::pg
