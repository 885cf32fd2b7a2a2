// SQLite's SELECT (https://www.sqlite.org/lang_select.html) from tokens to a tree. Private to
// core/sqlite's parsers. The functions throw Error with the words of a `problem` as its message.
#pragma once

#include "core/sqlite/source_tree.hpp"
#include "core/sqlite/token_stream.hpp"

#include <string>
#include <vector>

namespace migrate::core::sqlite {

// Is the next token the first of a query? WITH is a name in other places, not after "(".
bool at_select(const TokenStream &in) noexcept;

// A query with its WITH, compounds, ORDER BY and LIMIT.
Query parse_select(TokenStream &in);

// FROM and all that it joins, into the last core of `query`.
void parse_from(TokenStream &in, Query &query);

// One term of ORDER BY; the height of its expression goes into `query`.
OrderTerm parse_order_term(TokenStream &in, Query &query);

// The name after AS, or a name that needs no AS, of a result column or an item of FROM; "" if none.
std::string parse_alias(TokenStream &in);

// ASC or DESC, which may be left out. Returns true for DESC.
bool parse_direction(TokenStream &in) noexcept;

// (a, b, …) when a "(" is next, else nothing. COLLATE and directions, which files of old versions
// hold, are passed over as SQLite does.
std::vector<std::string> parse_optional_names(TokenStream &in);

} // namespace migrate::core::sqlite
