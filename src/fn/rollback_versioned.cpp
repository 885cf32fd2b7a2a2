// migrate.rollback_versioned: one migration, and with "cascade" everything after it.
#include "fn/arguments.hpp"
#include "fn/versioned_call.hpp"
#include "fn/versioned_script.hpp"

#include "pg/error_bridge.hpp"
#include "pg/result_set.hpp"
#include "pg/settings.hpp"
#include "pg/versioned_log.hpp"

extern "C" {
#include "tcop/utility.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
}

namespace migrate::fn {
namespace {

using core::versioned::MigrationStatus;

constexpr char kAssurance[] = "nothing of this call was rolled back";

// The DOWN of one migration: of its file, or of the log when the file is gone.
struct Down {
    const char *version;  // server encoding
    const char *recorded; // as the history spells it: 001 for 1
    const char *name;
    const char *file;
    const char *source; // file, log
};

void choose(VersionedCall *call) {
    VersionedState *state = call->state;
    pg::call_core([&] {
        state->places = core::versioned::applied_down_to(state->statuses, state->target,
                                                         state->options.cascade);
    });
}

const MigrationStatus &status_at(const VersionedCall *call, std::size_t index) {
    return call->state->statuses[call->state->places[index]];
}

[[noreturn]] void fail_without_down(const Down *down, bool is_file_there) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("migration \"%s\" has no DOWN script", down->version),
                    is_file_there ? errdetail("Its file \"%s\" has none.", down->file)
                                  : errdetail("Its file is missing, and no script that you may "
                                              "trust was stored when it was applied."),
                    errhint("Write one, or undo the migration by a new one.")));
    pg_unreachable();
}

void take_text(VersionedCall *call, const char *text) {
    VersionedState *state = call->state;
    pg::call_core([&] { state->text = text; });
}

// Leaves the script in state->text.
Down find_down(VersionedCall *call, std::size_t index) {
    const MigrationStatus &status = status_at(call, index);
    Down down = {};
    down.version = pg::server_text(status.version.c_str());
    down.recorded = pg::server_text(status.row->version.c_str());
    down.name = pg::server_text(status.name.c_str());
    if (status.migration != nullptr) {
        down.file = pg::server_text(status.migration->up.file.c_str());
        if (!status.migration->down)
            fail_without_down(&down, true);
        down.file = pg::server_text(status.migration->down->file.c_str());
        down.source = "file";
        take_text(call, status.migration->down->text.c_str());
        return down;
    }
    int level = pg::push_settings();
    pg::StoredDown stored = pg::find_stored_down(call->history, down.version);
    pg::pop_settings(level);
    if (stored.script == nullptr)
        fail_without_down(&down, false);
    down.file = stored.file != nullptr ? stored.file : "";
    down.source = "log";
    take_text(call, pg::utf8_text(stored.script));
    return down;
}

void check_all(VersionedCall *call) {
    for (std::size_t i = 0; i < call->state->places.size(); i++) {
        Down down = find_down(call, i);
        check_script(call, down.file, call->state->text, kAssurance);
    }
}

// A DOWN may have deleted its row, or dropped the history itself.
void forget(VersionedCall *call, const Down *down, int64 milliseconds) {
    int level = pg::push_settings();
    if (OidIsValid(call->history->relation) &&
        SearchSysCacheExists1(RELOID, ObjectIdGetDatum(call->history->relation)))
        pg::delete_history(call->history, down->recorded);
    pg::VersionedLogEntry entry = {};
    entry.event = "rolled_back";
    entry.version = down->version;
    entry.name = down->name;
    entry.file = down->file;
    entry.execution_time_ms = milliseconds;
    entry.message =
        call->state->notes.empty() ? nullptr : pg::server_text(call->state->notes.c_str());
    pg::log_migration(call->history, entry);
    pg::pop_settings(level);
}

void run_down(FunctionCallInfo fcinfo, VersionedCall *call, std::size_t index) {
    VersionedState *state = call->state;
    pg::call_core([&] { state->notes.clear(); });
    Down down = find_down(call, index);
    TimestampTz started = GetCurrentTimestamp();
    if (run_script(call, down.file, state->text, kAssurance) == 0)
        pg::call_core([&] { state->notes = "the DOWN script has no statement"; });
    int64 milliseconds = (GetCurrentTimestamp() - started + 500) / 1000;
    forget(call, &down, milliseconds);
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_datum(&row, CStringGetTextDatum(down.version));
    pg::set_datum(&row, CStringGetTextDatum(down.name));
    pg::set_text(&row, "rolled_back");
    pg::set_text(&row, down.source);
    pg::set_bigint(&row, milliseconds);
    pg::set_text_or_null(&row, state->notes.c_str());
    pg::finish_row(&row);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_rollback_versioned);

PGDLLEXPORT Datum migrate_rollback_versioned(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.rollback_versioned()");
    pg::open_result(fcinfo);
    fn::VersionedCall *call = fn::begin_versioned(fcinfo, 2);
    fn::refuse_record_only(call, "rollback_versioned");
    fn::read_target(call, fcinfo, 1);
    fn::read_files(call, fcinfo);
    fn::lock_and_read_state(call);
    fn::choose(call);
    fn::check_all(call);
    for (std::size_t i = 0; i < call->state->places.size(); i++) {
        fn::begin_file(call);
        fn::run_down(fcinfo, call, i);
    }
    fn::end_versioned(call);
    return (Datum)0;
}
}
