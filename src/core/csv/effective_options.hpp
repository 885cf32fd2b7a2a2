// The options that say outright what was found of a file: a call with them detects nothing, and
// retry_rejects reads mended records by them.
#pragma once

#include "core/csv/file_survey.hpp"
#include "core/csv/table_columns.hpp"
#include "core/csv/table_inference.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

// Valid JSON of a text.
std::string json_text(std::string_view text);

// The option words of what was found: "TAB" is "\t", no quote "".
std::string escape_word(const Dialect &dialect);
std::string quote_word(const Dialect &dialect);
std::string newline_word(const Dialect &dialect);

// {"delimiter": ";", "quote": "\"", …, "types": {"id": "bigint"}}: of a file whose table is made.
std::string effective_options(const FileSurvey &survey, std::string_view encoding,
                              const TableColumns &table,
                              const std::vector<ColumnFinding> &findings);

// What migrate.run_objects keeps of a file: its dialect and for each field the column that it went
// into with the form of its values. `database` tells where the oids of the record hold.
std::string file_details(std::string_view database, const FileSurvey &survey,
                         std::string_view encoding, const TableColumns &table,
                         const FileMatch &match, const std::vector<ColumnFinding> &findings);

// SELECT * FROM migrate.import_csv('…', '…', '…'); as psql takes it.
std::string import_call(std::string_view path, std::string_view target, std::string_view options);

} // namespace migrate::core::csv
