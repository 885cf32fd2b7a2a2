#include "core/value/utf8.hpp"

#include <cstdint>
#include <cstring>

#include "core/core_only.hpp"

namespace migrate::core::value {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighBits = 0x8080808080808080;

std::uint64_t load_word(const char *bytes) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    return word;
}

bool is_between(unsigned char byte, unsigned char low, unsigned char high) noexcept {
    return byte >= low && byte <= high;
}

// RFC 3629, section 4: the second byte's range is narrower after E0, ED, F0 and F4.
bool is_second_byte(unsigned char lead, unsigned char byte) noexcept {
    switch (lead) {
    case 0xE0:
        return is_between(byte, 0xA0, 0xBF);
    case 0xED:
        return is_between(byte, 0x80, 0x9F);
    case 0xF0:
        return is_between(byte, 0x90, 0xBF);
    case 0xF4:
        return is_between(byte, 0x80, 0x8F);
    default:
        return is_between(byte, 0x80, 0xBF);
    }
}

std::size_t length_by_lead(unsigned char lead) noexcept {
    if (lead < 0x80)
        return 1;
    if (is_between(lead, 0xC2, 0xDF))
        return 2;
    if (is_between(lead, 0xE0, 0xEF))
        return 3;
    return is_between(lead, 0xF0, 0xF4) ? 4 : 0;
}

// Whether all bytes are ASCII, and no NUL where that is refused. A zero byte borrows into its high
// bit; no other ASCII byte does.
template <bool kRefusesNul>
bool is_plain(std::uint64_t word) noexcept {
    return ((kRefusesNul ? word | (word - kOnes) : word) & kHighBits) == 0;
}

template <bool kRefusesNul>
std::size_t valid_prefix(std::string_view text) noexcept {
    const char *bytes = text.data();
    std::size_t at = 0;
    while (at < text.size()) {
        while (text.size() - at >= sizeof(std::uint64_t)) {
            if (!is_plain<kRefusesNul>(load_word(bytes + at)))
                break;
            at += sizeof(std::uint64_t);
        }
        // The last word may overlap what is passed already.
        if (text.size() >= sizeof(std::uint64_t) && text.size() - at < sizeof(std::uint64_t) &&
            is_plain<kRefusesNul>(load_word(bytes + text.size() - sizeof(std::uint64_t))))
            return text.size();
        // The rest of a word that is not plain ASCII, or of the text.
        for (std::size_t end = at + sizeof(std::uint64_t); at < end && at < text.size();) {
            std::size_t length = character_length(text.substr(at));
            if (length == 0 || (kRefusesNul && bytes[at] == '\0'))
                return at;
            at += length;
        }
    }
    return at;
}

} // namespace

std::size_t character_length(std::string_view text) noexcept {
    if (text.empty())
        return 0;
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    std::size_t length = length_by_lead(byte(0));
    if (length > text.size())
        return 0;
    if (length > 1 && !is_second_byte(byte(0), byte(1)))
        return 0;
    for (std::size_t i = 2; i < length; i++)
        if (!is_between(byte(i), 0x80, 0xBF))
            return 0;
    return length;
}

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
    return valid_prefix<false>(text);
}

std::size_t valid_text_prefix(std::string_view text) noexcept {
    return valid_prefix<true>(text);
}

std::size_t count_characters(std::string_view text) noexcept {
    std::size_t count = 0;
    for (char c : text)
        count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

} // namespace migrate::core::value
