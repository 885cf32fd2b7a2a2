// JSON arrays as the literals that PostgreSQL's array_in reads (Arrays, section 8.15.2): SQLite has
// no arrays, and applications keep them as JSON.
//
//     array_literal(R"(["a, b", null, 2])", false) … {"a, b",NULL,2}
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace migrate::core::value {

// Nothing when the text is no JSON array, or holds what no text can (\u0000). An object stays JSON
// text; with `has_json_elements` every element does, strings and inner arrays too.
std::optional<std::string> array_literal(std::string_view text, bool has_json_elements);

} // namespace migrate::core::value
