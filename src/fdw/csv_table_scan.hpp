// A running scan of a foreign table of CSV files: the files one after the other, or the parts of
// them that a parallel scan hands out. Used by the executor's scan, by EXPLAIN and by ANALYZE.
//
//     CsvTableScan *scan = open_csv_scan(context, relation, attributes, CsvPurpose::query);
//     while (next_csv_row(scan, values, nulls)) …
//     close_csv_scan(scan);
#pragma once

#include "core/batch.hpp"
#include "core/csv/chunk_look.hpp"
#include "core/csv/column_plan.hpp"
#include "core/csv/record_converter.hpp"
#include "core/csv/scan.hpp"
#include "core/csv/settled_file.hpp"
#include "core/csv/table_inference.hpp"
#include "core/error.hpp"
#include "fdw/csv_table.hpp"
#include "pg/cell_datum.hpp"
#include "pg/csv_input.hpp"
#include "pg/csv_pull.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/pg_list.h"
}

namespace migrate::fdw {

struct SharedCsvScan; // csv_parallel.hpp

// The C++ side of a scan, owned by its memory context. What is not a result is room for what a
// stage is working on.
struct CsvScanState {
    std::vector<std::optional<core::csv::SettledFile>> settled; // by file
    std::unique_ptr<core::csv::Scan> scan;                      // the open file
    std::unique_ptr<core::csv::ChunkLook> look;
    std::unique_ptr<core::csv::RecordConverter> converter;
    std::unique_ptr<core::Batch> batch;
    std::unique_ptr<core::csv::TableInference> inference;
    std::optional<core::Error> late_error; // of the record behind the batch
    core::csv::Record record;
    core::csv::FileSurvey survey;
    core::csv::FileMatch match;
    std::set<std::string> codes;
    std::string text;
    std::string notes;
};

enum class CsvPurpose { query, sample };

// Rows that a pass over the files left out, and values that it made NULL.
struct CsvLoss {
    int64 rows;
    int64 values;
};

struct CsvTableScan {
    CsvTable *table;
    CsvScanState *state;
    int count;                // of columns that are read
    int *places;              // of those, in table->state->columns
    core::TypeKind *kinds;    // of those
    pg::DatumColumn *columns; // of those
    pg::CsvPull pull;         // of the open file
    pg::CsvInput input;
    MemoryContext memory;
    MemoryContext batch_memory; // reset after each batch
    const char *os_user;
    core::csv::ServerText server;
    bool keeps_going;    // errors of rows are no errors of the scan
    int file;            // number of the open file, or of the one before the next
    bool is_open;        // records of it are to be read
    int64 end;           // records that begin there are not of this scan
    int64 position;      // in the batch
    int64 batch_rows;    // in the batch
    std::size_t pending; // the next of the converter's pending cells
    int64 read;          // records of the files before the open one
    CsvLoss loss;        // of those
    int failing_column;  // while an input function runs, for the error's context
    bool is_at_end;
    SharedCsvScan *shared; // NULL: no other process takes part
};

// `attributes` are those to be read. Nothing is read yet, and no file is looked for.
CsvTableScan *open_csv_scan(MemoryContext context, Oid relation, List *attributes,
                            CsvPurpose purpose);

// Whether there was a row: its values by attribute, in CurrentMemoryContext or good until the next
// call. All of `nulls` must be true before.
bool next_csv_row(CsvTableScan *scan, Datum *values, bool *nulls);

// Begins again at the first row, of the same files.
void restart_csv_scan(CsvTableScan *scan);
void close_csv_scan(CsvTableScan *scan);

// What the pass lost so far.
CsvLoss csv_loss(const CsvTableScan *scan);

// Makes that file the open one, with a converter for its records.
const core::csv::SettledFile *begin_csv_file(CsvTableScan *scan, int file);

// csv_settle.cpp: opens the file of that number in scan->state->scan, and settles how it is read
// where that is not known yet.
const core::csv::SettledFile *open_csv_file(CsvTableScan *scan, int file);
// Begins at its first data record.
void start_csv_file(CsvTableScan *scan);
// Closes it; 55006 when it was changed meanwhile.
void close_csv_file(CsvTableScan *scan);

} // namespace migrate::fdw
