// UTF-8 exactly as PostgreSQL takes it (pg_utf8_islegal): no overlong form, no surrogate, nothing
// above U+10FFFF. Runs of ASCII are passed eight bytes at a time.
//
//     if (std::size_t good = valid_text_prefix(text); good != text.size())
//         … the byte at `good` is the first bad one
#pragma once

#include <cstddef>
#include <string_view>

namespace migrate::core::value {

// U+FFFD, which stands for bytes that are no text.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// Bytes of the character that `text` begins with, 0 when it begins with none that is valid. NUL is
// a character here.
std::size_t character_length(std::string_view text) noexcept;

// Length of the longest prefix that is valid UTF-8.
std::size_t valid_utf8_prefix(std::string_view text) noexcept;

// The same, but it ends before the first NUL too, which no PostgreSQL text can hold.
std::size_t valid_text_prefix(std::string_view text) noexcept;

inline bool is_valid_text(std::string_view text) noexcept {
    return valid_text_prefix(text) == text.size();
}

// Number of characters of valid UTF-8 (of bytes that begin a character, in any other text).
std::size_t count_characters(std::string_view text) noexcept;

} // namespace migrate::core::value
