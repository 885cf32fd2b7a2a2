// CREATE TABLE (https://www.sqlite.org/lang_createtable.html) from tokens to its clauses. Private
// to core/sqlite's parsers.
#pragma once

#include "core/sqlite/sql_parser.hpp"
#include "core/sqlite/token_stream.hpp"

namespace migrate::core::sqlite {

// Reads the statement into `out` as far as it is understood; throws Error with the words of a
// `problem` as its message where it is not. An expression that is not understood is told in that
// expression alone.
void parse_table(TokenStream &in, TableClauses &out);

} // namespace migrate::core::sqlite
