// The first pass over the files of a table that is to be made: every value has its say in the
// types.
#include "fn/csv_call.hpp"

#include "core/csv/column_plan.hpp"
#include "pg/error_bridge.hpp"

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using pg::call_core;

void read_file(CsvCall *call, const CsvFile &file) {
    CsvState *state = call->state;
    open_scan(call, file);
    start_scan(call, file);
    call_core([&] { state->inference->begin_file(file.match.fields, file.survey.width); });
    while (read_record(call))
        call_core([&] {
            do
                state->inference->add(state->record);
            while (state->scan->next(state->record));
        });
    close_scan(call);
}

void begin_inference(CsvCall *call, const CsvTable &table, const core::csv::TableColumns &columns) {
    CsvState *state = call->state;
    const core::csv::Dialect &dialect = table.files.front().survey.found.dialect;
    state->inference = std::make_unique<core::csv::TableInference>(columns, state->options, dialect,
                                                                   call->is_utf8_server);
}

// The types of the columns that are to be made.
void infer_columns(CsvCall *call, CsvTable *table) {
    CsvState *state = call->state;
    call_core([&] { begin_inference(call, *table, table->columns); });
    if (state->inference->is_needed())
        for (const CsvFile &file : table->files)
            read_file(call, file);
    call_core([&] {
        table->records = state->inference->records();
        table->findings = state->inference->findings();
        core::csv::set_types(table->columns, table->findings);
    });
}

// How a file writes the values of columns whose types are given: by all of its records, where the
// sample shows that it is not the plain form.
void find_formats(CsvCall *call, const CsvTable &table, CsvFile *file) {
    CsvState *state = call->state;
    call_core([&] {
        begin_inference(call, table,
                        core::csv::columns_to_look_at(table.columns, file->survey, file->match));
    });
    if (!state->inference->is_needed())
        return;
    read_file(call, *file);
    call_core([&] { file->formats = core::csv::formats_of(state->inference->findings()); });
}

} // namespace

void infer_types(CsvCall *call) {
    for (CsvTable &table : call->state->tables) {
        infer_columns(call, &table);
        for (CsvFile &file : table.files)
            if (file.loaded_by == 0 && !call->state->options.raw)
                find_formats(call, table, &file);
    }
    call_core([&] { call->state->inference.reset(); });
}

} // namespace migrate::fn
