// Whether a text is JSON, and whether jsonb keeps all that it says.
//
//     check_json(R"({"a": 1, "a": 2})") … JsonFit::json: jsonb would drop the first "a"
//
// Narrower than json_in and jsonb_in of every PostgreSQL on purpose, since those raise errors and
// depend on max_stack_depth: RFC 8259 to the letter, and at most kMaxJsonDepth containers inside
// one another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace migrate::core::value {

// json_in and jsonb_in recurse for each level; this depth fits the least max_stack_depth, 100 kB.
inline constexpr int kMaxJsonDepth = 200;

enum class JsonFit : std::uint8_t {
    none,  // no JSON
    json,  // JSON, but jsonb would refuse or change it
    jsonb, // jsonb holds the same values
};

// `text` must be valid UTF-8 already. What jsonb keeps is the value, not the text: 1e5 may come
// back as 100000, 1.50 as itself. It does not survive jsonb
//   - when an object has the same key twice, after its escapes are read;
//   - when a number is a negative zero, which numeric lacks, or needs more than kMaxJsonDigits
//     digits before or after the point (1E400 survives, 1E4000 does not);
//   - when a string has \u0000 or half a surrogate pair, or, where `is_utf8_server` is false, an
//     escape above \u007f, which the server might not be able to hold;
//   - when it is larger than jsonb's 28-bit offsets hold for sure.
JsonFit check_json(std::string_view text, bool is_utf8_server = true);

inline constexpr std::int64_t kMaxJsonDigits = 1000;

// What a JSON string stands for: its text between the quotes with the escapes read, appended to
// `out`. `raw` is of a text that survives jsonb.
void append_json_string(std::string_view raw, std::string &out);

} // namespace migrate::core::value
