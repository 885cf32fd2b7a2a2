// Readers of the CSV options that are more than a word, a flag or a text. Each throws Error 22023.
#pragma once

#include "core/csv/csv_options.hpp"

namespace migrate::core::csv {

using OptionReader = void (*)(CsvOptions &options, const OptionDescription &row,
                              const OptionValue &value);

void read_delimiter(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
void read_quote(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
// COPY's escape: the quote itself for doubled ones, or another byte.
void read_escape(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
void read_newline(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
void read_comment(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
void read_skip(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
void read_null(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
void read_header(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
void read_reject_limit(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
void read_types(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
void read_date_order(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
void read_decimal(CsvOptions &options, const OptionDescription &row, const OptionValue &value);
void read_thousands(CsvOptions &options, const OptionDescription &row, const OptionValue &value);

// A name, a list of names, or "*" for all.
ColumnSet read_column_set(const OptionDescription &row, const OptionValue &value);

// What only two options together tell; after all were read.
void check_together(const CsvOptions &options);

} // namespace migrate::core::csv
