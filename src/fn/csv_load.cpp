// Makes the tables and fills them, batch by batch, every record accounted for.
#include "fn/csv_run.hpp"

#include "core/error.hpp"
#include "fn/guarded_write.hpp"
#include "pg/cell_datum.hpp"
#include "pg/error_bridge.hpp"
#include "pg/progress.hpp"
#include "pg/shard_constraints.hpp"
#include "pg/sql.hpp"
#include "pg/target_schema.hpp"

#include <algorithm>

#include "pg/postgres.hpp"

extern "C" {
#include "access/detoast.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "utils/memutils.h"
}

namespace migrate::fn {
namespace {

using core::csv::OnError;
using core::plan::Phase;
using pg::call_core;

// --- the table ----------------------------------------------------------------------------------

void make_schema(CsvRun *run, const CsvTable &table) {
    CsvState *state = run->call->state;
    const char *schema = pg::server_text(table.schema.c_str());
    pg::lock_target_schema(schema);
    if (OidIsValid(pg::find_schema(schema)))
        return;
    const char *quoted = quote_identifier(schema);
    const char *owner = state->options.owner.empty()
                            ? nullptr
                            : quote_identifier(pg::server_text(state->options.owner.c_str()));
    pg::run_utility(owner == nullptr
                        ? psprintf("CREATE SCHEMA %s", quoted)
                        : psprintf("CREATE SCHEMA %s AUTHORIZATION %s", quoted, owner));
}

} // namespace

void make_table(CsvRun *run, CsvTable *table) {
    make_schema(run, *table);
    call_core([&] {
        table->statements = core::csv::create_statements(table->schema, table->name, table->columns,
                                                         run->call->state->options.key);
    });
    for (std::size_t i = 0; i < table->statements.size(); i++)
        pg::run_definition(table->statements[i].c_str(), i == 0 ? Phase::table : Phase::comment);
    Oid schema = pg::find_schema(pg::server_text(table->schema.c_str()));
    table->relation = pg::find_relation(schema, table->name.c_str());
    if (!OidIsValid(table->relation))
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("table \"%s\" was not created",
                               pg::server_text(table->display_name.c_str())),
                        errhint("An event trigger may have dropped or renamed it.")));
}

