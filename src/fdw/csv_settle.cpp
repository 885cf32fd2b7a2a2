// How a file of a foreign table is read: what the options leave open is found out when the scan
// gets to the file, as import_csv finds it.
#include "fdw/csv_table_scan.hpp"

#include "core/csv/column_plan.hpp"
#include "core/import_options.hpp"
#include "pg/error_bridge.hpp"

#include <algorithm>
#include <string_view>

#include "pg/postgres.hpp"

namespace migrate::fdw {
namespace {

using core::csv::FileMatch;
using core::csv::SettledFile;
using core::csv::TableColumns;
using pg::call_core;

constexpr char kColumnNameNotFound[] = "HV005";

void open_file(CsvTableScan *scan, int file) {
    CsvScanState *state = scan->state;
    const core::csv::CsvOptions &options = scan->table->state->options;
    call_core([&] {
        state->look.reset();
        core::csv::ScanOptions how;
        how.stream.compression = options.compression;
        how.stream.os_user = scan->os_user;
        how.encoding = options.encoding;
        const auto place = static_cast<std::size_t>(file);
        if (state->settled[place])
            how.found = state->settled[place]->guess;
        state->scan = std::make_unique<core::csv::Scan>(scan->table->state->files[place], how);
    });
    scan->file = file;
    scan->pull.scan = state->scan.get();
    scan->pull.memory = scan->memory;
    pg::find_conversion(&scan->pull);
}

[[noreturn]] void fail_no_column(const CsvScanState &state, const std::string &name) {
    std::vector<std::string_view> names(state.survey.header.begin(), state.survey.header.end());
    const std::string nearest = core::nearest_name(name, names);
    throw core::Error(kColumnNameNotFound, "file \"" +
                                               core::csv::shown_path(state.scan->stream().path()) +
                                               "\" has no column \"" + name + "\"")
        .with_hint(nearest.empty() ? "Set the option \"union_by_name\" to true to read the columns "
                                     "that a file lacks as NULL."
                                   : "Perhaps you meant the column \"" + nearest + "\".");
}

// A column that is read and that the file does not have is a mistake, unless the options speak of
// files with different columns.
void check_columns(const CsvTableScan *scan) {
    const CsvTableState &table = *scan->table->state;
    const CsvScanState &state = *scan->state;
    if (state.survey.width == 0 || table.options.union_by_name)
        return;
    for (int i = 0; i < scan->count; i++) {
        const auto place = static_cast<std::size_t>(scan->places[i]);
        const core::csv::TableColumn &column = table.columns.columns[place];
        if (column.origin == core::csv::ColumnOrigin::field && !column.is_generated &&
            state.match.fields[place] < 0)
            fail_no_column(state, column.name);
    }
}

// The columns that are read, and whose values the sample shows in another form than the plain one.
TableColumns columns_to_look_at(const CsvTableScan *scan) {
    const CsvScanState &state = *scan->state;
    TableColumns columns =
        core::csv::columns_to_look_at(scan->table->state->columns, state.survey, state.match);
    for (std::size_t i = 0; i < columns.columns.size(); i++)
        if (std::find(scan->places, scan->places + scan->count, static_cast<int>(i)) ==
            scan->places + scan->count)
            columns.columns[i].is_given = true;
    return columns;
}

// By all records of the file, as the import does it.
void find_formats(CsvTableScan *scan, SettledFile *settled) {
    CsvScanState *state = scan->state;
    const CsvTableState &table = *scan->table->state;
    const bool is_utf8 = scan->server.is_utf8;
    call_core([&] {
        state->inference = std::make_unique<core::csv::TableInference>(
            columns_to_look_at(scan), table.options, settled->dialect, is_utf8);
        state->inference->begin_file(settled->fields, static_cast<std::size_t>(settled->width));
    });
    if (!state->inference->is_needed())
        return;
    start_csv_file(scan);
    do
        call_core([&] {
            while (state->scan->next(state->record))
                state->inference->add(state->record);
        });
    while (pg::pull_block(&scan->pull));
    call_core([&] {
        settled->formats = core::csv::formats_of(state->inference->findings());
        state->inference.reset();
    });
}

void settle_file(CsvTableScan *scan) {
    CsvScanState *state = scan->state;
    const CsvTableState &table = *scan->table->state;
    pg::pull_survey(&scan->pull, table.options, table.field_names, &state->text, &state->survey,
                    &state->notes);
    SettledFile *settled = call_core([&] {
        state->match = core::csv::match_file(table.columns, state->survey, table.options,
                                             table.name, state->scan->stream().path());
        check_columns(scan);
        return &state->settled[static_cast<std::size_t>(scan->file)].emplace(
            core::csv::settle(*state->scan, state->survey, state->match));
    });
    find_formats(scan, settled);
}

} // namespace

const SettledFile *open_csv_file(CsvTableScan *scan, int file) {
    CsvScanState *state = scan->state;
    open_file(scan, file);
    const auto place = static_cast<std::size_t>(file);
    if (!state->settled[place])
        settle_file(scan);
    const SettledFile *settled = &*state->settled[place];
    call_core([&] {
        if (state->scan->stream().stamp() != settled->stamp)
            state->scan->stream().fail_changed();
    });
    return settled;
}

void start_csv_file(CsvTableScan *scan) {
    CsvScanState *state = scan->state;
    const SettledFile &settled = *state->settled[static_cast<std::size_t>(scan->file)];
    call_core([&] { state->scan->start(settled.dialect, settled.skip_lines); });
    for (int64 i = 0; i < settled.header_records; i++)
        while (!call_core([&] { return state->scan->next(state->record); }))
            if (!pg::pull_block(&scan->pull))
                return;
}

void close_csv_file(CsvTableScan *scan) {
    CsvScanState *state = scan->state;
    call_core([&] {
        if (state->scan != nullptr)
            state->scan->finish();
        state->scan.reset();
    });
}

} // namespace migrate::fdw
