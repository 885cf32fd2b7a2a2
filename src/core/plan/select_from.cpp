// FROM: tables, subqueries and joins. A comma is a join of the same rank as JOIN in SQLite, so all
// are printed as joins, left to right.
#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_compare.hpp"
#include "core/plan/select_printer.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

bool is_outer(JoinKind join) {
    return join == JoinKind::left || join == JoinKind::right || join == JoinKind::full;
}

const char *join_words(JoinKind join, bool has_condition) {
    switch (join) {
    case JoinKind::left:
        return " LEFT JOIN ";
    case JoinKind::right:
        return " RIGHT JOIN ";
    case JoinKind::full:
        return " FULL JOIN ";
    default:
        return has_condition ? " INNER JOIN " : " CROSS JOIN ";
    }
}

// PostgreSQL runs a FULL JOIN only on equalities of columns.
bool is_column_equality(const Expression &on, int depth = 0) {
    if (on.kind != ExpressionKind::binary || on.operands.size() != 2 || depth > 100)
        return false;
    if (on.op == "AND")
        return is_column_equality(*on.operands[0], depth + 1) &&
               is_column_equality(*on.operands[1], depth + 1);
    return (on.op == "=" || on.op == "==") && on.operands[0]->kind == ExpressionKind::column &&
           on.operands[1]->kind == ExpressionKind::column;
}

ScopeColumn *find_merged(PrintScope &scope, std::size_t first, std::size_t last,
                         std::string_view name) {
    for (std::size_t i = first; i < last; ++i)
        for (ScopeColumn &column : scope.items[i].columns)
            if (!column.is_merged && equals_ignoring_case(column.name, name))
                return &column;
    return nullptr;
}

std::vector<std::string> common_names(PrintScope &scope, std::size_t first, std::size_t right) {
    std::vector<std::string> names;
    for (std::size_t i = right; i < scope.items.size(); ++i)
        for (const ScopeColumn &column : scope.items[i].columns)
            if (!column.is_merged && !column.name.empty() &&
                find_merged(scope, first, right, column.name) != nullptr)
                names.push_back(column.name);
    return names;
}

} // namespace

std::string SelectPrinter::unique_alias(std::string_view name) {
    const std::string base(is_plain_name(name) && name.size() <= 58 ? name : "relation");
    std::string alias = base;
    for (int i = 1; !context_.aliases.insert(alias).second; ++i)
        alias = base + "_" + std::to_string(i);
    return alias;
}

SelectPrinter::CommonName *SelectPrinter::find_common(const FromItem &item) {
    if (!item.schema.empty())
        return nullptr;
    for (auto common = common_.rbegin(); common != common_.rend(); ++common)
        if (equals_ignoring_case(common->name, item.table))
            return &*common;
    return nullptr;
}

const BoundRelation *SelectPrinter::find_relation(std::string_view name) const {
    for (const BoundRelation &relation : relations_)
        if (equals_ignoring_case(relation.source_name, name))
            return &relation;
    return nullptr;
}

// types.md, "Text from a file", rule 4: a table or view of this run, or the query's own WITH.
std::string SelectPrinter::print_table(const FromItem &item, PrintScope &scope) {
    ScopeItem bound;
    bound.name = item.alias.empty() ? item.table : item.alias;
    bound.is_table = item.alias.empty();
    const std::string alias = identifier(unique_alias(bound.name));
    std::string sql;
    if (CommonName *common = find_common(item)) {
        if (!common->is_known)
            refuse("WITH \"" + common->name + "\" reads itself in its first SELECT");
        common->is_used = true;
        sql = common->sql;
        for (const OutputColumn &column : common->columns)
            bound.columns.push_back(scope_column(column, alias));
    } else {
        const BoundRelation *relation = find_relation(item.table);
        const bool is_main = item.schema.empty() || equals_ignoring_case(item.schema, "main");
        if (relation == nullptr || !is_main)
            refuse("reads \"" + (is_main ? "" : item.schema + ".") + item.table +
                   "\", which is not imported");
        sql = relation->target_sql;
        for (const BoundColumn &column : relation->columns)
            bound.columns.push_back(bind_column(column, alias));
    }
    scope.items.push_back(std::move(bound));
    return sql + " AS " + alias;
}

