// The types of all columns of a table that is to be made, by every record of its files.
//
//     TableInference inference(columns, options, dialect, is_utf8_server);
//     inference.begin_file(match.fields, survey.width);
//     while (scan.next(record)) inference.add(record);
//     inference.decide(columns);
#pragma once

#include "core/csv/column_inference.hpp"
#include "core/csv/csv_options.hpp"
#include "core/csv/record.hpp"
#include "core/csv/table_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core::csv {

// What was found of one column; nothing for one whose type is given.
using ColumnFinding = std::optional<InferredType>;

class TableInference {
  public:
    TableInference(const TableColumns &table, const CsvOptions &options, const Dialect &dialect,
                   bool is_utf8_server);

    // Whether there is a column whose type has to be found.
    bool is_needed() const noexcept { return !columns_.empty(); }

    // `fields` by column of the table; records of another width count as they will be loaded.
    void begin_file(const std::vector<int> &fields, std::size_t width);
    void add(const Record &record);

    std::int64_t records() const noexcept { return records_; }
    // By column of the table.
    std::vector<ColumnFinding> findings() const;

  private:
    struct Open {
        std::size_t column; // of the table
        int field = -1;     // of the file
        ColumnInference inference;
    };

    std::vector<Open> columns_; // whose types are not given
    std::size_t table_width_;
    std::size_t width_ = 0;
    Ragged ragged_;
    Trim trim_;
    std::int64_t records_ = 0;
};

// Gives the planned columns their types.
void set_types(TableColumns &table, const std::vector<ColumnFinding> &findings);

} // namespace migrate::core::csv
