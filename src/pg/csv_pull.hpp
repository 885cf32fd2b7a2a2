// Pulling a CSV file: core cuts lines and records, the server's own conversions make UTF-8 of
// encodings that core does not know. What import_csv and the foreign tables have in common.
//
//     CsvPull pull = {scan, nullptr, memory};
//     find_conversion(&pull);
//     pull_survey(&pull, options, names, &room, &survey, &notes);   // the first megabyte
//     … scan->start(…); while (scan->next(record) || pull_block(&pull)) …
#pragma once

#include "core/csv/csv_options.hpp"
#include "core/csv/file_survey.hpp"
#include "core/csv/scan.hpp"
#include "pg/text_conversion.hpp"

#include <string>
#include <vector>

#include "pg/postgres.hpp"

namespace migrate::pg {

// A file that is being read. Plain: the scan belongs to the caller.
struct CsvPull {
    core::csv::Scan *scan;
    TextConversion *conversion; // NULL where core reads the encoding
    MemoryContext memory;       // of the conversion
};

// Opens the conversion that the scan's encoding needs. 0A000 for an encoding that nobody reads.
void find_conversion(CsvPull *pull);

// Reads on behind a sample that is all ASCII, up to what tells the encoding.
void find_late_encoding(CsvPull *pull);

// Feeds the scan its next block of lines, converted where it has to be; false after the last.
bool pull_block(CsvPull *pull);

// The first megabyte as UTF-8 into `text`; true when that is the whole file.
bool pull_sample(CsvPull *pull, std::string *text);

// What the first megabyte tells of the file (core::csv::survey_file); `names` are the columns of
// the table that it goes into, `room` is for the sample, `notes` gets a line for each name that was
// composed. An error of the header that the caller speaks of, and that is spoiled.
void pull_survey(CsvPull *pull, const core::csv::CsvOptions &options,
                 const std::vector<std::string> &names, std::string *room,
                 core::csv::FileSurvey *survey, std::string *notes);

} // namespace migrate::pg
