#include "core/fdw/table_size.hpp"

#include "core/error.hpp"
#include "core/sqlite/file_probe.hpp"
#include "core/sqlite/row_reader.hpp"
#include "core/sqlite/statement.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

using sqlite::Database;
using sqlite::quote_name;
using sqlite::Statement;

// Counting so many takes less than a millisecond.
constexpr std::int64_t kCounted = 2000;
constexpr double kViewRows = 1000;
// A row of a table takes a cell pointer, a header and some bytes of content (fileformat2, 1.6).
constexpr double kLeastRowBytes = 6;
constexpr double kColumnBytes = 6;

std::string doing(const Table &table) {
    return "measure table " + sqlite::shown(quote_name(table.name));
}

std::int64_t single(const Database &database, const std::string &sql, const Table &table) {
    Statement row(database, sql, doing(table));
    return row.step() ? row.integer(0) : 0;
}

std::int64_t count_first(const Database &database, const Table &table) {
    return single(database,
                  "SELECT count(*) FROM (SELECT 1 FROM main." + quote_name(table.name) +
                      " NOT INDEXED LIMIT " + std::to_string(kCounted + 1) + ")",
                  table);
}

// The first number of a table's lines is its count of rows when ANALYZE ran (fileformat2, 2.6.1).
std::optional<double> analyzed_rows(const Database &database, const Table &table) {
    try {
        Statement rows(database, "SELECT stat FROM main.sqlite_stat1 WHERE tbl = ?1 COLLATE NOCASE",
                       doing(table));
        rows.bind(1, std::string_view(table.name));
        std::optional<double> most;
        while (rows.step()) {
            const std::string text = rows.text(0);
            std::int64_t count = -1;
            std::from_chars(text.data(), text.data() + text.size(), count);
            if (count > 0)
                most = std::max(most.value_or(0), static_cast<double>(count));
        }
        return most;
    } catch (const Error &) {
        return std::nullopt; // no such table, or one of another form
    }
}

std::optional<double> rowid_range(const Database &database, const Table &table) {
    const std::string rowid = sqlite::rowid_name(table);
    if (rowid.empty())
        return std::nullopt;
    const std::string from = " FROM main." + quote_name(table.name) + " AS migrate_t";
    const auto first =
        static_cast<double>(single(database, "SELECT min(migrate_t." + rowid + ")" + from, table));
    const auto last =
        static_cast<double>(single(database, "SELECT max(migrate_t." + rowid + ")" + from, table));
    return last - first + 1;
}

double row_bytes(const Table &table) {
    return kLeastRowBytes + kColumnBytes * static_cast<double>(table.columns.size());
}

} // namespace

TableSize estimate_size(const Database &database, const Relation &relation) {
    const Table &table = *relation.table;
    if (relation.is_view)
        return {kViewRows, 10};
    const auto page_size = static_cast<double>(
        std::max<std::int64_t>(512, single(database, "PRAGMA page_size", table)));
    const auto file_pages = static_cast<double>(single(database, "PRAGMA page_count", table));
    double rows = static_cast<double>(count_first(database, table));
    if (rows > static_cast<double>(kCounted)) {
        const double most = file_pages * page_size / row_bytes(table);
        const double range = rowid_range(database, table).value_or(most);
        rows = std::clamp(analyzed_rows(database, table).value_or(range), rows,
                          std::max(rows, std::min(range, most)));
    }
    const double pages = std::ceil(rows * row_bytes(table) * 2 / page_size);
    return {rows, std::clamp(pages, 1.0, std::max(1.0, file_pages)), page_size};
}

} // namespace migrate::core::fdw
