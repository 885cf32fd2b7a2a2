// What the server has to say of the values of a batch before they are written: its encoding, local
// times, and the input functions of types that core does not know.
#include "fn/import_run.hpp"

#include "pg/cell_datum.hpp"
#include "pg/error_bridge.hpp"

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using pg::call_core;

void refuse_place(ImportRun *run, std::size_t index, const ErrorData *error) {
    ImportState *state = run->state;
    const char *code = unpack_sql_state(error->sqlerrcode);
    const char *words = pg::utf8_text(error->message);
    call_core([&] {
        const char *lasting = state->codes.insert(code).first->c_str();
        core::Batch &batch = *run->call->state->batch;
        const core::CellPlace place = state->converter->pending()[index];
        batch.row(place.row)[place.column] = state->given[index];
        state->converter->refuse_input(batch, place, lasting, words);
    });
}

// The texts as they were given, for what is said of them, and as the input functions read them.
void prepare_cells(ImportRun *run, const std::vector<core::CellPlace> &places) {
    core::Batch &batch = *run->call->state->batch;
    call_core([&] {
        run->state->given.clear();
        for (const core::CellPlace &place : places) {
            core::Cell &cell = batch.row(place.row)[place.column];
            run->state->given.push_back(cell);
            core::write_for_input(cell, run->state->converter->rules()[place.column], batch);
        }
    });
}

void count_accepted(ImportRun *run, const std::vector<core::CellPlace> &places) {
    core::Batch &batch = *run->call->state->batch;
    call_core([&] {
        for (std::size_t i = 0; i < places.size(); i++)
            if (!batch.is_rejected(places[i].row) &&
                !batch.row(places[i].row)[places[i].column].is_null())
                run->state->converter->accept_input(batch, places[i], run->state->given[i]);
    });
}

void ask_input_functions(ImportRun *run) {
    SqliteState *state = run->call->state;
    const std::vector<core::CellPlace> &places = run->state->converter->pending();
    if (run->inputs == nullptr || places.empty())
        return;
    prepare_cells(run, places);
    pg::InputTrial trial = {run->inputs, state->batch.get(),         places.data(), places.size(),
                            0,           run->call->caller_settings, nullptr,       true};
    trial.time_zone = pg::server_text(state->options.timezone.c_str());
    trial.refuses_rounding = true;
    while (const ErrorData *error = pg::try_inputs(&trial)) {
        run->has_undone = true;
        refuse_place(run, trial.at, error);
        trial.at++;
    }
    count_accepted(run, places);
}

} // namespace

void finish_values(ImportRun *run, const TableResult &result) {
    core::Batch &batch = *run->call->state->batch;
    MemoryContext caller = MemoryContextSwitchTo(run->batch_memory);
    pg::convert_encoding(batch, *run->state->converter, result.source_name.c_str());
    ask_input_functions(run);
    pg::apply_time_zone(batch, result.kinds.data(), run->call->zone);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(run->batch_memory);
}

} // namespace migrate::fn
