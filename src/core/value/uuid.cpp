#include "core/value/uuid.hpp"

#include <cstddef>

#include "core/core_only.hpp"

namespace migrate::core::value {
namespace {

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool is_braced(std::string_view text) noexcept {
    return text.size() >= 2 && text.front() == '{' && text.back() == '}';
}

} // namespace

std::optional<UuidBytes> parse_uuid(std::string_view text) noexcept {
    if (is_braced(text))
        text = text.substr(1, text.size() - 2);
    UuidBytes bytes{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < bytes.size(); i++) {
        if (text.size() - at < 2)
            return std::nullopt;
        int high = hex_digit(text[at]);
        int low = hex_digit(text[at + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes[i] = static_cast<char>(high * 16 + low);
        at += 2;
        // PostgreSQL takes a hyphen after any group of four digits but the last.
        if (i % 2 == 1 && i + 1 < bytes.size() && at < text.size() && text[at] == '-')
            at++;
    }
    if (at != text.size())
        return std::nullopt;
    return bytes;
}

} // namespace migrate::core::value
