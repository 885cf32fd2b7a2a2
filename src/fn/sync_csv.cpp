// migrate.sync_csv: an existing table is brought to the state of a file, by key.
#include "fn/arguments.hpp"
#include "fn/csv_run.hpp"
#include "fn/import_run.hpp"
#include "fn/sync_run.hpp"

#include "core/error.hpp"
#include "pg/closed_sources.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/progress.hpp"
#include "pg/result_set.hpp"
#include "pg/sql.hpp"
#include "pg/subtransaction.hpp"
#include "pg/table_sync.hpp"
#include "pg/target_schema.hpp"

#include <algorithm>

#include "pg/postgres.hpp"

extern "C" {
#include "utils/array.h"
#include "utils/inval.h"
}

namespace migrate::fn {
namespace {

using pg::call_core;

struct CsvSync {
    CsvRun *run;
    pg::TableSync *sync;
    std::vector<SyncedTable> *tables; // the one
    std::vector<std::string> *key;    // argument of that name
};

// --- arguments ----------------------------------------------------------------------------------

void read_key(FunctionCallInfo fcinfo, std::vector<std::string> *key) {
    if (PG_ARGISNULL(2))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("argument \"key\" must not be null")));
    Datum *names = nullptr;
    bool *nulls = nullptr;
    int count = 0;
    deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls,
                      &count);
    if (count == 0 || count > INDEX_MAX_KEYS)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("argument \"key\" must name 1 to %d columns", INDEX_MAX_KEYS)));
    for (int i = 0; i < count; i++) {
        if (nulls[i])
            ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                            errmsg("argument \"key\" must not hold nulls")));
        const char *name = pg::utf8_text(TextDatumGetCString(names[i]));
        call_core([&] {
            if (std::ranges::find(*key, name) != key->end())
                throw core::Error(core::sqlstate::kInvalidParameterValue,
                                  std::string("argument \"key\" names column \"") + name +
                                      "\" twice");
            key->emplace_back(name);
        });
    }
}

void check_options(const core::csv::CsvOptions &options) {
    if (options.raw)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("option \"raw\" cannot be used with sync_csv"),
                        errdetail("Records as jsonb have no key.")));
}

// --- the table ----------------------------------------------------------------------------------

// One sync into a table at a time, and no other writer: who waited sees what the other one wrote.
void lock_target(CsvTable *table) {
    if (!OidIsValid(table->relation))
        ereport(ERROR,
                (errcode(ERRCODE_UNDEFINED_TABLE),
                 errmsg("table %s does not exist", pg::server_text(table->display_name.c_str())),
                 errhint("migrate.import_csv() makes a table for a file.")));
    lock_synced_table(table->display_name.c_str());
    AcceptInvalidationMessages();
    table->relation = pg::find_relation(pg::find_schema(pg::server_text(table->schema.c_str())),
                                        table->name.c_str());
}

void check_columns(const CsvTable &table, const std::vector<std::string> &names) {
    for (const std::string &name : names)
        if (std::ranges::none_of(table.columns.columns,
                                 [&](const auto &column) { return column.name == name; }))
            throw core::Error("42703", "column \"" + name + "\" of table " + table.display_name +
                                           " does not exist");
}

void prepare_table(CsvSync *work) {
    CsvRun *run = work->run;
    CsvState *state = run->call->state;
    find_targets(run->call);
    run->table = &state->tables.front();
    pg::set_setting("lock_timeout", state->options.lock_timeout.c_str());
    for (const CsvFile &file : run->table->files)
        pg::check_source_open(pg::server_text(file.path.c_str()),
                              pg::server_text(run->table->schema.c_str()));
    lock_target(run->table);
    run->table->columns.is_synced = true;
    read_target_columns(run->table);
    call_core([&] {
        check_columns(*run->table, *work->key);
        if (!state->options.watermark.empty())
            check_columns(*run->table, {state->options.watermark});
        state->options.key = *work->key;
    });
    survey_files(run->call);
    infer_types(run->call);
    call_core([&] {
        SyncedTable &synced = work->tables->emplace_back();
        synced.schema = run->table->schema;
        synced.display_name = run->table->display_name;
        synced.source_name = run->call->path;
        synced.relation = run->table->relation;
        synced.started_at = run->started_at;
    });
}

