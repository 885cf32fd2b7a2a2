// What migrate asks of the extension citus, where the database has it.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

// Raises 0A000, with a hint, when option "distribute" has no Citus to distribute by.
void require_citus();

// Whether Citus keeps the relation's rows in shards (a reference table counts). Between
// SPI_connect and SPI_finish.
bool is_distributed(Oid relation);

// For the rest of the call: one connection to each worker at a time. DDL on a reference table after
// distributed ones were reached in parallel is an error of Citus.
void work_in_sequence();

} // namespace migrate::pg
