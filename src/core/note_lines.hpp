// The words of notes: a text of one note a line, counts with their nouns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace migrate::core {

// Adds a line (or several) to the notes.
inline void add_line(std::string &notes, std::string_view line) {
    if (!notes.empty())
        notes += '\n';
    notes += line;
}

// "1 record was", "2 records were".
inline std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
    return (std::to_string(count) + ' ').append(count == 1 ? one : many);
}

} // namespace migrate::core
