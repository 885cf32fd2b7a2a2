// What a connection that writes may do beside reading, and when a file may be written at all.
//
//     if (may_make_wal(handle)) …
//     unlock_writing(handle);               // after Database's own restrictions
//     allow_writes(handle, &schema);        // instead of set_authorizer
//
// Triggers of the file run here, as they would for its application: they may change ordinary tables
// of the file and call functions that only compute. CHECK constraints, defaults and indexed
// expressions are not seen by an authorizer; SQLite's own functions are all that they can call.
#pragma once

#include "core/schema.hpp"

#include <sqlite3.h>

namespace migrate::core::sqlite {

// Whether files that SQLite makes beside a WAL database would be the application's as well: they
// are there already, or the database belongs to the same user and group as new files of ours.
bool may_make_wal(sqlite3 *handle);

// Triggers, views, foreign keys, writing statements; the last connection clears the -wal away.
void unlock_writing(sqlite3 *handle);

// Installs the rules for statements. The schema says which tables are ordinary ones and must
// outlive the connection or the next call; nullptr: none may be written.
void allow_writes(sqlite3 *handle, const Schema *schema) noexcept;

} // namespace migrate::core::sqlite
