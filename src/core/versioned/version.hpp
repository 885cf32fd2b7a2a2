// Versions of migrations: digits with optional dots, compared as numbers, kept as they were written
// (001 and 1 and 1.0 are one version; 10 follows 9; 10.1 follows 10).
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace migrate::core::versioned {

// Whether the text is digits, with single dots between runs of them.
bool is_version(std::string_view text) noexcept;

// Part by part as numbers of any length; leading zeros and trailing parts of zero do not count.
// Texts that are no versions (repeatable migrations) follow all versions, by their bytes.
std::weak_ordering compare_versions(std::string_view left, std::string_view right) noexcept;

// A key that is equal for equal versions: "001.0" gives "1".
std::string version_key(std::string_view text);

} // namespace migrate::core::versioned
