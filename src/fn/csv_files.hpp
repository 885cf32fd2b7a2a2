// The files of a CSV call and the tables that they go into: what is known of them and what became
// of their records.
#pragma once

#include "core/csv/encoding.hpp"
#include "core/csv/file_survey.hpp"
#include "core/csv/line_end.hpp"
#include "core/csv/open_file.hpp"
#include "core/csv/record_account.hpp"
#include "core/csv/table_columns.hpp"
#include "core/csv/table_inference.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pg/replace.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "utils/timestamp.h"
}

namespace migrate::fn {

// One file of the call.
struct CsvFile {
    std::string path;
    core::csv::FileStamp stamp;                    // as it was surveyed
    std::optional<core::csv::EncodingGuess> guess; // its encoding, once it was surveyed
    core::csv::FileSurvey survey;
    core::csv::FileMatch match;
    // By column of the table: how the file writes values of a type that was not inferred.
    std::vector<std::optional<core::csv::ValueFormat>> formats;
    core::csv::FileStatistics statistics;
    core::csv::Unit unit = core::csv::Unit::byte; // of its raw bytes
    std::string encoding;                         // PostgreSQL's name, "UTF-16" for either of those
    std::string digest;                           // SHA-256, hexadecimal
    std::int64_t bytes = 0;
    std::int64_t inserted = 0;
    std::int64_t updated = 0;
    std::int64_t not_written = 0; // by option where, on_conflict or a trigger
    std::int64_t duplicates = 0;  // records whose key another record of the file has
    std::int64_t loaded_by = 0;   // the run that loaded it before: it was passed over
    TimestampTz started_at = 0;
    TimestampTz finished_at = 0;
    std::string notes; // a line each
};

// One table of the call with the files that go into it.
struct CsvTable {
    std::string schema;         // UTF-8
    std::string name;           // UTF-8
    std::string display_name;   // UTF-8, quoted as needed
    Oid relation = InvalidOid;  // an existing one, or the one that was made
    bool is_created = false;    // by this call
    bool takes_any_row = false; // nothing but a key or a condition can refuse one of its types
    bool is_emptied = false;
    pg::Replacement *replacement = nullptr; // of the table it takes the place of; mode replace
    core::csv::TableColumns columns;
    std::vector<core::csv::ColumnFinding> findings;
    std::int64_t records = 0; // that were read for the findings
    std::vector<CsvFile> files;
    std::vector<std::string> statements; // that make it
};

} // namespace migrate::fn
