#include "pg/csv_input.hpp"

#include "pg/cell_datum.hpp"
#include "pg/error_bridge.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

namespace migrate::pg {
namespace {

using core::csv::RecordConverter;

// An SQLSTATE that outlives the message it came with: core keeps the pointer alone.
const char *lasting_code(CsvInput *input, int code) {
    const char *text = unpack_sql_state(code);
    return call_core([&] { return input->codes->insert(text).first->c_str(); });
}

void refuse(CsvInput *input, const core::CellPlace &place, int code, const char *reason) {
    const char *lasting = lasting_code(input, code);
    const char *words = utf8_text(reason);
    call_core(
        [&] { input->converter->refuse(*input->batch, place.row, place.column, lasting, words); });
}

void convert_encodings(CsvInput *input) {
    core::Batch &batch = *input->batch;
    if (!is_server_encoding_limited())
        return;
    for (std::size_t row = 0; row < batch.rows(); row++)
        for (std::size_t column = 0; column < batch.columns(); column++)
            if (!convert_cell_text(batch, batch.row(row)[column], input->kinds[column]))
                refuse(input, {row, column}, ERRCODE_UNTRANSLATABLE_CHARACTER,
                       psprintf("encoding \"%s\" lacks a character of the text",
                                GetDatabaseEncodingName()));
}

void ask_input_functions(CsvInput *input, const core::CellPlace *places, std::size_t count) {
    InputTrial trial = {input->columns, input->batch, places, count, 0, input->caller_settings};
    while (const ErrorData *error = try_inputs(&trial)) {
        input->has_undone = true;
        refuse(input, places[trial.at], error->sqlerrcode, error->message);
        trial.at++;
    }
}

// A domain may refuse NULL.
void ask_domains(CsvInput *input) {
    core::Batch &batch = *input->batch;
    for (std::size_t column = 0; column < batch.columns(); column++) {
        if (!input->columns[column].is_constrained_domain)
            continue;
        auto *places =
            static_cast<core::CellPlace *>(palloc(sizeof(core::CellPlace) * (batch.rows() + 1)));
        std::size_t count = 0;
        for (std::size_t row = 0; row < batch.rows(); row++)
            if (!batch.is_rejected(row) && batch.row(row)[column].is_null())
                places[count++] = {row, column};
        ask_input_functions(input, places, count);
    }
}

} // namespace

void finish_csv_batch(CsvInput *input) {
    convert_encodings(input);
    const auto &pending = input->converter->pending();
    ask_input_functions(input, pending.data(), pending.size());
    apply_time_zone(*input->batch, input->kinds, input->zone);
    ask_domains(input);
}

void convert_csv_batch(CsvInput *input) {
    convert_encodings(input);
    apply_time_zone(*input->batch, input->kinds, input->zone);
}

void read_pending(CsvInput *input, const core::CellPlace &place) {
    // What only its input function knows is read by it when the Datum is made.
    if (input->kinds[place.column] == core::TypeKind::other)
        return;
    InputTrial trial = {input->columns, input->batch, &place, 1, 0, nullptr};
    run_inputs(&trial);
}

} // namespace migrate::pg
