// The rows that a query finds in one table or view, a batch at a time.
//
//     QueryReader reader(database, relation, {"id", "price"});
//     reader.start(query);
//     while (reader.fetch(batch, 1000) == Fetch::rows) …
//     reader.start(query);   // once more, with other values maybe: the statement is kept
#pragma once

#include "core/fdw/scan_query.hpp"
#include "core/source.hpp"
#include "core/sqlite/statement.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core::fdw {

// Binds the values of a query to the statement of its SQL.
void bind_values(sqlite::Statement &statement, const std::vector<Operand> &values);

class QueryReader {
  public:
    // The Database must outlive the reader; `columns` are the ones that the query reads.
    QueryReader(const sqlite::Database &database, const Relation &relation,
                const std::vector<ScanColumn> &columns);

    // Begins from the first row.
    void start(const ScanQuery &query);
    // Clears the batch and fills it with at most `most` rows. Throws Error XX001 for damage, 54000
    // for a value over max_value_size and 22000 for one that SQLite cannot compute. After
    // `interrupted`, the next call goes on behind the last row.
    Fetch fetch(Batch &batch, std::size_t most);

    bool is_done() const noexcept { return is_done_; }

    // The rowid of a row of a batch that came since start(), by what the batch calls its id: that
    // one itself where the query reads rowids or there is none.
    std::int64_t row_id_of(std::int64_t batch_row_id) const;

  private:
    int step();
    void read_row(Batch &batch);
    void read_cell(sqlite3_stmt *statement, int result, Cell &cell, Batch &batch) const;
    void check_rows();
    [[noreturn]] void fail_size(int column, std::int64_t row_id) const;
    [[noreturn]] void fail(int result) const;
    std::string place() const;

    const sqlite::Database *database_;
    std::string relation_;
    std::vector<std::string> names_; // of the columns read
    bool is_view_;
    bool computes_; // expressions of the file are computed
    bool has_row_id_ = false;
    std::int64_t max_value_size_;
    std::int64_t row_limit_ = 0;
    std::string sql_;
    std::string row_id_sql_;      // as the query's
    std::vector<Operand> values_; // of row_id_sql_, but for the last
    std::optional<sqlite::Statement> statement_;
    std::int64_t rows_read_ = 0; // since start
    std::int64_t to_skip_ = 0;   // rows that were read before an interruption
    std::int64_t row_id_ = 0;    // of the row being read
    bool is_done_ = true;
};

} // namespace migrate::core::fdw
