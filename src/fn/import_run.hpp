// One run of import_sqlite: what the stages hand on. The stages, in their order:
//
//     prepare_target   lock the schema, nothing overwritten, enough locks      (import_target.cpp)
//     load_tables      create the tables and fill them, planning again once    (load_tables.cpp)
//     finish_objects   keys, indexes, foreign keys, checks, sequences, views   (finish_objects.cpp)
//     record_import    runs, objects, rejects, the NOTICE and the result rows  (record_import.cpp)
#pragma once

#include "core/convert.hpp"
#include "fn/sqlite_call.hpp"

#include <memory>
#include <string>
#include <vector>

#include "pg/reject_store.hpp"
#include "pg/replace.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "utils/timestamp.h"
}

namespace migrate::fn {

// What happened to one table of the plan.
struct TableResult {
    bool is_created = false;
    bool is_loaded = false;
    Oid relation = InvalidOid;
    std::vector<std::string> definition; // the DDL that made it
    std::vector<core::TypeKind> kinds;   // of its columns
    std::vector<const char *> names;     // of its columns; they point into the plan
    std::string display_name;
    std::string source_name; // in the server's encoding
    std::int64_t rows_read = 0;
    std::int64_t rows_loaded = 0;
    std::int64_t rows_rejected = 0;
    TimestampTz started_at = 0;
    TimestampTz finished_at = 0;
    std::vector<core::ColumnStatistics> statistics;
    std::vector<std::string> finish_notes; // objects that the data broke
    std::string notes;                     // all notes of the table, a line each
};

// The C++ side of a run, owned by the call's memory context.
struct ImportState {
    std::vector<TableResult> tables; // by Plan::tables
    std::unique_ptr<core::RowConverter> converter;
    std::vector<core::Reject> rejects; // of one batch
};

struct ImportRun {
    SqliteCall *call;
    ImportState *state;
    pg::RejectStore *rejects;
    pg::Replacement *replacement; // NULL but in mode replace
    bool is_schema_new;
    int fallbacks;  // tried so far
    int64 rejected; // of all tables
    TimestampTz started_at;
};

void prepare_target(ImportRun *run);
void load_tables(ImportRun *run);
void finish_objects(ImportRun *run);
// Returns the id of the run.
int64 record_import(ImportRun *run);
void return_results(ImportRun *run, FunctionCallInfo fcinfo);

} // namespace migrate::fn
