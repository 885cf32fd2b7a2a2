// Indexes and foreign keys of one table: pragmas joined with the CREATE texts.
#pragma once

#include "core/schema.hpp"
#include "core/sqlite/database.hpp"
#include "core/sqlite/sql_parser.hpp"
#include "core/sqlite/table_catalog.hpp"

namespace migrate::core::sqlite {

// Reads the indexes in the order of their names and, from the one of the primary key, whether the
// table is WITHOUT ROWID and whether a column is the alias of the rowid. The columns and the
// primary key of `table` are set.
void read_indexes(const Database &database, const IndexTexts &index_texts,
                  const TableClauses &clauses, Table &table);

// Reads the foreign keys in the order of the text, with their names and deferrability.
void read_foreign_keys(const Database &database, TableClauses &clauses, Table &table);

} // namespace migrate::core::sqlite
