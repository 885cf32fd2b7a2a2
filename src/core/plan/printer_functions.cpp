// The closed table of functions: what is not found here has no equivalent.
#include "core/plan/printer_functions.hpp"

#include "core/plan/printer.hpp"
#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_time.hpp"

#include <algorithm>
#include <array>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

constexpr int kMaxSearchDepth = 250;

constexpr std::array<std::string_view, 6> kTimeFunctions = {"date",      "time",      "datetime",
                                                            "julianday", "unixepoch", "strftime"};
constexpr std::array<std::string_view, 8> kAggregates = {
    "count", "sum", "total", "avg", "min", "max", "group_concat", "string_agg"};

template <std::size_t Size>
bool holds(const std::array<std::string_view, Size> &names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

[[noreturn]] void refuse_function(const Expression &expression, const char *why) {
    refuse("function \"" + expression.text + "\" " + why);
}

const ScalarFunction *find_scalar(std::string_view name) {
    if (const ScalarFunction *function = find_text_function(name))
        return function;
    if (const ScalarFunction *function = find_number_function(name))
        return function;
    return find_value_function(name);
}

PrintedValue print_scalar(ExpressionPrinter &printer, const Expression &expression) {
    if (expression.is_star || expression.is_distinct || expression.filter)
        refuse_function(expression, "is used as an aggregate, which it is not");
    const bool is_time = holds(kTimeFunctions, expression.text);
    const ScalarFunction *function = find_scalar(expression.text);
    if (!is_time && function == nullptr)
        refuse_function(expression, "has no equivalent");
    const std::size_t count = expression.operands.size();
    if (!is_time && (count < function->least || count > function->most))
        refuse_function(expression, "with so many arguments has no equivalent");
    const Arguments arguments = printer.print_all(expression.operands);
    for (const PrintedValue &argument : arguments)
        check_no_collate(argument);
    if (is_time)
        return print_time_function(printer.context(), expression.text, arguments);
    return function->print(printer.context(), expression.text, arguments);
}

// Marks the scope while the arguments are printed: columns may stand free there.
class AggregateGuard {
  public:
    explicit AggregateGuard(PrintScope &scope)
        : scope_(scope), had_column_(scope.has_local_column) {
        scope.is_in_aggregate = true;
        scope.has_local_column = false;
    }
    ~AggregateGuard() {
        scope_.is_in_aggregate = false;
        scope_.has_local_column = scope_.has_local_column || had_column_;
    }
    AggregateGuard(const AggregateGuard &) = delete;
    AggregateGuard &operator=(const AggregateGuard &) = delete;

  private:
    PrintScope &scope_;
    bool had_column_;
};

PrintedValue print_aggregate_call(ExpressionPrinter &printer, const Expression &expression) {
    PrintScope *scope = printer.scope();
    if (scope == nullptr || !scope->may_aggregate || scope->is_in_aggregate)
        refuse_function(expression, "is an aggregate where none can stand");
    AggregateCall aggregate;
    aggregate.name = expression.text;
    aggregate.is_star = expression.is_star || expression.operands.empty();
    aggregate.is_distinct = expression.is_distinct;
    const AggregateGuard guard(*scope);
    aggregate.arguments = printer.print_all(expression.operands);
    if (expression.filter)
        aggregate.filter = " FILTER (WHERE " + printer.condition(*expression.filter) + ")";
    // Over outer columns alone PostgreSQL gives the aggregate to the outer query.
    if (!aggregate.is_star && !scope->has_local_column && scope->outer != nullptr)
        refuse_function(expression, "uses no column of its own query");
    return print_aggregate(printer.context(), aggregate);
}

} // namespace

bool is_aggregate_call(const Expression &expression) {
    if (expression.kind != ExpressionKind::function || expression.is_window)
        return false;
    const bool is_min_max = expression.text == "min" || expression.text == "max";
    return holds(kAggregates, expression.text) && (!is_min_max || expression.operands.size() == 1);
}

bool has_aggregate(const Expression &expression, int depth) {
    if (depth > kMaxSearchDepth)
        return false; // print() refuses such a tree
    if (is_aggregate_call(expression))
        return true;
    return std::any_of(expression.operands.begin(), expression.operands.end(),
                       [depth](const ExpressionPtr &operand) {
                           return operand && has_aggregate(*operand, depth + 1);
                       });
}

PrintedValue print_known_function(ExpressionPrinter &printer, const Expression &expression) {
    if (expression.is_window)
        refuse_function(expression, "with OVER has no equivalent");
    if (is_aggregate_call(expression))
        return print_aggregate_call(printer, expression);
    return print_scalar(printer, expression);
}

} // namespace migrate::core::plan
