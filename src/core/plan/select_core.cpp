// One SELECT or VALUES, with the terms of ORDER BY that need its names.
#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_compare.hpp"
#include "core/plan/select_printer.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

bool core_aggregates(const SelectCore &core, const Select &select) {
    if (!core.group_by.empty() || core.having)
        return true;
    const auto aggregates = [](const Expression &expression) { return has_aggregate(expression); };
    for (const ResultColumn &column : core.columns)
        if (aggregates(*column.expression))
            return true;
    return select.cores.size() == 1 &&
           std::any_of(select.order_by.begin(), select.order_by.end(),
                       [&](const OrderTerm &term) { return aggregates(*term.expression); });
}

// What an expression without alias is called; SQLite takes its text, which is not kept.
std::string made_name(const Expression &expression) {
    if (expression.kind == ExpressionKind::function)
        return expression.text;
    return expression.kind == ExpressionKind::case_when ? "case" : "column";
}

// NULLs are the smallest values in SQLite (lang_select.html, section 4).
std::string order_term(PrintContext &context, const PrintedValue &value, const OrderTerm &term) {
    const bool nulls_first = term.nulls_first.value_or(!term.is_descending);
    return ordered(context, value) + (term.is_descending ? " DESC" : " ASC") +
           (nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

const Expression &without_collation(const Expression &expression) {
    return expression.kind == ExpressionKind::collate ? *expression.operands.at(0) : expression;
}

std::size_t column_at(std::int64_t place, std::size_t count, const char *clause) {
    if (place < 1 || static_cast<std::uint64_t>(place) > count)
        refuse(std::string(clause) + " names column " + std::to_string(place) + " of " +
               std::to_string(count));
    return static_cast<std::size_t>(place - 1);
}

// A star takes several columns, so places count what it gives.
void expand_star(const Expression &star, const PrintScope &scope,
                 std::vector<OutputColumn> &columns) {
    const std::string table = star.path.empty() ? "" : star.path.back();
    bool is_found = table.empty() && !scope.items.empty();
    for (const ScopeItem &item : scope.items) {
        if (!table.empty() && !equals_ignoring_case(item.name, table))
            continue;
        is_found = true;
        for (const ScopeColumn &column : item.columns) {
            if (table.empty() && column.is_merged)
                continue;
            OutputColumn output;
            output.source_name = column.name;
            output.name = column.target;
            output.value = column.value;
            if (table.empty() && !column.merged_sql.empty())
                output.value.sql = column.merged_sql;
            columns.push_back(std::move(output));
        }
    }
    if (!is_found)
        refuse("no table \"" + table + "\" is known for its *");
}

} // namespace

void SelectPrinter::print_results(const SelectCore &core, PrintScope &scope, Core &result) {
    ExpressionPrinter printer(context_, &scope, this);
    for (const ResultColumn &column : core.columns) {
        if (column.expression->kind == ExpressionKind::star) {
            if (scope.is_grouped)
                refuse("* stands beside aggregates");
            expand_star(*column.expression, scope, result.columns);
            continue;
        }
        OutputColumn output;
        output.value = printer.print(*column.expression);
        if (output.value.is_json_text)
            refuse("gives what json_extract finds, whose type is not known");
        output.source_name = column.alias;
        if (column.alias.empty() && column.expression->kind == ExpressionKind::column)
            output.source_name =
                output.value.literal ? column.expression->path.back() : output.value.name;
        output.name = made_name(*column.expression);
        result.columns.push_back(std::move(output));
        if (result.columns.size() > 1600)
            refuse("a query gives more than 1600 columns");
    }
}

// GROUP BY 1 is the first result column; a name is a column first and an alias after (resolve.c).
PrintedValue SelectPrinter::group_value(const Expression &term, const SelectCore &core,
                                        PrintScope &scope) {
    ExpressionPrinter printer(context_, &scope, this);
    if (term.kind != ExpressionKind::integer_literal)
        return printer.print(term);
    const std::size_t place = column_at(term.integer, core.columns.size(), "GROUP BY");
    for (std::size_t i = 0; i <= place; ++i)
        if (core.columns[i].expression->kind == ExpressionKind::star)
            refuse("GROUP BY counts columns behind a *");
    return printer.print(*core.columns[place].expression);
}

void SelectPrinter::print_grouping(const SelectCore &core, PrintScope &scope, Core &result) {
    std::vector<std::string> keys;
    for (const ExpressionPtr &term : core.group_by) {
        const PrintedValue value = group_value(*term, core, scope);
        check_distinct(value, "GROUP BY");
        if (value.literal)
            continue; // a constant makes no groups
        keys.push_back(value.sql);
    }
    if (keys.empty() && !core.group_by.empty())
        refuse("GROUP BY names only constants");
    scope.is_grouped = result.has_aggregate;
    scope.may_aggregate = result.has_aggregate;
    scope.group_keys = keys;
    if (!keys.empty())
        result.tail += " GROUP BY " + join(keys, ", ");
    if (core.having)
        result.tail +=
            " HAVING " + ExpressionPrinter(context_, &scope, this).condition(*core.having);
}

SelectPrinter::Core SelectPrinter::print_core(const SelectCore &core, const Select &select,
                                              PrintScope *outer) {
    Core result;
    result.is_distinct = core.is_distinct;
    result.has_aggregate = core_aggregates(core, select);
    PrintScope scope;
    scope.outer = outer;
    if (!core.from.empty())
        result.tail = " FROM " + print_from(core.from, scope, 0, false);
    // Aliases are usable from WHERE on, not in the result columns themselves.
    scope.aliases = &core.columns;
    if (core.where)
        result.tail += " WHERE " + ExpressionPrinter(context_, &scope, this).condition(*core.where);
    print_grouping(core, scope, result);
    scope.aliases = nullptr;
    print_results(core, scope, result);
    scope.aliases = &core.columns;
    if (select.cores.size() == 1 && !core.is_distinct)
        print_order(select, core, scope, result);
    return result;
}

// An alias, then a place, then any expression (lang_select.html, section 4).
PrintedValue SelectPrinter::order_value(const Expression &term, const SelectCore &core,
                                        PrintScope &scope, const Core &result) {
    const Expression &inner = without_collation(term);
    const Expression *alias = nullptr;
    if (inner.kind == ExpressionKind::column && inner.path.size() == 1)
        for (const ResultColumn &column : core.columns)
            if (alias == nullptr && !column.alias.empty() &&
                equals_ignoring_case(column.alias, inner.path[0]))
                alias = column.expression.get();
    PrintedValue value;
    if (inner.kind == ExpressionKind::integer_literal) {
        value = result.columns[column_at(inner.integer, result.columns.size(), "ORDER BY")].value;
    } else {
        const std::vector<ResultColumn> *aliases = scope.aliases;
        scope.aliases = alias != nullptr ? nullptr : aliases;
        value = ExpressionPrinter(context_, &scope, this).print(alias != nullptr ? *alias : inner);
        scope.aliases = aliases;
    }
    if (term.kind == ExpressionKind::collate) {
        const std::string collation = lower_ascii(term.text);
        if (collation != "nocase" && collation != "rtrim" && collation != "binary")
            refuse("collation \"" + term.text + "\" has no equivalent");
        value.collation = collation == "nocase"  ? "NOCASE"
                          : collation == "rtrim" ? "RTRIM"
                                                 : "BINARY";
    }
    return value;
}

void SelectPrinter::print_order(const Select &select, const SelectCore &core, PrintScope &scope,
                                Core &result) {
    for (const OrderTerm &term : select.order_by) {
        const PrintedValue value = order_value(*term.expression, core, scope, result);
        if (!value.literal) // a constant orders nothing
            result.order.push_back(order_term(context_, value, term));
    }
}

SelectPrinter::Core SelectPrinter::print_values(const SelectCore &core, PrintScope *outer) {
    ExpressionPrinter printer(context_, outer, this);
    std::vector<std::vector<PrintedValue>> rows;
    for (const std::vector<ExpressionPtr> &row : core.values)
        rows.push_back(printer.print_all(row));
    Core result;
    const std::string alias = identifier(unique_alias("values"));
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> cells(rows.size());
    for (std::size_t i = 0; i < rows.front().size(); ++i) {
        std::vector<PrintedValue> values;
        for (const std::vector<PrintedValue> &row : rows) {
            if (row.size() != rows.front().size())
                refuse("rows of VALUES differ in length");
            values.push_back(row[i]);
        }
        OutputColumn output;
        output.value = common_type(values);
        output.value.epoch = EpochUnit::none;
        output.source_name = "column" + std::to_string(i + 1);
        output.value.sql = alias + "." + identifier(output.source_name);
        names.push_back(identifier(output.source_name));
        for (std::size_t row = 0; row < rows.size(); ++row)
            cells[row].push_back(
                as_type(context_, values[row], output.value.type, EpochUnit::none));
        result.columns.push_back(std::move(output));
    }
    std::vector<std::string> sql;
    for (const std::vector<std::string> &row : cells)
        sql.push_back("(" + join(row, ", ") + ")");
    result.tail =
        " FROM (VALUES " + join(sql, ", ") + ") AS " + alias + "(" + join(names, ", ") + ")";
    return result;
}

// A compound or DISTINCT is ordered by its columns, from outside: PostgreSQL takes no COLLATE and
// no expression inside.
std::string SelectPrinter::order_outside(const Select &select,
                                         const std::vector<OutputColumn> &columns,
                                         std::string sql) {
    const std::string alias = identifier(unique_alias("query"));
    std::vector<std::string> outputs;
    for (const OutputColumn &column : columns)
        outputs.push_back(alias + "." + identifier(column.name) + " AS " + identifier(column.name));
    std::vector<std::string> terms;
    for (const OrderTerm &term : select.order_by) {
        const Expression &inner = without_collation(*term.expression);
        const OutputColumn *found = nullptr;
        if (inner.kind == ExpressionKind::integer_literal)
            found = &columns[column_at(inner.integer, columns.size(), "ORDER BY")];
        else if (inner.kind == ExpressionKind::column)
            for (const OutputColumn &column : columns)
                if (found == nullptr && equals_ignoring_case(column.source_name, inner.path.back()))
                    found = &column;
        if (found == nullptr)
            refuse("ORDER BY of a compound or DISTINCT is no result column");
        PrintedValue value = scope_column(*found, alias).value;
        if (term.expression->kind == ExpressionKind::collate)
            value.collation = lower_ascii(term.expression->text) == "nocase" ? "NOCASE" : "BINARY";
        terms.push_back(order_term(context_, value, term));
    }
    return "SELECT " + join(outputs, ", ") + " FROM (" + sql + ") AS " + alias + " ORDER BY " +
           join(terms, ", ");
}

} // namespace migrate::core::plan
