// SQLite's result codes of a write in the words of the user, as Database::fail has those of a read.
#pragma once

#include "core/sqlite/database.hpp"

#include <string_view>

namespace migrate::core::fdw {

// Throws the Error for an extended result code. `doing` completes "could not …". Constraints get
// the SQLSTATEs that PostgreSQL has for theirs: 23505, 23502, 23503, 23514, P0001 for RAISE in a
// trigger.
[[noreturn]] void fail_write(const sqlite::Database &database, int result, std::string_view doing);

// Throws why the file was opened for reading only: 42501 for the rights of the server's operating
// system user, 55000 for a database in WAL mode that its application does not have open.
[[noreturn]] void fail_read_only(const sqlite::Database &database);

} // namespace migrate::core::fdw
