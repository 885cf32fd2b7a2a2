// migrate.sync_sqlite: existing tables are brought to the state of a database, by key.
#include "fn/import_run.hpp"

#include "fn/arguments.hpp"
#include "fn/sync_run.hpp"

#include "core/error.hpp"
#include "pg/closed_sources.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/progress.hpp"
#include "pg/result_set.hpp"
#include "pg/subtransaction.hpp"
#include "pg/table_sync.hpp"
#include "pg/target_schema.hpp"

#include <algorithm>

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using pg::call_core;

struct SqliteSync {
    ImportRun *run;
    std::vector<SyncedTable> *tables;
    std::vector<std::string> *marks; // by table: the column of option "watermark", empty for none
    pg::TableSync **syncs;           // by table
};

// --- options ------------------------------------------------------------------------------------

// How an existing table is filled is not the question here: its rows are found by their keys.
void adapt_options(SqliteCall *call) {
    call_core([&] {
        core::ImportOptions &options = call->state->options;
        options.mode = core::Mode::append;
        options.on_conflict = core::OnConflict::update;
        options.is_sync = true;
        if (options.on_type_mismatch == core::TypeMismatch::widen)
            options.has_on_type_mismatch = false;
        call->state->request.options = options;
    });
}

bool is_column(const core::plan::TablePlan &plan, const core::plan::ColumnPlan &column,
               const std::string &name) {
    return plan.source->columns[static_cast<std::size_t>(column.source)].name == name ||
           column.name == name;
}

// The target's name of the column that the option names for the table; the first pattern counts.
std::string watermark_of(const core::ImportOptions &options, const core::plan::TablePlan &plan) {
    for (const core::Watermark &mark : options.watermarks) {
        if (!core::matches_wildcard(mark.table, plan.source->name))
            continue;
        for (const core::plan::ColumnPlan &column : plan.columns)
            if (is_column(plan, column, mark.column))
                return column.name;
        if (mark.table != "*")
            throw core::Error("42703", "option \"watermark\" names column \"" + mark.column +
                                           "\", which table \"" + plan.source->name +
                                           "\" does not have");
    }
    return "";
}

// The highest value of a shared table may be another tenant's.
void check_watermarks(const core::ImportOptions &options) {
    if (options.watermarks.empty() || options.tenant_key.empty())
        return;
    throw core::Error(core::sqlstate::kInvalidParameterValue,
                      "options \"watermark\" and \"tenant_key\" cannot be combined")
        .with_detail("The highest value in a table may be that of a tenant that the file does not "
                     "hold.");
}

void find_watermarks(SqliteSync *work) {
    SqliteState *state = work->run->call->state;
    call_core([&] {
        check_watermarks(state->options);
        for (const core::plan::TablePlan &plan : state->plan->tables())
            work->marks->push_back(watermark_of(state->options, plan));
        const bool is_used =
            std::ranges::any_of(*work->marks, [](const auto &mark) { return !mark.empty(); });
        if (!state->options.watermarks.empty() && !is_used)
            throw core::Error(core::sqlstate::kInvalidParameterValue,
                              "option \"watermark\" names no column of these tables");
    });
}

// --- one table ----------------------------------------------------------------------------------

// One sync at a time, and no other writer, from before the first comparison on.
void lock_tables(SqliteSync *work) {
    SqliteCall *call = work->run->call;
    pg::set_setting("lock_timeout", call->state->options.lock_timeout.c_str());
    pg::lock_target_schema(call->schema);
    pg::check_source_open(call->path, call->schema);
    check_replication_role();
    for (const core::plan::TablePlan &plan : call->state->plan->tables()) {
        const char *name = call_core([&] {
            call->state->note =
                core::plan::display_name(call->state->request.target_schema, plan.name);
            return call->state->note.c_str();
        });
        lock_synced_table(name);
    }
}

bool compare_batch(void *argument) {
    auto *work = static_cast<SqliteSync *>(argument);
    const std::size_t table = work->tables->size() - 1;
    const bool is_in_order = pg::add_rows(work->syncs[table], *work->run->call->state->batch);
    pg::report_progress(pg::sync_counts(work->syncs[table]).compared,
                        work->run->state->tables[table].rows_rejected, 0);
    return is_in_order;
}

// Once more, in any order.
void restart(SqliteSync *work, std::size_t table) {
    ImportRun *run = work->run;
    TableResult &result = run->state->tables[table];
    pg::restart_sorted(work->syncs[table]);
    pg::forget_rejects(run->rejects, result.source_name.c_str());
    run->rejected -= result.rows_rejected;
    if (!visit_rows(run, table, compare_batch, work))
        elog(ERROR, "rows that are sorted have no order");
}

void add_table(SqliteSync *work, std::size_t table) {
    const TableResult &result = work->run->state->tables[table];
    SqliteState *state = work->run->call->state;
    call_core([&] {
        SyncedTable &synced = work->tables->emplace_back();
        synced.schema = state->request.target_schema;
        synced.display_name = result.display_name;
        synced.source_name = state->plan->tables()[table].source->name;
        synced.relation = result.relation;
    });
    work->tables->back().started_at = GetCurrentTimestamp();
}

// A row that was rejected may be one that is there: nothing can be told missing.
void spare_missing(SqliteSync *work, std::size_t table) {
    if (work->tables->back().rejected == 0 || !work->run->call->state->options.deletes)
        return;
    pg::keep_missing_rows(work->syncs[table]);
    add_sync_note(&work->tables->back(),
                  "nothing was deleted, as rows that could not be read may be those that seem to "
                  "be missing");
}

