#include "core/import_options.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/core_only.hpp"

namespace migrate::core {

namespace {

// PostgreSQL's ClosestMatch: no name is meant that is more than four edits away, or more than half
// of what was given.
constexpr std::size_t kMaxDistance = 4;
constexpr std::size_t kMaxLength = 255;

char fold(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Levenshtein's distance, letters of both cases being equal.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (fold(a[i - 1]) == fold(b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

} // namespace

std::string nearest_name(std::string_view given, std::span<const std::string_view> valid) {
    std::string_view nearest;
    std::size_t least = std::min(kMaxDistance, given.size() / 2) + 1;
    if (given.size() > kMaxLength) {
        return "";
    }
    for (const std::string_view name : valid) {
        // The lengths alone tell that most names are too far away.
        const std::size_t gap =
            std::max(name.size(), given.size()) - std::min(name.size(), given.size());
        if (name.size() > kMaxLength || gap >= least) {
            continue;
        }
        const std::size_t distance = edit_distance(given, name);
        if (distance < least) {
            least = distance;
            nearest = name;
        }
    }
    return std::string(nearest);
}

bool matches_wildcard(std::string_view pattern, std::string_view name) noexcept {
    std::size_t p = 0;
    std::size_t n = 0;
    std::size_t star = std::string_view::npos; // the last * met, and
    std::size_t resume = 0;                    // where in the name it may take one more
    // A UTF-8 character of several bytes is one for the ?.
    const auto skip_character = [&](std::size_t at) {
        do {
            ++at;
        } while (at < name.size() && (static_cast<unsigned char>(name[at]) & 0xC0) == 0x80);
        return at;
    };
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = n;
        } else if (p < pattern.size() && pattern[p] == '?') {
            ++p;
            n = skip_character(n);
        } else if (p < pattern.size() && pattern[p] == name[n]) {
            ++p;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            resume = skip_character(resume);
            n = resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') {
        ++p;
    }
    return p == pattern.size();
}

} // namespace migrate::core
