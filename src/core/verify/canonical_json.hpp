// JSON texts in one form, so that a text and what jsonb prints of it can be compared. Private to
// core/verify.
#pragma once

#include <string>
#include <string_view>

namespace migrate::core::verify {

enum class JsonForm : unsigned char {
    none,      // no JSON, or nested deeper than kMaxJsonDepth
    json_only, // JSON that jsonb refuses: \u0000, half a surrogate pair, a number beyond numeric
    lossy,     // jsonb takes it, but drops a key that is there twice or the sign of a zero
    jsonb,
};

inline constexpr int kMaxJsonDepth = 200;

// Appends the canonical form of valid UTF-8, for `lossy` and `jsonb` only: members sorted by key,
// the last of equal keys (jsonb's rule), strings with their escapes read, numbers as
// append_decimal, and a long value inside an object as its hash, which keeps the work linear.
JsonForm append_json(std::string_view text, std::string &out);

} // namespace migrate::core::verify
