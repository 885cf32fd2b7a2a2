// Cuts a file into blocks of whole physical lines, and UTF-16 into UTF-8 on the way.
//
//     LineReader lines(stream, encoding, dialect);
//     TextBlock block;
//     while (lines.next(block)) { … }
//
// A block is about kBlockSize bytes; a longer line gets a block of its own up to max_line_size.
// A line beyond that is passed over with no more memory than that: its block has only its head.
#pragma once

#include "core/csv/byte_stream.hpp"
#include "core/csv/dialect.hpp"
#include "core/csv/encoding.hpp"
#include "core/csv/line_end.hpp"
#include "core/csv/text_block.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace migrate::core::csv {

class LineReader {
  public:
    static constexpr std::size_t kBlockSize = std::size_t{256} << 10;
    static constexpr std::size_t kHeadSize = std::size_t{8} << 10; // kept of a line too long

    // Reads on from where `stream` is: its begin, where the byte order mark is passed, or a place
    // where the line of that number begins. The stream must outlive the reader.
    LineReader(ByteStream &stream, const Encoding &encoding, const Dialect &dialect,
               std::int64_t offset = 0, std::int64_t first_line = 1);

    // The next block; its views live until the next call. False after the last. Throws Error as
    // ByteStream::read does.
    bool next(TextBlock &block);

    std::int64_t lines() const noexcept { return next_line_ - 1; } // given out so far
    std::int64_t bytes() const noexcept { return next_offset_; }   // given out or passed over

  private:
    void skip_byte_order_mark();
    void discard_given();
    void fill();
    void make_room();
    void find_lines();
    void give(TextBlock &block, std::size_t size);
    void give_long_line(TextBlock &block);
    std::int64_t drop_line(std::size_t from);
    void add_text(TextBlock &block);
    void convert_lines(TextBlock &block);
    std::string_view unread() const noexcept { return {buffer_.data() + given_, filled_ - given_}; }

    ByteStream &stream_;
    Encoding encoding_;
    LineEnd line_end_; // of the raw bytes
    std::size_t max_line_size_;
    std::vector<char> buffer_; // [given_, filled_) is read and not yet given out
    std::size_t given_ = 0;
    std::size_t filled_ = 0;
    std::size_t whole_ = 0;    // bytes from given_ that are whole lines
    std::size_t searched_ = 0; // bytes from given_ that have been looked through for a line end
    std::string converted_;
    std::int64_t next_line_ = 1;
    std::int64_t next_offset_ = 0;
    bool is_begun_ = false;
    bool is_at_end_ = false; // of the stream
    bool is_done_ = false;   // the last block was given out
};

// Completes the marks of a block whose text the caller has converted as a whole: they have their
// raw sizes and get the sizes of the lines of `text`. False, with the marks as they were, when the
// numbers of lines differ: then convert line by line.
bool match_lines(std::string_view text, Newline newline, std::vector<LineMark> &marks);

} // namespace migrate::core::csv
