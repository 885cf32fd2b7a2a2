// migrate.test_versioned: proves that each pending migration can be undone, and undoes everything.
//
// One outer subtransaction holds the UPs, one after another; in it, for each version, one inner
// subtransaction runs the UP once more, and another runs the DOWN and looks at the catalogs.
#include "fn/arguments.hpp"
#include "fn/versioned_apply.hpp"
#include "fn/versioned_script.hpp"

#include "pg/catalog_snapshot.hpp"
#include "pg/error_bridge.hpp"
#include "pg/footprint.hpp"
#include "pg/owned.hpp"
#include "pg/result_set.hpp"
#include "pg/subtransaction.hpp"

extern "C" {
#include "tcop/utility.h"
}

namespace migrate::fn {
namespace {

using core::versioned::CatalogDiff;
using core::versioned::CatalogSnapshot;
using core::versioned::Migration;

constexpr char kAssurance[] = "everything is undone after a test";

// The C++ side, owned by the call's memory context.
struct Snapshots {
    CatalogSnapshot before; // what the UP finds
    CatalogSnapshot after;  // what the next UP finds
    CatalogSnapshot undone; // after the DOWN
    CatalogDiff diff;
};

// A test of one version. A verdict that could not be reached is NULL in its row.
enum class Verdict : unsigned char { none, yes, no };

struct Trial {
    FunctionCallInfo fcinfo;
    VersionedCall *call;
    Snapshots *snapshots;
    std::size_t index;
    AppliedStep step;
    pg::FootprintReport footprint;
    Verdict up, again, down, restored;
    StringInfoData words; // column differences
};

const Migration *migration_of(const Trial *trial) {
    const VersionedState *state = trial->call->state;
    return state->statuses[state->places[trial->index]].migration;
}

Oid history_of(const Trial *trial) {
    return trial->call->history->relation;
}

void run_up(void *argument) {
    auto *trial = static_cast<Trial *>(argument);
    check_step(trial->call, trial->index);
    trial->step = apply_step(trial->call, trial->index);
}

void run_again(void *argument) {
    auto *trial = static_cast<Trial *>(argument);
    const auto &up = migration_of(trial)->up;
    run_script(trial->call, pg::server_text(up.file.c_str()), up.text, kAssurance);
}

void run_down(void *argument) {
    auto *trial = static_cast<Trial *>(argument);
    const auto &down = *migration_of(trial)->down;
    const char *file = pg::server_text(down.file.c_str());
    check_script(trial->call, file, down.text, kAssurance);
    run_script(trial->call, file, down.text, kAssurance);
    pg::take_catalog_snapshot(history_of(trial), &trial->snapshots->undone);
}

void say(Trial *trial, const char *words) {
    appendStringInfo(&trial->words, "%s%s", trial->words.len > 0 ? "; " : "", words);
}

// What the same statements do outside of a subtransaction is another matter.
bool is_untestable(const ErrorData *error) {
    return error->sqlerrcode == ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE ||
           error->sqlerrcode == ERRCODE_ACTIVE_SQL_TRANSACTION ||
           error->sqlerrcode == ERRCODE_INVALID_TRANSACTION_TERMINATION;
}

// The line of an error's context that names the place in the file.
char *place_of(const ErrorData *error) {
    const char *start = error->context != nullptr ? strstr(error->context, "migration file ") : "";
    if (start == nullptr)
        start = "";
    return pnstrdup(start, strcspn(start, "\n"));
}

Verdict judge(Trial *trial, const ErrorData *error, const char *direction) {
    if (error == nullptr)
        return Verdict::yes;
    bool is_no_verdict = is_untestable(error);
    say(trial, psprintf("%s %s: %s (%s, %s)", direction,
                        is_no_verdict ? "cannot be tested in a subtransaction" : "failed",
                        error->message, unpack_sql_state(error->sqlerrcode), place_of(error)));
    return is_no_verdict ? Verdict::none : Verdict::no;
}

void set_verdict(pg::ResultRow *row, Verdict verdict) {
    if (verdict == Verdict::none)
        pg::set_null(row);
    else
        pg::set_boolean(row, verdict == Verdict::yes);
}

void set_server_text(pg::ResultRow *row, const char *text) {
    if (text == nullptr || text[0] == '\0')
        pg::set_null(row);
    else
        pg::set_datum(row, CStringGetTextDatum(text));
}

void return_trial(const Trial *trial) {
    const VersionedState *state = trial->call->state;
    const auto &status = state->statuses[state->places[trial->index]];
    pg::ResultRow row;
    pg::start_row(trial->fcinfo, &row);
    pg::set_text(&row, status.version.c_str());
    pg::set_text(&row, status.name.c_str());
    set_verdict(&row, trial->up);
    set_verdict(&row, trial->again);
    set_verdict(&row, trial->down);
    set_verdict(&row, trial->restored);
    set_server_text(&row, trial->words.data);
    set_server_text(&row, trial->footprint.locks);
    set_server_text(&row, trial->footprint.rewrites);
    if (trial->up == Verdict::yes)
        pg::set_bigint(&row, trial->step.wal_bytes);
    else
        pg::set_null(&row);
    pg::finish_row(&row);
}

void compare_undone(Trial *trial) {
    Snapshots *snapshots = trial->snapshots;
    pg::call_core([&] {
        snapshots->diff = core::versioned::compare_catalogs(snapshots->before, snapshots->undone);
    });
    trial->restored = snapshots->diff.is_restored ? Verdict::yes : Verdict::no;
    if (!snapshots->diff.text.empty())
        say(trial, pg::server_text(snapshots->diff.text.c_str()));
}

// What a script leaves in the call is undone with the subtransaction, but for our own memory of it.
ErrorData *try_script(Trial *trial, void (*script)(void *)) {
    pg::HistoryTable *history = trial->call->history;
    ErrorData *error = pg::try_and_undo(script, trial, pg::kScriptErrors);
    trial->call->history = history;
    return error;
}

void test_down(Trial *trial) {
    if (!migration_of(trial)->down) {
        say(trial, "no DOWN script");
        return;
    }
    trial->down = judge(trial, try_script(trial, run_down), "DOWN");
    if (trial->down == Verdict::yes)
        compare_undone(trial);
}

// Returns whether the next one can be tested on top of it.
bool test_version(Trial *trial) {
    initStringInfo(&trial->words);
    trial->footprint = {};
    trial->up = trial->again = trial->down = trial->restored = Verdict::none;
    pg::Footprint *start = pg::begin_footprint(history_of(trial));
    ErrorData *error = pg::try_in_subtransaction(run_up, trial, pg::kScriptErrors);
    trial->up = judge(trial, error, "UP");
    if (error == nullptr) {
        start->left_out = history_of(trial);
        trial->footprint = pg::end_footprint(start);
        pg::take_catalog_snapshot(history_of(trial), &trial->snapshots->after);
        error = try_script(trial, run_again);
        trial->again = error == nullptr       ? Verdict::yes
                       : is_untestable(error) ? Verdict::none
                                              : Verdict::no;
        test_down(trial);
        trial->snapshots->before.swap(trial->snapshots->after);
    }
    return_trial(trial);
    return trial->up == Verdict::yes;
}

void pass_over_rest(Trial *trial, std::size_t failed) {
    const VersionedState *state = trial->call->state;
    const char *version = pg::server_text(state->statuses[state->places[failed]].version.c_str());
    trial->up = trial->again = trial->down = trial->restored = Verdict::none;
    trial->footprint = {};
    resetStringInfo(&trial->words);
    say(trial, psprintf("not tested: migration \"%s\" comes before it", version));
    for (trial->index = failed + 1; trial->index < state->places.size(); trial->index++)
        return_trial(trial);
}

void test_all(void *argument) {
    auto *trial = static_cast<Trial *>(argument);
    pg::take_catalog_snapshot(history_of(trial), &trial->snapshots->before);
    for (trial->index = 0; trial->index < trial->call->state->places.size(); trial->index++)
        if (!test_version(trial))
            return pass_over_rest(trial, trial->index);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_test_versioned);

PGDLLEXPORT Datum migrate_test_versioned(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.test_versioned()");
    pg::open_result(fcinfo);
    fn::VersionedCall *call = fn::begin_versioned(fcinfo, 2);
    fn::refuse_direction(call, "test_versioned");
    fn::refuse_record_only(call, "test_versioned");
    fn::read_target(call, fcinfo, 1);
    fn::read_files(call, fcinfo);
    fn::warn_of_problems(call);
    fn::lock_and_read_state(call);
    fn::choose_pending(call);
    fn::Trial trial = {};
    trial.fcinfo = fcinfo;
    trial.call = call;
    trial.snapshots =
        pg::own<fn::Snapshots>(call->memory, [] { return std::make_unique<fn::Snapshots>(); });
    if (!call->state->places.empty())
        pg::run_and_undo(fn::test_all, &trial);
    fn::end_versioned(call);
    return (Datum)0;
}
}
