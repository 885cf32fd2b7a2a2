// Why a CSV value keeps its column from having a type, in words for the notes.
//
//     explain_misfit("007", false, 812, "bigint").words … leading zeros at line 812: "007"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace migrate::core::csv {

struct MisfitReason {
    std::string words;
    bool is_notable = false; // the value is nearly of a type: a user may want to know
};

// The value as a message shows it: in double quotes, cut at 60 characters.
std::string shown_value(std::string_view text);

// `kind` is the type that the values before have, empty for a column that begins with this one.
MisfitReason explain_misfit(std::string_view text, bool is_quoted, std::int64_t line,
                            std::string_view kind);

} // namespace migrate::core::csv
