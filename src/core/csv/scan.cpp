#include "core/csv/scan.hpp"

#include <algorithm>
#include <vector>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::int64_t kPlaces = 16;
constexpr std::size_t kPlaceSize = std::size_t{32} << 10; // bytes

// What stands between the first line end and the last one.
std::string_view whole_lines(std::string_view bytes) noexcept {
    const std::size_t first = bytes.find_first_of("\r\n");
    if (first == std::string_view::npos)
        return {};
    bytes.remove_prefix(first + (bytes.substr(first).starts_with("\r\n") ? 2 : 1));
    return bytes.substr(0, bytes.find_last_of("\r\n") + 1);
}

// In place of a line that is no text: its quotes, delimiters and line end, which are ASCII, stay
// where they are, so that no other line is lost. A zero byte stays as well and is told by itself.
std::string stand_in(std::string_view raw) {
    std::string text(raw);
    for (char &c : text)
        if ((static_cast<unsigned char>(c) & 0x80) != 0)
            c = '?';
    return text;
}

} // namespace

Scan::Scan(const std::string &path, const ScanOptions &options) : stream_(path, options.stream) {
    find_encoding(options);
}

// Fewer bytes only at the end of the file.
std::string Scan::read_megabyte() {
    std::string bytes(kSampleSize, '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const std::size_t size = stream_.read(bytes.data() + filled, bytes.size() - filled);
        if (size == 0)
            break;
        filled += size;
    }
    bytes.resize(filled);
    return bytes;
}

void Scan::find_encoding(const ScanOptions &options) {
    const std::string sample = read_megabyte();
    is_small_ = sample.size() < kSampleSize;
    if (options.found)
        guess_ = *options.found;
    else if (options.encoding != "auto")
        guess_ = {named_encoding(options.encoding, sample), true, false, ""};
    else
        guess_ = detect_encoding(sample, is_small_);
    is_undecided_ = !guess_.is_certain && guess_.encoding.charset == Charset::utf8 &&
                    !options.found && is_ascii(sample);
    looked_at_ = sample.size();
}

bool Scan::look_further() {
    if (!is_undecided_)
        return false;
    std::string bytes = read_megabyte();
    const bool is_end = bytes.size() < kSampleSize;
    is_undecided_ = is_ascii(bytes) && !is_end;
    if (!is_ascii(bytes)) {
        const auto first = static_cast<std::size_t>(
            std::ranges::find_if(bytes, [](char c) { return (c & 0x80) != 0; }) - bytes.begin());
        guess_ =
            detect_behind_ascii(std::string_view(bytes).substr(first), looked_at_ + first, is_end);
    }
    looked_at_ += bytes.size();
    return is_undecided_;
}

std::string Scan::read_spread() const {
    const bool is_ascii_based = guess_.encoding.charset == Charset::utf8 || guess_.is_guess;
    std::string lines;
    if (is_small_ || stream_.is_compressed() || !is_ascii_based)
        return lines;
    std::string place(kPlaceSize, '\0');
    for (std::int64_t i = 1; i <= kPlaces; i++) {
        const std::int64_t offset = stream_.size() / (kPlaces + 1) * i;
        if (offset < static_cast<std::int64_t>(kSampleSize))
            continue;
        const std::size_t size = stream_.read_at(offset, place.data(), place.size());
        lines += whole_lines(std::string_view(place).substr(0, size));
    }
    return lines;
}

void Scan::start(const Dialect &dialect, std::int64_t skip_lines) {
    stream_.rewind();
    records_ = std::make_unique<RecordReader>(dialect);
    records_->skip_lines(skip_lines);
    lines_ = std::make_unique<LineReader>(stream_, guess_.encoding, dialect);
    newline_ = dialect.newline;
}

void Scan::start_at(const Dialect &dialect, std::int64_t offset, std::int64_t line) {
    stream_.seek(offset);
    records_ = std::make_unique<RecordReader>(dialect);
    lines_ = std::make_unique<LineReader>(stream_, guess_.encoding, dialect, offset, line);
    newline_ = dialect.newline;
}

bool Scan::read_block() {
    converted_.clear();
    given_lines_ = given_bytes_ = 0;
    return lines_->next(block_);
}

bool Scan::give_text(std::string_view text) {
    if (!match_lines(text, newline_, block_.marks))
        return false;
    block_.text = text;
    block_.needs_conversion = false;
    return true;
}

void Scan::give_line(std::string_view text, bool is_valid) {
    LineMark &mark = block_.marks[given_lines_++];
    const auto raw_size = static_cast<std::size_t>(mark.raw_size);
    const std::string_view raw = block_.raw.substr(given_bytes_, raw_size);
    const std::size_t before = converted_.size();
    if (is_valid)
        converted_ += text;
    else
        converted_ += stand_in(raw);
    given_bytes_ += raw_size;
    mark.text_size = static_cast<std::int64_t>(converted_.size() - before);
    mark.is_valid = is_valid || raw.find('\0') != std::string_view::npos;
    block_.text = converted_;
    block_.needs_conversion = false;
}

void Scan::feed_block() {
    records_->feed(block_);
}

} // namespace migrate::core::csv
