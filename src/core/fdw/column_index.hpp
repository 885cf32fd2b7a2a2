// What the indexes of a SQLite table are good for in a scan by the value of one column.
#pragma once

#include "core/schema.hpp"
#include "core/sqlite/database.hpp"

namespace migrate::core::fdw {

// Whether SQLite finds rows by a value of the column alone: the rowid, or the first column of an
// index that holds all rows and compares bytes.
bool is_searchable(const Table &table, int column) noexcept;
// … and at most one of them.
bool is_unique(const Table &table, int column) noexcept;

// The index by which a walk of the table meets the column's values in bytewise order; nullptr for
// none.
const Index *ordering_index(const Table &table, int column) noexcept;

// Whether an index shows that the column stores nothing but text and NULL; false where none can.
bool stores_only_text(const sqlite::Database &database, const Table &table, int column);

} // namespace migrate::core::fdw
