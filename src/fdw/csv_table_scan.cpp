#include "fdw/csv_table_scan.hpp"

#include "core/csv/misfit_reason.hpp"
#include "core/csv/record_problem.hpp"
#include "fdw/csv_loss.hpp"
#include "fdw/csv_parallel.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/permissions.hpp"

#include <utility>

#include "pg/postgres.hpp"

extern "C" {
#include "access/xact.h"
#include "mb/pg_wchar.h"
}

namespace migrate::fdw {
namespace {

using core::csv::RecordConverter;
using core::csv::SettledFile;
using core::csv::TableColumn;
using pg::call_core;

const TableColumn &column_at(const CsvTableScan *scan, int i) {
    return scan->table->state->columns.columns[static_cast<std::size_t>(scan->places[i])];
}

// --- what is read -------------------------------------------------------------------------------

// Rows are left out by all their values, as an import leaves them out.
bool reads_column(const CsvTableScan *scan, int place, List *attributes) {
    return list_member_int(attributes, scan->table->attributes[place]) ||
           scan->table->state->options.on_error == core::csv::OnError::ignore;
}

void choose_columns(CsvTableScan *scan, List *attributes) {
    scan->places = static_cast<int *>(palloc(sizeof(int) * (scan->table->count + 1)));
    for (int i = 0; i < scan->table->count; i++)
        if (reads_column(scan, i, attributes))
            scan->places[scan->count++] = i;
}

void prepare_datums(CsvTableScan *scan) {
    const int count = scan->count;
    auto *kinds = static_cast<core::TypeKind *>(palloc(sizeof(core::TypeKind) * (count + 1)));
    auto *names = static_cast<const char **>(palloc(sizeof(char *) * (count + 1)));
    auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * (count + 1)));
    auto *inputs = static_cast<pg::InputColumn *>(palloc0(sizeof(pg::InputColumn) * (count + 1)));
    for (int i = 0; i < count; i++) {
        Form_pg_attribute attribute =
            TupleDescAttr(scan->table->descriptor, scan->table->attributes[scan->places[i]] - 1);
        kinds[i] = column_at(scan, i).type.kind;
        names[i] = pg::utf8_text(NameStr(attribute->attname));
        types[i] = attribute->atttypid;
        pg::init_input_column(&inputs[i], kinds[i], attribute->atttypid, attribute->atttypmod);
    }
    scan->kinds = kinds;
    scan->input.columns = inputs;
    scan->input.kinds = kinds;
    scan->columns = pg::make_datum_columns(scan->table->descriptor, kinds, names, count, types);
}

// --- a file -------------------------------------------------------------------------------------

core::csv::Unit unit_of(core::csv::Charset charset) {
    using core::csv::Charset;
    using core::csv::Unit;
    if (charset == Charset::utf16_le)
        return Unit::utf16_le;
    return charset == Charset::utf16_be ? Unit::utf16_be : Unit::byte;
}

core::csv::RecordPlan record_plan(const CsvTableScan *scan, const SettledFile &file) {
    const CsvTableState &table = *scan->table->state;
    core::csv::RecordPlan plan;
    plan.file_name = file.path;
    plan.width = static_cast<std::size_t>(file.width);
    plan.ragged = table.options.ragged;
    plan.has_ragged = table.options.has_ragged;
    plan.trim = table.options.trim;
    plan.on_error = table.options.on_error;
    plan.newline = file.dialect.newline;
    plan.unit = unit_of(file.guess.encoding.charset);
    for (int i = 0; i < scan->count; i++) {
        const auto place = static_cast<std::size_t>(scan->places[i]);
        const TableColumn &column = table.columns.columns[place];
        plan.columns.push_back(core::csv::plan_column(column, file.fields[place],
                                                      file.formats[place], table.options,
                                                      file.dialect, scan->server));
        plan.columns.back().rule.name = table.own_names[place];
    }
    return plan;
}

void plan_file(CsvTableScan *scan, const SettledFile &file) {
    CsvScanState *state = scan->state;
    count_csv_file(scan);
    call_core(
        [&] { state->converter = std::make_unique<RecordConverter>(record_plan(scan, file)); });
    scan->input.converter = state->converter.get();
}

