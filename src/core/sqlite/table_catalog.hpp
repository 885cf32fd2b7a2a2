// One b-tree table of a SQLite file: what the pragmas say, joined with what only the CREATE text
// says.
#pragma once

#include "core/schema.hpp"
#include "core/sqlite/database.hpp"

#include <map>
#include <string>

namespace migrate::core::sqlite {

// CREATE INDEX texts by the name of the index.
using IndexTexts = std::map<std::string, std::string>;

// Fills `table`, whose name, sql and kind are set, with its columns, keys, indexes, foreign keys
// and checks. The pragmas decide; the text adds names, checks, generation expressions and
// deferrability, and where the two do not agree `problem` says so. Throws Error XX001 when SQLite
// cannot read the schema.
void describe_table(const Database &database, const IndexTexts &index_texts, Table &table);

// Names are compared as SQLite does: ASCII letters without case.
bool is_same_name(const std::string &left, const std::string &right) noexcept;

} // namespace migrate::core::sqlite
