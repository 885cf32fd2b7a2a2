#include "core/fdw/scan_query.hpp"

#include "core/fdw/column_index.hpp"
#include "core/sqlite/row_reader.hpp"
#include "core/sqlite/statement.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

using sqlite::quote_name;

const Column &column_of(const Table &table, int column) {
    return table.columns.at(static_cast<std::size_t>(column));
}

std::string sql_of(const Table &table, int column) {
    return "migrate_t." + quote_name(column_of(table, column).name);
}

PushColumn push_column(Connection &connection, const ScanRequest &request, int column) {
    const Table &table = *request.relation->table;
    PushColumn push;
    push.sql = sql_of(table, column);
    const auto known = std::ranges::find(request.tested, column, &ScanColumn::source);
    if (known != request.tested.end())
        push.epoch = known->epoch;
    push.is_view = request.relation->is_view;
    push.is_utf16 = connection.schema().encoding != "UTF-8";
    push.affinity = affinity_in(table, column);
    return push;
}

std::optional<Predicate> predicate_of(Connection &connection, const ScanRequest &request,
                                      const Condition &condition, std::string *reason) {
    PushColumn column = push_column(connection, request, condition.column);
    if (!column.is_view && is_guarded(column, condition.family))
        column.has_only_text = connection.has_only_text(*request.relation, condition.column);
    return superset_of(column, condition, reason);
}

std::optional<Predicate> any_of_them(Connection &connection, const ScanRequest &request,
                                     const Alternatives &alternatives, std::string *reason) {
    Predicate all;
    all.keeps = Keeps::exact;
    for (const Condition &condition : alternatives) {
        std::optional<Predicate> one = predicate_of(connection, request, condition, reason);
        if (!one)
            return std::nullopt;
        all.sql += (all.sql.empty() ? "" : " OR ") + one->sql;
        all.keeps = std::min(all.keeps, one->keeps);
        std::ranges::move(one->values, std::back_inserter(all.values));
    }
    if (alternatives.size() > 1)
        all.sql = "(" + all.sql + ")";
    return all;
}

bool is_searched_by(const Table &table, const Alternatives &alternatives) {
    return std::ranges::all_of(alternatives, [&](const Condition &condition) {
        return table.rowid_alias != condition.column && is_searchable(table, condition.column);
    });
}

std::string result_columns(const ScanRequest &request, bool has_row_id) {
    const Table &table = *request.relation->table;
    std::string list;
    for (const ScanColumn &column : request.columns)
        list += (list.empty() ? "" : ", ") + sql_of(table, column.source);
    if (has_row_id)
        list += (list.empty() ? "migrate_t." : ", migrate_t.") + sqlite::rowid_name(table);
    return list.empty() ? "1" : list;
}

Operand integer_value(std::int64_t number) {
    Operand value;
    value.kind = Operand::Kind::integer;
    value.integer = number;
    return value;
}

void choose_order(Connection &connection, const ScanRequest &request, ScanQuery &query) {
    if (!request.order)
        return;
    query.order_reason =
        why_unordered(connection, *request.relation, request.order->column, request.order->family);
    query.is_ordered = query.order_reason.empty();
}

// Without NOT INDEXED SQLite may scan an index instead of the table, and not every index holds
// all rows: one of another program's making (a vector index of libSQL, say) is empty to SQLite.
// With INDEXED BY it walks the index whose order is wished for, rather than sort in memory.
std::string access(const ScanRequest &request, const ScanQuery &query, bool is_searched) {
    if (query.is_ordered)
        return order_access(*request.relation->table, request.order->column);
    return is_searched && !request.is_ranged ? "" : " NOT INDEXED";
}

void add_range(const Table &table, ScanQuery &query) {
    const std::string rowid = "migrate_t." + sqlite::rowid_name(table);
    query.sql += (query.pushed == 0 ? " WHERE " : " AND ") + rowid + " >= ? AND " + rowid + " <= ?";
    query.values.push_back(integer_value(0));
    query.values.push_back(integer_value(0));
}

void add_limit(const ScanRequest &request, Keeps keeps, ScanQuery &query) {
    if (keeps != Keeps::exact)
        query.limit_reason = "SQLite may keep more rows than the conditions do";
    else if (request.order && !query.is_ordered)
        query.limit_reason = "SQLite does not give the order";
    if (!query.limit_reason.empty())
        return;
    query.is_limited = true;
    query.sql += " LIMIT ?";
    query.values.push_back(integer_value(*request.limit));
}

} // namespace

WhereClause write_where(Connection &connection, const ScanRequest &request) {
    WhereClause where;
    where.is_searched = request.relation->is_view;
    for (const Alternatives &alternatives : request.conditions) {
        std::string reason;
        std::optional<Predicate> predicate =
            any_of_them(connection, request, alternatives, &reason);
        where.reasons.push_back(predicate ? "" : reason);
        where.keeps = std::min(where.keeps, predicate ? predicate->keeps : Keeps::superset);
        if (!predicate)
            continue;
        where.sql += (where.pushed++ == 0 ? " WHERE " : " AND ") + predicate->sql;
        std::ranges::move(predicate->values, std::back_inserter(where.values));
        where.is_searched =
            where.is_searched || is_searched_by(*request.relation->table, alternatives);
    }
    return where;
}

ScanQuery write_query(Connection &connection, const ScanRequest &request) {
    const Table &table = *request.relation->table;
    WhereClause where = write_where(connection, request);
    ScanQuery query;
    const int limit = sqlite3_limit(connection.database().handle(), SQLITE_LIMIT_COLUMN, -1);
    const bool has_row_id = !sqlite::rowid_name(table).empty() &&
                            request.columns.size() < static_cast<std::size_t>(limit);
    query.reasons = std::move(where.reasons);
    query.pushed = where.pushed;
    query.values = std::move(where.values);
    choose_order(connection, request, query);
    const std::string way = access(request, query, where.is_searched);
    // Where SQLite chooses the way itself, another list of columns may lead another way.
    query.has_row_id = has_row_id && (request.wants_row_id || way.empty());
    query.sql = " FROM main." + quote_name(table.name) + " AS migrate_t" + way + where.sql;
    if (request.is_ranged)
        add_range(table, query);
    if (query.is_ordered)
        query.sql += order_clause(table, *request.order);
    if (has_row_id && !query.has_row_id)
        query.row_id_sql =
            "SELECT migrate_t." + sqlite::rowid_name(table) + query.sql + " LIMIT 1 OFFSET ?";
    query.sql.insert(0, "SELECT " + result_columns(request, query.has_row_id));
    if (request.limit && !request.is_ranged)
        add_limit(request, where.keeps, query);
    return query;
}

void set_range(ScanQuery &query, const RowidRange &range) {
    query.values.end()[-2].integer = range.first;
    query.values.end()[-1].integer = range.last;
}

plan::Affinity affinity_in(const Table &table, int column) noexcept {
    const Column &each = table.columns[static_cast<std::size_t>(column)];
    if (table.is_strict && sqlite3_stricmp(each.declared_type.c_str(), "ANY") == 0)
        return plan::Affinity::blob;
    return plan::affinity_of(each.declared_type);
}

bool takes_number_text(const Relation &relation, int column) noexcept {
    if (relation.is_view)
        return true;
    const plan::Affinity affinity = affinity_in(*relation.table, column);
    return affinity == plan::Affinity::blob || affinity == plan::Affinity::text;
}

} // namespace migrate::core::fdw
