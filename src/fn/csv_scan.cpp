// Pulling the records of the files of a call.
#include "fn/csv_call.hpp"

#include "core/error.hpp"
#include "pg/error_bridge.hpp"
#include "pg/permissions.hpp"

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using core::csv::Scan;
using pg::call_core;

} // namespace

void open_scan(CsvCall *call, const CsvFile &file) {
    CsvState *state = call->state;
    if (state->mended != nullptr)
        return;
    const char *os_user = pg::os_user_name();
    call_core([&] {
        core::csv::ScanOptions options;
        options.stream.compression = state->options.compression;
        options.stream.os_user = os_user;
        options.encoding = state->options.encoding;
        options.found = file.guess;
        state->scan = std::make_unique<Scan>(file.path, options);
    });
    call->pull.scan = state->scan.get();
    call->pull.memory = call->memory;
    pg::find_conversion(&call->pull);
}

void start_scan(CsvCall *call, const CsvFile &file) {
    if (call->state->mended != nullptr)
        return call->state->mended->rewind();
    call_core([&] {
        Scan &scan = *call->state->scan;
        if (scan.stream().stamp() != file.stamp)
            throw core::Error(core::sqlstate::kObjectInUse,
                              "file \"" + file.path + "\" was changed while it was read")
                .with_hint("Import it when nobody writes to it.");
        scan.start(file.survey.found.dialect, file.survey.found.skip_lines);
    });
    for (std::int64_t i = 0; i < file.survey.header_records; i++)
        if (!read_record(call))
            break;
}

bool read_record(CsvCall *call) {
    CsvState *state = call->state;
    while (!call_core([&] { return state->scan->next(state->record); }))
        if (!pg::pull_block(&call->pull))
            return false;
    return true;
}

namespace {

// Records that lie ready, until the batch is full (true) or there is none.
template <typename Records>
bool take_records(CsvState *state, Records &records) {
    return call_core([&] {
        while (records.next(state->record)) {
            state->converter->add(state->record, *state->batch);
            if (state->batch->is_full())
                return true;
        }
        return false;
    });
}

} // namespace

bool read_batch(CsvCall *call) {
    CsvState *state = call->state;
    if (state->mended != nullptr)
        return take_records(state, *state->mended);
    while (!take_records(state, *state->scan))
        if (!pg::pull_block(&call->pull))
            return false;
    return true;
}

void close_scan(CsvCall *call) {
    if (call->state->mended != nullptr)
        return;
    call_core([&] {
        call->state->scan->finish();
        call->state->scan.reset();
    });
}

} // namespace migrate::fn
