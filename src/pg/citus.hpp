// What migrate asks of the extension citus, where the database has it.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

// Raises 0A000, with a hint, when option "distribute" has no Citus to distribute by.
void require_citus();

// Where the rows of a relation are: in itself, as those of any table; each in the shard that its
// distribution column says; all of them on every node (a reference table); or all in one shard on
// one node, as Citus makes of a table that refers to a reference table.
enum class Placement : unsigned char { local, by_column, everywhere, one_node };

// Between SPI_connect and SPI_finish.
Placement placement_of(Oid relation);
// Whether it is a table of Citus.
bool is_distributed(Oid relation);

// For the rest of the call: one connection to each worker at a time. DDL on a reference table after
// distributed ones were reached in parallel is an error of Citus.
void work_in_sequence();

} // namespace migrate::pg
