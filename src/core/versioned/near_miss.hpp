// Why a file that looks like a migration is none: the reasons that list_versioned shows.
#pragma once

#include <string>
#include <string_view>

namespace migrate::core::versioned {

// For a name without a number that a layout knows; `stem` is the name without ".sql".
std::string explain_missing_number(std::string_view stem);

// For a name that has a number, with something else than "_" or "-" behind it. `rest` begins there.
std::string explain_separator(std::string_view version, std::string_view rest);

// Whether a word was meant to be "up" or "down": letters swapped or doubled, or one left out.
bool is_misspelt_direction(std::string_view word);

} // namespace migrate::core::versioned
