// The tables of an existing schema as the catalog has them, for core/plan/target_match.
//
// To be called between SPI_connect and SPI_finish, under pinned settings.
#pragma once

#include "core/plan/target_tables.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

// Reads the tables, partitioned tables, views and foreign tables of the schema. The texts are in
// UTF-8. Takes no locks: who writes checks the columns of the relation that it opens.
void read_target_tables(Oid schema, core::plan::TargetTables *tables);

} // namespace migrate::pg
