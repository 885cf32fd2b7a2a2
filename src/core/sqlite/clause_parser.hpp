// Parts that the statements of CREATE have in common, and those of a column or constraint that need
// nothing but themselves. Private to core/sqlite's parsers; the functions throw Error with the
// words of a `problem` as its message.
#pragma once

#include "core/schema.hpp"
#include "core/sqlite/source_tree.hpp"
#include "core/sqlite/token_stream.hpp"

#include <string>
#include <string_view>

namespace migrate::core::sqlite {

// CREATE [TEMP] `what` [IF NOT EXISTS] [schema.]name, of tables and views.
void parse_create_head(TokenStream &in, std::string_view what);

// A column's type as PRAGMA table_xinfo shows it; "" when none comes.
std::string parse_declared_type(TokenStream &in);

// (…) of CHECK, DEFAULT and AS: its text without the parentheses, and what is wrong in it.
SourceExpression parse_parenthesised(TokenStream &in);

// What follows DEFAULT.
SourceExpression parse_default(TokenStream &in);

// What follows REFERENCES, except DEFERRABLE.
ForeignKey parse_references(TokenStream &in);

// ON CONFLICT …, which may be left out.
void skip_conflict_clause(TokenStream &in);

// COLLATE around the expression of an index or key term gives way to its name, in upper case; ""
// when there is none. A 'string' is the column of that name, as SQLite reads it in such a term.
std::string simplify_key_term(ExpressionPtr &term);

} // namespace migrate::core::sqlite