// Goes to the next file, or part of one, that has records; false when there is none.
bool open_next(CsvTableScan *scan) {
    if (scan->shared != nullptr)
        return open_next_part(scan);
    if (scan->state->settled.empty()) {
        list_files(scan->table);
        call_core([&] { scan->state->settled.resize(scan->table->state->files.size()); });
    }
    if (scan->file + 1 >= static_cast<int>(scan->state->settled.size()))
        return false;
    begin_csv_file(scan, scan->file + 1);
    start_csv_file(scan);
    return true;
}

// --- batches ------------------------------------------------------------------------------------

enum class Taken { full, starved, end };

// An error is told when the rows before it were given out: a query that wants no more never hears
// of it.
void keep_error(CsvScanState *state, const core::Error &error) {
    state->batch->drop_last_row();
    if (state->batch->is_empty())
        throw error;
    state->late_error.emplace(error);
}

Taken take_records(CsvTableScan *scan) {
    CsvScanState *state = scan->state;
    return call_core([&] {
        while (state->scan->next(state->record)) {
            if (state->record.byte_offset >= scan->end)
                return Taken::end;
            try {
                state->converter->add(state->record, *state->batch);
            } catch (const core::Error &error) {
                keep_error(state, error);
                return Taken::full;
            }
            if (state->batch->is_full())
                return Taken::full;
        }
        return Taken::starved;
    });
}

// Records of the open file; false after the last.
bool read_batch(CsvTableScan *scan) {
    for (;;) {
        const Taken taken = take_records(scan);
        if (taken != Taken::starved)
            return taken == Taken::full;
        if (!pg::pull_block(&scan->pull))
            return false;
    }
}

void convert_batch(CsvTableScan *scan) {
#if PG_VERSION_NUM < 170000
    if (scan->keeps_going && IsInParallelMode() && !scan->state->converter->pending().empty())
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("cannot leave out rows of foreign table \"%s\" in a parallel query",
                               pg::server_text(scan->table->state->name.c_str())),
                        errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
#endif
    MemoryContext caller = MemoryContextSwitchTo(scan->batch_memory);
    if (scan->keeps_going)
        pg::finish_csv_batch(&scan->input);
    else
        pg::convert_csv_batch(&scan->input);
    MemoryContextSwitchTo(caller);
    check_csv_limit(scan);
}

void clear_batch(CsvTableScan *scan) {
    CsvScanState *state = scan->state;
    MemoryContextReset(scan->batch_memory);
    call_core([&] {
        state->batch->clear();
        if (state->converter != nullptr) {
            state->converter->clear();
            (void)state->converter->take_problems();
        }
    });
    scan->batch_rows = 0;
    scan->position = -1;
    scan->pending = 0;
}

// Fills the batch; false when there is no more.
bool fetch_batch(CsvTableScan *scan) {
    clear_batch(scan);
    while (scan->batch_rows == 0) {
        if (!scan->is_open && !open_next(scan))
            return false;
        scan->is_open = read_batch(scan);
        if (!scan->is_open && scan->shared == nullptr)
            close_csv_file(scan);
        scan->batch_rows = static_cast<int64>(scan->state->batch->rows());
        convert_batch(scan);
    }
    return true;
}

// --- rows ---------------------------------------------------------------------------------------

// An error of an input function names the place in the file.
void describe_place(void *argument) {
    auto *scan = static_cast<CsvTableScan *>(argument);
    if (scan->failing_column < 0)
        return;
    CsvScanState *state = scan->state;
    const auto row = static_cast<std::size_t>(scan->position);
    call_core([&] {
        const auto column = static_cast<std::size_t>(scan->failing_column);
        const core::Cell &cell = state->batch->row(row)[column];
        const auto &plan = state->converter->plan();
        const bool is_text = cell.storage == core::StorageClass::text;
        state->text = core::csv::place_words(
            plan.file_name, state->converter->source(row), plan.columns[column].rule.name,
            is_text ? core::csv::shown_value({cell.bytes, cell.size}) : std::string());
    });
    errcontext("%s", pg::server_text(state->text.c_str()));
}

void read_pending_cells(CsvTableScan *scan) {
    const auto &pending = scan->state->converter->pending();
    const auto row = static_cast<std::size_t>(scan->position);
    for (; scan->pending < pending.size() && pending[scan->pending].row <= row; scan->pending++) {
        scan->failing_column = static_cast<int>(pending[scan->pending].column);
        if (pending[scan->pending].row == row)
            pg::read_pending(&scan->input, pending[scan->pending]);
    }
}

