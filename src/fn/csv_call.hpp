// One call of a CSV function: its arguments, its files and the tables that they go into, in the
// order in which every such function goes through them.
//
//     CsvCall *call = begin_csv_call(fcinfo, {"migrate.import_csv()", 2});
//     survey_files(call);        // dialect, header, columns of each file      (csv_survey.cpp)
//     infer_types(call);         // of tables that are to be made              (csv_infer.cpp)
//     … end_csv_call(call);
#pragma once

#include "core/batch.hpp"
#include "core/csv/csv_options.hpp"
#include "core/csv/mended_records.hpp"
#include "core/csv/record_converter.hpp"
#include "core/csv/scan.hpp"
#include "core/csv/table_inference.hpp"
#include "core/plan/script.hpp"
#include "fn/csv_files.hpp"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pg/csv_pull.hpp"
#include "pg/settings.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "pgtime.h"
}

namespace migrate::fn {

// The C++ side of a call, owned by its memory context. What is not a result is room for what a
// stage is working on, so that no local of a function that calls PostgreSQL has a destructor.
struct CsvState {
    core::csv::CsvOptions options;
    std::vector<std::pair<std::string, std::string>> type_names; // of option types: as PostgreSQL
                                                                 // prints them
    std::vector<CsvTable> tables;

    std::unique_ptr<core::csv::Scan> scan;
    // In place of a file, for retry_rejects; and which records of which files were taken up.
    std::unique_ptr<core::csv::MendedRecords> mended;
    std::vector<core::csv::MendedRecord> mended_records;
    std::vector<std::pair<std::string, std::int64_t>> retried;
    core::csv::Record record;
    std::unique_ptr<core::csv::TableInference> inference;
    std::unique_ptr<core::csv::RecordConverter> converter;
    std::unique_ptr<core::Batch> batch;
    std::vector<core::csv::RecordProblem> problems;
    std::vector<core::TypeKind> kinds;
    std::vector<const char *> names; // of the columns of the batch; they point into the table
    std::vector<const char *> types; // of the columns of the batch, as SQL; as the names
    std::vector<const char *> key;
    std::set<std::string> codes; // SQLSTATEs that PostgreSQL raised
    std::vector<std::string> texts;
    std::vector<std::string> target_names; // of the columns of the table at hand
    core::plan::ObjectRecord object;
    std::string text;
    std::string notes;
};

struct CsvCall {
    MemoryContext memory; // everything of the call; deleted by end_csv_call or by an error
    MemoryContext caller_memory;
    char *path;
    char *target;  // argument of that name, NULL for none
    Datum options; // jsonb as given
    pg_tz *zone;   // the caller's TimeZone: of times without one, as COPY has it
    pg::CallerSettings *caller_settings;
    int settings_level;
    pg::CsvPull pull; // of the open scan
    bool is_utf8_server;
    CsvState *state;
};

struct CsvArguments {
    int target;  // number of the argument "target", -1 for none
    int options; // of "options"
};

// What every call begins with; the options are read, SPI is connected and the settings are pinned.
// `options` is what the caller gave, or what an earlier run was given.
CsvCall *begin_call_with_options(Datum options);

// Checks the rights and the path, reads the options, lists the files, connects to SPI and pins the
// settings. Nothing is read before the rights are checked.
CsvCall *begin_csv_call(FunctionCallInfo fcinfo, const CsvArguments &arguments);
void end_csv_call(CsvCall *call);

// csv_target.cpp: the tables of the call and the files of each, existing relations with their
// columns.
void find_targets(CsvCall *call);
// The columns of an existing relation.
void read_target_columns(CsvTable *table);

// csv_survey.cpp: looks at the first megabyte of each file, plans the columns of tables to be made
// and finds each file's fields in them.
void survey_files(CsvCall *call);

// csv_infer.cpp: the types of tables that are to be made, by every record.
void infer_types(CsvCall *call);

// csv_scan.cpp: opens a file into state->scan, begins at its first data record; 55006 when it is
// not the file that was surveyed.
void open_scan(CsvCall *call, const CsvFile &file);
void start_scan(CsvCall *call, const CsvFile &file);
// The next record of the open scan in state->record; false after the last.
bool read_record(CsvCall *call);
// Further records into state->batch by state->converter, until it is full; false after the last.
bool read_batch(CsvCall *call);
void close_scan(CsvCall *call);

} // namespace migrate::fn
