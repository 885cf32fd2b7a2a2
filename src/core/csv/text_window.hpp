// The lines that are fed and not yet read: the caller's block itself, or a copy where a record goes
// over the end of a block. Keeps text and raw bytes in step.
//
//     window.feed(block);
//     … look at window.text() …
//     window.take(size, lines, record);   // the first `size` bytes are a record
#pragma once

#include "core/csv/line_end.hpp"
#include "core/csv/record.hpp"
#include "core/csv/text_block.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

// Bytes that are read from the front: the caller's, or a copy once more follow before they are used
// up.
class ByteQueue {
  public:
    std::string_view rest() const noexcept { return bytes_.substr(taken_); }
    bool is_empty() const noexcept { return taken_ == bytes_.size(); }
    // Reads `bytes` in place, instead of what was there.
    void use(std::string_view bytes);
    // Copies what is left: the caller's bytes go.
    void keep();
    // Adds a copy of `bytes` to what is kept.
    void append(std::string_view bytes);
    std::string_view take(std::size_t size) noexcept;

  private:
    std::string kept_;
    bool is_kept_ = false; // bytes_ is kept_
    std::string_view bytes_;
    std::size_t taken_ = 0;
};

class TextWindow {
  public:
    explicit TextWindow(LineEnd line_end) noexcept : line_end_(line_end) {}

    // Adds the block's lines behind those not yet taken. Throws Error XX000 for a block whose marks
    // do not add up, that ends inside a line though it is not the last, or that follows the last.
    void feed(const TextBlock &block);

    // Copies what is not yet taken: the block goes, and further lines are needed.
    void keep();

    // What is not yet taken. Lives until keep() or feed().
    std::string_view text() const noexcept { return text_.rest(); }
    bool is_empty() const noexcept { return text_.is_empty() && !has_long_line_; }
    bool is_last() const noexcept { return is_last_; }
    // Nothing that is fed later can belong to the record at the end of text().
    bool is_closed() const noexcept { return is_last_ || has_long_line_; }
    // Bytes of text taken so far: text() begins there.
    std::int64_t position() const noexcept { return position_; }
    // After text() comes a line of which only the head is known.
    bool has_long_line() const noexcept { return has_long_line_; }

    // Takes `size` bytes, which are `lines` physical lines, and fills in the record's place and raw
    // bytes, and its problem where the bytes are no text.
    void take(std::size_t size, std::int64_t lines, Record &record);
    // Takes the long line, when text() is empty.
    void take_long_line(Record &record);

  private:
    void check(const TextBlock &block) const;
    void use(const TextBlock &block);
    void add(const TextBlock &block);
    void add_marks(const TextBlock &block);
    std::string_view take_raw(std::size_t size, bool &is_valid) noexcept;
    Problem check_text(std::size_t size) noexcept;

    LineEnd line_end_;
    ByteQueue text_;
    ByteQueue raw_;               // used where there are marks
    std::vector<LineMark> marks_; // from mark_at_; the sizes of that one are what is left of it
    std::size_t mark_at_ = 0;
    std::int64_t position_ = 0;
    std::int64_t valid_until_ = 0; // a position: text is valid from here to there
    std::int64_t line_ = 1;        // number of the first line not taken
    std::int64_t byte_offset_ = 0; // of its raw bytes
    bool is_last_ = false;
    bool has_long_line_ = false;
    std::string_view long_head_;
    std::int64_t long_dropped_ = 0;
};

} // namespace migrate::core::csv
