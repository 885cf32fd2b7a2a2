#include "core/versioned/near_miss.hpp"

#include "core/versioned/script_text.hpp"

#include <algorithm>
#include <array>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}

std::string folded(std::string_view text) {
    std::string lower(text);
    for (char &c : lower) {
        c = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return lower;
}

std::string without_doubles(std::string_view text) {
    std::string result;
    std::unique_copy(text.begin(), text.end(), std::back_inserter(result));
    return result;
}

// Flyway's scripts of its events ("Callback Events"): beforeMigrate, afterEachUndo__x, …
bool is_flyway_callback(std::string_view stem) noexcept {
    for (const std::string_view prefix : {"before", "after"}) {
        if (stem.starts_with(prefix) && stem.size() > prefix.size() &&
            is_upper(stem[prefix.size()])) {
            return true;
        }
    }
    return false;
}

// V, U and B with a version, R without one, in either case: what people who know Flyway write.
bool is_like_flyway(std::string_view stem) {
    if (stem.size() < 2) {
        return false;
    }
    const std::string lower = folded(stem.substr(0, 2));
    return lower == "r_" ||
           (std::string_view("vub").find(lower[0]) != std::string_view::npos && is_digit(lower[1]));
}

std::string explain_flyway(std::string_view stem) {
    const std::string expected = folded(stem.substr(0, 1)) == "r"
                                     ? "expected a name such as \"R__name.sql\""
                                     : "expected a name such as \"V1__name.sql\"";
    if (!is_upper(stem[0])) {
        return "begins with " + quoted(stem.substr(0, 1)) +
               ", not with an upper case letter: " + expected;
    }
    if (stem.find("__") == std::string_view::npos) {
        return "has no \"__\" before its name: " + expected;
    }
    if (stem.ends_with("__") && stem[0] == 'R') {
        return "has no name: " + expected;
    }
    return "has no version of digits before \"__\": " + expected;
}

} // namespace

std::string explain_missing_number(std::string_view stem) {
    if (is_like_flyway(stem)) {
        return explain_flyway(stem);
    }
    if (is_flyway_callback(stem)) {
        return "is a callback of Flyway, which is never run";
    }
    return "has no number: expected a name such as \"001_name.sql\"";
}

std::string explain_separator(std::string_view version, std::string_view rest) {
    return "has " + quoted(rest.substr(0, 1)) + " behind its number: expected a name such as " +
           quoted(std::string(version) + "_name.sql");
}

bool is_misspelt_direction(std::string_view word) {
    if (word.size() < 2 || word.size() > 8) {
        return false;
    }
    const std::string lower = folded(word);
    for (const std::string_view direction : {"up", "down"}) {
        if (lower == direction) {
            return false;
        }
        if (without_doubles(lower) == direction ||
            std::is_permutation(lower.begin(), lower.end(), direction.begin(), direction.end())) {
            return true;
        }
    }
    // One letter less than "down" that is no word of its own (own, don, dow are names of things).
    return lower == "dwn";
}

} // namespace migrate::core::versioned
