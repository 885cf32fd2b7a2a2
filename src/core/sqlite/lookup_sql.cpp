#include "core/sqlite/lookup_sql.hpp"

#include "core/sqlite/statement.hpp"

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

std::string lookups_sql(const std::string &alias, const std::vector<Lookup> &lookups, int depth);

std::string lookup_sql(const std::string &alias, const Lookup &lookup, int depth) {
    const std::string parent = "migrate_p" + std::to_string(depth);
    const std::string value = lookup.value_column.empty()
                                  ? lookups_sql(parent, lookup.lookups, depth + 1)
                                  : parent + "." + quote_name(lookup.value_column);
    return "(SELECT " + value + " FROM main." + quote_name(lookup.parent_table) + " AS " + parent +
           " WHERE " + join_sql(alias, lookup.columns, parent, lookup.parent_columns) + ")";
}

std::string lookups_sql(const std::string &alias, const std::vector<Lookup> &lookups, int depth) {
    if (lookups.size() == 1)
        return lookup_sql(alias, lookups.front(), depth);
    std::string sql = "coalesce(";
    for (const Lookup &lookup : lookups) {
        sql += &lookup == &lookups.front() ? "" : ", ";
        sql += lookup_sql(alias, lookup, depth);
    }
    return sql + ")";
}

} // namespace

std::string value_sql(const std::string &alias, const Column &column) {
    if (column.lookups.empty())
        return alias + "." + quote_name(column.name);
    return lookups_sql(alias, column.lookups, 1);
}

// Unary + takes affinity and collation from the child's side (datatype3, sections 4.2 and 7.1), so
// that the parent's count (Foreign Key Support, section 3), and the parent's index serves.
std::string join_sql(const std::string &child, const std::vector<std::string> &columns,
                     const std::string &parent, const std::vector<std::string> &parent_columns) {
    std::string sql;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        sql += sql.empty() ? "" : " AND ";
        sql.append(parent).append(".").append(quote_name(parent_columns[i])).append(" = +");
        sql.append(child).append(".").append(quote_name(columns[i]));
    }
    return sql;
}

} // namespace migrate::core::sqlite
