// Eight bytes of text at a time, where a call of memchr for each find would cost more than the
// search: fields of a few bytes, and bytes that are only counted.
//
//     for_each_byte(line, ',', [&](std::size_t at) { …; return true; });
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace migrate::core::csv {

inline constexpr std::uint64_t kOnes = 0x0101010101010101;

// 1 in each byte of the word that is zero, 0 in the others.
constexpr std::uint64_t zero_bytes(std::uint64_t word) noexcept {
    constexpr std::uint64_t kLowBits = 0x7F7F7F7F7F7F7F7F;
    return ~(((word & kLowBits) + kLowBits) | word | kLowBits) >> 7;
}

// The eight bytes from `text` on, in the order of the machine.
inline std::uint64_t load_word(const char *text) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, text, sizeof(word));
    return word;
}

// Calls `take` with the position of each `byte` in `text`, in order, until it returns false.
template <typename Take>
inline void for_each_byte(std::string_view text, char byte, Take take) {
    const std::uint64_t pattern = kOnes * static_cast<unsigned char>(byte);
    std::size_t at = 0;
    for (; text.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
        std::uint64_t found = zero_bytes(load_word(text.data() + at) ^ pattern);
        if constexpr (std::endian::native == std::endian::big)
            found = __builtin_bswap64(found);
        for (; found != 0; found &= found - 1)
            if (!take(at + static_cast<std::size_t>(std::countr_zero(found)) / 8))
                return;
    }
    for (; at < text.size(); at++)
        if (text[at] == byte && !take(at))
            return;
}

} // namespace migrate::core::csv
