// The dialect of a CSV file by its first megabyte.
//
//     SniffedDialect found = sniff_dialect(sample, is_whole, known);
//     RecordReader reader(found.dialect);
//     reader.skip_lines(found.skip_lines);
//
// Each candidate of delimiter (, ; TAB | : blank ^ 0x1F), quote (" ' none) and escape (doubled,
// backslash) reads the whole sample; the one with the highest share of records of one width times
// the cleanness of their cells wins, the first of equals in the order of RFC 4180. The same sample
// gives the same answer always, in time linear in it.
#pragma once

#include "core/csv/dialect.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

// What the caller said; the rest is found.
struct KnownDialect {
    std::optional<std::string> delimiter;
    std::optional<char> quote;  // '\0': none
    std::optional<char> escape; // kDoubled, or the byte
    std::optional<Newline> newline;
    std::optional<std::string> comment; // empty: none
    std::optional<std::int64_t> skip_lines;
};

struct SniffedDialect {
    Dialect dialect;
    std::int64_t skip_lines = 0;       // physical lines above the table (its header included in it)
    std::size_t width = 0;             // fields of most records
    std::string newline;               // what ends the lines: "LF", "CRLF", "CR", "mixed", "none"
    double confidence = 0;             // 0 to 1
    std::vector<std::string> evidence; // sentences
};

// `sample` is UTF-8 without byte order mark, whole lines from the begin of the file; `is_whole`
// tells that nothing follows it. An empty sample gives the default dialect.
SniffedDialect sniff_dialect(std::string_view sample, bool is_whole,
                             const KnownDialect &known = {});

// A delimiter or quote as evidence shows it: "," in double quotes, TAB, 0x1F, or none.
std::string shown_mark(std::string_view mark);

} // namespace migrate::core::csv
