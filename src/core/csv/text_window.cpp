#include "core/csv/text_window.hpp"

#include "core/error.hpp"
#include "core/value/utf8.hpp"

#include <algorithm>
#include <string>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// Room that a record over several blocks took is given back beyond this.
constexpr std::size_t kKeptRoom = std::size_t{4} << 20;

std::int64_t signed_size(std::string_view bytes) noexcept {
    return static_cast<std::int64_t>(bytes.size());
}

[[noreturn]] void fail_block(const char *what) {
    throw Error(sqlstate::kInternalError, std::string("invalid block of CSV lines: ") + what);
}

} // namespace

void ByteQueue::use(std::string_view bytes) {
    if (is_kept_) {
        kept_.clear();
        if (kept_.capacity() > kKeptRoom)
            kept_.shrink_to_fit();
        is_kept_ = false;
    }
    bytes_ = bytes;
    taken_ = 0;
}

void ByteQueue::keep() {
    if (is_kept_ || is_empty())
        return;
    kept_.assign(rest());
    is_kept_ = true;
    bytes_ = kept_;
    taken_ = 0;
}

void ByteQueue::append(std::string_view bytes) {
    if (!is_kept_) { // then nothing was left
        kept_.clear();
        taken_ = 0;
    } else if (taken_ > kept_.size() / 2) { // moves fewer bytes than were taken: linear in all
        kept_.erase(0, taken_);
        taken_ = 0;
    }
    is_kept_ = true;
    kept_.append(bytes);
    bytes_ = kept_;
}

std::string_view ByteQueue::take(std::size_t size) noexcept {
    const std::string_view taken = rest().substr(0, size);
    taken_ += taken.size();
    return taken;
}

void TextWindow::check(const TextBlock &block) const {
    if (is_last_)
        fail_block("it follows the last one");
    if (block.needs_conversion)
        fail_block("it is not converted");
    if (!block.is_last && !block.text.empty() && !line_end_.is_at_end_of(block.text))
        fail_block("it ends inside a line");
    LineMark sum;
    for (const LineMark &mark : block.marks) {
        sum.text_size += mark.text_size;
        sum.raw_size += mark.raw_size;
    }
    if (block.marks.empty())
        sum.text_size = sum.raw_size = signed_size(block.text);
    if (sum.text_size != signed_size(block.text))
        fail_block("its marks do not add up");
    if (sum.raw_size != signed_size(block.raw) && !block.is_line_too_long)
        fail_block("its marks do not add up");
}

void TextWindow::feed(const TextBlock &block) {
    check(block);
    if (text_.is_empty())
        use(block);
    else if (!block.text.empty())
        add(block);
    is_last_ = block.is_last;
    if (block.is_line_too_long) {
        has_long_line_ = true;
        long_head_ = block.raw;
        long_dropped_ = block.dropped;
    }
}

void TextWindow::use(const TextBlock &block) {
    text_.use(block.text);
    raw_.use(block.marks.empty() ? std::string_view() : block.raw);
    marks_ = block.marks;
    mark_at_ = 0;
    line_ = block.first_line;
    byte_offset_ = block.byte_offset;
}

void TextWindow::keep() {
    text_.keep();
    raw_.keep();
}

// What is left was kept when more was asked for.
void TextWindow::add(const TextBlock &block) {
    if (marks_.empty() && !block.marks.empty()) {
        const std::int64_t size = signed_size(text_.rest());
        raw_.use(text_.rest());
        raw_.keep();
        marks_.push_back({size, size, true});
    }
    if (!marks_.empty()) {
        raw_.append(block.marks.empty() ? block.text : block.raw);
        add_marks(block);
    }
    text_.append(block.text);
}

void TextWindow::add_marks(const TextBlock &block) {
    if (mark_at_ > marks_.size() / 2) {
        marks_.erase(marks_.begin(), marks_.begin() + static_cast<std::ptrdiff_t>(mark_at_));
        mark_at_ = 0;
    }
    const std::int64_t size = signed_size(block.text);
    if (block.marks.empty())
        marks_.push_back({size, size, true});
    marks_.insert(marks_.end(), block.marks.begin(), block.marks.end());
}

void TextWindow::take(std::size_t size, std::int64_t lines, Record &record) {
    bool is_valid = true;
    record.problem = check_text(size);
    const std::string_view text = text_.take(size);
    record.raw = marks_.empty() ? text : take_raw(size, is_valid);
    if (!is_valid)
        record.problem = Problem::invalid_encoding;
    record.first_line = line_;
    record.last_line = line_ + lines - 1;
    record.byte_offset = byte_offset_;
    record.dropped = 0;
    position_ += static_cast<std::int64_t>(size);
    line_ += lines;
    byte_offset_ += signed_size(record.raw);
}

void TextWindow::take_long_line(Record &record) {
    record.raw = long_head_;
    record.first_line = record.last_line = line_++;
    record.byte_offset = byte_offset_;
    record.dropped = long_dropped_;
    record.problem = Problem::line_too_long;
    byte_offset_ += signed_size(long_head_) + long_dropped_;
    has_long_line_ = false;
}

// Lines are taken whole, so a mark is left in parts only where its text is its raw bytes.
std::string_view TextWindow::take_raw(std::size_t size, bool &is_valid) noexcept {
    std::int64_t left = static_cast<std::int64_t>(size);
    std::int64_t raw_size = 0;
    while (left > 0 && mark_at_ < marks_.size()) {
        LineMark &mark = marks_[mark_at_];
        const std::int64_t part = std::min(left, mark.text_size);
        const std::int64_t raw_part = part == mark.text_size ? mark.raw_size : part;
        is_valid = is_valid && mark.is_valid;
        mark.text_size -= part;
        mark.raw_size -= raw_part;
        left -= part;
        raw_size += raw_part;
        if (mark.text_size == 0)
            mark_at_++;
    }
    return raw_.take(static_cast<std::size_t>(raw_size));
}

// All that was fed is checked at once, and again from the record on that holds a bad byte: each
// byte once. No character goes over a line end, which is ASCII.
Problem TextWindow::check_text(std::size_t size) noexcept {
    const std::int64_t end = position_ + static_cast<std::int64_t>(size);
    if (end <= valid_until_) [[likely]]
        return Problem::none;
    const std::int64_t from = std::max(valid_until_, position_);
    const std::string_view unchecked =
        text_.rest().substr(static_cast<std::size_t>(from - position_));
    const std::size_t good = value::valid_text_prefix(unchecked);
    valid_until_ = from + static_cast<std::int64_t>(good);
    if (end <= valid_until_)
        return Problem::none;
    return unchecked[good] == '\0' ? Problem::nul_byte : Problem::invalid_encoding;
}

} // namespace migrate::core::csv
