// One run of import_csv: what the stages hand on. The stages, in their order:
//
//     prepare_targets   locks, option "mode", files that were loaded before    (csv_prepare.cpp)
//     survey_files      how each file is written and where its fields go       (csv_survey.cpp)
//     infer_types       of tables that are to be made                          (csv_infer.cpp)
//     load_files        make the tables and fill them                          (csv_load.cpp)
//     record_csv_run    runs, objects, rejects, the NOTICE                     (csv_record.cpp)
//     return_files      a result row a file
#pragma once

#include "fn/csv_call.hpp"

#include "pg/input_check.hpp"
#include "pg/key_store.hpp"
#include "pg/reject_store.hpp"
#include "pg/writer.hpp"

#include "pg/postgres.hpp"

namespace migrate::fn {

struct CsvRun {
    CsvCall *call;
    const char *function_name; // for migrate.runs
    pg::RejectStore *rejects;
    bool is_check;   // check_csv: problems are collected, nothing is kept
    bool is_written; // rows go to a writer; check_csv has none in a read-only transaction
    bool has_undone; // a subtransaction, since progress was reported last
    int64 rejected;  // records of all files
    int64 read;
    TimestampTz started_at;

    // Of the file that is being loaded:
    CsvTable *table;
    CsvFile *file;
    pg::Writer *writer;
    pg::InputColumn *inputs;
    Oid *types;                 // of the columns of the batch
    pg::KeyStore *keys;         // NULL without on_conflict
    MemoryContext batch_memory; // reset after each batch
};

CsvRun *begin_csv_run(CsvCall *call, const char *function_name);
void prepare_targets(CsvRun *run);
void load_files(CsvRun *run);
// Makes the table, and its schema where that is missing.
void make_table(CsvRun *run, CsvTable *table);
// The files of one table, which is there already.
void load_table_files(CsvRun *run, CsvTable *table);
int64 record_csv_run(CsvRun *run);
void return_files(const CsvRun *run, FunctionCallInfo fcinfo);

// csv_plan.cpp: state->converter, batch, kinds and names for one file of a table.
void plan_records(CsvRun *run, CsvTable *table, CsvFile *file);

// csv_values.cpp: what pg has to say of a batch before it is written: the server's encoding, the
// types' input functions, time zones, digests.
void finish_values(CsvRun *run);

// csv_rejects.cpp: problems into the store of rejects, and the limit on them.
void keep_problems(CsvRun *run);
void check_reject_share(const CsvRun *run);
// The notes of a file after its load.
void note_statistics(CsvRun *run, CsvFile *file);

} // namespace migrate::fn