// --- the rows -----------------------------------------------------------------------------------

template <typename T>
T *copy_of(const std::vector<T> &values) {
    auto *copy = static_cast<T *>(palloc(sizeof(T) * (values.size() + 1)));
    std::ranges::copy(values, copy);
    return copy;
}

void check_key_fields(const CsvState &state, const CsvFile &file) {
    for (const std::string &name : state.options.key)
        if (std::ranges::none_of(state.names, [&](const char *other) { return name == other; }))
            throw core::Error(core::sqlstate::kInvalidParameterValue,
                              "file \"" + file.path + "\" lacks key column \"" + name + "\"");
}

pg::SyncRequest sync_request(const CsvRun *run) {
    CsvState *state = run->call->state;
    const core::csv::CsvOptions &options = state->options;
    call_core([&] {
        check_key_fields(*state, *run->file);
        state->key.clear();
        for (const std::string &column : options.key)
            state->key.push_back(column.c_str());
    });
    pg::SyncRequest request = {};
    pg::WriterTarget &target = request.target;
    target.relation = run->table->relation;
    target.origin = {"CSV file", pg::server_text(run->file->path.c_str()), "line"};
    target.kinds = copy_of(state->kinds);
    target.names = copy_of(state->names);
    target.columns = static_cast<int>(state->kinds.size());
    target.types = run->types;
    target.reads_as_caller = true;
    target.caller_settings = run->call->caller_settings;
    target.where = options.where.empty() ? nullptr : pg::server_text(options.where.c_str());
    target.key = copy_of(state->key);
    target.key_columns = static_cast<int>(state->key.size());
    request.deletes = options.deletes;
    request.watermark = options.watermark.empty() ? nullptr : options.watermark.c_str();
    return request;
}

// Rows of all files are one set, so the files must have the same columns of the table.
void open_sync(CsvSync *work) {
    CsvState *state = work->run->call->state;
    if (work->sync == nullptr) {
        MemoryContextSwitchTo(work->run->call->memory);
        work->sync = pg::open_table_sync(sync_request(work->run));
        call_core([&] {
            state->texts.clear();
            for (const char *name : state->names)
                state->texts.emplace_back(name);
        });
        return;
    }
    call_core([&] {
        if (!std::ranges::equal(state->texts, state->names))
            throw core::Error("22P04", "file \"" + work->run->file->path +
                                           "\" has other columns than the first file");
    });
}

void clear_batch(CsvRun *run) {
    CsvState *state = run->call->state;
    call_core([&] {
        state->converter->clear();
        state->batch->clear();
    });
    MemoryContextReset(run->batch_memory);
}

// False: the rows are in no order.
bool compare_batch(CsvSync *work) {
    CsvRun *run = work->run;
    MemoryContext caller = MemoryContextSwitchTo(run->batch_memory);
    finish_values(run);
    MemoryContextSwitchTo(run->batch_memory);
    const bool is_in_order = pg::add_rows(work->sync, *run->call->state->batch);
    if (is_in_order)
        keep_problems(run);
    MemoryContextSwitchTo(caller);
    clear_batch(run);
    return is_in_order;
}

void finish_file(CsvRun *run) {
    CsvFile *file = run->file;
    call_core([&] { file->statistics = run->call->state->converter->statistics(); });
    // Read once more, it says the same again.
    if (file->finished_at == 0)
        note_statistics(run, file);
    file->finished_at = GetCurrentTimestamp();
    run->read += file->statistics.rows_read;
    run->rejected += file->statistics.rows_rejected;
}

bool compare_file(CsvSync *work) {
    CsvRun *run = work->run;
    open_scan(run->call, *run->file);
    plan_records(run, run->table, run->file);
    open_sync(work);
    start_scan(run->call, *run->file);
    bool is_in_order = true;
    for (bool has_more = true; has_more && is_in_order;) {
        has_more = read_batch(run->call);
        is_in_order = compare_batch(work);
        pg::report_progress(pg::sync_counts(work->sync).compared, run->rejected,
                            run->call->state->scan->stream().bytes_read());
    }
    if (is_in_order)
        finish_file(run);
    close_scan(run->call);
    return is_in_order;
}

