// One run of import_sqlite: what the stages hand on. The stages, in their order:
//
//     prepare_target   lock the schema, nothing overwritten, enough locks      (import_target.cpp)
//     load_tables      create the tables and fill them, planning again once    (load_tables.cpp)
//     load_existing    or fill those that are there, and what surrounds that   (load_existing.cpp)
//                      (both by load_rows.cpp and load_values.cpp)
//     finish_objects   keys, indexes, foreign keys, checks, sequences, views   (finish_objects.cpp)
//     record_import    runs, objects, rejects, the NOTICE and the result rows  (record_import.cpp)
#pragma once

#include "core/convert.hpp"
#include "core/plan/load_strategy.hpp"
#include "fn/sqlite_call.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "pg/input_check.hpp"
#include "pg/key_store.hpp"
#include "pg/reject_store.hpp"
#include "pg/replace.hpp"
#include "pg/sql.hpp"
#include "pg/writer.hpp"

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
    std::int64_t rows_updated = 0;
    std::int64_t rows_rejected = 0;
    std::int64_t rows_repeated = 0; // another row of the source has the same key
    std::int64_t rows_skipped = 0;  // with those
    TimestampTz started_at = 0;
    TimestampTz finished_at = 0;
    std::vector<core::ColumnStatistics> statistics;
    std::vector<std::string> finish_notes; // objects that the data broke
    std::set<std::int64_t> refused;        // rejected rows of a table whose foreign keys come late
    std::string notes;                     // all notes of the table, a line each
};

// The C++ side of a run, owned by the call's memory context.
struct ImportState {
    std::vector<TableResult> tables; // by Plan::tables
    std::unique_ptr<core::RowConverter> converter;
    std::vector<core::Reject> rejects; // of one batch
    core::plan::LoadStrategy strategy; // of tables that are there before
    std::vector<Oid> types; // of the table at hand: its columns, where it is there before
    std::vector<const char *> type_names;
    std::vector<const char *> key;  // the columns of on_conflict
    std::vector<const char *> late; // the columns that are filled when all tables are
    std::set<std::string> codes;    // SQLSTATEs, which rejects point to
    std::vector<core::Cell> given;  // the cells that an input function is asked about
};

struct ImportRun {
    SqliteCall *call;
    ImportState *state;
    pg::RejectStore *rejects;
    pg::Replacement *replacement; // NULL but in mode replace
    bool is_schema_new;
    int fallbacks;           // tried so far
    int64 rejected;          // of all tables
    pg::InputColumn *inputs; // of the table at hand; NULL where core alone reads the values
    pg::KeyStore *keys;      // of the table at hand, where keys may come twice
    bool has_undone;         // a subtransaction was rolled back: progress has to begin anew
    TimestampTz started_at;
    MemoryContext batch_memory; // of what a batch leaves behind: errors of rows that were refused
};

ImportRun *begin_run(SqliteCall *call);
// 55000 unless foreign keys and triggers have their say in this session.
void check_replication_role();
void prepare_target(ImportRun *run);
void load_tables(ImportRun *run);
void load_existing(ImportRun *run);
// What surrounds the rows of existing tables: constraints, triggers, sequences, statistics.
void finish_existing(ImportRun *run);

// Reads the table into the target, every row accounted for. False when a value does not fit and the
// table has to be planned again.
bool load_rows(ImportRun *run, std::size_t table, const pg::WriterTarget &target);
// The rows again, without writing any, for their keys; see pg/key_store.hpp.
void find_repeated_keys(ImportRun *run, std::size_t table, const pg::WriterTarget &target);
// Columns that come late into the rows, which are there (WriterTarget::updated).
void fill_late_columns(ImportRun *run, std::size_t table, const pg::WriterTarget &target);
// Describes a table that is there before, for whoever writes to it. The lists of types and keys
// that the result points to are good until the next table is described.
pg::WriterTarget describe_existing(ImportRun *run, std::size_t table);
// Reads the table, every batch converted and its rejects kept, until `take` says false; then so
// does this.
bool visit_rows(ImportRun *run, std::size_t table, bool (*take)(void *), void *argument);
// What the server has to say of the values of a batch before it is written.
void finish_values(ImportRun *run, const TableResult &result);
// Raises 23503 with the rows that the statement's probe found.
[[noreturn]] void refuse_orphans(const core::plan::Statement &statement,
                                 const pg::ProbeResult &orphans);
void finish_objects(ImportRun *run);
// Returns the id of the run.
int64 record_import(ImportRun *run);
void return_results(ImportRun *run, FunctionCallInfo fcinfo);

} // namespace migrate::fn
