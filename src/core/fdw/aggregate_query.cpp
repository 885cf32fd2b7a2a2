#include "core/fdw/aggregate_query.hpp"

#include "core/fdw/query_reader.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/statement.hpp"

#include <limits>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

using sqlite::quote_name;

std::string name_of(const Table &table, int column) {
    return "migrate_t." + quote_name(table.columns.at(static_cast<std::size_t>(column)).name);
}

std::string aggregate_sql(const Table &table, const Aggregate &aggregate) {
    switch (aggregate.kind) {
    case Aggregate::Kind::count:
        return "count(" + name_of(table, aggregate.column) + ")";
    case Aggregate::Kind::min:
        return "min(" + name_of(table, aggregate.column) + ")";
    case Aggregate::Kind::max:
        return "max(" + name_of(table, aggregate.column) + ")";
    default:
        // SQLite computes a bare count(*) in one instruction, which no cancel ends.
        return "count(1)";
    }
}

bool has_range(const CheckedColumn &column) noexcept {
    return column.most != std::numeric_limits<std::int64_t>::max();
}

// True for a value that the foreign column reads as what SQLite takes it for.
std::string readable_sql(const Table &table, const CheckedColumn &column) {
    const std::string name = name_of(table, column.column);
    if (column.family == Family::text)
        return "typeof(" + name + ") IN ('text', 'null')";
    if (!has_range(column))
        return "typeof(" + name + ") IN ('integer', 'null')";
    return "(typeof(" + name + ") = 'null' OR typeof(" + name + ") = 'integer' AND " + name +
           " BETWEEN " + std::to_string(column.least) + " AND " + std::to_string(column.most) + ")";
}

std::string result_list(const Table &table, const AggregateRequest &request) {
    std::string list;
    for (const Aggregate &each : request.aggregates)
        list += (list.empty() ? "" : ", ") + aggregate_sql(table, each);
    std::string readable;
    for (const CheckedColumn &each : request.checked)
        readable += (readable.empty() ? "" : " AND ") + readable_sql(table, each);
    return readable.empty() ? list
                            : list + ", count(CASE WHEN " + readable + " THEN NULL ELSE 1 END)";
}

// One row; nothing when the statement was interrupted.
std::optional<std::vector<std::optional<std::int64_t>>>
run(const sqlite::Database &database, const Table &table, const AggregateQuery &query) {
    sqlite::Statement statement(database, query.sql,
                                "read table " + sqlite::shown(quote_name(table.name)));
    bind_values(statement, query.values);
    const int result = statement.step_code();
    if ((result & 0xff) == SQLITE_INTERRUPT)
        return std::nullopt;
    if (result != SQLITE_ROW)
        database.fail(result, statement.doing());
    std::vector<std::optional<std::int64_t>> row;
    const std::size_t count = query.count + (query.has_check ? 1 : 0);
    for (int i = 0; i < static_cast<int>(count); ++i)
        row.push_back(statement.is_null(i) ? std::nullopt : std::optional(statement.integer(i)));
    return row;
}

} // namespace

AggregateQuery write_aggregates(Connection &connection, const ScanRequest &request,
                                const AggregateRequest &aggregates) {
    const Table &table = *request.relation->table;
    AggregateQuery query;
    for (const CheckedColumn &each : aggregates.checked)
        if (query.reason.empty() && each.family == Family::integer)
            query.reason = why_uncounted(*request.relation, each.column);
    if (request.relation->is_view)
        query.reason = "the rows of a view are counted where they are read";
    WhereClause where = write_where(connection, request);
    for (const std::string &reason : where.reasons)
        if (query.reason.empty())
            query.reason = reason;
    if (query.reason.empty() && where.keeps == Keeps::superset)
        query.reason = "SQLite may keep more rows than the conditions do";
    query.values = std::move(where.values);
    query.count = aggregates.aggregates.size();
    query.has_check = !aggregates.checked.empty();
    query.sql = "SELECT " + result_list(table, aggregates) + " FROM main." +
                quote_name(table.name) + " AS migrate_t" +
                (where.is_searched ? "" : " NOT INDEXED") + where.sql;
    return query;
}

AggregateAnswer run_aggregates(Connection &connection, const ScanRequest &request,
                               const AggregateQuery &query) {
    AggregateAnswer answer;
    auto row = run(connection.database(), *request.relation->table, query);
    if (!row) {
        answer.kind = AggregateAnswer::Kind::interrupted;
        return answer;
    }
    if (query.has_check && row->back() != 0)
        return answer;
    row->resize(query.count);
    answer.kind = AggregateAnswer::Kind::exact;
    answer.values = std::move(*row);
    return answer;
}

std::string why_uncounted(const Relation &relation, int column) {
    if (relation.is_view)
        return "the rows of a view are counted where they are read";
    if (relation.table->columns.at(static_cast<std::size_t>(column)).generated != Generated::none)
        return "SQLite's column is generated";
    const plan::Affinity affinity = affinity_in(*relation.table, column);
    return affinity == plan::Affinity::integer || affinity == plan::Affinity::numeric
               ? ""
               : "SQLite's column may hold values of several kinds";
}

} // namespace migrate::core::fdw
