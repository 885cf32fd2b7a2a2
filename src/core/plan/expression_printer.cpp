#include "core/plan/expression_printer.hpp"

#include "core/error.hpp"
#include "core/plan/printer.hpp"
#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_compare.hpp"
#include "core/value/utf8.hpp"

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

Printed failed(const Error &error) {
    Printed result;
    result.problem = error.message();
    return result;
}

Printed finished(const PrintContext &context, PrintedValue value) {
    Printed result;
    result.sql = std::move(value.sql);
    result.type = value.type;
    result.is_immutable = context.is_immutable;
    result.notes = context.notes;
    if (context.needs_immutable && !context.is_immutable)
        result.problem = "the value changes with the time of its evaluation";
    return result;
}

// Runs `make` with a printer over one table; a refusal becomes the problem.
template <typename Make>
Printed print_over(const Expression &expression, std::span<const BoundColumn> columns,
                   const PrintOptions &options, bool needs_immutable, Make make) {
    PrintContext context{options, needs_immutable};
    try {
        PrintScope scope = table_scope(columns);
        ExpressionPrinter printer(context, &scope, nullptr);
        return finished(context, make(printer, expression));
    } catch (const Error &error) {
        return failed(error);
    }
}

PrintedValue as_condition(ExpressionPrinter &printer, const Expression &expression) {
    return printed(printer.condition(expression), TypeKind::boolean);
}

// A double in an unbounded numeric column and so on: the same checks as for a literal.
PrintedValue stored_value(ExpressionPrinter &printer, const Expression &expression,
                          const Type &target, EpochUnit epoch) {
    PrintedValue value = printer.print(expression);
    value.sql = as_column_value(printer.context(), value, target, epoch);
    value.type = target;
    return value;
}

// DEFAULT name is the string "name" (the grammar of CREATE TABLE takes an identifier there).
PrintedValue default_value(ExpressionPrinter &printer, const Expression &expression,
                           const Type &target, EpochUnit epoch) {
    if (expression.kind != ExpressionKind::column || expression.path.size() != 1)
        return stored_value(printer, expression, target, epoch);
    Expression text;
    text.kind = ExpressionKind::string_literal;
    text.text = expression.path.front();
    return stored_value(printer, text, target, epoch);
}

} // namespace

Printed print_default(const Expression &expression, const Type &target, EpochUnit epoch,
                      const PrintOptions &options) {
    const auto make = [&](ExpressionPrinter &printer, const Expression &tree) {
        return default_value(printer, tree, target, epoch);
    };
    return print_over(expression, {}, options, false, make);
}

// PostgreSQL takes any function in a CHECK, but a row that was let in must stay good.
Printed print_check(const Expression &expression, std::span<const BoundColumn> columns,
                    const PrintOptions &options) {
    return print_over(expression, columns, options, true, as_condition);
}

Printed print_predicate(const Expression &expression, std::span<const BoundColumn> columns,
                        const PrintOptions &options) {
    return print_over(expression, columns, options, true, as_condition);
}

Printed print_index_term(const Expression &expression, std::span<const BoundColumn> columns,
                         const PrintOptions &options) {
    const auto make = [](ExpressionPrinter &printer, const Expression &tree) {
        PrintedValue value = printer.print(tree);
        value.sql = with_collation(printer.context(), value);
        return value;
    };
    return print_over(expression, columns, options, true, make);
}

Printed print_generated(const Expression &expression, std::span<const BoundColumn> columns,
                        const Type &target, const PrintOptions &options) {
    const auto make = [&](ExpressionPrinter &printer, const Expression &tree) {
        // PostgreSQL refuses a generated column in another's expression.
        printer.scope()->refuses_generated = true;
        return stored_value(printer, tree, target, EpochUnit::none);
    };
    return print_over(expression, columns, options, true, make);
}

std::string quote_identifier(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

std::optional<std::string> quote_literal(std::string_view text) {
    if (!value::is_valid_text(text))
        return std::nullopt;
    std::string quoted = "E'";
    for (const char c : text) {
        if (c == '\'' || c == '\\')
            quoted += c;
        quoted += c;
    }
    return quoted + "'";
}

} // namespace migrate::core::plan
