// Cells of a source into cells that PostgreSQL takes, column by column, without losing a value.
//
//     RowConverter converter("item", rules);
//     if (converter.convert(batch) == Verdict::misfit) … // the table must be planned again
//
// A misfit is a return value, never an exception of the inner loop; the policies of the options
// on_type_mismatch and invalid_text are applied here.
#pragma once

#include "core/batch.hpp"
#include "core/cell_converter.hpp"
#include "core/cell_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core {

// A row that was not loaded.
struct Reject {
    std::int64_t row_id = 0;
    std::string column;
    const char *code = nullptr; // SQLSTATE
    std::string reason;
    std::string value; // valid text for display
    std::string raw;   // the cell's bytes: text and blobs as they are, numbers as text
};

// What happened to a column while its table was loaded.
struct ColumnCount {
    std::int64_t count = 0;
    std::int64_t first_row = 0;
    std::string first_value;
    void add(std::int64_t row_id, const Cell &cell); // remembers the first
};

struct ColumnStatistics {
    std::int64_t nulls = 0;                  // with those that only became NULL here
    ColumnCount rounded;                     // to microseconds
    ColumnCount nulled;                      // on_type_mismatch: null
    ColumnCount null_text;                   // option "null"
    ColumnCount replaced;                    // invalid_text: replace
    ColumnCount read_by_input;               // by the type's own input function, see pending()
    std::optional<std::int64_t> max_integer; // of a bigint column
};

enum class Verdict : std::uint8_t {
    load,
    misfit, // a value does not fit under "widen", or a NULL stands in a NOT NULL column
};

// Converts the rows of one table and applies the policies. Owns its statistics and the rejects
// since take_rejects.
class RowConverter {
  public:
    RowConverter(std::string table, std::vector<ColumnRule> rules);

    // Converts every row of the batch in place; rejected rows are marked. Throws Error 42804
    // (misfit under "error"), 22021 (invalid text under "error") or 54000 (a cell over
    // max_value_size), each with the table, column and row. After `misfit` the batch is of no use.
    Verdict convert(Batch &batch);

    // Counts a row that somebody else rejected (text that the server's encoding cannot hold).
    void reject(Batch &batch, std::size_t row, std::size_t column, const char *code,
                std::string reason);

    // Cells of the last batch that the types' input functions have to be asked about (rules with
    // has_last_resort): texts, which stay as they are when they are taken, and are given back to
    // accept_input or refuse_input.
    const std::vector<CellPlace> &pending() const noexcept { return pending_; }
    // The input function took the text that was there before, `given`.
    void accept_input(const Batch &batch, CellPlace place, const Cell &given);
    // It did not: the policy of the column is applied; `code` must outlive the rejects. Throws
    // Error under "error" as convert does.
    void refuse_input(Batch &batch, CellPlace place, const char *code, const std::string &reason);
    // Counts a row that the server refused when it was written.
    void refuse_row(Batch &batch, std::size_t row, std::string column, const char *code,
                    std::string reason);

    const std::vector<ColumnStatistics> &statistics() const noexcept { return statistics_; }
    const std::vector<ColumnRule> &rules() const noexcept { return rules_; }
    // Where the last `misfit` was.
    std::size_t misfit_column() const noexcept { return misfit_column_; }
    std::int64_t rejected() const noexcept { return rejected_; }
    // Hands over the rejects collected since the last call (kept bounded by calling it per batch).
    std::vector<Reject> take_rejects();

  private:
    // What the inner loop needs of a rule, side by side.
    struct Step {
        CellConverter convert;
        StorageClass as_is; // values of this class stay as they are; null: of none
        bool has_null_texts;
        bool is_not_null;
        bool is_bigint;
        std::int64_t max_value_size;
        bool is_always_asked; // kind other with a last resort
    };

    Verdict convert_row(Batch &batch, std::size_t row);
    Verdict convert_column(Batch &batch, std::size_t row, std::size_t column, Cell &cell);
    Verdict apply_fit(Batch &batch, std::size_t row, std::size_t column, Fit fit,
                      const Cell &before);
    Verdict apply_mismatch(Batch &batch, std::size_t row, std::size_t column);
    Verdict apply_policy(Batch &batch, std::size_t row, std::size_t column, const char *code,
                         const std::string &reason);
    Verdict apply_invalid_text(Batch &batch, std::size_t row, std::size_t column);
    void check_size(const Cell &cell, std::size_t column, std::int64_t row_id) const;

    std::string table_;
    std::vector<ColumnRule> rules_;
    std::vector<Step> steps_; // one for each rule
    std::vector<ColumnStatistics> statistics_;
    std::vector<Reject> rejects_;
    std::vector<CellPlace> pending_;
    std::int64_t rejected_ = 0;
    std::size_t misfit_column_ = 0;
};

} // namespace migrate::core