namespace {

// A new table has no constraint but what an event trigger gave it; its rows fit a page as long as
// pointers to their long values do.
bool takes_any_row(Oid relation) {
    constexpr Size kPointer = TOAST_POINTER_SIZE;
    Relation opened = table_open(relation, AccessShareLock);
    TupleDesc columns = RelationGetDescr(opened);
    Size size = MAXALIGN(SizeofHeapTupleHeader + BITMAPLEN(columns->natts));
    for (int i = 0; i < columns->natts; i++) {
        const int16 length = TupleDescAttr(columns, i)->attlen;
        size += MAXALIGN(length > 0 ? static_cast<Size>(length) : kPointer);
    }
    const bool has_constraints = columns->constr != nullptr;
    table_close(opened, AccessShareLock);
    return size <= MaxHeapTupleSize && !has_constraints;
}

void prepare_table(CsvRun *run, CsvTable *table) {
    if (table->replacement != nullptr)
        pg::drop_replaced(table->replacement);
    if (!OidIsValid(table->relation)) {
        make_table(run, table);
        table->is_created = true;
        table->takes_any_row = takes_any_row(table->relation);
    } else if (table->is_emptied) {
        pg::run_utility(psprintf("TRUNCATE %s", pg::server_text(table->display_name.c_str())));
    }
}

// What only the finished table gets.
void finish_table(CsvRun *run, const CsvTable &table) {
    const core::csv::CsvOptions &options = run->call->state->options;
    if (table.replacement != nullptr)
        pg::carry_over(table.replacement);
    if (table.is_created && !options.owner.empty())
        pg::run_utility(psprintf("ALTER TABLE %s OWNER TO %s",
                                 pg::server_text(table.display_name.c_str()),
                                 quote_identifier(pg::server_text(options.owner.c_str()))));
}

// --- the writer ---------------------------------------------------------------------------------

// Only where rows may fail one by one.
bool is_guarded(const CsvRun *run) {
    const core::csv::CsvOptions &options = run->call->state->options;
    const bool keeps_going =
        options.on_error == OnError::ignore || options.on_error == OnError::reject;
    const bool is_plain = run->table->takes_any_row && options.key.empty() && options.where.empty();
    return (keeps_going || run->is_check) && !is_plain;
}

template <typename T>
T *copy_of(const std::vector<T> &values) {
    auto *copy = static_cast<T *>(palloc(sizeof(T) * (values.size() + 1)));
    for (std::size_t i = 0; i < values.size(); i++)
        copy[i] = values[i];
    return copy;
}

// Where the rows of the file go. The lists are copies: the writer of a new table outlives the plan
// of a file.
pg::WriterTarget writer_target(CsvRun *run) {
    CsvState *state = run->call->state;
    const core::csv::CsvOptions &options = state->options;
    call_core([&] {
        state->key.clear();
        for (const std::string &column : options.key)
            state->key.push_back(column.c_str());
    });
    pg::WriterTarget target = {};
    target.relation = run->table->relation;
    target.origin = {"CSV file", pg::server_text(run->file->path.c_str()), "line"};
    target.kinds = copy_of(state->kinds);
    target.names = copy_of(state->names);
    target.columns = static_cast<int>(state->kinds.size());
    target.types = run->types;
    target.reads_as_caller = true;
    target.may_freeze = true;
    target.caller_settings = run->call->caller_settings;
    target.is_created = run->table->is_created;
    target.is_guarded = is_guarded(run);
    target.where = options.where.empty() ? nullptr : pg::server_text(options.where.c_str());
    target.on_conflict = static_cast<pg::Conflict>(options.on_conflict);
    target.key = copy_of(state->key);
    target.key_columns = static_cast<int>(state->key.size());
    return target;
}

// A new table has one writer for all its files. An existing one has a writer for each, as files may
// fill different columns.
void begin_writing(CsvRun *run) {
    if (!run->is_written)
        return;
    if (run->writer == nullptr)
        run->writer = pg::open_writer(writer_target(run));
    else
        run->writer->set_origin({"CSV file", pg::server_text(run->file->path.c_str()), "line"});
}

void close_writer(CsvRun *run) {
    if (run->writer != nullptr)
        run->writer->close();
    run->writer = nullptr;
}

void add_written(CsvFile *file, const pg::Written &written) {
    file->inserted += written.inserted;
    file->updated += written.updated;
    file->not_written += written.skipped;
}

void refuse_row(void *argument, std::size_t row, const ErrorData *error) {
    CsvState *state = static_cast<CsvRun *>(argument)->call->state;
    const char *code = unpack_sql_state(error->sqlerrcode);
    const char *words = refusal_words(error);
    const char *column = error->column_name != nullptr ? pg::utf8_text(error->column_name) : "";
    call_core([&] {
        const char *lasting = state->codes.insert(code).first->c_str();
        state->converter->refuse_row(*state->batch, row, column, lasting, words);
    });
}

void write_batch(CsvRun *run) {
    core::Batch *batch = run->call->state->batch.get();
    if (batch->is_empty() || run->writer == nullptr)
        return;
    if (!is_guarded(run))
        return add_written(run->file, run->writer->write(*batch, 0, batch->rows()));
    GuardedWrite task = {run->writer, batch, refuse_row, run, {}, false};
    write_guarded(&task, 0, batch->rows());
    run->has_undone |= task.has_undone;
    add_written(run->file, task.written);
}

// --- keys that come more than once in a file ----------------------------------------------------

void find_repeated_keys(CsvRun *run) {
    CsvState *state = run->call->state;
    run->keys = nullptr;
    if (state->options.on_conflict == core::csv::OnConflict::error ||
        !OidIsValid(run->table->relation))
        return;
    plan_records(run, run->table, run->file);
    run->keys = pg::open_key_store(writer_target(run));
    start_scan(run->call, *run->file);
    for (bool has_more = true; has_more;) {
        has_more = read_batch(run->call);
        finish_values(run);
        pg::store_keys(run->keys, *state->batch);
        call_core([&] {
            (void)state->converter->take_problems();
            state->converter->clear();
            state->batch->clear();
        });
        MemoryContextReset(run->batch_memory);
    }
    pg::find_repeats(run->keys, state->options.on_conflict == core::csv::OnConflict::update);
}

void pass_over_repeats(CsvRun *run) {
    core::Batch &batch = *run->call->state->batch;
    if (run->keys == nullptr)
        return;
    for (std::size_t row = 0; row < batch.rows(); row++) {
        if (!pg::is_repeat(run->keys, batch.row_id(row)) || batch.is_rejected(row))
            continue;
        batch.reject_row(row);
        run->file->duplicates++;
    }
}

// --- the file -----------------------------------------------------------------------------------

void load_batch(CsvRun *run) {
    CsvState *state = run->call->state;
    MemoryContext caller = MemoryContextSwitchTo(run->batch_memory);
    finish_values(run);
    MemoryContextSwitchTo(run->batch_memory);
    pass_over_repeats(run);
    MemoryContextSwitchTo(run->batch_memory);
    write_batch(run);
    MemoryContextSwitchTo(run->batch_memory);
    keep_problems(run);
    call_core([&] {
        state->converter->clear();
        state->batch->clear();
    });
    MemoryContextSwitchTo(caller);
    MemoryContextReset(run->batch_memory);
}

// A subtransaction that was undone ended the progress report too.
void report_batch(CsvRun *run) {
    const CsvState *state = run->call->state;
    if (run->has_undone)
        pg::start_progress(run->table->relation);
    run->has_undone = false;
    pg::report_progress(run->file->inserted, state->converter->statistics().rows_rejected,
                        state->scan != nullptr ? state->scan->stream().bytes_read() : 0);
}

// The identity of row accounting: a record is loaded, rejected or passed over for a reason that is
// counted, or this is a defect of ours.
void check_account(const CsvRun *run) {
    const CsvFile &file = *run->file;
    const core::csv::FileStatistics &counts = file.statistics;
    const int64 accounted = file.inserted + file.updated + counts.rows_rejected + file.not_written +
                            file.duplicates + counts.blank_lines.count;
    if (counts.rows_read != accounted && run->is_written)
        elog(ERROR, "file \"%s\": " INT64_FORMAT " records read, " INT64_FORMAT " accounted for",
             file.path.c_str(), counts.rows_read, accounted);
}

void finish_file(CsvRun *run) {
    CsvState *state = run->call->state;
    CsvFile *file = run->file;
    call_core([&] { file->statistics = state->converter->statistics(); });
    check_account(run);
    note_statistics(run, file);
    run->read += file->statistics.rows_read;
    run->rejected += file->statistics.rows_rejected;
    file->finished_at = GetCurrentTimestamp();
    if (run->keys != nullptr)
        pg::close_key_store(run->keys);
}

void load_file(CsvRun *run) {
    open_scan(run->call, *run->file);
    find_repeated_keys(run);
    plan_records(run, run->table, run->file);
    begin_writing(run);
    start_scan(run->call, *run->file);
    pg::start_progress(run->table->relation);
    for (bool has_more = true; has_more;) {
        has_more = read_batch(run->call);
        load_batch(run);
        report_batch(run);
    }
    if (!run->table->is_created)
        close_writer(run);
    pg::end_progress();
    close_scan(run->call);
    finish_file(run);
}

} // namespace

void load_table_files(CsvRun *run, CsvTable *table) {
    run->table = table;
    for (CsvFile &file : table->files) {
        file.started_at = file.finished_at = GetCurrentTimestamp();
        run->file = &file;
        if (file.loaded_by == 0)
            load_file(run);
    }
    close_writer(run);
    if (run->is_written && !table->is_created)
        pg::check_shard_constraints(&table->relation, 1);
}

void load_files(CsvRun *run) {
    for (CsvTable &table : run->call->state->tables) {
        if (!run->is_check)
            prepare_table(run, &table);
        load_table_files(run, &table);
        if (!run->is_check)
            finish_table(run, table);
    }
    check_reject_share(run);
}

} // namespace migrate::fn
