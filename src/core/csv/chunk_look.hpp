// Parts of a file that several processes read side by side: where the first record of a part
// begins, and on which line, by the quotes and line ends of the parts before it. Each part is
// looked through once for those two counts, which is much less work than reading its records.
//
//     ChunkLook look(dialect);
//     look.read(stream, begin, end);
//     ChunkCount count = look.count();                 // add it to what comes before: the next's
//     std::optional<RecordPlace> place = look.first_record(start);
//     scan.start_at(dialect, place->offset, place->line);
//     while (scan.next(record) && record.byte_offset < end) … // the records that begin in it
//
// By COPY's rule a quote opens or closes wherever it stands, and a line end outside quotes ends a
// record; so the parity of the quotes before a place tells what it is. Where a quote never closes
// the serial reader starts anew behind its line, and the parts cannot know: whoever reads the part
// with that quote meets the same unterminated quote, so a scan that stops at errors stops.
#pragma once

#include "core/csv/byte_stream.hpp"
#include "core/csv/dialect.hpp"
#include "core/csv/encoding.hpp"
#include "core/csv/line_end.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

// Whether parity is all there is to quotes, and bytes of the file are bytes of its text.
bool can_be_split(const Dialect &dialect, const Encoding &encoding, bool is_compressed) noexcept;

// What the bytes of a part add to those before it.
struct ChunkCount {
    bool has_odd_quotes = false;
    std::int64_t line_ends = 0; // whose last byte is in the part
};

// What is known of the first byte of a part.
struct ChunkStart {
    bool is_in_quotes = false;
    std::int64_t line = 1;  // that it is in
    bool is_record = false; // a record begins there, whatever stands before it
};

struct RecordPlace {
    std::int64_t offset;
    std::int64_t line;
};

// Of the part behind one that begins with `start`.
ChunkStart start_behind(const ChunkStart &start, const ChunkCount &count) noexcept;

class ChunkLook {
  public:
    // The dialect of a file that can be split.
    explicit ChunkLook(const Dialect &dialect) noexcept;

    // Takes the bytes from `begin` to before `end`. Throws Error as ByteStream::read_at does, and
    // 55006 where the file is shorter.
    void read(const ByteStream &stream, std::int64_t begin, std::int64_t end);
    // The same of a text that holds the whole file.
    void take(std::string_view file, std::int64_t begin, std::int64_t end);

    ChunkCount count() const noexcept;
    // The first record that begins in the part; nothing when none does.
    std::optional<RecordPlace> first_record(const ChunkStart &start) const noexcept;

  private:
    bool is_line_end(std::size_t at) const noexcept;

    char quote_;
    Newline newline_;
    char line_byte_;
    std::vector<char> bytes_; // up to two before the part, and the part
    std::size_t lead_ = 0;    // bytes before it
    std::int64_t begin_ = 0;
};

} // namespace migrate::core::csv
