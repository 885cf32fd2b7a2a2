// The options of foreign tables of CSV files: import_csv's words, as far as they say how a file is
// read, with values that are texts.
//
//     OptionValue value = option_of_text(*find_option("header"), "true");   // a boolean
#pragma once

#include "core/csv/csv_options.hpp"

#include <span>
#include <string_view>

namespace migrate::core::csv {

// The names that may be given for a foreign table, a server, a column, and IMPORT FOREIGN SCHEMA.
std::span<const std::string_view> table_option_names() noexcept;
std::span<const std::string_view> server_option_names() noexcept;
std::span<const std::string_view> column_option_names() noexcept;
std::span<const std::string_view> schema_option_names() noexcept;

// import_csv's row of that option; nullptr for an option that is the wrapper's own.
const OptionDescription *find_option(std::string_view name) noexcept;

// Whether the text of the option is a list, in JSON.
bool is_list_text(const OptionDescription &row, std::string_view text) noexcept;

// The text as the value that the option's parser reads: a number where digits stand for one, a
// boolean where a word of truth does.
OptionValue option_of_text(const OptionDescription &row, std::string_view text);

// Throws Error 22023 for what makes sense for an import alone.
void check_for_queries(const CsvOptions &options);

} // namespace migrate::core::csv
