#include "core/versioned/version.hpp"

#include <algorithm>
#include <cstddef>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// The next part of a version without its leading zeros ("" is zero, and so is a part that is not
// there); `rest` then begins behind its dot.
std::string_view take_part(std::string_view &rest) noexcept {
    const std::size_t end = std::min(rest.find('.'), rest.size());
    std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    part.remove_prefix(std::min(part.find_first_not_of('0'), part.size()));
    return part;
}

// Numbers of any length without leading zeros: the longer one is the greater one.
int compare_numbers(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) {
        return left.size() < right.size() ? -1 : 1;
    }
    return left.compare(right);
}

} // namespace

bool is_version(std::string_view text) noexcept {
    bool is_after_digit = false;
    for (const char c : text) {
        if (!is_digit(c) && !(c == '.' && is_after_digit)) {
            return false;
        }
        is_after_digit = is_digit(c);
    }
    return is_after_digit;
}

std::weak_ordering compare_versions(std::string_view left, std::string_view right) noexcept {
    const bool is_left = is_version(left);
    if (is_left != is_version(right)) {
        return is_left ? std::weak_ordering::less : std::weak_ordering::greater;
    }
    if (!is_left) {
        return left.compare(right) <=> 0;
    }
    while (!left.empty() || !right.empty()) {
        const std::string_view part = take_part(left);
        if (const int order = compare_numbers(part, take_part(right)); order != 0) {
            return order <=> 0;
        }
    }
    return std::weak_ordering::equivalent;
}

std::string version_key(std::string_view text) {
    if (!is_version(text)) {
        return std::string(text);
    }
    std::string key;
    std::size_t end_of_last = 1; // behind the last part that is not zero; the first always stays
    bool is_first = true;
    while (!text.empty()) {
        const std::string_view part = take_part(text);
        key.append(is_first ? "" : ".").append(part.empty() ? "0" : part);
        if (!part.empty() || is_first) {
            end_of_last = key.size();
        }
        is_first = false;
    }
    key.resize(end_of_last);
    return key;
}

} // namespace migrate::core::versioned
