// What migrate asks of the extension citus, where the database has it.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

// Raises 0A000, with a hint, when option "distribute" has no Citus to distribute by.
void require_citus();

// Where the rows of a relation are: here, as in any table; each in the shard that its distribution
// column says; or all in the one shard of a table of Citus that has no such column (a reference
// table, or one that is on this node alone and refers to one).
enum class Placement : unsigned char { local, by_column, whole };

// Between SPI_connect and SPI_finish.
Placement placement_of(Oid relation);
// Whether it is a table of Citus.
bool is_distributed(Oid relation);

// For the rest of the call: one connection to each worker at a time. DDL on a reference table after
// distributed ones were reached in parallel is an error of Citus.
void work_in_sequence();

} // namespace migrate::pg
