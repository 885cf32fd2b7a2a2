#include "core/sqlite/expression_parser.hpp"

#include "core/error.hpp"
#include "core/sqlite/select_parser.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

// Precedence as src/parse.y declares it, lowest first. ESCAPE stands between comparison and bits,
// but follows only a pattern, so that it needs no level here.
enum Level : int {
    kOr = 1,
    kAnd,
    kNot,
    kEquality,
    kComparison,
    kBits,
    kAdditive,
    kMultiplicative,
    kConcat,
    kCollate,
    kUnary,
};

struct BinaryOperator {
    std::string_view mark; // as written
    int level;
    const char *op; // as the tree names it
};

constexpr BinaryOperator kBinaryOperators[] = {
    {"=", kEquality, "="},       {"==", kEquality, "="},      {"<>", kEquality, "<>"},
    {"!=", kEquality, "<>"},     {"<", kComparison, "<"},     {"<=", kComparison, "<="},
    {">", kComparison, ">"},     {">=", kComparison, ">="},   {"&", kBits, "&"},
    {"|", kBits, "|"},           {"<<", kBits, "<<"},         {">>", kBits, ">>"},
    {"+", kAdditive, "+"},       {"-", kAdditive, "-"},       {"*", kMultiplicative, "*"},
    {"/", kMultiplicative, "/"}, {"%", kMultiplicative, "%"}, {"||", kConcat, "||"},
    {"->", kConcat, "->"},       {"->>", kConcat, "->>"},
};

constexpr BinaryOperator kAndOperator = {"AND", kAnd, "AND"};
constexpr BinaryOperator kOrOperator = {"OR", kOr, "OR"};

const BinaryOperator *find_binary(const Token &token) noexcept {
    if (token.kind == TokenKind::word) {
        return token.is_word("AND") ? &kAndOperator : token.is_word("OR") ? &kOrOperator : nullptr;
    }
    if (token.kind == TokenKind::op) {
        for (const BinaryOperator &candidate : kBinaryOperators) {
            if (token.text == candidate.mark) {
                return &candidate;
            }
        }
    }
    return nullptr;
}

bool is_pattern_word(const Token &token) noexcept {
    return token.is_word("LIKE") || token.is_word("GLOB") || token.is_word("REGEXP") ||
           token.is_word("MATCH");
}

Tree parse_operators(TokenStream &in, int lowest);

// The right side of an operator that associates to the left.
Tree parse_right(TokenStream &in, int level) {
    const Nesting nesting(in.operators);
    return parse_operators(in, level + 1);
}

// NOT EXISTS (…) is one node; NOT before anything else is an operator.
Tree make_not(Tree operand) {
    if (operand.node->kind == ExpressionKind::exists && !operand.node->is_negated) {
        operand.node->is_negated = true;
        return operand;
    }
    return make_unary("NOT", std::move(operand));
}

Tree parse_prefix(TokenStream &in) {
    if (in.at_word("NOT")) {
        const Nesting nesting(in.operators);
        in.next();
        return make_not(parse_operators(in, kNot));
    }
    if (in.at_op("-") || in.at_op("+") || in.at_op("~")) {
        const Nesting nesting(in.operators);
        const std::string op = in.next().text;
        return make_unary(op, parse_operators(in, kUnary));
    }
    return parse_operand(in);
}

// What parse_operators calls is not inlined: its own frame, which stands on the stack once a level,
// stays small.
[[gnu::noinline]] void apply_binary(TokenStream &in, Tree &left, const BinaryOperator &found) {
    in.next();
    Tree node(ExpressionKind::binary);
    node.node->op = found.op;
    node.add(std::move(left));
    node.add(parse_right(in, found.level));
    left = std::move(node);
}

[[gnu::noinline]] void apply_collate(TokenStream &in, Tree &left) {
    in.next();
    if (!in.at_alias()) {
        in.fail();
    }
    Tree node(ExpressionKind::collate, ascii_upper(in.next().text));
    node.add(std::move(left));
    left = std::move(node);
}

[[gnu::noinline]] void apply_null_test(Tree &left, bool is_negated) {
    Tree node(ExpressionKind::is_null);
    node.node->is_negated = is_negated;
    node.add(std::move(left));
    left = std::move(node);
}

// IS NOT DISTINCT FROM is IS, and IS DISTINCT FROM is IS NOT.
[[gnu::noinline]] void apply_is(TokenStream &in, Tree &left) {
    in.next();
    bool is_negated = in.accept_word("NOT");
    if (in.accept_word("DISTINCT")) {
        in.expect_word("FROM");
        is_negated = !is_negated;
    }
    Tree right = parse_right(in, kEquality);
    if (right.node->kind == ExpressionKind::null_literal) {
        apply_null_test(left, is_negated);
        return;
    }
    Tree node(ExpressionKind::binary);
    node.node->op = is_negated ? "IS NOT" : "IS";
    node.add(std::move(left));
    node.add(std::move(right));
    left = std::move(node);
}

[[gnu::noinline]] void apply_between(TokenStream &in, Tree &left, bool is_negated) {
    in.next();
    Tree node(ExpressionKind::between);
    node.node->is_negated = is_negated;
    node.add(std::move(left));
    node.add(parse_right(in, kAnd)); // the AND of this BETWEEN ends it
    in.expect_word("AND");
    node.add(parse_right(in, kEquality));
    left = std::move(node);
}

