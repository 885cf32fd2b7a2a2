// UTF-16 to UTF-8 (RFC 2781). PostgreSQL has no such encoding, so core converts it.
//
//     bool is_valid = append_utf8(bytes, Charset::utf16_le, text);
#pragma once

#include "core/csv/encoding.hpp"

#include <string>
#include <string_view>

namespace migrate::core::csv {

// Appends the text to `utf8`; each lone surrogate, and an odd byte at the end, becomes U+FFFD.
// False when there was one. `order` is utf16_le or utf16_be.
bool append_utf8(std::string_view utf16, Charset order, std::string &utf8);

} // namespace migrate::core::csv
