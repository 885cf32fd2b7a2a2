// What the server has to say of the values of a batch before they are written.
#include "fn/csv_run.hpp"

#include "pg/cell_datum.hpp"
#include "pg/error_bridge.hpp"
#include "pg/file_digest.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

namespace migrate::fn {
namespace {

using core::csv::ColumnOrigin;
using core::csv::RecordConverter;
using pg::call_core;

// An SQLSTATE that outlives the message it came with: core keeps the pointer alone.
const char *lasting_code(CsvState *state, int code) {
    const char *text = unpack_sql_state(code);
    return call_core([&] { return state->codes.insert(text).first->c_str(); });
}

void refuse(CsvState *state, const core::CellPlace &place, int code, const char *reason) {
    const char *lasting = lasting_code(state, code);
    const char *words = pg::utf8_text(reason);
    call_core(
        [&] { state->converter->refuse(*state->batch, place.row, place.column, lasting, words); });
}

void convert_encodings(CsvState *state) {
    core::Batch &batch = *state->batch;
    if (!pg::is_server_encoding_limited())
        return;
    for (std::size_t row = 0; row < batch.rows(); row++)
        for (std::size_t column = 0; column < batch.columns(); column++)
            if (!pg::convert_cell_text(batch, batch.row(row)[column], state->kinds[column]))
                refuse(state, {row, column}, ERRCODE_UNTRANSLATABLE_CHARACTER,
                       psprintf("encoding \"%s\" lacks a character of the text",
                                GetDatabaseEncodingName()));
}

void ask_input_functions(CsvRun *run, const core::CellPlace *places, std::size_t count) {
    CsvState *state = run->call->state;
    pg::InputTrial trial = {run->inputs, state->batch.get(),        places, count,
                            0,           run->call->caller_settings};
    while (const ErrorData *error = pg::try_inputs(&trial)) {
        run->has_undone = true;
        refuse(state, places[trial.at], error->sqlerrcode, error->message);
        trial.at++;
    }
}

// A domain may refuse NULL.
void ask_domains(CsvRun *run) {
    core::Batch &batch = *run->call->state->batch;
    for (std::size_t column = 0; column < batch.columns(); column++) {
        if (!run->inputs[column].is_constrained_domain)
            continue;
        auto *places =
            static_cast<core::CellPlace *>(palloc(sizeof(core::CellPlace) * (batch.rows() + 1)));
        std::size_t count = 0;
        for (std::size_t row = 0; row < batch.rows(); row++)
            if (!batch.is_rejected(row) && batch.row(row)[column].is_null())
                places[count++] = {row, column};
        ask_input_functions(run, places, count);
    }
}

void fill_digests(CsvState *state) {
    core::Batch &batch = *state->batch;
    const auto &columns = state->converter->plan().columns;
    for (std::size_t column = 0; column < columns.size(); column++) {
        if (columns[column].origin != ColumnOrigin::blank)
            continue;
        for (std::size_t row = 0; row < batch.rows(); row++) {
            const std::string_view raw = state->converter->source(row).raw;
            char hex[65];
            pg::sha256_hex(raw.data(), raw.size(), hex);
            call_core([&] {
                batch.set_bytes(batch.row(row)[column], core::StorageClass::text, {hex, 64});
            });
        }
    }
}

} // namespace

void finish_values(CsvRun *run) {
    CsvState *state = run->call->state;
    convert_encodings(state);
    const auto &pending = state->converter->pending();
    ask_input_functions(run, pending.data(), pending.size());
    pg::apply_time_zone(*state->batch, state->kinds.data(), run->call->zone);
    if (state->options.raw)
        fill_digests(state);
    ask_domains(run);
}

} // namespace migrate::fn
