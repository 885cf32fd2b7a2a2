#include "core/verify/canonical_text.hpp"

#include <cstdint>
#include <cstring>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::verify {

namespace {

std::uint32_t byte_at(std::string_view text, std::size_t i) noexcept {
    return static_cast<unsigned char>(text[i]);
}

// A run of ASCII without NUL at the start of `text`, eight bytes at a time.
std::size_t plain_prefix(std::string_view text) noexcept {
    constexpr std::uint64_t kHigh = 0x8080808080808080;
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + i, 8);
        // Without a high bit a borrow shows exactly when some byte is zero.
        if ((word & kHigh) != 0 || ((word - kOnes) & kHigh) != 0)
            break;
    }
    return i;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) noexcept {
    if (text.size() != lower_case.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != lower_case[i])
            return false;
    }
    return true;
}

} // namespace

std::size_t character_size(std::string_view text) noexcept {
    if (text.empty())
        return 0;
    const std::uint32_t lead = byte_at(text, 0);
    if (lead < 0x80)
        return lead == 0 ? 0 : 1;
    std::size_t size = 0;
    std::uint32_t lowest = 0; // below it the form is overlong
    if (lead >= 0xc2 && lead <= 0xdf)
        size = 2, lowest = 0x80;
    else if (lead >= 0xe0 && lead <= 0xef)
        size = 3, lowest = 0x800;
    else if (lead >= 0xf0 && lead <= 0xf4)
        size = 4, lowest = 0x10000;
    if (size == 0 || text.size() < size)
        return 0;
    std::uint32_t code = lead & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte_at(text, i) & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (byte_at(text, i) & 0x3f);
    }
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < lowest || is_surrogate || code > 0x10ffff ? 0 : size;
}

bool is_valid_text(std::string_view text, bool is_utf8_checked) noexcept {
    if (!is_utf8_checked)
        return text.empty() || std::memchr(text.data(), 0, text.size()) == nullptr;
    while (!text.empty()) {
        text.remove_prefix(plain_prefix(text));
        // Byte by byte to the next eight, so that the fast path is tried again.
        for (int i = 0; i < 8 && !text.empty(); ++i) {
            const std::size_t size = character_size(text);
            if (size == 0)
                return false;
            text.remove_prefix(size);
        }
    }
    return true;
}

std::size_t count_characters(std::string_view text) noexcept {
    std::size_t count = 0;
    for (char c : text)
        count += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
    return count;
}

void append_replaced(std::string_view text, bool is_utf8_checked, std::string &out) {
    while (!text.empty()) {
        std::size_t size = character_size(text);
        if (size == 0 && !is_utf8_checked && text.front() != '\0')
            size = 1;
        if (size == 0)
            out.append("\xef\xbf\xbd");
        else
            out.append(text.substr(0, size));
        text.remove_prefix(size == 0 ? 1 : size);
    }
}

void append_utf8(std::uint32_t code_point, std::string &out) {
    if (code_point < 0x80) {
        out.push_back(static_cast<char>(code_point));
        return;
    }
    const int tail = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    constexpr std::uint32_t kLead[] = {0, 0xc0, 0xe0, 0xf0};
    out.push_back(static_cast<char>(kLead[tail] | code_point >> (6 * tail)));
    for (int shift = 6 * (tail - 1); shift >= 0; shift -= 6)
        out.push_back(static_cast<char>(0x80 | (code_point >> shift & 0x3f)));
}

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool append_unhexed(std::string_view digits, std::string &out) {
    const std::size_t start = out.size();
    if (digits.size() % 2 != 0)
        return false;
    out.resize(start + digits.size() / 2);
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int high = hex_value(digits[i]);
        const int low = hex_value(digits[i + 1]);
        if (high < 0 || low < 0) {
            out.resize(start);
            return false;
        }
        out[start + i / 2] = static_cast<char>(high << 4 | low);
    }
    return true;
}

std::optional<std::array<char, 16>> parse_uuid(std::string_view text) noexcept {
    if (text.size() >= 2 && text.front() == '{' && text.back() == '}')
        text = text.substr(1, text.size() - 2);
    std::array<char, 16> bytes{};
    std::size_t digits = 0;
    bool is_hyphen_allowed = false;
    for (char c : text) {
        if (c == '-' && is_hyphen_allowed) {
            is_hyphen_allowed = false;
            continue;
        }
        const int value = hex_value(c);
        if (value < 0 || digits == 32)
            return std::nullopt;
        char &byte = bytes[digits / 2];
        byte = static_cast<char>(digits % 2 == 0 ? value << 4 : byte | value);
        ++digits;
        is_hyphen_allowed = digits % 4 == 0 && digits < 32;
    }
    if (digits != 32)
        return std::nullopt;
    return bytes;
}

std::optional<bool> parse_boolean(std::string_view text) noexcept {
    constexpr std::pair<std::string_view, bool> kWords[] = {
        {"t", true},   {"f", false}, {"true", true}, {"false", false}, {"yes", true},
        {"no", false}, {"on", true}, {"off", false}, {"1", true},      {"0", false}};
    for (const auto &[word, value] : kWords)
        if (equals_ignoring_case(text, word))
            return value;
    return std::nullopt;
}

} // namespace migrate::core::verify
