// Small steps over the text of a value, for value_format.cpp and number_format.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace migrate::core::csv::format_text {

inline bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

inline char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

inline bool equals_word(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

inline std::size_t count_digits(std::string_view text) noexcept {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count]))
        count++;
    return count;
}

// Writes behind what was written.
struct Writer {
    char *at;
    void put(char c) noexcept { *at++ = c; }
    void put(std::string_view text) noexcept {
        std::memcpy(at, text.data(), text.size());
        at += text.size();
    }
    // One or two digits as two.
    void put_two(std::string_view digits) noexcept {
        if (digits.size() == 1)
            put('0');
        put(digits);
    }
    std::string_view since(const char *start) const noexcept {
        return {start, static_cast<std::size_t>(at - start)};
    }
};

inline bool take(std::string_view &rest, char wanted) noexcept {
    if (rest.empty() || rest.front() != wanted)
        return false;
    rest.remove_prefix(1);
    return true;
}

inline bool is_exponent(std::string_view rest) noexcept {
    if (!take(rest, 'e') && !take(rest, 'E'))
        return false;
    if (!take(rest, '-'))
        take(rest, '+');
    return !rest.empty() && count_digits(rest) == rest.size();
}

inline bool has_digit(std::string_view text) noexcept {
    return text.find_first_of("0123456789") != std::string_view::npos;
}

} // namespace migrate::core::csv::format_text
