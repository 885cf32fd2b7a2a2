// Records of a CSV file into rows of a Batch that PostgreSQL takes, every record accounted for.
//
//     RecordConverter converter(plan);
//     while (!batch.is_full() && scan.next(record)) converter.add(record, batch);
//     … pg tries converter.pending() with the types' own input functions …
//     for (const RecordProblem &problem : converter.take_problems()) …
//
// Values are read by value_format and cell_converter, as inference reads them; what those do not
// take, the type's input function may (pending), so that what COPY accepts is accepted. Option
// on_error decides what becomes of the rest.
#pragma once

#include "core/batch.hpp"
#include "core/csv/field_reader.hpp"
#include "core/csv/raw_record.hpp"
#include "core/csv/record.hpp"
#include "core/csv/record_account.hpp"
#include "core/csv/record_plan.hpp"
#include "core/csv/record_problem.hpp"
#include "core/csv/record_width.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

// Of one file. Owns its plan, statistics and problems; the rows lie in the caller's batch, which
// holds nothing but rows of this converter from one clear() to the next.
class RecordConverter {
  public:
    explicit RecordConverter(RecordPlan plan);

    // Appends the record's row to the batch, marked as rejected when the record has a problem, or
    // counts a blank line. Row ids are first lines. A rejected row is all NULL and has no pending
    // cell; it fills the batch, so that what is kept of bad records is bounded too.
    // Throws Error under OnError::stop, and for a record that cannot be skipped over silently
    // (ragged under Ragged::error when has_ragged), with the context
    // CSV file "/data/a.csv", line 12, column "price": "1,5".
    void add(const Record &record, Batch &batch);
    // Forgets the sources and pending cells of the rows; with Batch::clear.
    void clear();

    const RecordPlan &plan() const noexcept { return plan_; }
    const FileStatistics &statistics() const noexcept { return statistics_; }
    const std::vector<PendingCell> &pending() const noexcept { return pending_; }
    const RowSource &source(std::size_t row) const { return sources_[row]; }

    // Somebody else refused the value: the input function, the server's encoding. on_error decides:
    // throws, makes the cell NULL or rejects the row. `reason` is PostgreSQL's message. Of a row
    // that is rejected already the problem is listed, and the row not counted again.
    void refuse(Batch &batch, std::size_t row, std::size_t column, const char *code,
                std::string reason);
    // A constraint or trigger refused the row; `column` may be empty. set_null does not cover it:
    // throws but under ignore and reject. Needs keeps_raw for the raw bytes.
    void refuse_row(Batch &batch, std::size_t row, std::string column, const char *code,
                    std::string reason);

    // The problems since the last call; empty under OnError::ignore unless `wants_problems`.
    std::vector<RecordProblem> take_problems();

  private:
    // What the inner loop needs of a column, side by side.
    struct Step {
        FieldReader read;
        std::size_t field;          // SIZE_MAX: the file lacks the column
        std::uint64_t null_lengths; // bit n: a text of n bytes may be NULL; bit 63: of 63 and more
        std::size_t max_size;
        ColumnOrigin origin;
    };
    // What becomes of a problem.
    enum class Answer : std::uint8_t { raise, set_null, reject };

    static Step make_step(const RecordColumn &column);
    bool keeps_problems() const noexcept;
    Answer answer_to_value() const noexcept;
    Answer answer_to_record() const noexcept;
    Answer answer_to_width() const noexcept;

    Cell *start_row(const Record &record, Batch &batch);
    void note_width(const Record &record, WidthFit fit);
    void fill(const Record &record, Cell *cells, Batch &batch);
    void fill_from_elsewhere(const Record &record, std::size_t column, Cell &cell, Batch &batch);
    void read(std::size_t column, std::string_view text, Cell &cell, Batch &batch);
    void settle(std::size_t column, std::string_view text, Fit fit, Cell &cell, Batch &batch);
    void finish_row(Batch &batch, std::size_t pending_before);

    void refuse_value(std::size_t column, std::string_view text, Fit fit, Batch &batch);
    void refuse_record(Batch &batch, Answer answer, RecordFault fault);
    bool mark_rejected(Batch &batch, std::size_t row);
    void list(std::size_t row, RecordProblem problem);
    [[noreturn]] void raise(std::size_t row, RecordProblem problem, std::string_view hint) const;

    RecordPlan plan_;
    std::vector<Step> steps_; // one for each column
    RawRecord raw_record_;
    std::string json_; // of the record at hand
    FileStatistics statistics_;
    std::vector<RowSource> sources_; // by row of the batch
    std::vector<PendingCell> pending_;
    std::vector<RecordProblem> problems_;
    std::size_t repeated_bytes_ = 0; // raw bytes of problems beyond the first of their rows
};

} // namespace migrate::core::csv
