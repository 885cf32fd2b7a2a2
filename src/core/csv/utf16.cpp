#include "core/csv/utf16.hpp"

#include "core/value/utf8.hpp"

#include <cstddef>
#include <cstdint>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::uint32_t kFirstHigh = 0xD800;
constexpr std::uint32_t kFirstLow = 0xDC00;
constexpr std::uint32_t kAfterLow = 0xE000;
constexpr std::uint32_t kFirstPair = 0x10000;

std::uint32_t unit_at(std::string_view bytes, std::size_t at, Charset order) noexcept {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint32_t>(order == Charset::utf16_le ? second << 8 | first
                                                                 : first << 8 | second);
}

bool is_low(std::uint32_t unit) noexcept {
    return unit >= kFirstLow && unit < kAfterLow;
}

bool is_high(std::uint32_t unit) noexcept {
    return unit >= kFirstHigh && unit < kFirstLow;
}

// RFC 3629, section 3.
void append_character(std::uint32_t code, std::string &utf8) {
    const auto append = [&utf8](std::uint32_t byte) { utf8 += static_cast<char>(byte); };
    if (code < 0x80) {
        append(code);
        return;
    }
    if (code < 0x800) {
        append(0xC0 | code >> 6);
    } else {
        if (code < kFirstPair) {
            append(0xE0 | code >> 12);
        } else {
            append(0xF0 | code >> 18);
            append(0x80 | (code >> 12 & 0x3F));
        }
        append(0x80 | (code >> 6 & 0x3F));
    }
    append(0x80 | (code & 0x3F));
}

} // namespace

bool append_utf8(std::string_view utf16, Charset order, std::string &utf8) {
    bool is_valid = utf16.size() % 2 == 0;
    for (std::size_t at = 0; at + 1 < utf16.size(); at += 2) {
        std::uint32_t code = unit_at(utf16, at, order);
        if (is_high(code) && at + 3 < utf16.size() && is_low(unit_at(utf16, at + 2, order))) {
            const std::uint32_t low = unit_at(utf16, at + 2, order) - kFirstLow;
            code = kFirstPair + ((code - kFirstHigh) << 10) + low;
            at += 2;
        } else if (is_high(code) || is_low(code)) {
            utf8.append(value::kReplacementCharacter);
            is_valid = false;
            continue;
        }
        append_character(code, utf8);
    }
    if (utf16.size() % 2 != 0)
        utf8.append(value::kReplacementCharacter);
    return is_valid;
}

} // namespace migrate::core::csv
