#include "core/sqlite/expression_parser.hpp"
#include "core/sqlite/select_parser.hpp"

#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

Tree parse_select_of(TokenStream &in, ExpressionKind kind) {
    Tree node(kind);
    node.set_select(parse_select(in));
    in.expect_op(")");
    return node;
}

// The functions that recurse are not inlined, so that a level takes the stack of one of them only.

// (SELECT …), (a, b) or a mere grouping, which leaves no trace in the tree.
[[gnu::noinline]] Tree parse_parentheses(TokenStream &in) {
    in.next();
    if (at_select(in)) {
        return parse_select_of(in, ExpressionKind::scalar_select);
    }
    Tree first = parse_tree(in);
    if (in.accept_op(",")) {
        Tree row(ExpressionKind::row_value);
        row.add(std::move(first));
        parse_expression_list(in, row);
        first = std::move(row);
    }
    in.expect_op(")");
    return first;
}

[[gnu::noinline]] Tree parse_exists(TokenStream &in) {
    in.next();
    in.expect_op("(");
    if (!at_select(in)) {
        in.fail();
    }
    return parse_select_of(in, ExpressionKind::exists);
}

[[gnu::noinline]] Tree parse_case(TokenStream &in) {
    in.next();
    Tree node(ExpressionKind::case_when);
    if (in.at_word("WHEN")) {
        node.node->operands.push_back(nullptr);
    } else {
        node.add(parse_tree(in));
    }
    do {
        in.expect_word("WHEN");
        node.add(parse_tree(in));
        in.expect_word("THEN");
        node.add(parse_tree(in));
    } while (in.at_word("WHEN"));
    if (in.accept_word("ELSE")) {
        node.add(parse_tree(in));
    } else {
        node.node->operands.push_back(nullptr);
    }
    in.expect_word("END");
    return node;
}

// The type's words with one space between them and its arguments as in "(10,2)": comments and line
// breaks between them say nothing.
std::string parse_cast_type(TokenStream &in) {
    const std::size_t first = in.position();
    const std::size_t words = skip_type_name(in);
    const std::size_t end = in.position();
    std::string out;
    in.seek(first);
    for (std::size_t i = 0; in.position() < end; ++i) {
        out += i > 0 && i < words ? " " : "";
        out += in.next().text;
    }
    return out;
}

[[gnu::noinline]] Tree parse_cast(TokenStream &in) {
    in.next();
    in.expect_op("(");
    Tree node(ExpressionKind::cast);
    node.add(parse_tree(in));
    in.expect_word("AS");
    node.node->text = parse_cast_type(in);
    in.expect_op(")");
    return node;
}

void parse_arguments(TokenStream &in, Tree &call) {
    if (in.accept_op("*")) {
        call.node->is_star = true;
        return;
    }
    call.node->is_distinct = in.accept_word("DISTINCT");
    if (!call.node->is_distinct) {
        in.accept_word("ALL");
    }
    if (!in.at_op(")") && !in.at_word("ORDER")) {
        parse_expression_list(in, call);
    }
    // The tree has no place for it, and an aggregate without its order is another one.
    if (in.at_word("ORDER")) {
        fail_unsupported("ORDER BY inside an aggregate function");
    }
}

[[gnu::noinline]] Tree parse_call(TokenStream &in) {
    Tree call(ExpressionKind::function, ascii_lower(in.next().text));
    in.next();
    parse_arguments(in, call);
    in.expect_op(")");
    parse_filter_and_window(in, call);
    return call;
}

// TRUE and FALSE are columns where a table has such columns; `text` keeps the word for that.
Tree make_boolean(const Token &word) {
    Tree node(ExpressionKind::boolean_literal, word.text);
    node.node->integer = word.is_word("TRUE") ? 1 : 0;
    return node;
}

[[gnu::noinline]] Tree parse_column(TokenStream &in) {
    const Token &first = in.next();
    if (!in.at_op(".") && (first.is_word("TRUE") || first.is_word("FALSE"))) {
        return make_boolean(first);
    }
    Tree node(ExpressionKind::column);
    node.node->path.push_back(first.text);
    while (node.node->path.size() < 3 && in.accept_op(".")) {
        node.node->path.push_back(in.expect_name());
    }
    node.node->is_quoted = node.node->path.size() == 1 && first.kind == TokenKind::quoted;
    return node;
}

Tree parse_word(TokenStream &in) {
    if (in.at_word("CASE")) {
        return parse_case(in);
    }
    if (in.at_word("CAST")) {
        return parse_cast(in);
    }
    if (in.at_word("EXISTS")) {
        return parse_exists(in);
    }
    if (in.at_word("RAISE")) {
        fail_unsupported("the function RAISE");
    }
    if (!in.at_name()) {
        in.fail();
    }
    return in.peek(1).is_op("(") ? parse_call(in) : parse_column(in);
}

} // namespace

Tree parse_operand(TokenStream &in) {
    // A string before a dot is the name of a table: 'a'.b is the column b.
    const bool is_qualifier = in.peek().kind == TokenKind::string && in.peek(1).is_op(".");
    if (at_literal(in) && !is_qualifier) {
        return parse_literal(in);
    }
    switch (in.peek().kind) {
    case TokenKind::word:
        return parse_word(in);
    case TokenKind::quoted:
    case TokenKind::bracketed:
        return in.peek(1).is_op("(") ? parse_call(in) : parse_column(in);
    case TokenKind::string:
        return parse_column(in);
    case TokenKind::variable:
        fail_unsupported("a bind variable");
    default:
        break;
    }
    if (!in.at_op("(")) {
        in.fail();
    }
    return parse_parentheses(in);
}

} // namespace migrate::core::sqlite
