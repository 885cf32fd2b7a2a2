#include "core/fdw/column_index.hpp"

#include "core/error.hpp"
#include "core/sqlite/statement.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

using sqlite::quote_name;

bool leads_with(const Index &index, int column, std::string_view collation) noexcept {
    return !index.predicate && !index.columns.empty() && index.columns.front().column == column &&
           (collation.empty() || index.columns.front().collation == collation);
}

// NULL, no row: none. An index that cannot be used is no witness.
bool finds_row(const sqlite::Database &database, const std::string &sql) {
    try {
        sqlite::Statement row(database, sql, "look into an index");
        return row.step();
    } catch (const Error &error) {
        if (std::string_view(error.code()) == sqlstate::kQueryCanceled)
            throw;
        return true;
    }
}

} // namespace

// In an index numbers stand before all text and blobs behind it, whatever the column's affinity.
bool stores_only_text(const sqlite::Database &database, const Table &table, int column) {
    const Index *index = table.is_without_rowid ? nullptr : ordering_index(table, column);
    if (index == nullptr)
        return false;
    const std::string name = quote_name(table.columns.at(static_cast<std::size_t>(column)).name);
    const std::string from = "SELECT 1 FROM main." + quote_name(table.name) + " INDEXED BY " +
                             quote_name(index->name) + " WHERE " + name;
    return !finds_row(database, from + " < '' LIMIT 1") &&
           !finds_row(database, from + " >= x'' LIMIT 1");
}

// The key of a table WITHOUT ROWID is the table itself and cannot be named.
const Index *ordering_index(const Table &table, int column) noexcept {
    const auto index = std::ranges::find_if(table.indexes, [&](const Index &each) {
        return leads_with(each, column, "BINARY") &&
               !(table.is_without_rowid && each.origin == IndexOrigin::primary_key);
    });
    return index == table.indexes.end() ? nullptr : &*index;
}

bool is_searchable(const Table &table, int column) noexcept {
    return table.rowid_alias == column ||
           std::ranges::any_of(table.indexes, [&](const Index &index) {
               return leads_with(index, column, "BINARY");
           });
}

bool is_unique(const Table &table, int column) noexcept {
    return table.rowid_alias == column ||
           std::ranges::any_of(table.indexes, [&](const Index &index) {
               return index.is_unique && index.columns.size() == 1 &&
                      leads_with(index, column, "BINARY");
           });
}

} // namespace migrate::core::fdw
