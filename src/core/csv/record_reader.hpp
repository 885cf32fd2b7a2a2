// Lines in, records out: what COPY (FORMAT csv) accepts gives COPY's values, and what it refuses
// gives a record with a problem and costs no other record.
//
//     RecordReader reader(dialect);
//     Record record;
//     for (;;) {
//         while (reader.next(record)) { … }
//         if (!lines.next(block))
//             break;
//         reader.feed(block);
//     }
//
// Lines without a quote are cut by memchr. Others go through libcsv in strict mode, and where that
// stops (a quote inside a field, bytes after a closing quote) through a splitter that follows
// COPY's rule. A quote that never closes spoils one line: the record is cut again, that line alone
// with the quote as a plain character, and the lines after it are read anew.
#pragma once

#include "core/csv/dialect.hpp"
#include "core/csv/field_splitter.hpp"
#include "core/csv/line_end.hpp"
#include "core/csv/record.hpp"
#include "core/csv/record_end.hpp"
#include "core/csv/text_block.hpp"
#include "core/csv/text_window.hpp"

#include <cstdint>

namespace migrate::core::csv {

class RecordReader {
  public:
    // Throws Error 22023 for a dialect that check_dialect refuses.
    explicit RecordReader(const Dialect &dialect);

    // Gives the reader further whole lines. Only when next() has returned false, and not after the
    // last block. The block's views must live until next() returns false again; an open record is
    // copied. Throws Error XX000 when marks and sizes disagree.
    void feed(const TextBlock &block);

    // The next record, in the order of the file; its views live until the next call. False when
    // more lines are needed or, after the last block, when there is no more. A blank line is a
    // record of one empty unquoted field.
    bool next(Record &record);

    // Passes over that many physical lines (a preamble) before the next record, whatever quotes are
    // in them.
    void skip_lines(std::int64_t count) noexcept { lines_to_skip_ += count; }

    // True once the last block was fed and every record of it was given out.
    bool is_done() const noexcept { return window_.is_last() && window_.is_empty(); }

    // What was passed over and is no record: lines by skip_lines and comments, and their raw bytes.
    std::int64_t skipped_lines() const noexcept { return skipped_lines_; }
    std::int64_t skipped_bytes() const noexcept { return skipped_bytes_; }
    std::int64_t comment_lines() const noexcept { return comment_lines_; }

  private:
    enum class Step : unsigned char { record, skipped, starved };

    Step step(Record &record);
    Step skip_line(Record &record);
    Step take_long_line(Record &record);
    void take(Record &record, const RecordEnd &end, std::string_view text);

    Dialect dialect_;
    LineEnd line_end_;
    RecordEndFinder finder_;
    FieldSplitter splitter_;
    TextWindow window_;
    std::int64_t lines_to_skip_ = 0;
    std::int64_t skipped_lines_ = 0;
    std::int64_t skipped_bytes_ = 0;
    std::int64_t comment_lines_ = 0;
};

} // namespace migrate::core::csv
