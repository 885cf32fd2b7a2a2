#include "core/fdw/scan_order.hpp"

#include "core/fdw/column_index.hpp"
#include "core/fdw/scan_query.hpp"
#include "core/sqlite/statement.hpp"

#include <algorithm>
#include <iterator>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

using plan::Affinity;

enum class Proof { by_affinity, only_text };

struct OrderRule {
    Family family;
    Affinity affinity;
    Proof proof;
};

// by_affinity: text that looks like a number became one when it was stored, so text and blobs are
// errors of a column of integers; a real is read as the integer that it equals or is an error, and
// SQLite compares it with integers by its exact value.
// only_text: numbers and blobs read as text too, and would not stand in its order; an index shows
// that there are none. Without affinity text of digits is a number for a column of integers, and
// REAL affinity reads doubles where an index may hold integers: no rule.
constexpr OrderRule kOrders[] = {
    {Family::integer, Affinity::integer, Proof::by_affinity},
    {Family::integer, Affinity::numeric, Proof::by_affinity},
    {Family::text, Affinity::text, Proof::only_text},
    {Family::text, Affinity::blob, Proof::only_text},
};

const Column &column_of(const Table &table, int column) {
    return table.columns.at(static_cast<std::size_t>(column));
}

} // namespace

std::string why_unordered(Connection &connection, const Relation &relation, int column,
                          Family family) {
    const Table &table = *relation.table;
    if (relation.is_view)
        return "the rows of a view have no order";
    if (column_of(table, column).generated != Generated::none)
        return "SQLite's column is generated";
    if (table.rowid_alias != column && ordering_index(table, column) == nullptr)
        return "no index of SQLite has that order";
    const auto *rule = std::ranges::find_if(kOrders, [&](const OrderRule &each) {
        return each.family == family && each.affinity == affinity_in(table, column);
    });
    if (rule == std::end(kOrders))
        return "SQLite's column may hold values of several kinds, which sort otherwise";
    if (rule->proof == Proof::by_affinity)
        return "";
    if (connection.schema().encoding != "UTF-8")
        return "SQLite keeps text as UTF-16, which sorts otherwise";
    return connection.has_only_text(relation, column)
               ? ""
               : "SQLite's column holds values that are not text, which sort otherwise";
}

std::string order_access(const Table &table, int column) {
    const Index *index = table.rowid_alias == column ? nullptr : ordering_index(table, column);
    return index == nullptr ? " NOT INDEXED" : " INDEXED BY " + sqlite::quote_name(index->name);
}

std::string order_clause(const Table &table, const ScanOrder &order) {
    std::string sql = " ORDER BY migrate_t." +
                      sqlite::quote_name(column_of(table, order.column).name) +
                      (order.is_descending ? " DESC" : "");
    // SQLite takes NULL for the least value; a rowid is never NULL.
    const bool is_usual = order.nulls_first != order.is_descending;
    if (table.rowid_alias != order.column && !is_usual)
        sql += order.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    return sql;
}

} // namespace migrate::core::fdw
