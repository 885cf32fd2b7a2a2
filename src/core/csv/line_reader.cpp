#include "core/csv/line_reader.hpp"

#include "core/csv/utf16.hpp"

#include <algorithm>
#include <cstring>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kKeptRoom = std::size_t{4} << 20; // more is given back

Unit unit_of(Charset charset) noexcept {
    switch (charset) {
    case Charset::utf16_le:
        return Unit::utf16_le;
    case Charset::utf16_be:
        return Unit::utf16_be;
    default:
        return Unit::byte;
    }
}

// The raw sizes of the lines of `raw`.
void mark_lines(std::string_view raw, LineEnd ends, std::vector<LineMark> &marks) {
    for (std::size_t at = 0; at < raw.size();) {
        const std::size_t next = std::min(ends.after_next(raw, at), raw.size());
        marks.push_back({0, static_cast<std::int64_t>(next - at), true});
        at = next;
    }
}

} // namespace

LineReader::LineReader(ByteStream &stream, const Encoding &encoding, const Dialect &dialect,
                       std::int64_t offset, std::int64_t first_line)
    : stream_(stream), encoding_(encoding), line_end_(dialect.newline, unit_of(encoding.charset)),
      max_line_size_(static_cast<std::size_t>(dialect.max_line_size)), buffer_(kBlockSize),
      next_line_(first_line), next_offset_(offset), is_begun_(offset != 0) {}

bool LineReader::next(TextBlock &block) {
    if (is_done_)
        return false;
    if (!is_begun_)
        skip_byte_order_mark();
    discard_given();
    find_lines();
    while (whole_ == 0 && !is_at_end_ && unread().size() <= max_line_size_) {
        fill();
        find_lines();
    }
    block = TextBlock();
    block.first_line = next_line_;
    block.byte_offset = next_offset_;
    if (whole_ == 0 && !is_at_end_)
        give_long_line(block);
    else // the last line of a file may have no end
        give(block, is_at_end_ ? unread().size() : whole_);
    is_done_ = block.is_last = is_at_end_ && unread().empty();
    return true;
}

void LineReader::skip_byte_order_mark() {
    is_begun_ = true;
    fill();
    given_ = std::min(filled_, encoding_.bom_size);
    next_offset_ = static_cast<std::int64_t>(given_);
}

// Moves what is left of the last block, a part of a line, to the front.
void LineReader::discard_given() {
    std::memmove(buffer_.data(), buffer_.data() + given_, filled_ - given_);
    filled_ -= given_;
    given_ = whole_ = searched_ = 0;
    if (buffer_.size() > kKeptRoom && filled_ < kBlockSize) {
        buffer_.resize(kBlockSize);
        buffer_.shrink_to_fit();
    }
    if (filled_ < kBlockSize)
        fill();
}

// Reads until the buffer is full: unpacked data come in small parts.
void LineReader::fill() {
    if (filled_ == buffer_.size())
        make_room();
    while (!is_at_end_ && filled_ < buffer_.size()) {
        const std::size_t size = stream_.read(buffer_.data() + filled_, buffer_.size() - filled_);
        filled_ += size;
        is_at_end_ = size == 0;
    }
}

// Only a line that is longer than the buffer gets here.
void LineReader::make_room() {
    const std::size_t enough = max_line_size_ + kBlockSize;
    buffer_.resize(std::max(filled_ + 1, std::min(2 * buffer_.size(), enough)));
}

void LineReader::find_lines() {
    const std::string_view bytes = unread();
    const std::size_t end = line_end_.after_last(bytes, searched_);
    whole_ = end == kNone ? whole_ : end;
    // A line end of up to four bytes may have come in part.
    searched_ = bytes.size() - std::min<std::size_t>(bytes.size(), 3);
}

void LineReader::give(TextBlock &block, std::size_t size) {
    block.raw = unread().substr(0, size);
    next_line_ += line_end_.count(block.raw);
    if (size != 0 && !line_end_.is_at_end_of(block.raw))
        next_line_++;
    next_offset_ += static_cast<std::int64_t>(size);
    given_ += size;
    add_text(block);
}

void LineReader::give_long_line(TextBlock &block) {
    const std::size_t head = std::min(unread().size(), kHeadSize);
    block.is_line_too_long = true;
    block.raw = unread().substr(0, head);
    block.dropped = drop_line(given_ + head);
    next_line_++;
    next_offset_ += static_cast<std::int64_t>(head) + block.dropped;
}

// Reads up to the end of a line whose bytes from `from` on are not kept, and counts them. `from` is
// a whole number of units behind the begin of the line.
std::int64_t LineReader::drop_line(std::size_t from) {
    constexpr std::size_t kOverlap = 4; // CR LF in UTF-16
    std::size_t dropped = 0;
    for (;;) {
        const std::string_view bytes(buffer_.data() + from, filled_ - from);
        const std::size_t end = line_end_.after_next(bytes, 0);
        if (end != kNone || is_at_end_) {
            given_ = std::min(end == kNone ? filled_ : from + end, filled_);
            return static_cast<std::int64_t>(dropped + given_ - from);
        }
        const std::size_t size = bytes.size() > kOverlap ? (bytes.size() - kOverlap) & ~1U : 0;
        std::memmove(buffer_.data() + from, buffer_.data() + from + size, bytes.size() - size);
        filled_ -= size;
        dropped += size;
        fill();
    }
}

void LineReader::add_text(TextBlock &block) {
    if (encoding_.charset == Charset::utf8) {
        block.text = block.raw;
    } else if (encoding_.charset != Charset::other) {
        convert_lines(block);
    } else if (is_ascii(block.raw)) {
        block.text = block.raw;
    } else {
        block.needs_conversion = true;
        mark_lines(block.raw, line_end_, block.marks);
    }
}

void LineReader::convert_lines(TextBlock &block) {
    mark_lines(block.raw, line_end_, block.marks);
    converted_.clear();
    std::size_t at = 0;
    for (LineMark &mark : block.marks) {
        const std::size_t before = converted_.size();
        const auto size = static_cast<std::size_t>(mark.raw_size);
        mark.is_valid = append_utf8(block.raw.substr(at, size), encoding_.charset, converted_);
        mark.text_size = static_cast<std::int64_t>(converted_.size() - before);
        at += size;
    }
    block.text = converted_;
}

bool match_lines(std::string_view text, Newline newline, std::vector<LineMark> &marks) {
    std::vector<LineMark> lines;
    lines.reserve(marks.size());
    mark_lines(text, LineEnd(newline), lines);
    if (lines.size() != marks.size())
        return false;
    for (std::size_t i = 0; i < lines.size(); i++)
        marks[i].text_size = lines[i].raw_size;
    return true;
}

} // namespace migrate::core::csv
