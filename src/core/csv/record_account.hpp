// What became of the records of a CSV file: rows, problems, and what was changed on the way.
#pragma once

#include "core/batch.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

// Something wrong with a record: one row of migrate.rejects and of check_csv.
struct RecordProblem {
    std::int64_t first_line = 0;
    std::int64_t last_line = 0;
    std::string column;         // the target's; empty for the record as a whole
    const char *code = nullptr; // SQLSTATE, a literal
    std::string reason;
    std::string value; // valid text for display; empty with an empty column
    std::string raw;   // the record's bytes as in the file, without its line end
};

// A cell whose text the type's input function is to be asked about: still text in the batch.
using PendingCell = CellPlace;

// Where a row of the batch comes from; `raw` lives in the batch and is empty without keeps_raw
// (but for a rejected row whose problem is kept).
struct RowSource {
    std::int64_t first_line = 0;
    std::int64_t last_line = 0;
    std::string_view raw;
};

// How often something happened, and the first time.
struct Happening {
    std::int64_t count = 0;
    std::int64_t first_line = 0;
    std::string first_value; // as a message shows it
    void add(std::int64_t line, std::string_view shown);
    // The same of a text that is made fit to be shown when it is the first.
    void add_text(std::int64_t line, std::string_view text);
};

// A record is one of: a row of the batch, rejected, or a blank line.
struct FileStatistics {
    std::int64_t rows_read = 0;     // records; blank lines of a table of several columns too
    std::int64_t rows_rejected = 0; // records with a problem that are not loaded
    Happening blank_lines;          // passed over
    Happening padded;
    Happening truncated;            // first_value: the first field that was dropped
    Happening trailing_delimiters;  // one empty field too many, dropped
    Happening joined;               // Record::is_joined_by_inner_quote; first_value: its raw bytes
    std::vector<Happening> nulled;  // by column: on_error set_null
    std::vector<Happening> rounded; // by column: to microseconds
};

} // namespace migrate::core::csv
