// Constraints that are INITIALLY DEFERRED, on tables of Citus. SET CONSTRAINTS does not reach the
// shards, where they are checked when the transaction ends; and where it wrote to one node alone,
// what fails there then is a WARNING, and the rows are gone.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

// Looks for rows that break such a constraint of one of the tables, or a foreign key that points to
// one. 23503, 23505. Nothing where no table is one of Citus. Between SPI_connect and SPI_finish.
void check_shard_constraints(const Oid *relations, int count);

} // namespace migrate::pg
