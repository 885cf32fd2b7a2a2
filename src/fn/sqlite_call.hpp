// One call of a SQLite function: its arguments, the opened file and the plan, in the order in which
// every such function goes through them.
//
//     SqliteCall *call = begin_call(fcinfo);   // rights, path, options: nothing is touched before
//     open_source(call);                       // the file, one read transaction, its catalog
//     make_plan(call);                         // names and types, values read where they decide
//     … end_call(call);
#pragma once

#include "core/batch.hpp"
#include "core/import_options.hpp"
#include "core/plan/plan.hpp"
#include "core/plan/script.hpp"
#include "core/sqlite/sqlite_source.hpp"

#include <memory>
#include <string>
#include <vector>

#include "pg/settings.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "pgtime.h"
}

namespace migrate::fn {

// The C++ side of a call, owned by its memory context.
struct SqliteState {
    core::ImportOptions options;
    core::plan::PlanRequest request;
    std::unique_ptr<core::sqlite::SqliteSource> source;
    core::plan::TargetTables targets; // modes append and truncate
    std::unique_ptr<core::plan::Plan> plan;
    core::plan::Script script;
    // While a table is read:
    std::unique_ptr<core::RowReader> reader;
    std::unique_ptr<core::Batch> batch;
    std::unique_ptr<core::plan::TableProfile> profile;
    // Room for what a stage is working on, so that no local of a function that calls PostgreSQL has
    // a destructor:
    std::vector<std::size_t> scratch;
    std::string note;
};

struct SqliteCall {
    MemoryContext memory; // everything of the call; deleted by end_call or by an error
    MemoryContext caller_memory;
    char *path;
    char *schema;  // the target schema, never NULL; server encoding
    Datum options; // jsonb as given
    pg_tz *zone;   // option timezone, NULL for UTC
    pg::CallerSettings *caller_settings;
    int settings_level;
    SqliteState *state;
};

// Arguments of the functions (path, schema, tables, exclude, options) or of inspect (path alone):
// checks the rights and the path, reads the options, connects to SPI and pins the settings.
SqliteCall *begin_call(FunctionCallInfo fcinfo);
void end_call(SqliteCall *call);

// Reads other options in place of the caller's (verify_sqlite: the run's beneath the caller's).
void set_options(SqliteCall *call, Datum options);

// The file and its catalog, its keys led by the tenant where option "tenant_key" says so.
void open_source(SqliteCall *call);
// Names and matches the tables of the plan; in modes append and truncate with those that are there.
// 3F000 when their schema does not exist.
void start_plan(SqliteCall *call);
// Plans all tables, once their rows were found to be of one tenant each; those whose values decide
// are read. Raises what an existing target lacks.
void make_plan(SqliteCall *call);
// Reads every value of these tables into their profiles and decides again.
void profile_tables(SqliteCall *call, const std::vector<std::size_t> &tables);
// Reads one table into a profile of its own making (state->profile).
void read_profile(SqliteCall *call, std::size_t table);

} // namespace migrate::fn
