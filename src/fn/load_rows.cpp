// The rows of one table on their way from the file into the target, batch by batch, every row
// accounted for.
#include "fn/import_run.hpp"

#include "core/error.hpp"
#include "fn/guarded_write.hpp"
#include "pg/error_bridge.hpp"
#include "pg/progress.hpp"

#include <utility>

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using pg::call_core;

void start_reading(ImportRun *run, std::size_t table) {
    SqliteState *state = run->call->state;
    call_core([&] {
        const core::plan::TablePlan &plan = state->plan->tables()[table];
        const std::vector<int> columns = state->plan->source_columns(table);
        run->state->converter =
            std::make_unique<core::RowConverter>(plan.source->name, state->plan->rules(table));
        state->reader = state->source->read(*plan.source, columns);
        state->batch = std::make_unique<core::Batch>(columns.size());
    });
}

void start_table(ImportRun *run, std::size_t table) {
    TableResult &result = run->state->tables[table];
    result.rows_read = result.rows_loaded = result.rows_updated = result.rows_rejected = 0;
    result.rows_repeated = result.rows_skipped = 0;
    result.started_at = GetCurrentTimestamp();
    start_reading(run, table);
}

struct BatchOutcome {
    core::Fetch fetch;
    core::Verdict verdict;
};

BatchOutcome next_batch(ImportRun *run) {
    SqliteState *state = run->call->state;
    return call_core([&] {
        BatchOutcome outcome{state->reader->fetch(*state->batch), core::Verdict::load};
        if (!state->batch->is_empty())
            outcome.verdict = run->state->converter->convert(*state->batch);
        return outcome;
    });
}

void check_reject_limit(ImportRun *run) {
    const core::ImportOptions &options = run->call->state->options;
    if (!options.reject_limit || run->rejected <= *options.reject_limit)
        return;
    ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
                    errmsg("rejected rows exceed the reject limit of " INT64_FORMAT,
                           static_cast<int64>(*options.reject_limit)),
                    errdetail("%s", pg::describe_rejects(run->rejects, 20)),
                    errhint("Raise the option \"reject_limit\", or mend the rows.")));
}

bool has_late_columns(const ImportRun *run, const TableResult &result) {
    const auto table = static_cast<std::size_t>(&result - run->state->tables.data());
    const auto &loads = run->state->strategy.tables;
    return table < loads.size() && !loads[table].late_columns.empty();
}

void keep_rejects(ImportRun *run, TableResult *result) {
    call_core([&] { run->state->rejects = run->state->converter->take_rejects(); });
    if (run->state->rejects.empty())
        return;
    if (has_late_columns(run, *result))
        call_core([&] {
            for (const core::Reject &reject : run->state->rejects)
                result->refused.insert(reject.row_id);
        });
    pg::store_rejects(run->rejects, result->source_name.c_str(), run->state->rejects);
    run->rejected += run->state->converter->rejected() - result->rows_rejected;
    result->rows_rejected = run->state->converter->rejected();
    check_reject_limit(run);
}

void refuse_row(void *argument, std::size_t row, const ErrorData *error) {
    auto *run = static_cast<ImportRun *>(argument);
    const char *code = unpack_sql_state(error->sqlerrcode);
    const char *words = refusal_words(error);
    const char *column = error->column_name != nullptr ? pg::utf8_text(error->column_name) : "";
    call_core([&] {
        const char *lasting = run->state->codes.insert(code).first->c_str();
        run->state->converter->refuse_row(*run->call->state->batch, row, column, lasting, words);
    });
}

// Rows that follow another one of their key.
void pass_over_repeats(ImportRun *run, TableResult *result) {
    core::Batch &batch = *run->call->state->batch;
    if (run->keys == nullptr)
        return;
    for (std::size_t row = 0; row < batch.rows(); row++) {
        if (batch.is_rejected(row) || !pg::is_repeat(run->keys, batch.row_id(row)))
            continue;
        batch.reject_row(row);
        result->rows_repeated++;
        result->rows_skipped++;
    }
}

// Rows that the first pass did not load: another row may have their key.
void pass_over_refused(ImportRun *run, const TableResult &result) {
    core::Batch &batch = *run->call->state->batch;
    call_core([&] {
        (void)run->state->converter->take_rejects();
        for (std::size_t row = 0; row < batch.rows(); row++)
            if (result.refused.contains(batch.row_id(row)))
                batch.reject_row(row);
    });
}

void add_written(const ImportRun *run, TableResult *result, const pg::Written &written) {
    if (!run->call->state->options.fills_existing()) {
        // What a trigger or rule swallowed counts as handed over: counting the table finds it
        // missing.
        result->rows_loaded += written.inserted + written.updated + written.skipped;
        return;
    }
    result->rows_loaded += written.inserted;
    result->rows_updated += written.updated;
    result->rows_skipped += written.skipped;
}

void write_rows(ImportRun *run, pg::Writer *writer, TableResult *result, bool is_guarded) {
    core::Batch &batch = *run->call->state->batch;
    if (!is_guarded)
        return add_written(run, result, writer->write(batch, 0, batch.rows()));
    GuardedWrite task = {writer, &batch, refuse_row, run, {}, false};
    write_guarded(&task, 0, batch.rows());
    run->has_undone |= task.has_undone;
    add_written(run, result, task.written);
    keep_rejects(run, result);
}

