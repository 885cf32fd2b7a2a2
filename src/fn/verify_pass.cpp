#include "fn/verify_pass.hpp"

#include "pg/cell_datum.hpp"
#include "pg/error_bridge.hpp"

#include <algorithm>
#include <string_view>

#include "pg/postgres.hpp"

extern "C" {
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "utils/lsyscache.h"
#include "utils/portal.h"
}

namespace migrate::fn {
namespace {

using core::verify::Agreement;
using pg::call_core;

constexpr long kRowsAtATime = 1000;

// The source has at most so many keys in memory: 32 MB.
constexpr std::int64_t kMaxKeys = std::int64_t{4} << 20;

std::uint64_t key_of(const VerifyState &state) {
    const core::verify::Hash128 hash = state.row->key_hash();
    return hash.high ^ hash.low;
}

bool is_of_part(const VerifyState &state, std::uint64_t key) {
    return key % state.parts == state.part;
}

void add_source_row(VerifyState *state) {
    if (state->is_subset && is_of_part(*state, key_of(*state)))
        state->keys.push_back(key_of(*state));
    if (state->part > 0)
        return;
    if (state->difference)
        state->difference->add_source(*state->row);
    else
        state->source.add(*state->row);
}

void count_agreement(VerifyState *state, std::size_t column, Agreement agreement) {
    AgreedCounts &agreed = state->agreed[column];
    agreed.rounded += agreement == Agreement::rounded ? 1 : 0;
    agreed.nulled += agreement == Agreement::nulled ? 1 : 0;
    agreed.replaced += agreement == Agreement::replaced ? 1 : 0;
}

bool is_printed(const VerifyState &state, std::size_t row, std::size_t column) {
    return !state.is_printed.empty() && state.is_printed[row * state.columns.size() + column];
}

// One row in canonical form; false when the run agreed to leave the whole row out. Local times take
// their place from what PostgreSQL made of them.
bool canonical_source_row(VerifyState *state, const core::Batch &batch, std::size_t row,
                          bool is_utc_zone) {
    const core::Cell *cells = batch.row(row);
    state->row->clear();
    bool is_expected = true;
    for (std::size_t i = 0; i < state->columns.size(); i++) {
        std::string &value = state->row->next_value();
        const std::size_t before = value.size();
        if (is_printed(*state, row, i)) {
            core::verify::canonical_target(cells[i].view(), state->columns[i], value);
            continue;
        }
        Agreement agreement =
            core::verify::canonical_source(cells[i], state->columns[i], is_utc_zone, value);
        if (agreement == Agreement::naive) {
            value.resize(before);
            core::verify::canonical_instant(state->local_times[state->next_local_time++], value);
        }
        is_expected = is_expected && agreement != Agreement::rejected;
        if (!state->difference && state->part == 0)
            count_agreement(state, i, agreement);
    }
    return is_expected;
}

void add_source_batch(VerifyState *state, const core::Batch &batch, bool is_utc_zone) {
    state->next_local_time = 0;
    for (std::size_t i = 0; i < batch.rows(); i++) {
        if (!batch.is_rejected(i) && canonical_source_row(state, batch, i, is_utc_zone))
            add_source_row(state);
        else if (!state->difference && state->part == 0)
            state->rejected++;
    }
}

// What the run agreed to for text that the server's encoding cannot hold: the row is rejected, or
// the text has '?' in it. Under "error" the text stays, and differs from whatever the target holds.
void fit_text(VerifyState *state, core::Batch *batch, std::size_t row, std::size_t column) {
    const core::verify::VerifyColumn &target = state->columns[column];
    if (target.invalid_text == core::InvalidText::error)
        return;
    const char *text = pg::text_with_replacements(batch->row(row)[column], target.type.kind);
    if (text == nullptr)
        return;
    if (target.invalid_text == core::InvalidText::reject)
        return batch->reject_row(row);
    call_core([&] { batch->set_bytes(batch->row(row)[column], core::StorageClass::text, text); });
    if (!state->difference && state->part == 0)
        state->agreed[column].replaced++;
}

void fit_encoding(SqliteCall *call, VerifyState *state) {
    if (!pg::is_server_encoding_limited())
        return;
    core::Batch *batch = call->state->batch.get();
    MemoryContext memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate verify text", ALLOCSET_SMALL_SIZES);
    MemoryContext caller = MemoryContextSwitchTo(memory);
    for (std::size_t row = 0; row < batch->rows(); row++)
        for (std::size_t i = 0; i < state->columns.size() && !batch->is_rejected(row); i++)
            fit_text(state, batch, row, i);
    MemoryContextSwitchTo(caller);
    MemoryContextDelete(memory);
}

bool is_number(const core::Cell &cell) {
    return cell.storage == core::StorageClass::integer || cell.storage == core::StorageClass::real;
}

// Whatever the policy makes of it.
bool is_misfit(const core::Cell &cell, const core::verify::VerifyColumn &column,
               VerifyState &state) {
    const Agreement agreement = core::verify::canonical_source(cell, column, true, state.scratch);
    return agreement == Agreement::misfit || agreement == Agreement::nulled ||
           agreement == Agreement::rejected;
}

// What the run agreed to for a text that an unknown type did not take.
void apply_policy(VerifyState *state, core::Batch *batch, const core::CellPlace &place) {
    const core::verify::VerifyColumn &column = state->columns[place.column];
    if (column.type.kind != core::TypeKind::other)
        return;
    if (column.on_mismatch == core::TypeMismatch::reject)
        return batch->reject_row(place.row);
    if (column.on_mismatch != core::TypeMismatch::null)
        return;
    batch->row(place.row)[place.column].set_null();
    state->agreed[place.column].nulled += state->difference || state->part > 0 ? 0 : 1;
}

// Texts of types that core does not know, and those that have no form of the column's type: its own
// input function may know one.
void collect_unknown(VerifyState *state, core::Batch &batch) {
    state->places.clear();
    state->is_printed.assign(batch.rows() * state->columns.size(), false);
    core::ColumnRule rule;
    for (std::size_t row = 0; row < batch.rows(); row++) {
        for (std::size_t i = 0; i < state->columns.size() && !batch.is_rejected(row); i++) {
            core::Cell &cell = batch.row(row)[i];
            const core::verify::VerifyColumn &column = state->columns[i];
            if (column.refuses_numbers && is_number(cell)) {
                apply_policy(state, &batch, {row, i});
                continue;
            }
            if (column.type.kind == core::TypeKind::other && !cell.is_null()) {
                rule.is_array = column.is_array;
                rule.is_json_array = column.is_json_array;
                core::write_for_input(cell, rule, batch);
            }
            if (cell.storage != core::StorageClass::text || column.type.is_text_like())
                continue;
            state->scratch.clear();
            if (column.type.kind == core::TypeKind::other || is_misfit(cell, column, *state))
                state->places.push_back({row, i});
        }
    }
}

// What the column's type makes of a text is what it prints of it.
void ask_input_functions(SqliteCall *call, VerifyState *state) {
    core::Batch *batch = call->state->batch.get();
    if (state->inputs == nullptr)
        return;
    call_core([&] { collect_unknown(state, *batch); });
    pg::InputTrial trial = {
        state->inputs, batch, state->places.data(), state->places.size(), 0, call->caller_settings,
        nullptr,       true};
    trial.time_zone = pg::server_text(call->state->options.timezone.c_str());
    trial.refuses_rounding = true;
    std::size_t from = 0;
    for (;;) {
        const ErrorData *error = pg::try_inputs(&trial);
        for (; from < trial.at; from++)
            state->is_printed[state->places[from].row * state->columns.size() +
                              state->places[from].column] = true;
        if (error == nullptr)
            break;
        apply_policy(state, batch, state->places[trial.at]);
        from = ++trial.at;
    }
}

// Collects the local times of a batch in the order in which canonical_source_row meets them.
void collect_local_times(VerifyState *state, const core::Batch &batch) {
    state->local_times.clear();
    for (std::size_t row = 0; row < batch.rows(); row++) {
        for (std::size_t i = 0; i < state->columns.size() && !batch.is_rejected(row); i++) {
            state->scratch.clear();
            if (!is_printed(*state, row, i) &&
                core::verify::canonical_source(batch.row(row)[i], state->columns[i], false,
                                               state->scratch) == Agreement::naive)
                state->local_times.push_back(std::stoll(state->scratch));
        }
    }
}

void move_to_utc(SqliteCall *call, VerifyState *state) {
    if (call->zone == nullptr)
        return;
    call_core([&] { collect_local_times(state, *call->state->batch); });
    for (std::int64_t &time : state->local_times)
        time = pg::local_to_utc(time, call->zone);
}

// The texts of the rows that SPI holds, row after row; NULL for SQL's NULL.
const char **print_rows(FmgrInfo *functions, int columns) {
    auto **texts = static_cast<const char **>(
        palloc_extended(sizeof(char *) * (SPI_processed * columns + 1), MCXT_ALLOC_HUGE));
    for (uint64 row = 0; row < SPI_processed; row++) {
        for (int i = 0; i < columns; i++) {
            bool is_null = false;
            Datum value =
                SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, i + 1, &is_null);
            char *text = is_null ? nullptr : OutputFunctionCall(&functions[i], value);
            texts[row * columns + i] =
                is_null ? nullptr : pg_server_to_any(text, static_cast<int>(strlen(text)), PG_UTF8);
        }
    }
    return texts;
}

// In a shared table the rows whose key the source has.
bool takes_part(VerifyState *state) {
    if (!state->is_subset)
        return true;
    const std::uint64_t key = key_of(*state);
    if (!is_of_part(*state, key))
        return false;
    if (std::binary_search(state->keys.begin(), state->keys.end(), key))
        return true;
    state->others += state->difference ? 0 : 1;
    return false;
}

void add_target_rows(VerifyState *state, const char *const *texts, uint64 rows) {
    const std::size_t columns = state->columns.size();
    for (uint64 row = 0; row < rows; row++) {
        state->row->clear();
        for (std::size_t i = 0; i < columns; i++) {
            const char *text = texts[row * columns + i];
            std::optional<std::string_view> value;
            if (text != nullptr)
                value = text;
            core::verify::canonical_target(value, state->columns[i], state->row->next_value());
        }
        if (!takes_part(state))
            continue;
        if (state->difference)
            state->difference->add_target(*state->row);
        else
            state->target.add(*state->row);
    }
}

FmgrInfo *output_functions(TupleDesc descriptor) {
    auto *functions = static_cast<FmgrInfo *>(palloc0(sizeof(FmgrInfo) * (descriptor->natts + 1)));
    for (int i = 0; i < descriptor->natts; i++) {
        Oid function = InvalidOid;
        bool is_varlena = false;
        getTypeOutputInfo(TupleDescAttr(descriptor, i)->atttypid, &function, &is_varlena);
        fmgr_info(function, &functions[i]);
    }
    return functions;
}

void read_source(SqliteCall *call, std::size_t table, VerifyState *state) {
    SqliteState *sqlite = call->state;
    const bool is_utc_zone = call->zone == nullptr;
    call_core([&] {
        const std::vector<int> columns = sqlite->plan->source_columns(table);
        sqlite->reader = sqlite->source->read(*sqlite->plan->tables()[table].source, columns);
        sqlite->batch = std::make_unique<core::Batch>(columns.size());
    });
    core::Fetch fetch = core::Fetch::rows;
    while (fetch != core::Fetch::end) {
        CHECK_FOR_INTERRUPTS();
        fetch = call_core([&] { return sqlite->reader->fetch(*sqlite->batch); });
        fit_encoding(call, state);
        ask_input_functions(call, state);
        move_to_utc(call, state);
        call_core([&] { add_source_batch(state, *sqlite->batch, is_utc_zone); });
    }
    call_core([&] { sqlite->reader.reset(); });
}

void read_target(VerifyState *state) {
    const char *query =
        pg_any_to_server(state->query.c_str(), static_cast<int>(state->query.size()), PG_UTF8);
    Portal portal = SPI_cursor_open_with_args(nullptr, query, 0, nullptr, nullptr, nullptr, true,
                                              CURSOR_OPT_NO_SCROLL);
    MemoryContext batch_memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate verify batch", ALLOCSET_DEFAULT_SIZES);
    FmgrInfo *functions = nullptr;
    const int columns = static_cast<int>(state->columns.size());
    do {
        CHECK_FOR_INTERRUPTS();
        SPI_cursor_fetch(portal, true, kRowsAtATime);
        if (functions == nullptr)
            functions = output_functions(SPI_tuptable->tupdesc);
        MemoryContext caller = MemoryContextSwitchTo(batch_memory);
        const char **texts = print_rows(functions, columns);
        call_core([&] { add_target_rows(state, texts, SPI_processed); });
        MemoryContextSwitchTo(caller);
        MemoryContextReset(batch_memory);
        SPI_freetuptable(SPI_tuptable);
    } while (SPI_processed > 0);
    MemoryContextDelete(batch_memory);
    SPI_cursor_close(portal);
}

} // namespace

void read_both(SqliteCall *call, std::size_t table, VerifyState *state) {
    if (state->is_subset)
        call_core([&] {
            const core::Table &source = *call->state->plan->tables()[table].source;
            state->parts =
                static_cast<std::size_t>(call->state->source->count_rows(source) / kMaxKeys + 1);
        });
    for (state->part = 0; state->part < state->parts; state->part++) {
        call_core([&] { state->keys.clear(); });
        read_source(call, table, state);
        std::sort(state->keys.begin(), state->keys.end());
        read_target(state);
    }
}

} // namespace migrate::fn
