// Nodes of an expression but comparisons, names and functions.
#include "core/plan/printer.hpp"

#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_compare.hpp"
#include "core/plan/printer_literals.hpp"
#include "core/plan/printer_time.hpp"

#include <cmath>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

bool is_chain_op(const std::string &op) {
    return op == "AND" || op == "OR" || op == "||";
}

bool is_comparison_op(const std::string &op) {
    return op == "=" || op == "==" || op == "<>" || op == "!=" || op == "<" || op == "<=" ||
           op == ">" || op == ">=";
}

std::string standard_op(const std::string &op) {
    return op == "==" ? "=" : op == "!=" ? "<>" : op;
}

SourceLiteral literal_of(const Expression &expression) {
    SourceLiteral literal;
    literal.kind = expression.kind;
    literal.integer = expression.integer;
    literal.real = expression.real;
    literal.text = expression.text;
    if (literal.kind == ExpressionKind::real_literal && std::isnan(literal.real))
        refuse("a number is not a number");
    return literal;
}

std::string negate(const std::string &condition, bool is_negated) {
    return is_negated ? "(NOT " + condition + ")" : condition;
}

} // namespace

PrintedValue ExpressionPrinter::print(const Expression &expression) {
    const DepthGuard guard(context_);
    PrintedValue value;
    if (is_group_key(expression, value))
        return value;
    value = print_node(expression);
    check_size(value.sql);
    return value;
}

std::string ExpressionPrinter::condition(const Expression &expression) {
    return condition_of(context_, print(expression));
}

std::vector<PrintedValue>
ExpressionPrinter::print_all(const std::vector<ExpressionPtr> &expressions) {
    std::vector<PrintedValue> values;
    values.reserve(expressions.size());
    for (const ExpressionPtr &expression : expressions)
        values.push_back(print(*expression));
    return values;
}

SubqueryPrinter &ExpressionPrinter::subqueries() {
    if (subqueries_ == nullptr)
        refuse("a subquery stands where PostgreSQL allows none");
    return *subqueries_;
}

PrintedValue ExpressionPrinter::print_node(const Expression &expression) {
    switch (expression.kind) {
    case ExpressionKind::unary:
        return print_unary(expression);
    case ExpressionKind::binary:
        return print_binary(expression);
    case ExpressionKind::is_null:
        return print_is_null(expression);
    case ExpressionKind::between:
        return print_between(expression);
    case ExpressionKind::in_list:
        return print_in_list(expression);
    case ExpressionKind::in_select:
        return print_in_select(expression);
    case ExpressionKind::exists:
        return printed(negate("EXISTS " + subqueries().print_exists(*expression.select, scope_),
                              expression.is_negated),
                       TypeKind::boolean);
    case ExpressionKind::scalar_select:
        return subqueries().print_scalar(*expression.select, scope_);
    case ExpressionKind::like:
        return print_like(expression);
    case ExpressionKind::case_when:
        return print_case(expression);
    case ExpressionKind::cast:
        return print_cast_to(context_, print(*expression.operands.at(0)), expression.text);
    case ExpressionKind::collate:
        return print_collate(expression);
    case ExpressionKind::function:
        return print_known_function(*this, expression);
    default:
        return print_leaf(expression);
    }
}

PrintedValue ExpressionPrinter::print_leaf(const Expression &expression) {
    switch (expression.kind) {
    case ExpressionKind::column:
        return print_column(expression);
    case ExpressionKind::current_time:
        return print_current_time(context_, expression.text);
    case ExpressionKind::star:
        refuse("* stands outside count(*) and the result columns");
    case ExpressionKind::row_value:
        refuse("a row value stands outside a comparison");
    case ExpressionKind::boolean_literal: {
        // TRUE is a column where one has that name.
        Expression column;
        column.path = {expression.integer != 0 ? "true" : "false"};
        PrintedValue value;
        if (scope_ != nullptr && find_in(*scope_, column, value))
            return value;
        break;
    }
    default:
        break;
    }
    PrintedValue value = printed_literal(literal_of(expression));
    value.sql = value.is_null() ? "NULL" : as_itself(context_, value);
    return value;
}

PrintedValue ExpressionPrinter::print_unary(const Expression &expression) {
    const Expression &inner = *expression.operands.at(0);
    if (expression.op == "NOT")
        return printed(negate(condition(inner), true), TypeKind::boolean);
    PrintedValue operand = print(inner);
    if (expression.op == "+") {
        // A + takes the affinity away, not the collation (datatype3, sections 4.2 and 7.1).
        operand.has_affinity = false;
        return operand;
    }
    // -9223372036854775808 is the one integer whose digits alone are none.
    if (expression.op == "-" && inner.kind == ExpressionKind::real_literal &&
        inner.text == "9223372036854775808") {
        SourceLiteral literal;
        literal.kind = ExpressionKind::integer_literal;
        literal.integer = INT64_MIN;
        return printed_literal(literal);
    }
    if (expression.op == "-")
        return print_negation(context_, operand);
    operand = number_of(context_, operand, "operator " + expression.op);
    if (expression.op != "~" || (operand.literal ? operand.type.kind != TypeKind::bigint
                                                 : !operand.is_kind(TypeKind::bigint)))
        refuse("operator " + expression.op + " is used on " + type_words(operand));
    return printed(prefix("~", as_itself(context_, operand)), TypeKind::bigint);
}

