// UUIDs in the text forms that PostgreSQL reads (uuid_in).
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace migrate::core::value {

using UuidBytes = std::array<char, 16>;

// 32 hexadecimal digits in either case, with a hyphen after any group of four digits or none, in
// braces or bare: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "{A0EEBC999C0B4EF8BB6D6BB9BD380A11}".
std::optional<UuidBytes> parse_uuid(std::string_view text) noexcept;

} // namespace migrate::core::value
