// CREATE FOREIGN TABLE of one CSV file: its columns with their types, and in the options all that
// was found of the file, so that a scan has nothing to guess.
#pragma once

#include "core/csv/file_survey.hpp"
#include "core/csv/table_columns.hpp"
#include "core/csv/table_inference.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace migrate::core::csv {

struct ForeignFile {
    std::string path;
    std::string table;
    std::string server;
    std::string encoding;
    FileSurvey survey;
    TableColumns columns; // with types
    std::vector<ColumnFinding> findings;
    // Options that the caller named, as texts; they go into the table's.
    std::vector<std::pair<std::string, std::string>> given;
};

// Throws Error 54011 for more columns than a table can have.
std::string create_foreign_table(const ForeignFile &file, const CsvOptions &options);

} // namespace migrate::core::csv
