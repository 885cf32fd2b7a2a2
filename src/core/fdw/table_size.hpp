// The size of a table of a SQLite file without reading it.
#pragma once

#include "core/fdw/connection.hpp"

namespace migrate::core::fdw {

// Rows of small tables are counted; those of others come from sqlite_stat1, or from the range of
// the rowid within what the file has room for. A view is as large as nobody knows.
TableSize estimate_size(const sqlite::Database &database, const Relation &relation);

} // namespace migrate::core::fdw
