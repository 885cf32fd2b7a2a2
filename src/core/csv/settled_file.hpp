// All that is decided of a file before its records are read as rows of a foreign table, in a form
// that one process can hand to another.
//
//     SettledFile file = settle(path, scan, survey, match, formats);
//     pack(file, bytes);                          // in the leader
//     SettledFile same = unpack(rest_of_bytes);   // in a worker
#pragma once

#include "core/csv/encoding.hpp"
#include "core/csv/file_survey.hpp"
#include "core/csv/open_file.hpp"
#include "core/csv/scan.hpp"
#include "core/csv/table_columns.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

struct SettledFile {
    std::string path;
    FileStamp stamp;
    EncodingGuess guess;
    bool is_compressed = false;
    Dialect dialect;
    std::int64_t skip_lines = 0;
    std::int64_t header_records = 0;
    std::int64_t width = 0;  // 0 for an empty file
    std::vector<int> fields; // by column of the table; -1: the file lacks it
    std::vector<std::optional<ValueFormat>> formats; // by column; nothing: the plain form
};

// Without formats.
SettledFile settle(const Scan &scan, const FileSurvey &survey, const FileMatch &match);

void pack(const SettledFile &file, std::string &bytes);
// Takes a file's bytes from the front. Throws Error XX000 for bytes that pack() did not write.
SettledFile unpack(std::string_view &bytes);

// What EXPLAIN says of it: "/d/a.csv: UTF8, delimiter \",\", quote \"\\\"\", header".
std::string describe_file(const SettledFile &file);

} // namespace migrate::core::csv
