// Finds where a record ends: at the first line end outside quotes, by COPY's rule for quotes
// (a record without any is its line).
//
//     RecordEndFinder finder(dialect);
//     RecordEnd end = finder.find(text, position, is_closed);
//
// Text is looked at once, however often a record is asked for again with more lines behind it.
#pragma once

#include "core/csv/dialect.hpp"
#include "core/csv/line_end.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace migrate::core::csv {

struct RecordEnd {
    enum class Kind : unsigned char {
        plain,        // one line without a quote
        quoted,       // a quote is somewhere in it
        unterminated, // a quote opens that closes nowhere in reach: the record is its first line
        too_long,     // one line of more than max_line_size bytes
        open,         // more lines are needed to tell
    };
    Kind kind = Kind::open;
    std::size_t size = 0; // bytes with the line end
    std::int64_t lines = 1;
    bool is_joined_by_inner_quote = false; // see Record
};

class RecordEndFinder {
  public:
    explicit RecordEndFinder(const Dialect &dialect);

    // The end of the record that `text`, which is not empty and of whole lines, begins with.
    // `position` counts the bytes before it; `is_closed` says that no line will follow. After
    // `open` the next call must be for the same record.
    RecordEnd find(std::string_view text, std::int64_t position, bool is_closed);

    // Bytes of the first line of `text`, line end included.
    std::size_t first_line(std::string_view text) const noexcept;

  private:
    // How far a record was looked through.
    struct Scan {
        bool is_open = false;       // find() said so, and this is where to go on
        std::size_t at = 0;         // from here, in the record
        std::size_t line_end = 0;   // of the line that `at` is in, or before it when not known
        std::size_t last_close = 0; // behind the quote that closed last, 0 for none
        bool is_in_quotes = false;  // at `at`
        bool is_field_start = true; // at `at`; for InnerQuote::literal
        bool is_inner = false;      // the quote that is open stands inside an unquoted field
        bool has_crossed = false;   // a quoted part went over a line end
        bool is_joined = false;     // and the first that did was opened by an inner quote
        std::size_t end = 0;        // of the record, 0 when it was not found
    };

    void find_copy_end();
    void find_literal_end();
    bool is_end_in_sight();
    bool pass_quoted();
    void open_quote(std::size_t at);
    std::size_t closing_quote();
    std::size_t closing_escaped() const noexcept;
    std::size_t closing_doubled() const noexcept;
    std::size_t next_quote(std::size_t from) noexcept;
    bool follows_delimiter(std::size_t at) const noexcept;
    RecordEnd finish(std::size_t first_line, bool is_closed);
    RecordEnd give_up(std::size_t first_line, std::size_t open_until);

    Dialect dialect_;
    LineEnd line_end_;
    std::size_t max_size_;
    Scan scan_;
    std::string_view text_; // during find()
    std::int64_t position_ = 0;
    // The first quote behind where one was looked for last, and how far there is none else.
    std::int64_t next_quote_ = -1;
    std::int64_t searched_until_ = 0;
    // A quote that is open at a line end before this position is open there too: what was looked
    // through for a quote that never closed is not looked through again for each of its lines.
    std::int64_t open_until_ = 0;
};

} // namespace migrate::core::csv
