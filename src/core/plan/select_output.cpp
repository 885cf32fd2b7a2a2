// Names of output columns, and queries inside expressions.
#include "core/plan/printer_coerce.hpp"
#include "core/plan/printer_compare.hpp"
#include "core/plan/select_printer.hpp"
#include "core/value/utf8.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

constexpr std::size_t kMaxNameBytes = 63; // NAMEDATALEN - 1

std::string cut_to(std::string_view name, std::size_t bytes) {
    std::size_t end = 0;
    while (end < name.size()) {
        const std::size_t next =
            std::max<std::size_t>(1, value::character_length(name.substr(end)));
        if (end + next > bytes)
            break;
        end += next;
    }
    return std::string(name.substr(0, end));
}

// SQLite keeps equal names apart by ":1", ":2" (select.c); PostgreSQL's get _1, _2.
std::string make_unique(const std::string &name, std::string_view mark, std::size_t limit,
                        const std::vector<std::string> &taken, bool ignores_case) {
    const auto is_taken = [&](const std::string &candidate) {
        return std::any_of(taken.begin(), taken.end(), [&](const std::string &other) {
            return ignores_case ? equals_ignoring_case(other, candidate) : other == candidate;
        });
    };
    std::string unique = cut_to(name, limit);
    for (int i = 1; is_taken(unique); ++i) {
        const std::string suffix = std::string(mark) + std::to_string(i);
        unique = cut_to(name, limit - suffix.size()) + suffix;
    }
    return unique;
}

std::string target_name(const std::string &base, const OutputNaming &naming) {
    const std::string name = naming.fold != nullptr ? naming.fold(base) : base;
    return is_plain_name(name) || (naming.fold != nullptr && !name.empty()) ? name : "column";
}

// One-row test of a literal LIMIT.
bool is_limit_within_one(const Select &select) {
    return select.limit && select.limit->kind == ExpressionKind::integer_literal &&
           (select.limit->integer == 0 || select.limit->integer == 1);
}

} // namespace

bool is_plain_name(std::string_view name) {
    return !name.empty() && name.size() <= kMaxNameBytes && value::is_valid_text(name) &&
           std::none_of(name.begin(), name.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void name_outputs(std::vector<OutputColumn> &columns, const OutputNaming &naming) {
    if (!naming.names.empty() && naming.names.size() != columns.size())
        refuse("the view names " + std::to_string(naming.names.size()) + " columns and gives " +
               std::to_string(columns.size()));
    std::vector<std::string> source_names;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        OutputColumn &column = columns[i];
        if (!naming.names.empty())
            column.source_name = naming.names[i];
        const std::string base = column.source_name.empty() ? column.name : column.source_name;
        if (!column.source_name.empty())
            column.source_name =
                make_unique(column.source_name, ":", std::string::npos, source_names, true);
        source_names.push_back(column.source_name);
        column.name = make_unique(target_name(base, naming), "_", kMaxNameBytes, names, false);
        names.push_back(column.name);
    }
}

ScopeColumn scope_column(const OutputColumn &column, const std::string &table_sql) {
    ScopeColumn bound;
    bound.name = column.source_name;
    bound.target = column.name;
    bound.value = column.value;
    bound.value.sql = table_sql + "." + identifier(column.name);
    bound.value.name = column.source_name;
    bound.value.literal.reset();
    bound.value.is_now = false;
    bound.value.digits.clear();
    bound.value.moment.clear();
    bound.value.is_collation_explicit = false;
    return bound;
}

bool SelectPrinter::gives_one_row(const Select &select) {
    if (is_limit_within_one(select))
        return true;
    if (select.cores.size() != 1 || !select.cores[0].group_by.empty())
        return false;
    const SelectCore &core = select.cores[0];
    return std::any_of(core.columns.begin(), core.columns.end(), [](const ResultColumn &column) {
        return has_aggregate(*column.expression);
    });
}

// A scalar subquery of several rows is its first in SQLite and an error in PostgreSQL.
PrintedValue SelectPrinter::print_scalar(const Select &select, PrintScope *outer) {
    const PrintedSelect printed_select = print(select, outer, {});
    if (printed_select.columns.size() != 1)
        refuse("a subquery of several columns stands for one value");
    PrintedValue value = printed_select.columns.front().value;
    const bool needs_limit = !gives_one_row(select);
    if (needs_limit && select.limit)
        value.sql = "(SELECT * FROM (" + printed_select.sql + ") AS " +
                    identifier(unique_alias("query")) + " LIMIT 1)";
    else
        value.sql = "(" + printed_select.sql + (needs_limit ? " LIMIT 1)" : ")");
    value.literal.reset();
    value.is_now = false;
    value.digits.clear();
    value.moment.clear();
    check_size(value.sql);
    return value;
}

std::string SelectPrinter::print_exists(const Select &select, PrintScope *outer) {
    return "(" + print(select, outer, {}).sql + ")";
}

// The columns of the subquery are compared with the values at the left as any operands are.
std::string SelectPrinter::print_in(const std::vector<PrintedValue> &lefts, const Select &select,
                                    PrintScope *outer) {
    const PrintedSelect printed_select = print(select, outer, {});
    if (printed_select.columns.size() != lefts.size())
        refuse("IN compares rows of different lengths");
    const std::string alias = identifier(unique_alias("query"));
    std::vector<std::string> left_sql;
    std::vector<std::string> right_sql;
    for (std::size_t i = 0; i < lefts.size(); ++i) {
        const PrintedValue right = scope_column(printed_select.columns[i], alias).value;
        if (lefts[i].is_null()) {
            left_sql.push_back(as_type(context_, lefts[i], right.type, EpochUnit::none));
            right_sql.push_back(right.sql);
            continue;
        }
        const AlignedPair pair = align(context_, "=", lefts[i], right);
        if (!pair.fixed_order.empty() || pair.op_schema != "pg_catalog")
            refuse("IN compares " + type_words(lefts[i]) + " with " + type_words(right));
        left_sql.push_back(pair.left);
        right_sql.push_back(pair.right);
    }
    const std::string left =
        lefts.size() == 1 ? left_sql.front() : "ROW(" + join(left_sql, ", ") + ")";
    return "(" + left + " OPERATOR(pg_catalog.=) ANY (SELECT " + join(right_sql, ", ") + " FROM (" +
           printed_select.sql + ") AS " + alias + "))";
}

} // namespace migrate::core::plan
