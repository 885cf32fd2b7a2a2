#include "core/csv/chunk_look.hpp"

#include "core/csv/byte_words.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <bit>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::int64_t kMostLead = 2; // CR LF

std::int64_t count_byte(std::string_view text, char byte) noexcept {
    const std::uint64_t pattern = kOnes * static_cast<unsigned char>(byte);
    std::int64_t count = 0;
    std::size_t at = 0;
    while (text.size() - at >= sizeof(std::uint64_t)) {
        // A byte of the sum holds up to 255 finds.
        const std::size_t words = std::min<std::size_t>((text.size() - at) / 8, 255);
        std::uint64_t sums = 0;
        for (std::size_t i = 0; i < words; i++, at += sizeof(std::uint64_t))
            sums += zero_bytes(load_word(text.data() + at) ^ pattern);
        constexpr std::uint64_t kEvenBytes = 0x00FF00FF00FF00FF;
        const std::uint64_t pairs = (sums & kEvenBytes) + ((sums >> 8) & kEvenBytes);
        count += static_cast<std::int64_t>((pairs * 0x0001000100010001) >> 48);
    }
    return count + std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), byte);
}

} // namespace

bool can_be_split(const Dialect &dialect, const Encoding &encoding, bool is_compressed) noexcept {
    const bool is_toggled = dialect.quote == '\0' ||
                            (dialect.escape == kDoubled && dialect.inner_quote == InnerQuote::copy);
    return is_toggled && dialect.comment.empty() && encoding.charset == Charset::utf8 &&
           !is_compressed;
}

ChunkStart start_behind(const ChunkStart &start, const ChunkCount &count) noexcept {
    return {start.is_in_quotes != count.has_odd_quotes, start.line + count.line_ends, false};
}

ChunkLook::ChunkLook(const Dialect &dialect) noexcept
    : quote_(dialect.quote), newline_(dialect.newline),
      line_byte_(LineEnd(dialect.newline).byte()) {}

void ChunkLook::read(const ByteStream &stream, std::int64_t begin, std::int64_t end) {
    const std::int64_t from = std::max<std::int64_t>(begin - kMostLead, 0);
    bytes_.resize(static_cast<std::size_t>(end - from));
    lead_ = static_cast<std::size_t>(begin - from);
    begin_ = begin;
    for (std::size_t filled = 0; filled < bytes_.size();) {
        const std::size_t size = stream.read_at(from + static_cast<std::int64_t>(filled),
                                                bytes_.data() + filled, bytes_.size() - filled);
        if (size == 0)
            stream.fail_changed();
        filled += size;
    }
}

void ChunkLook::take(std::string_view file, std::int64_t begin, std::int64_t end) {
    const std::int64_t from = std::max<std::int64_t>(begin - kMostLead, 0);
    lead_ = static_cast<std::size_t>(begin - from);
    begin_ = begin;
    const std::string_view part =
        file.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(end - from));
    bytes_.assign(part.begin(), part.end());
}

bool ChunkLook::is_line_end(std::size_t at) const noexcept {
    return bytes_[at] == line_byte_ &&
           (newline_ != Newline::crlf || (at > 0 && bytes_[at - 1] == '\r'));
}

ChunkCount ChunkLook::count() const noexcept {
    const std::string_view part = std::string_view(bytes_.data(), bytes_.size()).substr(lead_);
    ChunkCount count;
    count.has_odd_quotes = quote_ != '\0' && count_byte(part, quote_) % 2 != 0;
    if (newline_ != Newline::crlf) {
        count.line_ends = count_byte(part, line_byte_);
        return count;
    }
    for_each_byte(part, line_byte_, [&](std::size_t at) {
        count.line_ends += is_line_end(lead_ + at) ? 1 : 0;
        return true;
    });
    return count;
}

std::optional<RecordPlace> ChunkLook::first_record(const ChunkStart &start) const noexcept {
    bool is_in_quotes = start.is_in_quotes;
    if (bytes_.size() == lead_)
        return std::nullopt;
    if (!is_in_quotes && (start.is_record || (lead_ > 0 && is_line_end(lead_ - 1))))
        return RecordPlace{begin_, start.line};
    std::int64_t line = start.line;
    for (std::size_t at = lead_; at + 1 < bytes_.size(); at++) {
        if (quote_ != '\0' && bytes_[at] == quote_)
            is_in_quotes = !is_in_quotes;
        if (!is_line_end(at))
            continue;
        line++;
        if (!is_in_quotes)
            return RecordPlace{begin_ + static_cast<std::int64_t>(at - lead_) + 1, line};
    }
    return std::nullopt;
}

} // namespace migrate::core::csv
