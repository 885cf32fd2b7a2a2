// The rows of a scan on their way into what PostgreSQL takes, by the import's own converters. A
// value that its column's type cannot hold is an error of the row it stands in, raised when that
// row is wanted.
//
//     ScanRows rows("item", columns);
//     rows.convert();              // what batch() was filled with
//     if (rows.is_rejected(i)) rows.fail(i);
#pragma once

#include "core/batch.hpp"
#include "core/convert.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace migrate::core::fdw {

// How a column's cells are read.
struct RowColumn {
    ColumnRule rule; // its policies are set by ScanRows
    // The range of smallint and integer, which are read as bigint.
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

class ScanRows {
  public:
    ScanRows(std::string relation, std::vector<RowColumn> columns);

    Batch &batch() noexcept { return batch_; }
    RowConverter &converter() noexcept { return converter_; }
    // Converts the batch in place.
    void convert();
    // Collects what the conversion to the server's encoding refused.
    void collect_rejects();
    bool is_rejected(std::size_t row) const noexcept { return batch_.is_rejected(row); }
    // Throws the error of a rejected row: the type's SQLSTATE, with table, column, row and value.
    // `row_id` is the row's name for the message.
    [[noreturn]] void fail(std::size_t row, std::int64_t row_id) const;

  private:
    void check_ranges();

    std::string relation_;
    std::vector<RowColumn> columns_;
    bool has_ranges_ = false;
    Batch batch_;
    RowConverter converter_;
    std::vector<Reject> rejects_; // of this batch
};

} // namespace migrate::core::fdw
