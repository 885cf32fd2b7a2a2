// The statements that make the table of a CSV file.
#include "core/csv/table_columns.hpp"

#include "core/error.hpp"
#include "core/plan/expression_printer.hpp"
#include "core/plan/naming.hpp"

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::size_t kMostColumns = 1600; // MaxHeapAttributeNumber

// A name that PostgreSQL could not keep stays readable as a comment; folding alone is no loss.
bool is_worth_a_comment(const TableColumn &column) {
    return !column.original.empty() &&
           plan::fold_ascii(column.original) != plan::fold_ascii(column.name);
}

std::string key_clause(const std::vector<std::string> &key) {
    if (key.empty())
        return "";
    std::string columns;
    for (const std::string &column : key)
        columns += (columns.empty() ? "" : ", ") + plan::quote_identifier(column);
    return ",\n    PRIMARY KEY (" + columns + ")";
}

} // namespace

std::vector<std::string> create_statements(std::string_view schema, std::string_view name,
                                           const TableColumns &table,
                                           const std::vector<std::string> &key) {
    if (table.columns.size() > kMostColumns)
        throw Error(sqlstate::kTooManyColumns, "table \"" + std::string(name) + "\" would have " +
                                                   std::to_string(table.columns.size()) +
                                                   " columns")
            .with_detail("A table of PostgreSQL has at most 1600.")
            .with_hint("Use the option \"raw\" with true to load each record as jsonb.");
    const std::string relation =
        plan::quote_identifier(schema) + "." + plan::quote_identifier(name);
    std::string create = "CREATE TABLE " + relation + " (";
    std::vector<std::string> comments;
    for (const TableColumn &column : table.columns) {
        const std::string quoted = plan::quote_identifier(column.name);
        create += (create.ends_with('(') ? "\n    " : ",\n    ") + quoted + " " + column.type_sql;
        const auto original = plan::quote_literal(column.original);
        if (is_worth_a_comment(column) && original)
            comments.push_back("COMMENT ON COLUMN " + relation + "." + quoted + " IS " + *original);
    }
    create += key_clause(key) + "\n)";
    comments.insert(comments.begin(), std::move(create));
    return comments;
}

} // namespace migrate::core::csv
