// Bytes of text: validity, characters, hexadecimal digits, UUIDs. Private to core/verify.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace migrate::core::verify {

// Bytes of the valid UTF-8 character at the start of `text`, 0 when there is none: no NUL, no
// overlong form, no surrogate, nothing above U+10FFFF (as PostgreSQL's pg_utf8_islegal).
std::size_t character_size(std::string_view text) noexcept;

// Valid UTF-8 without NUL; with is_utf8_checked false only NUL is looked for.
bool is_valid_text(std::string_view text, bool is_utf8_checked) noexcept;

// Characters of a valid text.
std::size_t count_characters(std::string_view text) noexcept;

// Appends the text with U+FFFD for each NUL and each byte that is not part of valid UTF-8.
void append_replaced(std::string_view text, bool is_utf8_checked, std::string &out);

// Appends the code point as UTF-8; it must be one that character_size accepts.
void append_utf8(std::uint32_t code_point, std::string &out);

// Value of a hexadecimal digit, -1 for another byte.
int hex_value(char c) noexcept;

// Appends the bytes of an even number of hexadecimal digits; false, with `out` as it was, for
// anything else.
bool append_unhexed(std::string_view digits, std::string &out);

// The 16 bytes of a UUID in one of the forms that PostgreSQL reads: with or without braces, a
// hyphen after any group of four digits, letters in any case.
std::optional<std::array<char, 16>> parse_uuid(std::string_view text) noexcept;

// t/f/true/false/yes/no/on/off/1/0 in any case.
std::optional<bool> parse_boolean(std::string_view text) noexcept;

} // namespace migrate::core::verify
