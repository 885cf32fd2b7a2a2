// What a statement may do on a source: SELECT, READ, the pragmas that the catalog asks, and a
// closed list of functions. Everything else is refused when the statement is prepared. Expressions
// of the schema are not seen here (SQLite resolves them while it loads it): see why_unreadable in
// table_catalog.cpp.
#pragma once

#include <sqlite3.h>

#include <string_view>

namespace migrate::core::sqlite {

// Installs the rules on the connection.
void set_authorizer(sqlite3 *handle) noexcept;

// Whether a generated column may call the SQL function `name` (lower case): pure, and not
// allocating by the value of an argument.
bool is_allowed_function(std::string_view name) noexcept;

} // namespace migrate::core::sqlite
