// The first pass over the files of a table that is to be made: every value has its say in the
// types.
#include "fn/csv_call.hpp"

#include "pg/error_bridge.hpp"

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using pg::call_core;

void read_file(CsvCall *call, const CsvFile &file) {
    CsvState *state = call->state;
    open_scan(call, file.path.c_str());
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

} // namespace

void infer_types(CsvCall *call) {
    CsvState *state = call->state;
    for (CsvTable &table : state->tables) {
        call_core([&] {
            const core::csv::Dialect &dialect = table.files.front().survey.found.dialect;
            state->inference = std::make_unique<core::csv::TableInference>(
                table.columns, state->options, dialect, call->is_utf8_server);
        });
        if (state->inference->is_needed())
            for (const CsvFile &file : table.files)
                read_file(call, file);
        call_core([&] {
            table.records = state->inference->records();
            table.findings = state->inference->findings();
            core::csv::set_types(table.columns, table.findings);
            state->inference.reset();
        });
    }
}

} // namespace migrate::fn