bool compare_files(CsvSync *work) {
    for (CsvFile &file : work->run->table->files) {
        work->run->file = &file;
        if (!compare_file(work))
            return false;
    }
    return true;
}

// Once more, in any order.
void restart(CsvSync *work) {
    CsvRun *run = work->run;
    pg::restart_sorted(work->sync);
    pg::forget_rejects(run->rejects, pg::server_text(run->table->display_name.c_str()));
    run->read = run->rejected = 0;
    if (!compare_files(work))
        elog(ERROR, "rows that are sorted have no order");
}

// A record that was rejected may be of a row that is there: nothing can be told missing.
void spare_missing(CsvSync *work) {
    if (work->run->rejected == 0 || !work->run->call->state->options.deletes)
        return;
    pg::keep_missing_rows(work->sync);
    add_sync_note(&work->tables->front(),
                  "nothing was deleted, as rows that could not be read may be those that seem to "
                  "be missing");
}

void collect_notes(CsvSync *work) {
    SyncedTable *synced = &work->tables->front();
    synced->read = work->run->read;
    synced->rejected = work->run->rejected;
    synced->finished_at = GetCurrentTimestamp();
    for (const CsvFile &file : work->run->table->files)
        if (!file.notes.empty())
            add_sync_note(synced, file.notes.c_str());
    if (synced->counts.passed_over > 0)
        add_sync_note(
            synced,
            psprintf(INT64_FORMAT " record%s passed over (option %s)", synced->counts.passed_over,
                     synced->counts.passed_over == 1 ? "" : "s",
                     work->run->call->state->options.watermark.empty() ? "where" : "watermark"));
}

void transfer(void *argument) {
    auto *work = static_cast<CsvSync *>(argument);
    const core::csv::CsvOptions &options = work->run->call->state->options;
    prepare_table(work);
    pg::start_progress(work->run->table->relation);
    if (!compare_files(work))
        restart(work);
    pg::end_progress();
    pg::end_rows(work->sync);
    spare_missing(work);
    MemoryContextSwitchTo(work->run->call->memory);
    apply_to_tables(&work->sync, work->tables, options.delete_limit, options.dry_run);
    check_reject_share(work->run);
    pg::close_table_sync(work->sync);
    collect_notes(work);
}

SyncSource describe_source(const CsvSync *work) {
    const CsvRun *run = work->run;
    int64 size = 0;
    int64 mtime = 0;
    for (const CsvFile &file : run->table->files) {
        size += file.bytes;
        mtime = Max(mtime, file.stamp.mtime_ns);
    }
    return {run->function_name,
            run->call->path,
            pg::server_text(run->table->schema.c_str()),
            size,
            mtime,
            0,
            run->call->options,
            run->call->state->options.dry_run,
            run->started_at};
}

CsvSync begin_sync(CsvCall *call, FunctionCallInfo fcinfo) {
    CsvSync work = {};
    work.run = begin_csv_run(call, "sync_csv");
    work.tables = pg::own<std::vector<SyncedTable>>(
        call->memory, [] { return std::make_unique<std::vector<SyncedTable>>(); });
    work.key = pg::own<std::vector<std::string>>(
        call->memory, [] { return std::make_unique<std::vector<std::string>>(); });
    read_key(fcinfo, work.key);
    if (call->target == nullptr)
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("argument \"target\" must not be null")));
    check_options(call->state->options);
    check_replication_role();
    return work;
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_sync_csv);

PGDLLEXPORT Datum migrate_sync_csv(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.sync_csv()");
    pg::open_result(fcinfo);
    fn::CsvCall *call = fn::begin_csv_call(fcinfo, {1, 3});
    fn::CsvSync work = fn::begin_sync(call, fcinfo);
    if (call->state->options.dry_run)
        pg::run_and_undo(fn::transfer, &work);
    else
        fn::transfer(&work);
    fn::finish_sync(fcinfo, fn::describe_source(&work), *work.tables, work.run->rejects);
    fn::end_csv_call(call);
    return (Datum)0;
}
}
