// The words that cannot be names of PostgreSQL without quotes.
#pragma once

#include <string_view>

namespace migrate::core::plan {

// Whether PostgreSQL 15 to 18 has a keyword of this lower-case spelling that quote_identifier
// quotes: all but the unreserved ones (SQL Key Words, appendix C).
bool is_keyword(std::string_view name) noexcept;

} // namespace migrate::core::plan
