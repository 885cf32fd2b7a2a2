// Quotes and escapes that a long file shows only behind its first megabyte.
//
//     std::string places = scan.read_spread();
//     options.dialect = with_late_marks(sample, places, options.dialect);
#pragma once

#include "core/csv/dialect_sniffer.hpp"

#include <string_view>

namespace migrate::core::csv {

// What is known of the dialect, and the quote and the escape too when `places`, whole lines from
// all over the file, hold a mark that `sample`, its beginning, lacks. What the caller named stays
// as it is.
KnownDialect with_late_marks(std::string_view sample, std::string_view places,
                             const KnownDialect &known);

} // namespace migrate::core::csv
