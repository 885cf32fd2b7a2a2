// Nodes that compare: operators, row values, BETWEEN and IN.
#include "core/plan/printer.hpp"

#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_compare.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

std::string all_of(const std::vector<std::string> &conditions) {
    return conditions.size() == 1 ? conditions.front() : "(" + join(conditions, " AND ") + ")";
}

std::string any_of(const std::vector<std::string> &conditions) {
    return conditions.size() == 1 ? conditions.front() : "(" + join(conditions, " OR ") + ")";
}

// The type of an array whose elements are compared with `value`.
Type element_type(const PrintedValue &value) {
    if (value.is_kind(TypeKind::bigint))
        return make_type(TypeKind::numeric); // 1.5 may stand in the list
    if (value.is_text_like())
        return make_type(TypeKind::text);
    return make_type(value.type.kind);
}

bool is_whole_list(const std::vector<PrintedValue> &items) {
    return std::all_of(items.begin(), items.end(), [](const PrintedValue &item) {
        return item.literal->kind == ExpressionKind::integer_literal;
    });
}

// x = ANY (ARRAY[…]) for constants of the column's own type; "" when one is of another class.
std::string array_test(PrintContext &context, const PrintedValue &left,
                       const std::vector<PrintedValue> &items) {
    const bool are_constants =
        std::all_of(items.begin(), items.end(), [](const PrintedValue &item) {
            return item.literal && item.literal->kind != ExpressionKind::null_literal;
        });
    if (left.literal || !are_constants || items.size() < 2)
        return "";
    std::vector<std::string> elements;
    AlignedPair pair;
    for (const PrintedValue &item : items) {
        pair = align(context, "=", left, item);
        if (!pair.fixed_order.empty() || (!elements.empty() && pair.op_schema != "pg_catalog"))
            return "";
        elements.push_back(pair.right);
    }
    // A flag beside 2 is compared as a number, a date beside a time as a timestamp: no one array.
    for (const std::string &element : elements)
        if ((left.is_kind(TypeKind::boolean) && element != "TRUE" && element != "FALSE") ||
            (left.is_kind(TypeKind::date) && !element.ends_with(" AS pg_catalog.date)")))
            return "";
    Type type = element_type(left);
    if (left.is_kind(TypeKind::bigint) && is_whole_list(items))
        type = left.type;
    const std::string array = "ARRAY[" + join(elements, ", ") + "]";
    const std::string type_sql = cast("", type.kind);
    return "(" + pair.left + " OPERATOR(pg_catalog.=) ANY (CAST(" + array +
           type_sql.substr(5, type_sql.size() - 6) + "[])))";
}

bool is_citext_test(const PrintedValue &left) {
    return left.is_kind(TypeKind::citext);
}

} // namespace

std::vector<PrintedValue> ExpressionPrinter::print_row(const Expression &expression) {
    if (expression.kind == ExpressionKind::row_value)
        return print_all(expression.operands);
    std::vector<PrintedValue> one;
    one.push_back(print(expression));
    return one;
}

// (a, b) < (c, d) is a < c, or a = c and b < d (rowvalue.html).
std::string ExpressionPrinter::compare_rows(std::string_view op,
                                            const std::vector<PrintedValue> &left,
                                            const std::vector<PrintedValue> &right) {
    if (left.size() != right.size() || left.empty())
        refuse("compares rows of different lengths");
    std::vector<std::string> conditions;
    if (left.size() == 1 || op == "=" || op == "IS") {
        for (std::size_t i = 0; i < left.size(); ++i)
            conditions.push_back(compare(context_, op, left[i], right[i]).sql);
        return all_of(conditions);
    }
    if (op == "<>" || op == "IS NOT") {
        for (std::size_t i = 0; i < left.size(); ++i)
            conditions.push_back(compare(context_, op, left[i], right[i]).sql);
        return any_of(conditions);
    }
    const std::string strict(op.substr(0, 1));
    std::vector<std::string> equal;
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::vector<std::string> step = equal;
        const bool is_last = i + 1 == left.size();
        step.push_back(compare(context_, is_last ? op : strict, left[i], right[i]).sql);
        conditions.push_back(all_of(step));
        equal.push_back(compare(context_, "=", left[i], right[i]).sql);
    }
    return any_of(conditions);
}

std::string ExpressionPrinter::compare_operands(std::string_view op, const Expression &left,
                                                const Expression &right) {
    const std::vector<PrintedValue> left_row = print_row(left);
    return compare_rows(op, left_row, print_row(right));
}

PrintedValue ExpressionPrinter::print_between(const Expression &expression) {
    const std::vector<PrintedValue> operand = print_row(*expression.operands.at(0));
    const std::string low = compare_rows(">=", operand, print_row(*expression.operands.at(1)));
    const std::string high = compare_rows("<=", operand, print_row(*expression.operands.at(2)));
    const std::string both = "(" + low + " AND " + high + ")";
    return printed(expression.is_negated ? "(NOT " + both + ")" : both, TypeKind::boolean);
}

PrintedValue ExpressionPrinter::print_in_list(const Expression &expression) {
    const std::vector<PrintedValue> left = print_row(*expression.operands.at(0));
    // SQLite alone takes an empty list: nothing is in it, not even NULL (lang_expr.html).
    if (expression.operands.size() == 1)
        return printed(expression.is_negated ? "TRUE" : "FALSE", TypeKind::boolean);
    std::vector<std::vector<PrintedValue>> rows;
    std::vector<PrintedValue> singles;
    for (std::size_t i = 1; i < expression.operands.size(); ++i) {
        rows.push_back(print_row(*expression.operands[i]));
        singles.push_back(rows.back().front());
    }
    std::string test;
    if (left.size() == 1 && !is_citext_test(left.front()))
        test = array_test(context_, left.front(), singles);
    if (test.empty()) {
        std::vector<std::string> conditions;
        for (std::vector<PrintedValue> &row : rows) {
            // The list has no affinity and no collation of its own (datatype3, section 4.2).
            for (PrintedValue &value : row) {
                value.collation.clear();
                value.is_collation_explicit = false;
                value.has_affinity = false;
            }
            conditions.push_back(compare_rows("=", left, row));
        }
        test = any_of(conditions);
    }
    return printed(expression.is_negated ? "(NOT " + test + ")" : test, TypeKind::boolean);
}

} // namespace migrate::core::plan
