// How names become columns.
#include "core/plan/printer_scope.hpp"

#include "core/plan/printer.hpp"
#include "core/plan/printer_coerce.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

std::string shown_name(const Expression &expression) {
    std::string name;
    for (const std::string &part : expression.path)
        name += (name.empty() ? "" : ".") + part;
    return "\"" + name + "\"";
}

bool is_rowid_name(std::string_view name) {
    return equals_ignoring_case(name, "rowid") || equals_ignoring_case(name, "_rowid_") ||
           equals_ignoring_case(name, "oid");
}

bool names_item(const ScopeItem &item, const Expression &column) {
    const std::vector<std::string> &path = column.path;
    if (path.size() < 2)
        return true;
    if (path.size() > 2 && (!item.is_table || !equals_ignoring_case(path.front(), "main")))
        return false;
    return equals_ignoring_case(item.name, path[path.size() - 2]);
}

const ScopeColumn *find_column(const ScopeItem &item, std::string_view name, bool is_qualified) {
    for (const ScopeColumn &column : item.columns)
        if (equals_ignoring_case(column.name, name) && !column.name.empty() &&
            (is_qualified || !column.is_merged))
            return &column;
    return nullptr;
}

bool has_unnamed_column(const PrintScope *scope) {
    for (; scope != nullptr; scope = scope->outer)
        for (const ScopeItem &item : scope->items)
            for (const ScopeColumn &column : item.columns)
                if (column.name.empty())
                    return true;
    return false;
}

} // namespace

ScopeColumn bind_column(const BoundColumn &column, const std::string &table_sql) {
    ScopeColumn bound;
    bound.name = column.source_name;
    bound.target = column.target_name;
    bound.is_generated = column.is_generated;
    PrintedValue &value = bound.value;
    value.sql = (table_sql.empty() ? "" : table_sql + ".") + identifier(column.target_name);
    value.type = column.type;
    value.epoch = column.epoch;
    value.has_affinity = true;
    value.name = column.source_name;
    if (column.type.is_text_like())
        value.collation = column.collation.empty() ? "BINARY" : column.collation;
    // The smaller integers that a caller may choose count as bigint does.
    if (column.type.kind == TypeKind::other &&
        (column.type.name == "integer" || column.type.name == "smallint")) {
        value.sql = cast(value.sql, TypeKind::bigint);
        value.type = make_type(TypeKind::bigint);
    }
    return bound;
}

PrintScope table_scope(std::span<const BoundColumn> columns) {
    PrintScope scope;
    ScopeItem item;
    item.is_table = true;
    for (const BoundColumn &column : columns)
        item.columns.push_back(bind_column(column, ""));
    scope.items.push_back(std::move(item));
    return scope;
}

PrintedValue ExpressionPrinter::use_column(PrintScope &scope, const ScopeColumn &column,
                                           bool is_qualified) {
    PrintedValue value = column.value;
    if (!is_qualified && !column.merged_sql.empty())
        value.sql = column.merged_sql;
    scope.has_local_column = true;
    if (column.is_generated && scope.refuses_generated)
        refuse("uses column \"" + column.name + "\", which is generated itself");
    // PostgreSQL takes no column beside aggregates that is not in GROUP BY; SQLite takes any row's.
    if (scope.is_grouped && !scope.is_in_aggregate &&
        std::find(scope.group_keys.begin(), scope.group_keys.end(), value.sql) ==
            scope.group_keys.end())
        refuse("column \"" + column.name + "\" is neither in GROUP BY nor in an aggregate");
    return value;
}

bool ExpressionPrinter::find_in(PrintScope &scope, const Expression &column, PrintedValue &value) {
    const ScopeColumn *found = nullptr;
    const bool is_qualified = column.path.size() > 1;
    // The table of a CHECK or index has no name here: its own is the only one SQLite lets pass.
    const bool is_lone_table = scope.items.size() == 1 && scope.items[0].name.empty();
    for (const ScopeItem &item : scope.items) {
        if (!item.is_visible || (!is_lone_table && !names_item(item, column)))
            continue;
        const ScopeColumn *here = find_column(item, column.path.back(), is_qualified);
        if (here != nullptr && found != nullptr)
            refuse("column name " + shown_name(column) + " is ambiguous");
        if (here != nullptr)
            found = here;
    }
    if (found == nullptr)
        return false;
    value = use_column(scope, *found, is_qualified);
    return true;
}

// A result alias stands for its expression, which sees the FROM items of its own level.
PrintedValue ExpressionPrinter::print_alias(PrintScope &scope, const Expression &expression) {
    ExpressionPrinter printer(context_, &scope, subqueries_);
    const std::vector<ResultColumn> *aliases = scope.aliases;
    scope.aliases = nullptr;
    PrintedValue value = printer.print(expression);
    scope.aliases = aliases;
    return value;
}

PrintedValue ExpressionPrinter::print_column(const Expression &expression) {
    if (expression.path.empty())
        refuse("a column has no name");
    const std::string &name = expression.path.back();
    PrintedValue value;
    for (PrintScope *scope = scope_; scope != nullptr; scope = scope->outer) {
        if (find_in(*scope, expression, value))
            return value;
        if (scope->aliases != nullptr && expression.path.size() == 1)
            for (const ResultColumn &column : *scope->aliases)
                if (!column.alias.empty() && equals_ignoring_case(column.alias, name))
                    return print_alias(*scope, *column.expression);
        // PostgreSQL's ON sees only the items to its left; SQLite's sees them all.
        if (scope->is_joining)
            refuse("ON uses " + shown_name(expression) + ", which is not joined yet");
    }
    if (is_rowid_name(name))
        refuse(shown_name(expression) + " has no equivalent");
    // SQLite reads "name" as a string where no column has it (lang_keywords.html); an unnamed
    // column of a view may have it.
    if (expression.is_quoted && expression.path.size() == 1 && !has_unnamed_column(scope_)) {
        SourceLiteral literal;
        literal.kind = ExpressionKind::string_literal;
        literal.text = name;
        return printed_literal(literal);
    }
    refuse("no column " + shown_name(expression) + " is known");
}

// A whole expression that GROUP BY names may stand outside aggregates.
bool ExpressionPrinter::is_group_key(const Expression &expression, PrintedValue &value) {
    if (scope_ == nullptr || !scope_->is_grouped || scope_->is_in_aggregate ||
        scope_->group_keys.empty() || expression.kind == ExpressionKind::column)
        return false;
    scope_->is_grouped = false;
    try {
        value = print_node(expression);
    } catch (...) {
        scope_->is_grouped = true;
        throw;
    }
    scope_->is_grouped = true;
    return std::find(scope_->group_keys.begin(), scope_->group_keys.end(), value.sql) !=
           scope_->group_keys.end();
}

} // namespace migrate::core::plan
