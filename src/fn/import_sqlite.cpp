// migrate.import_sqlite: the whole transfer in the caller's transaction.
#include "fn/import_run.hpp"

#include "fn/arguments.hpp"

#include "fn/verify_tables.hpp"
#include "pg/citus.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/result_set.hpp"
#include "pg/sql.hpp"
#include "pg/subtransaction.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/xlog.h"
}

namespace migrate::fn {
namespace {

using pg::call_core;

// Option "verify": the count of what is there now, or every value.
void verify_loaded(ImportRun *run) {
    core::Verify verify = run->call->state->options.verify;
    if (verify == core::Verify::none)
        return;
    if (verify == core::Verify::digest)
        return check_digests(run->call);
    // Of a shared table only the rows' account can tell.
    if (run->call->state->options.mode == core::Mode::append)
        return;
    const core::ImportOptions &options = run->call->state->options;
    const char *scope = options.fills_existing() || options.distribute ? "" : "ONLY ";
    for (const TableResult &table : run->state->tables) {
        pg::run_query(psprintf("SELECT pg_catalog.count(*) FROM %s%s", scope,
                               pg::server_text(table.display_name.c_str())));
        int64 count = pg::query_bigint(0, 1);
        if (count != table.rows_loaded)
            ereport(ERROR,
                    (errcode(ERRCODE_DATA_EXCEPTION),
                     errmsg("table %s holds " INT64_FORMAT " rows instead of " INT64_FORMAT,
                            pg::server_text(table.display_name.c_str()), count, table.rows_loaded),
                     errhint("A trigger or a rule may have changed what was loaded.")));
    }
}

void finish_created(ImportRun *run) {
    SqliteState *state = run->call->state;
    call_core([&] { state->script = core::plan::write_script(*state->plan); });
    finish_objects(run);
}

// Everything between the plan and the record: what a dry run undoes.
void transfer(void *argument) {
    auto *run = static_cast<ImportRun *>(argument);
    SqliteState *state = run->call->state;
    const bool fills_existing = state->options.fills_existing();
    if (state->options.distribute)
        pg::work_in_sequence();
    prepare_target(run);
    if (fills_existing)
        load_existing(run);
    else
        load_tables(run);
    if (fills_existing)
        finish_existing(run);
    verify_loaded(run);
    call_core([&] { state->source->finish(); });
    if (!fills_existing)
        finish_created(run);
    if (state->options.dry_run)
        pg::run_utility("SET CONSTRAINTS ALL IMMEDIATE");
}

} // namespace

ImportRun *begin_run(SqliteCall *call) {
    auto *run = static_cast<ImportRun *>(palloc0(sizeof(ImportRun)));
    run->call = call;
    run->started_at = GetCurrentTimestamp();
    run->rejects = pg::open_reject_store();
    run->batch_memory =
        AllocSetContextCreate(call->memory, "migrate import batch", ALLOCSET_DEFAULT_SIZES);
    run->state = pg::own<ImportState>(call->memory, [] { return std::make_unique<ImportState>(); });
    call_core([&] {
        call->state->script = core::plan::write_script(*call->state->plan);
        run->state->tables.resize(call->state->plan->tables().size());
    });
    return run;
}

} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_import_sqlite);

PGDLLEXPORT Datum migrate_import_sqlite(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.import_sqlite()");
    pg::open_result(fcinfo);
    fn::SqliteCall *call = fn::begin_call(fcinfo);
    if (call->state->options.distribute)
        pg::require_citus();
    fn::open_source(call);
    fn::make_plan(call);
    fn::ImportRun *run = fn::begin_run(call);
    if (call->state->options.dry_run)
        pg::run_and_undo(fn::transfer, run);
    else
        fn::transfer(run);
    fn::record_import(run);
    pg::close_reject_store(run->rejects);
    fn::return_results(run, fcinfo);
    fn::end_call(call);
    return (Datum)0;
}
}
