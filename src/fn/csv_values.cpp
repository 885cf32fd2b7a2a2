// What the server has to say of the values of a batch before they are written.
#include "fn/csv_run.hpp"

#include "pg/csv_input.hpp"
#include "pg/error_bridge.hpp"
#include "pg/file_digest.hpp"

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using core::csv::ColumnOrigin;
using pg::call_core;

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
    pg::CsvInput input = {
        state->converter.get(),     state->batch.get(), run->inputs,   state->kinds.data(),
        run->call->caller_settings, run->call->zone,    &state->codes, false};
    pg::finish_csv_batch(&input);
    run->has_undone |= input.has_undone;
    if (state->options.raw)
        fill_digests(state);
}

} // namespace migrate::fn
