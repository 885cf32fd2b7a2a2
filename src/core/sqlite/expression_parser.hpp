// SQLite's expressions (https://www.sqlite.org/lang_expr.html, the order of precedence of
// src/parse.y) from tokens to trees. Private to core/sqlite's parsers. Every function throws Error
// with the words of a `problem` as its message.
#pragma once

#include "core/sqlite/source_tree.hpp"
#include "core/sqlite/token_stream.hpp"

#include <cstddef>
#include <string>

namespace migrate::core::sqlite {

// A whole expression.
Tree parse_tree(TokenStream &in);

// What operators work on, no operator but those inside parentheses: a literal, a column, a call.
Tree parse_operand(TokenStream &in);

// A number, 'string', blob, NULL or CURRENT_…: SQLite's `term`, which DEFAULT takes bare.
bool at_literal(const TokenStream &in) noexcept;
Tree parse_literal(TokenStream &in);

// "-" or "+" or "~" before `operand`. -9223372036854775808 becomes the integer that it is.
Tree make_unary(const std::string &op, Tree operand);

// One expression or more with commas between them, as operands of `parent`.
void parse_expression_list(TokenStream &in, Tree &parent);

// `FILTER (WHERE …)` and `OVER …` behind a call; of a window only is_window is kept.
void parse_filter_and_window(TokenStream &in, Tree &call);

// Passes the rest of WINDOW name AS (…) or OVER (…) from its "(" on.
void skip_window(TokenStream &in);

// SQLite's `typetoken`: words, then one or two signed numbers in parentheses. At most the words
// are there: nothing at all is a type too. Returns how many tokens were words.
std::size_t skip_type_name(TokenStream &in);

// Parses the tokens up to number `end` as one expression and goes there, whatever happens: what is
// wrong in the expression is told in it and does not stop the parser of the text around it.
SourceExpression parse_source_expression(TokenStream &in, std::size_t end);

} // namespace migrate::core::sqlite