[[gnu::noinline]] void apply_pattern(TokenStream &in, Tree &left, bool is_negated) {
    Tree node(ExpressionKind::like);
    node.node->op = ascii_upper(in.next().text);
    node.node->is_negated = is_negated;
    node.add(std::move(left));
    node.add(parse_right(in, kEquality));
    if (in.accept_word("ESCAPE")) {
        node.add(parse_right(in, kEquality));
    }
    left = std::move(node);
}

// IN table, IN schema.table and IN function(…) mean SELECT * FROM it.
[[gnu::noinline]] Query parse_in_table(TokenStream &in) {
    FromItem item;
    item.table = in.expect_name();
    if (in.accept_op(".")) {
        item.schema = std::exchange(item.table, in.expect_name());
    }
    if (in.accept_op("(")) {
        item.is_function = true;
        Tree arguments(ExpressionKind::row_value);
        if (!in.at_op(")")) {
            parse_expression_list(in, arguments);
        }
        in.expect_op(")");
    }
    Query query;
    SelectCore &core = query.node->cores.emplace_back();
    core.columns.emplace_back().expression = query.take(Tree(ExpressionKind::star));
    core.from.push_back(std::move(item));
    return query;
}

[[gnu::noinline]] void apply_in(TokenStream &in, Tree &left, bool is_negated) {
    in.next();
    Tree node(ExpressionKind::in_select);
    node.node->is_negated = is_negated;
    node.add(std::move(left));
    if (!in.at_op("(")) {
        node.set_select(parse_in_table(in));
        left = std::move(node);
        return;
    }
    in.next();
    if (at_select(in)) {
        node.set_select(parse_select(in));
    } else {
        node.node->kind = ExpressionKind::in_list;
        if (!in.at_op(")")) { // SQLite takes an empty list, which is false
            parse_expression_list(in, node);
        }
    }
    in.expect_op(")");
    left = std::move(node);
}

// BETWEEN, IN and the patterns, whose NOT has been passed.
void apply_negatable(TokenStream &in, Tree &left, bool is_negated) {
    if (in.at_word("BETWEEN")) {
        apply_between(in, left, is_negated);
    } else if (in.at_word("IN")) {
        apply_in(in, left, is_negated);
    } else {
        apply_pattern(in, left, is_negated);
    }
}

// The operators of the level of "=" that are words. `left` stays as it is when none comes.
[[gnu::noinline]] bool apply_predicate(TokenStream &in, Tree &left) {
    if (in.peek().kind != TokenKind::word) {
        return false;
    }
    const bool is_negated = in.at_word("NOT");
    const Token &word = in.peek(is_negated ? 1 : 0);
    if (word.is_word("BETWEEN") || word.is_word("IN") || is_pattern_word(word)) {
        in.seek(in.position() + (is_negated ? 1 : 0));
        apply_negatable(in, left, is_negated);
        return true;
    }
    if (in.at_word("IS")) {
        apply_is(in, left);
        return true;
    }
    if (in.accept_word("ISNULL")) {
        apply_null_test(left, false);
        return true;
    }
    if (in.accept_word("NOTNULL") || in.accept_words("NOT", "NULL")) {
        apply_null_test(left, true);
        return true;
    }
    return false;
}

bool apply_operator(TokenStream &in, Tree &left, int lowest) {
    if (const BinaryOperator *found = find_binary(in.peek())) {
        if (found->level < lowest) {
            return false;
        }
        apply_binary(in, left, *found);
        return true;
    }
    if (in.at_word("COLLATE") && lowest <= kCollate) {
        apply_collate(in, left);
        return true;
    }
    return lowest <= kEquality && apply_predicate(in, left);
}

// Precedence climbing: an operand and all operators of level `lowest` or tighter that follow it.
Tree parse_operators(TokenStream &in, int lowest) {
    Tree left = parse_prefix(in);
    while (apply_operator(in, left, lowest)) {
    }
    return left;
}

} // namespace

Tree make_unary(const std::string &op, Tree operand) {
    // The digits of the smallest integer are one too many for a positive one; SQLite looks through
    // the minus sign (sqlite3ExprCode, TK_UMINUS).
    if (op == "-" && operand.node->kind == ExpressionKind::real_literal &&
        operand.node->text == "9223372036854775808") {
        Tree smallest(ExpressionKind::integer_literal);
        smallest.node->integer = std::numeric_limits<std::int64_t>::min();
        return smallest;
    }
    Tree node(ExpressionKind::unary);
    node.node->op = op;
    node.add(std::move(operand));
    return node;
}

Tree parse_tree(TokenStream &in) {
    const Nesting nesting(in.expressions);
    return parse_operators(in, kOr);
}

void parse_expression_list(TokenStream &in, Tree &parent) {
    do {
        parent.add(parse_tree(in));
    } while (in.accept_op(","));
}

SourceExpression parse_source_expression(TokenStream &in, std::size_t end) {
    SourceExpression out;
    out.text = in.text_between(in.position(), end);
    try {
        Tree tree = parse_tree(in);
        if (in.position() != end) {
            in.fail();
        }
        out.tree = std::move(tree.node);
    } catch (const Error &error) {
        out.problem = error.message();
    }
    in.seek(end);
    return out;
}

} // namespace migrate::core::sqlite