// a AND b AND … leans to the left and may be as long as it likes: walked without recursion.
PrintedValue ExpressionPrinter::print_chain(const Expression &expression) {
    std::vector<const Expression *> parts;
    const Expression *node = &expression;
    while (node->kind == ExpressionKind::binary && node->op == expression.op) {
        parts.push_back(node->operands.at(1).get());
        node = node->operands.at(0).get();
    }
    parts.push_back(node);
    const bool is_text = expression.op == "||";
    std::vector<std::string> printed_parts;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        const PrintedValue value = print(**part);
        if (is_text)
            check_no_collate(value);
        printed_parts.push_back(is_text ? text_of(context_, value, "operator ||")
                                        : condition_of(context_, value));
    }
    if (is_text)
        return printed("(" + join(printed_parts, " OPERATOR(pg_catalog.||) ") + ")",
                       TypeKind::text);
    return printed("(" + join(printed_parts, " " + expression.op + " ") + ")", TypeKind::boolean);
}

PrintedValue ExpressionPrinter::print_binary(const Expression &expression) {
    const std::string &op = expression.op;
    const Expression &left = *expression.operands.at(0);
    const Expression &right = *expression.operands.at(1);
    if (is_chain_op(op))
        return print_chain(expression);
    if (is_comparison_op(op))
        return printed(compare_operands(standard_op(op), left, right), TypeKind::boolean);
    if (op == "IS" || op == "IS NOT")
        return print_is(expression);
    if (op == "->>")
        return print_json_extract(context_, print(left), print(right));
    const PrintedValue left_value = print(left);
    return print_arithmetic(context_, op, left_value, print(right));
}

// x IS TRUE asks whether x is a true condition (lang_expr.html).
PrintedValue ExpressionPrinter::print_is(const Expression &expression) {
    const Expression &right = *expression.operands.at(1);
    if (right.kind == ExpressionKind::boolean_literal) {
        const PrintedValue test = print(right);
        if (test.literal)
            return printed("(" + condition(*expression.operands.at(0)) + " " + expression.op +
                               (right.integer != 0 ? " TRUE)" : " FALSE)"),
                           TypeKind::boolean);
    }
    return printed(compare_operands(expression.op, *expression.operands.at(0), right),
                   TypeKind::boolean);
}

PrintedValue ExpressionPrinter::print_is_null(const Expression &expression) {
    PrintedValue operand = print(*expression.operands.at(0));
    const char *test = expression.is_negated ? " IS NOT NULL)" : " IS NULL)";
    return printed("(" + as_itself(context_, operand) + test, TypeKind::boolean);
}

PrintedValue ExpressionPrinter::print_collate(const Expression &expression) {
    PrintedValue operand = print(*expression.operands.at(0));
    std::string collation = lower_ascii(expression.text);
    if (collation != "binary" && collation != "nocase" && collation != "rtrim")
        refuse("collation \"" + expression.text + "\" has no equivalent");
    operand.collation = collation == "binary"   ? "BINARY"
                        : collation == "nocase" ? "NOCASE"
                                                : "RTRIM";
    operand.is_collation_explicit = true;
    return operand;
}

PrintedValue ExpressionPrinter::print_like(const Expression &expression) {
    const PrintedValue operand = print(*expression.operands.at(0));
    const PrintedValue pattern = print(*expression.operands.at(1));
    if (expression.operands.size() < 3)
        return print_like_match(context_, expression, operand, pattern, nullptr);
    const PrintedValue escape = print(*expression.operands[2]);
    return print_like_match(context_, expression, operand, pattern, &escape);
}

// [base or null, when, then, …, else or null]
PrintedValue ExpressionPrinter::print_case(const Expression &expression) {
    const std::vector<ExpressionPtr> &parts = expression.operands;
    if (parts.size() < 4 || parts.size() % 2 != 0)
        refuse("CASE is not complete");
    std::vector<std::string> conditions;
    std::vector<PrintedValue> results;
    for (std::size_t i = 1; i + 1 < parts.size(); i += 2) {
        conditions.push_back(parts[0] ? compare_operands("=", *parts[0], *parts[i])
                                      : condition(*parts[i]));
        results.push_back(print(*parts[i + 1]));
    }
    if (parts.back())
        results.push_back(print(*parts.back()));
    PrintedValue value = common_type(results);
    std::vector<std::string> sql;
    for (std::size_t i = 0; i < conditions.size(); ++i)
        sql.push_back("WHEN " + conditions[i] + " THEN " +
                      as_type(context_, results[i], value.type, value.epoch));
    if (parts.back())
        sql.push_back("ELSE " + as_type(context_, results.back(), value.type, value.epoch));
    value.sql = "(CASE " + join(sql, " ") + " END)";
    value.collation.clear();
    return value;
}

PrintedValue ExpressionPrinter::print_in_select(const Expression &expression) {
    const std::vector<PrintedValue> lefts = print_row(*expression.operands.at(0));
    return printed(
        negate(subqueries().print_in(lefts, *expression.select, scope_), expression.is_negated),
        TypeKind::boolean);
}

} // namespace migrate::core::plan