void make_values(CsvTableScan *scan, Datum *values, bool *nulls) {
    ErrorContextCallback callback;
    callback.callback = describe_place;
    callback.arg = scan;
    callback.previous = error_context_stack;
    error_context_stack = &callback;
    if (!scan->keeps_going)
        read_pending_cells(scan);
    const core::Cell *cells = scan->state->batch->row(static_cast<std::size_t>(scan->position));
    for (int i = 0; i < scan->count; i++) {
        const pg::DatumColumn &column = scan->columns[i];
        scan->failing_column = i;
        values[column.attribute] = pg::nullable_datum(cells[i], column, &nulls[column.attribute]);
    }
    scan->failing_column = -1;
    error_context_stack = callback.previous;
}

bool finish_scan(CsvTableScan *scan) {
    count_csv_file(scan);
    check_csv_share(scan);
    scan->is_at_end = true;
    return false;
}

// For a sample of the rows that can be read.
void pass_over_errors(core::csv::CsvOptions *options) {
    call_core([&] {
        options->on_error = core::csv::OnError::ignore;
        options->has_ragged = false;
        options->reject_limit = {};
    });
}

} // namespace

CsvTableScan *open_csv_scan(MemoryContext context, Oid relation, List *attributes,
                            CsvPurpose purpose) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    auto *scan = static_cast<CsvTableScan *>(palloc0(sizeof(CsvTableScan)));
    scan->memory = context;
    scan->failing_column = scan->file = -1;
    scan->position = -1;
    scan->end = PG_INT64_MAX;
    scan->os_user = pg::os_user_name();
    scan->server = {GetDatabaseEncoding() == PG_UTF8, GetDatabaseEncoding() != PG_SQL_ASCII};
    scan->table = open_csv_table(context, relation);
    if (purpose == CsvPurpose::sample)
        pass_over_errors(&scan->table->state->options);
    scan->keeps_going = keeps_going(scan->table->state->options);
    scan->state = pg::own<CsvScanState>(context, [] { return std::make_unique<CsvScanState>(); });
    scan->batch_memory =
        AllocSetContextCreate(context, "migrate csv batch", ALLOCSET_DEFAULT_SIZES);
    choose_columns(scan, attributes);
    prepare_datums(scan);
    call_core([&] {
        scan->state->batch = std::make_unique<core::Batch>(static_cast<std::size_t>(scan->count));
    });
    scan->input.batch = scan->state->batch.get();
    scan->input.codes = &scan->state->codes;
    scan->input.zone = session_timezone;
    MemoryContextSwitchTo(caller);
    return scan;
}

const SettledFile *begin_csv_file(CsvTableScan *scan, int file) {
    if (scan->file != file || scan->state->scan == nullptr) {
        close_csv_file(scan);
        const SettledFile *settled = open_csv_file(scan, file);
        plan_file(scan, *settled);
    }
    scan->end = PG_INT64_MAX;
    return &*scan->state->settled[static_cast<std::size_t>(file)];
}

bool next_csv_row(CsvTableScan *scan, Datum *values, bool *nulls) {
    if (scan->is_at_end)
        return false;
    for (;;) {
        if (++scan->position >= scan->batch_rows) {
            if (scan->state->late_error)
                call_core([&] { throw *scan->state->late_error; });
            if (!fetch_batch(scan))
                return finish_scan(scan);
            scan->position = 0;
        }
        if (scan->state->batch->is_rejected(static_cast<std::size_t>(scan->position)))
            continue;
        make_values(scan, values, nulls);
        return true;
    }
}

void restart_csv_scan(CsvTableScan *scan) {
    CsvScanState *state = scan->state;
    call_core([&] {
        state->scan.reset();
        state->converter.reset();
        state->late_error.reset();
    });
    clear_batch(scan);
    scan->file = -1;
    scan->is_open = scan->is_at_end = false;
    scan->read = 0;
    scan->loss = {0, 0};
}

void close_csv_scan(CsvTableScan *scan) {
    call_core([&] { scan->state->scan.reset(); });
}

} // namespace migrate::fdw
