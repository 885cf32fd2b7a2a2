#include "core/csv/line_end.hpp"

#include "core/csv/byte_words.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

std::int64_t sum_of_bytes(std::uint64_t word) noexcept {
    std::int64_t sum = 0;
    for (; word != 0; word >>= 8)
        sum += static_cast<std::int64_t>(word & 0xFF);
    return sum;
}

// Eight bytes at a time; a block is counted once more than it is searched, so this must cost
// little beside the search.
std::int64_t count_byte(std::string_view text, char byte) noexcept {
    const std::uint64_t pattern = kOnes * static_cast<unsigned char>(byte);
    std::int64_t count = 0;
    std::size_t at = 0;
    while (text.size() - at >= sizeof(std::uint64_t)) {
        // A byte of the sum holds up to 255.
        const std::size_t words = std::min<std::size_t>((text.size() - at) / 8, 255);
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < words; i++, at += 8)
            sum += zero_bytes(load_word(text.data() + at) ^ pattern);
        count += sum_of_bytes(sum);
    }
    return count + std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), byte);
}

} // namespace

// Whether the unit that `at` belongs to is the ASCII character `byte`.
bool LineEnd::is_unit(std::string_view text, std::size_t at, char byte) const noexcept {
    if (at >= text.size() || text[at] != byte)
        return false;
    if (unit_ == Unit::utf16_le)
        return at % 2 == 0 && at + 1 < text.size() && text[at + 1] == '\0';
    return unit_ == Unit::byte || (at % 2 == 1 && text[at - 1] == '\0');
}

bool LineEnd::is_line_end(std::string_view text, std::size_t at) const noexcept {
    if (!is_unit(text, at, byte_))
        return false;
    return newline_ != Newline::crlf || (at >= width() && is_unit(text, at - width(), '\r'));
}

std::size_t LineEnd::after_last(std::string_view text, std::size_t from) const noexcept {
    for (std::size_t at = text.size(); at > from;) {
        at--;
        if (text[at] == byte_ && is_line_end(text, at))
            return behind(at);
    }
    return std::string_view::npos;
}

std::int64_t LineEnd::count(std::string_view text) const noexcept {
    if (unit_ == Unit::byte && newline_ != Newline::crlf)
        return count_byte(text, byte_);
    std::int64_t count = 0;
    for (std::size_t at = after_next(text, 0); at != std::string_view::npos;
         at = after_next(text, at))
        count++;
    return count;
}

bool LineEnd::is_at_end_of(std::string_view text) const noexcept {
    return text.size() >= width() &&
           is_line_end(text, unit_ == Unit::utf16_le ? text.size() - 2 : text.size() - 1);
}

std::string_view LineEnd::content(std::string_view line) const noexcept {
    if (is_at_end_of(line))
        line.remove_suffix(newline_ == Newline::crlf ? 2 * width() : width());
    // Of a file's last line COPY takes the CR for a line end even without LF.
    if (newline_ == Newline::automatic && !line.empty() && line.back() == '\r')
        line.remove_suffix(1);
    return line;
}

} // namespace migrate::core::csv
