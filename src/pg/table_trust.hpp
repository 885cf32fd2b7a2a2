// Tables of other roles that migrate reads and writes: whose code may run, and as whom.
#pragma once

#include "pg/parameters.hpp"

namespace migrate::pg {

// Whether what the role wrote may run with the rights of the current user: it is that user, a
// superuser, or, for a user who is none, a role that the user is an explicit member of. Anybody may
// make a superuser a member of a role of theirs, so that says nothing for one.
bool is_trusted_role(Oid role);

// Whether the table may be used by the current user: its owner is trusted, or it can run no code of
// its owner: no trigger, rule, row security, check, generated column, index expression, type or
// default that is more than a constant or a function of a closed list. Between SPI_connect and
// SPI_finish, under pinned settings.
bool is_trusted_table(Oid relation, Oid owner);

// Runs one statement of ours on a table: as its owner, in a security-restricted operation, when the
// current user could become that role, so that code of the owner's gets nothing more than the owner
// has; else as the current user. Never as a role that the user could not become: code of others
// that sees the user's temporary objects would run with more rights than the user has. Returns the
// rows.
uint64 run_on_table(Oid owner, const char *sql, Parameters *parameters);

} // namespace migrate::pg
