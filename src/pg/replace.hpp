// Option "mode": "replace": the tables and views that an earlier run made are dropped in one set,
// and what people gave them (grants, comments) is carried over to the new ones.
//
// All calls stand between SPI_connect and SPI_finish, under pinned settings.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

struct Replacement; // what was dropped, and the statements that carry things over; palloc'd

// Starts with nothing to drop.
Replacement *begin_replacement(const char *schema);
// Adds an existing relation to the set; 42P07 when no earlier run of the caller's roles made it.
void add_replaced(Replacement *replacement, Oid relation);
// Remembers grants and comments and drops the set, views first; 2BP01 when other objects depend on
// it.
void drop_replaced(Replacement *replacement);
// Gives the new relations the old ones' grants and comments; what no longer fits is left out.
void carry_over(const Replacement *replacement);
// What a dropped table had and its successor lacks (policies, triggers, publications), one
// sentence, or NULL.
const char *lost_with(const Replacement *replacement, const char *relation_name);

} // namespace migrate::pg
