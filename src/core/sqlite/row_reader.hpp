// The rows of one table of a SQLite file, in the order of their keys, a batch at a time. This is
// the hot path of an import.
//
//     TableReader reader(database, table, {0, 2});
//     while (reader.fetch(batch) == Fetch::rows) …
#pragma once

#include "core/schema.hpp"
#include "core/source.hpp"
#include "core/sqlite/database.hpp"
#include "core/sqlite/statement.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core::sqlite {

// Rows the file can hold at most; a damaged file may count a page many times over.
std::int64_t row_limit(const Database &database);

// The name that reads the rowid of `table`: the first of rowid, _rowid_ and oid that no column
// bears, "" when there is none or the table is WITHOUT ROWID.
std::string rowid_name(const Table &table);

class TableReader final : public RowReader {
  public:
    // Columns are indexes into table.columns. The Database must outlive the reader; the Table need
    // not.
    TableReader(const Database &database, const Table &table, const std::vector<int> &columns);

    // Throws Error XX001 for damage, naming the table and the last row read; 54000 for a cell over
    // max_value_size and 22000 for a value that SQLite cannot compute, naming column and row.
    Fetch fetch(Batch &batch) override;

  private:
    void start();
    std::string select(const std::string &what) const;
    bool has_rowid() const noexcept { return !rowid_.empty(); }
    void read_row(Batch &batch);
    void read_cell(sqlite3_stmt *statement, int result, std::size_t column, Cell &cell,
                   Batch &batch) const;
    std::int64_t next_row_id() const;
    bool read_row_apart(Batch &batch);
    [[noreturn]] void fail_cell(std::size_t column, std::int64_t row_id, int result) const;
    [[noreturn]] void fail_step(int result) const;
    [[noreturn]] void fail_order(std::int64_t row_id) const;

    const Database *database_;
    std::string table_;
    std::vector<std::string> names_;  // of the columns read
    std::vector<std::string> values_; // their SQL
    std::string rowid_;               // rowid_name
    int rowid_result_ = 0;            // result column that is the rowid
    int first_result_ = 0;            // result column of the first cell
    bool computes_ = false;           // a virtual column is read
    std::int64_t max_value_size_ = 0;
    std::int64_t row_limit_ = 0;
    std::optional<Statement> statement_;
    std::int64_t last_row_ = 0; // rowid, or ordinal, of the last row read
    std::int64_t rows_read_ = 0;
    bool is_done_ = false;
};

} // namespace migrate::core::sqlite
