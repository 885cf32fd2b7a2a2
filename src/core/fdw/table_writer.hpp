// Writes rows of one SQLite table with one prepared statement.
//
//     TableWriter writer(connection, request, columns, keys);
//     if (writer.write(cells, returned)) …       // false: there was no such row, or a conflict
#pragma once

#include "core/fdw/connection.hpp"
#include "core/fdw/stored_value.hpp"
#include "core/fdw/write_query.hpp"
#include "core/sqlite/statement.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace migrate::core::fdw {

class TableWriter {
  public:
    // The connection must be leased, and may write when write() is called. `columns` are those of
    // the request and then its keys.
    TableWriter(Connection &connection, WriteRequest request, std::vector<StoredColumn> columns);

    const std::string &sql() const noexcept { return sql_; }
    std::size_t width() const noexcept { return width_; }

    // Writes one row; whether there was one to write, no conflict that the request skips, and no
    // trigger that ignores it. `cells` hold the values of the columns and of the keys, or the
    // rowid; they are changed. The columns that the request reads back become the only row of
    // `returned`. Throws Error: the SQLSTATEs of fail_write, those of a value that SQLite cannot
    // keep (22003, 22008, 22000), 21000 for a key that names several rows, 55000 for none.
    bool write(Cell *cells, Batch *returned);

    // Rows of an UPDATE that come again, as from a join, are passed over, as in PostgreSQL.
    void expect_repeats() noexcept { has_repeats_ = true; }

  private:
    void prepare();
    void check_changed(int changed, bool is_repeated, const Cell *cells) const;
    void bind(const Cell *cells);
    void bind_cell(int position, const Cell &cell);
    void store(Cell *cells);
    void run(Batch *returned);
    void read_row(Batch &returned) const;
    bool is_repeat(const Cell *cells);
    [[noreturn]] void refuse(const Cell &cell, std::size_t column) const;
    std::string doing() const;

    Connection *connection_;
    WriteRequest request_;
    std::vector<StoredColumn> columns_;
    std::string sql_;
    std::size_t width_; // of the cells of a row
    Batch arena_;
    std::optional<sqlite::Statement> statement_;
    bool has_repeats_ = false;
    std::unordered_set<std::int64_t> rowids_; // updated before
    std::unordered_set<std::string> keys_;    // written before
};

// Throws Error 428C9: the column is a generated one of the file.
[[noreturn]] void refuse_generated(const Table &table, int column);

// Deletes all rows of a table; with `restarts`, AUTOINCREMENT begins at 1 again.
void truncate_table(Connection &connection, const Relation &relation, bool restarts);

} // namespace migrate::core::fdw
