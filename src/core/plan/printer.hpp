// The walk over an expression: one function a kind of node, dispatched by print().
//
//     ExpressionPrinter printer(context, &scope);
//     std::string where = printer.condition(*core.where);
#pragma once

#include "core/plan/printed_value.hpp"
#include "core/plan/printer_scope.hpp"

#include <string>
#include <vector>

namespace migrate::core::plan {

// Prints the queries inside expressions; null where SQLite allows none (CHECK, index, default).
class SubqueryPrinter {
  public:
    virtual ~SubqueryPrinter() = default;
    // "(SELECT …)" of one column and at most one row.
    virtual PrintedValue print_scalar(const Select &select, PrintScope *outer) = 0;
    virtual std::string print_exists(const Select &select, PrintScope *outer) = 0;
    // `lefts` IN (select), boolean.
    virtual std::string print_in(const std::vector<PrintedValue> &lefts, const Select &select,
                                 PrintScope *outer) = 0;
};

class ExpressionPrinter {
  public:
    ExpressionPrinter(PrintContext &context, PrintScope *scope, SubqueryPrinter *subqueries)
        : context_(context), scope_(scope), subqueries_(subqueries) {}

    // Throw Error with the problem for what has no equivalent.
    PrintedValue print(const Expression &expression);
    std::string condition(const Expression &expression);
    std::vector<PrintedValue> print_all(const std::vector<ExpressionPtr> &expressions);

    PrintContext &context() noexcept { return context_; }
    PrintScope *scope() noexcept { return scope_; }

  private:
    PrintedValue print_node(const Expression &expression);
    PrintedValue print_leaf(const Expression &expression);
    PrintedValue print_unary(const Expression &expression);
    PrintedValue print_binary(const Expression &expression);
    PrintedValue print_chain(const Expression &expression);
    PrintedValue print_is(const Expression &expression);
    PrintedValue print_is_null(const Expression &expression);
    PrintedValue print_between(const Expression &expression);
    PrintedValue print_in_list(const Expression &expression);
    PrintedValue print_in_select(const Expression &expression);
    PrintedValue print_like(const Expression &expression);
    PrintedValue print_case(const Expression &expression);
    PrintedValue print_cast(const Expression &expression);
    PrintedValue print_collate(const Expression &expression);
    PrintedValue print_function(const Expression &expression);
    SubqueryPrinter &subqueries();

    // Comparison of operands that may be row values.
    std::string compare_operands(std::string_view op, const Expression &left,
                                 const Expression &right);
    std::string compare_rows(std::string_view op, const std::vector<PrintedValue> &left,
                             const std::vector<PrintedValue> &right);
    std::vector<PrintedValue> print_row(const Expression &expression);

    // Names (printer_scope.cpp).
    PrintedValue print_column(const Expression &expression);
    bool is_group_key(const Expression &expression, PrintedValue &value);
    bool find_in(PrintScope &scope, const Expression &column, PrintedValue &value);
    PrintedValue use_column(PrintScope &scope, const ScopeColumn &column, bool is_qualified);
    PrintedValue print_alias(PrintScope &scope, const Expression &expression);

    PrintContext &context_;
    PrintScope *scope_;
    SubqueryPrinter *subqueries_;
};

// Arithmetic, bits and || (printer_arithmetic.cpp).
PrintedValue print_arithmetic(PrintContext &context, const std::string &op,
                              const PrintedValue &left, const PrintedValue &right);
PrintedValue print_negation(PrintContext &context, const PrintedValue &operand);
PrintedValue print_cast_to(PrintContext &context, const PrintedValue &operand,
                           std::string_view declared_type);

// LIKE and GLOB (printer_like.cpp).
PrintedValue print_like_match(PrintContext &context, const Expression &expression,
                              const PrintedValue &operand, const PrintedValue &pattern,
                              const PrintedValue *escape);

// The closed table of functions (printer_functions.cpp).
PrintedValue print_known_function(ExpressionPrinter &printer, const Expression &expression);
bool is_aggregate_call(const Expression &expression);
// Whether an aggregate stands in the expression, outside its subqueries.
bool has_aggregate(const Expression &expression, int depth = 0);

// json_extract and ->> (printer_value_functions.cpp).
PrintedValue print_json_extract(PrintContext &context, const PrintedValue &document,
                                const PrintedValue &path);

} // namespace migrate::core::plan
