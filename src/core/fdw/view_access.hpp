// Reading a view of a SQLite file: the one case in which SQLite runs SQL that the file brings.
//
//     allow_views(database);
//     Statement rows(database, "SELECT … FROM main.\"v\"", …);
#pragma once

#include "core/schema.hpp"
#include "core/sqlite/database.hpp"

#include <string>

namespace migrate::core::fdw {

// From here on the connection reads views: their bodies may read tables and call the functions of
// the closed list, the aggregates and the window functions; nothing else. It stays so, because
// SQLite compiles a running statement anew when the authorizer changes.
void allow_views(const sqlite::Database &database);

// A view as a table without rowid: its columns with the types that SQLite knows of them, "" for an
// expression. Needs allow_views. Throws Error when the view cannot be read: it calls a function
// that is not on the list, names a virtual table, or is not valid.
Table describe_view(const sqlite::Database &database, const std::string &name);

} // namespace migrate::core::fdw
