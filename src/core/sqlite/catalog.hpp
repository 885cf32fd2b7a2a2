// Reads what a SQLite file declares: tables with hidden and generated columns, keys in the order of
// their pk ordinals, indexes, foreign keys, checks, views, triggers, virtual and shadow tables.
#pragma once

#include "core/schema.hpp"
#include "core/sqlite/database.hpp"

namespace migrate::core::sqlite {

// Reads the catalog inside the read transaction of `database`. Uses sqlite_schema and, on ordinary
// tables only, pragma_table_xinfo, index_list, index_xinfo and foreign_key_list; never names a
// virtual table or a view in a statement. Throws Error XX001 when the schema is malformed.
Schema read_catalog(const Database &database);

} // namespace migrate::core::sqlite