// With option "tenant_key" only the rows of the file's own tenants may be missing. What belongs to
// all tenants, or cannot be told apart, is not one file's to delete.
void limit_to_tenants(SqliteSync *work, std::size_t table, pg::SyncRequest *request) {
    SqliteState *state = work->run->call->state;
    if (state->options.tenant_key.empty())
        return;
    const core::plan::TablePlan &plan = state->plan->tables()[table];
    const int tenant = plan.source->is_tenant_root ? -1 : plan.source->tenant_column;
    for (const core::plan::ColumnPlan &column : plan.columns)
        if (tenant >= 0 && column.source == tenant)
            request->tenant = column.name.c_str();
    if (request->tenant != nullptr || !request->deletes)
        return;
    request->deletes = false;
    request->keeping_option = "tenant_key";
}

void compare_table(SqliteSync *work, std::size_t table) {
    ImportRun *run = work->run;
    const std::string &mark = (*work->marks)[table];
    pg::SyncRequest request = {};
    request.target = describe_existing(run, table);
    request.deletes = run->call->state->options.deletes;
    request.watermark = mark.empty() ? nullptr : mark.c_str();
    limit_to_tenants(work, table, &request);
    add_table(work, table);
    MemoryContextSwitchTo(run->call->memory);
    work->syncs[table] = pg::open_table_sync(request);
    pg::start_progress(run->state->tables[table].relation);
    if (!visit_rows(run, table, compare_batch, work))
        restart(work, table);
    pg::end_progress();
    pg::end_rows(work->syncs[table]);
    SyncedTable &synced = work->tables->back();
    synced.read = run->state->tables[table].rows_read;
    synced.rejected = run->state->tables[table].rows_rejected;
    spare_missing(work, table);
}

// --- all tables ---------------------------------------------------------------------------------

void collect_notes(SqliteSync *work, std::size_t table) {
    SqliteState *state = work->run->call->state;
    const TableResult &result = work->run->state->tables[table];
    SyncedTable *synced = &(*work->tables)[table];
    const char *passed_over =
        synced->counts.passed_over > 0
            ? psprintf(INT64_FORMAT " row%s passed over (option watermark)",
                       synced->counts.passed_over, synced->counts.passed_over == 1 ? "" : "s")
            : nullptr;
    if (passed_over != nullptr)
        add_sync_note(synced, passed_over);
    call_core([&] {
        const auto add = [&](const std::string &note) {
            synced->notes += (synced->notes.empty() ? "" : "\n") + note;
        };
        for (const std::string &note : state->script.table_notes[table])
            add(note);
        for (const std::string &note : core::plan::load_notes(
                 state->plan->tables()[table], result.statistics, result.rows_rejected))
            add(note);
    });
    synced->finished_at = GetCurrentTimestamp();
}

void transfer(void *argument) {
    auto *work = static_cast<SqliteSync *>(argument);
    SqliteCall *call = work->run->call;
    const core::ImportOptions &options = call->state->options;
    const std::size_t count = call->state->plan->tables().size();
    lock_tables(work);
    work->syncs = static_cast<pg::TableSync **>(
        MemoryContextAllocZero(call->memory, sizeof(pg::TableSync *) * (count + 1)));
    for (std::size_t table = 0; table < count; table++)
        compare_table(work, table);
    call_core([&] { call->state->source->finish(); });
    MemoryContextSwitchTo(call->memory);
    pg::scope_syncs(work->syncs, static_cast<int>(count));
    apply_to_tables(work->syncs, work->tables, options.delete_limit, options.dry_run);
    for (std::size_t table = 0; table < count; table++) {
        pg::close_table_sync(work->syncs[table]);
        collect_notes(work, table);
    }
}

SyncSource describe_source(const SqliteSync *work) {
    const SqliteCall *call = work->run->call;
    const core::sqlite::FileState &file = call->state->source->database().state();
    return {"sync_sqlite",        call->path,
            call->schema,         file.size,
            file.mtime_ns,        static_cast<int64>(file.change_counter),
            call->options,        call->state->options.dry_run,
            work->run->started_at};
}

SqliteSync begin_sync(SqliteCall *call) {
    SqliteSync work = {};
    work.run = begin_run(call);
    work.tables = pg::own<std::vector<SyncedTable>>(
        call->memory, [] { return std::make_unique<std::vector<SyncedTable>>(); });
    work.marks = pg::own<std::vector<std::string>>(
        call->memory, [] { return std::make_unique<std::vector<std::string>>(); });
    find_watermarks(&work);
    return work;
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_sync_sqlite);

PGDLLEXPORT Datum migrate_sync_sqlite(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.sync_sqlite()");
    pg::open_result(fcinfo);
    fn::SqliteCall *call = fn::begin_call(fcinfo);
    fn::adapt_options(call);
    fn::open_source(call);
    fn::make_plan(call);
    fn::SqliteSync work = fn::begin_sync(call);
    if (call->state->options.dry_run)
        pg::run_and_undo(fn::transfer, &work);
    else
        fn::transfer(&work);
    fn::finish_sync(fcinfo, fn::describe_source(&work), *work.tables, work.run->rejects);
    fn::end_call(call);
    return (Datum)0;
}
}
