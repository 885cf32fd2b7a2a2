// One record of a CSV file as the reader hands it on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

// The value of one field: unquoted and unescaped. `is_quoted` says that a quote stood anywhere in
// it, which protects it from being NULL (COPY's rule).
struct Field {
    std::string_view text;
    bool is_quoted = false;
};

enum class Problem : std::uint8_t {
    none,
    unterminated_quote, // a quote that does not close before the file or max_line_size ends
    misplaced_quote,    // kept for callers that refuse what COPY accepts; the reader never sets it
    line_too_long,      // more than max_line_size bytes; no fields
    too_many_fields,    // more than kMaxFields; no fields
    invalid_encoding,   // bytes that are no text in the file's encoding; fields as they are
    nul_byte,           // PostgreSQL's text cannot hold it; fields as they are
};

// A table has up to 1600 columns; what a line of delimiters alone may take of memory ends here.
inline constexpr std::size_t kMaxFields = 65'536;

// The word of a problem in migrate.rejects and in messages: "unterminated quote".
std::string_view problem_name(Problem problem) noexcept;

// The views live until the reader's next next() or feed().
struct Record {
    std::vector<Field> fields;
    std::int64_t first_line = 0;  // physical lines, from 1
    std::int64_t last_line = 0;   // the same but for newlines inside quotes
    std::int64_t byte_offset = 0; // of raw in the (decompressed) file
    std::string_view raw;         // as in the file, line end included
    std::int64_t dropped = 0;     // bytes of a line too long that follow raw
    Problem problem = Problem::none;
    // The record goes over several lines because of a quote inside an unquoted field. COPY reads it
    // so too, yet it is often an inch mark (5" pipe) that swallowed the lines up to the next one.
    bool is_joined_by_inner_quote = false;
};

} // namespace migrate::core::csv