// Columns whose parents come later are NULL at first.
void clear_late_columns(ImportRun *run, std::size_t table) {
    core::Batch &batch = *run->call->state->batch;
    if (run->state->strategy.tables.empty())
        return;
    for (const std::size_t column : run->state->strategy.tables[table].late_columns)
        for (std::size_t row = 0; row < batch.rows(); row++)
            batch.row(row)[column].set_null();
}

void write_batch(ImportRun *run, pg::Writer *writer, std::size_t table, bool is_guarded) {
    TableResult *result = &run->state->tables[table];
    finish_values(run, *result);
    keep_rejects(run, result);
    pass_over_repeats(run, result);
    clear_late_columns(run, table);
    MemoryContext caller = MemoryContextSwitchTo(run->batch_memory);
    write_rows(run, writer, result, is_guarded);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(run->batch_memory);
}

// A subtransaction that was undone ended the progress report too.
void report_batch(ImportRun *run, const TableResult &result, int64 bytes) {
    if (run->has_undone)
        pg::start_progress(result.relation);
    run->has_undone = false;
    pg::report_progress(result.rows_loaded, result.rows_rejected, bytes);
}

void finish_table(ImportRun *run, std::size_t table) {
    TableResult &result = run->state->tables[table];
    // The identity of row accounting: a row is loaded, updated, rejected or skipped for a reason
    // that is counted, or this is a defect of ours.
    const int64 accounted =
        result.rows_loaded + result.rows_updated + result.rows_rejected + result.rows_skipped;
    if (result.rows_read != accounted)
        elog(ERROR, "table \"%s\": " INT64_FORMAT " rows read, " INT64_FORMAT " accounted for",
             result.source_name.c_str(), result.rows_read, accounted);
    call_core([&] {
        result.statistics = run->state->converter->statistics();
        run->call->state->plan->set_loaded(table, result.rows_read, result.statistics);
        run->call->state->reader.reset();
    });
    result.is_loaded = true;
    result.finished_at = GetCurrentTimestamp();
    ereport(NOTICE,
            (errmsg("table %s: " INT64_FORMAT " %s", pg::server_text(result.display_name.c_str()),
                    result.rows_loaded, result.rows_loaded == 1 ? "row" : "rows")));
}

} // namespace

bool load_rows(ImportRun *run, std::size_t table, const pg::WriterTarget &target) {
    TableResult *result = &run->state->tables[table];
    start_table(run, table);
    pg::start_progress(result->relation);
    pg::Writer *writer = pg::open_writer(target);
    int64 bytes = 0;
    BatchOutcome outcome = {core::Fetch::rows, core::Verdict::load};
    while (outcome.verdict == core::Verdict::load) {
        CHECK_FOR_INTERRUPTS();
        outcome = next_batch(run);
        if (outcome.fetch == core::Fetch::end)
            break;
        result->rows_read += static_cast<int64>(run->call->state->batch->rows());
        if (outcome.verdict == core::Verdict::misfit || run->call->state->batch->is_empty())
            continue;
        write_batch(run, writer, table, target.is_guarded);
        bytes += static_cast<int64>(run->call->state->batch->bytes());
        report_batch(run, *result, bytes);
    }
    add_written(run, result, writer->close());
    pg::end_progress();
    if (outcome.verdict == core::Verdict::misfit)
        return false;
    finish_table(run, table);
    return true;
}

void find_repeated_keys(ImportRun *run, std::size_t table, const pg::WriterTarget &target) {
    SqliteState *state = run->call->state;
    start_reading(run, table);
    run->keys = pg::open_key_store(target);
    for (;;) {
        CHECK_FOR_INTERRUPTS();
        const BatchOutcome outcome = next_batch(run);
        if (outcome.fetch == core::Fetch::end)
            break;
        finish_values(run, run->state->tables[table]);
        pg::store_keys(run->keys, *state->batch);
        call_core([&] { (void)run->state->converter->take_rejects(); });
    }
    pg::find_repeats(run->keys, target.on_conflict == pg::Conflict::update);
}

bool visit_rows(ImportRun *run, std::size_t table, bool (*take)(void *), void *argument) {
    TableResult *result = &run->state->tables[table];
    start_table(run, table);
    for (;;) {
        CHECK_FOR_INTERRUPTS();
        const BatchOutcome outcome = next_batch(run);
        if (outcome.fetch == core::Fetch::end)
            break;
        result->rows_read += static_cast<int64>(run->call->state->batch->rows());
        finish_values(run, *result);
        keep_rejects(run, result);
        if (!take(argument))
            return false;
    }
    call_core([&] {
        result->statistics = run->state->converter->statistics();
        run->call->state->reader.reset();
    });
    return true;
}

void fill_late_columns(ImportRun *run, std::size_t table, const pg::WriterTarget &target) {
    SqliteState *state = run->call->state;
    start_reading(run, table);
    pg::Writer *writer = pg::open_writer(target);
    for (;;) {
        CHECK_FOR_INTERRUPTS();
        const BatchOutcome outcome = next_batch(run);
        if (outcome.fetch == core::Fetch::end)
            break;
        finish_values(run, run->state->tables[table]);
        pass_over_refused(run, run->state->tables[table]);
        (void)writer->write(*state->batch, 0, state->batch->rows());
    }
    (void)writer->close();
    call_core([&] { state->reader.reset(); });
}

} // namespace migrate::fn