std::string SelectPrinter::print_subquery(const FromItem &item, PrintScope &scope) {
    const PrintedSelect select = print(*item.select, scope.outer, {});
    ScopeItem bound;
    bound.name = item.alias;
    const std::string alias = identifier(unique_alias(item.alias.empty() ? "query" : item.alias));
    for (const OutputColumn &column : select.columns)
        bound.columns.push_back(scope_column(column, alias));
    scope.items.push_back(std::move(bound));
    return "(" + select.sql + ") AS " + alias;
}

// The ON inside parentheses sees the items inside alone.
std::string SelectPrinter::print_group(const FromItem &item, PrintScope &scope) {
    if (!item.alias.empty())
        refuse("a join in parentheses has an alias");
    const std::size_t first = scope.items.size();
    std::vector<bool> was_visible;
    for (ScopeItem &other : scope.items) {
        was_visible.push_back(other.is_visible);
        other.is_visible = false;
    }
    const std::string sql = print_from(item.group, scope, first, true);
    for (std::size_t i = 0; i < first; ++i)
        scope.items[i].is_visible = was_visible[i];
    return item.group.size() > 1 ? "(" + sql + ")" : sql;
}

std::string SelectPrinter::print_item(const FromItem &item, PrintScope &scope) {
    const DepthGuard guard(context_);
    if (item.is_function)
        refuse("table-valued function \"" + item.table + "\" has no equivalent");
    if (item.select)
        return print_subquery(item, scope);
    return item.group.empty() ? print_table(item, scope) : print_group(item, scope);
}

// The left column of USING is the first of its name (lang_select.html); after RIGHT and FULL
// JOIN the name stands for whichever side is there.
std::string SelectPrinter::merge_column(const std::string &name, const FromItem &item,
                                        PrintScope &scope, std::size_t first, std::size_t right) {
    ScopeColumn *left = find_merged(scope, first, right, name);
    ScopeColumn *other = find_merged(scope, right, scope.items.size(), name);
    if (left == nullptr || other == nullptr)
        refuse("USING names column \"" + name + "\", which is not on both sides");
    PrintedValue left_value = left->value;
    if (!left->merged_sql.empty())
        left_value.sql = left->merged_sql;
    const std::string condition = compare(context_, "=", left_value, other->value).sql;
    if (item.join == JoinKind::right || item.join == JoinKind::full) {
        if (!(left->value.type == other->value.type))
            refuse("USING joins column \"" + name + "\" of different types");
        left->merged_sql = "COALESCE(" + left_value.sql + ", " + other->value.sql + ")";
    }
    other->is_merged = true;
    return condition;
}

std::string SelectPrinter::print_using(const FromItem &item, PrintScope &scope, std::size_t first,
                                       std::size_t right) {
    std::vector<std::string> conditions;
    for (const std::string &name :
         item.is_natural ? common_names(scope, first, right) : item.using_columns)
        conditions.push_back(merge_column(name, item, scope, first, right));
    return conditions.empty() ? "" : "(" + join(conditions, " AND ") + ")";
}

std::string SelectPrinter::print_on(const FromItem &item, PrintScope &scope, std::size_t first,
                                    std::size_t right) {
    if (item.is_natural || !item.using_columns.empty())
        return print_using(item, scope, first, right);
    if (!item.on)
        return "";
    if (item.join == JoinKind::full && !is_column_equality(*item.on))
        refuse("FULL JOIN on anything but equal columns has no equivalent");
    ExpressionPrinter printer(context_, &scope, this);
    return printer.condition(*item.on);
}

std::string SelectPrinter::print_from(const std::vector<FromItem> &items, PrintScope &scope,
                                      std::size_t first, bool is_group) {
    std::string sql;
    for (const FromItem &item : items) {
        const std::size_t right = scope.items.size();
        const std::string item_sql = print_item(item, scope);
        if (&item == &items.front()) {
            sql = item_sql;
            continue;
        }
        scope.is_joining = is_group || &item != &items.back();
        std::string on = print_on(item, scope, first, right);
        scope.is_joining = false;
        if (on.empty() && is_outer(item.join))
            on = "TRUE";
        sql += join_words(item.join, !on.empty()) + item_sql + (on.empty() ? "" : " ON " + on);
        check_size(sql);
    }
    return sql;
}

} // namespace migrate::core::plan
