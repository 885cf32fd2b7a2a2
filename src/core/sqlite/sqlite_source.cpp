#include "core/sqlite/sqlite_source.hpp"

#include "core/error.hpp"
#include "core/sqlite/catalog.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/lookup_sql.hpp"
#include "core/sqlite/row_reader.hpp"
#include "core/sqlite/statement.hpp"
#include "core/sqlite/tenant_check.hpp"

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

std::unique_ptr<SqliteSource> SqliteSource::open(const std::string &path,
                                                 const OpenOptions &options) {
    std::unique_ptr<Database> database = Database::open(path, options);
    database->begin_read();
    Schema schema = read_catalog(*database);
    // Only now: what the catalog found unreadable for want of a collation stays so.
    database->accept_unknown_collations();
    return std::unique_ptr<SqliteSource>(new SqliteSource(std::move(database), std::move(schema)));
}

std::unique_ptr<RowReader> SqliteSource::read(const Table &table, const std::vector<int> &columns) {
    return std::make_unique<TableReader>(*database_, table, columns);
}

void SqliteSource::check_tenants() const {
    sqlite::check_tenants(*database_, schema_);
}

// A plain count(*) is one step of SQLite's machine that nothing interrupts, and may count an index;
// the LIMIT ends a tree whose pages lead in a circle.
std::int64_t SqliteSource::count_rows(const Table &table) const {
    const std::string doing = "count the rows of table " + shown(quote_name(table.name));
    const std::int64_t limit = row_limit(*database_);
    Statement row(*database_,
                  "SELECT count(*) FROM (SELECT 1 FROM main." + quote_name(table.name) +
                      " NOT INDEXED LIMIT ?1)",
                  doing);
    row.bind(1, limit + 1);
    const std::int64_t count = row.step() ? row.integer(0) : 0;
    if (count > limit)
        database_->fail(SQLITE_CORRUPT, doing);
    return count;
}

std::optional<std::pair<double, double>> SqliteSource::number_range(const Table &table,
                                                                    int column) const {
    const std::string name =
        value_sql("migrate_t", table.columns.at(static_cast<std::size_t>(column)));
    Statement row(*database_,
                  "SELECT min(" + name + "), max(" + name + ") FROM main." +
                      quote_name(table.name) + " AS migrate_t NOT INDEXED WHERE typeof(" + name +
                      ") IN ('integer', 'real') AND " + name + " <> 0",
                  "read table " + shown(quote_name(table.name)));
    if (!row.step() || row.is_null(0))
        return std::nullopt;
    return std::pair(sqlite3_column_double(row.handle(), 0),
                     sqlite3_column_double(row.handle(), 1));
}

} // namespace migrate::core::sqlite
