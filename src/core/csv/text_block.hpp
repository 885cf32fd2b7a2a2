// A run of whole physical lines on their way from the file to the records.
//
// In a UTF-8 file `text` and `raw` are the same bytes and `marks` is empty. Where the file has
// another encoding `text` is the conversion of `raw`, and the marks say which line of the one is
// which line of the other.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

// One physical line with its line end (the last of a file may have none), as text and as raw bytes.
// Lines side by side whose text equals their raw bytes may share a mark.
struct LineMark {
    std::int64_t text_size = 0; // bytes
    std::int64_t raw_size = 0;  // bytes
    bool is_valid = true;       // false: the raw bytes are no text in the file's encoding
};

// Owns nothing: its views live as long as whoever filled it says.
struct TextBlock {
    std::string_view text;        // UTF-8, not yet checked to be such
    std::string_view raw;         // the same lines as they lie in the file
    std::vector<LineMark> marks;  // empty where text and raw are the same bytes; else they add up
    std::int64_t first_line = 1;  // number of the first line, from 1
    std::int64_t byte_offset = 0; // of the first raw byte in the (decompressed) file
    // The caller has to convert: `text` is empty, the marks have their raw sizes.
    bool needs_conversion = false;
    // One line longer than the limit: `text` is empty, `raw` is its head and `dropped` counts the
    // bytes after that.
    bool is_line_too_long = false;
    std::int64_t dropped = 0;
    bool is_last = false; // no line follows; the last block may be empty
};

} // namespace migrate::core::csv
