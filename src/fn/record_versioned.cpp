// migrate.init_versioned, baseline_versioned and repair_versioned: what writes the history without
// running a migration.
#include "fn/versioned_call.hpp"

#include "core/versioned/version.hpp"
#include "fn/arguments.hpp"

#include "pg/error_bridge.hpp"
#include "pg/result_set.hpp"
#include "pg/settings.hpp"
#include "pg/versioned_log.hpp"

extern "C" {
#include "utils/timestamp.h"
}

namespace migrate::fn {
namespace {

using core::versioned::MigrationStatus;
using core::versioned::Status;

// Locks the history, and makes it where there is none; only init_versioned begins a second one.
bool make_history(VersionedCall *call, bool may_be_second) {
    int level = pg::push_settings();
    const char *name = pg::server_text(call->state->options.history.c_str());
    call->history = pg::find_history(name, call->search_path);
    pg::lock_history(call->history, call->state->options.lock_wait_ms);
    call->history = pg::find_history(name, call->search_path);
    bool is_new = !OidIsValid(call->history->relation);
    if (is_new && !may_be_second)
        pg::check_no_other_history(call->history);
    if (is_new)
        pg::create_history(call->history);
    pg::pop_settings(level);
    return is_new;
}

const char *required_text(FunctionCallInfo fcinfo, int argument, const char *name) {
    if (PG_ARGISNULL(argument))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("argument \"%s\" must not be null", name)));
    return text_to_cstring(PG_GETARG_TEXT_PP(argument));
}

void check_version(const char *version) {
    const char *utf8 = pg::utf8_text(version);
    if (!pg::call_core([&] { return core::versioned::is_version(utf8); }))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("invalid value for argument \"version\": \"%s\"", version),
                        errhint("A version is digits with optional dots, such as 001 or 1.2.")));
}

void check_not_recorded(const VersionedCall *call, const char *version) {
    const char *utf8 = pg::utf8_text(version);
    const VersionedState *state = call->state;
    bool is_recorded = pg::call_core([&] {
        for (const auto &row : state->history)
            if (core::versioned::version_key(row.version) == core::versioned::version_key(utf8))
                return true;
        return false;
    });
    if (is_recorded)
        ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT),
                        errmsg("migration \"%s\" is recorded already", version)));
}

void record_baseline(FunctionCallInfo fcinfo, VersionedCall *call, const char *version,
                     const char *name) {
    int level = pg::push_settings();
    pg::insert_history(call->history, version, name, -1, "baseline", GetCurrentTimestamp());
    pg::VersionedLogEntry entry = {};
    entry.event = "baseline";
    entry.version = version;
    entry.name = name;
    entry.execution_time_ms = -1;
    pg::log_migration(call->history, entry);
    pg::pop_settings(level);
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_datum(&row, CStringGetTextDatum(version));
    pg::set_datum(&row, CStringGetTextDatum(name));
    pg::set_text(&row, "baseline");
    pg::finish_row(&row);
}

// A changed file, or a row that people wrote without a checksum.
bool is_to_repair(const MigrationStatus &status) {
    return status.row != nullptr && status.migration != nullptr && !status.problem.empty() &&
           (status.status == Status::changed || status.status == Status::applied);
}

void repair(FunctionCallInfo fcinfo, VersionedCall *call, const MigrationStatus &status) {
    const char *version = pg::server_text(status.row->version.c_str());
    const char *checksum = status.digests->body.c_str();
    int level = pg::push_settings();
    pg::update_history(call->history, version, -1, checksum);
    pg::VersionedLogEntry entry = {};
    entry.event = "repaired";
    entry.version = version;
    entry.name = pg::server_text(status.name.c_str());
    entry.file = pg::server_text(status.migration->up.file.c_str());
    entry.checksum = checksum;
    entry.execution_time_ms = -1;
    entry.message = pg::server_text(status.problem.c_str());
    pg::log_migration(call->history, entry);
    pg::pop_settings(level);
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_datum(&row, CStringGetTextDatum(version));
    pg::set_text(&row, "checksum_updated");
    pg::set_text(&row, status.row->checksum ? status.row->checksum->c_str() : nullptr);
    pg::set_text(&row, checksum);
    pg::finish_row(&row);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_init_versioned);
PG_FUNCTION_INFO_V1(migrate_baseline_versioned);
PG_FUNCTION_INFO_V1(migrate_repair_versioned);

PGDLLEXPORT Datum migrate_init_versioned(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.init_versioned()");
    fn::VersionedCall *call = fn::begin_versioned(fcinfo, 0);
    bool is_new = fn::make_history(call, true);
    fn::end_versioned(call);
    PG_RETURN_BOOL(is_new);
}

PGDLLEXPORT Datum migrate_baseline_versioned(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.baseline_versioned()");
    const char *version = fn::required_text(fcinfo, 0, "version");
    const char *name = fn::required_text(fcinfo, 1, "name");
    fn::check_version(version);
    pg::open_result(fcinfo);
    fn::VersionedCall *call = fn::begin_versioned(fcinfo, 2);
    fn::make_history(call, false);
    fn::read_state(call);
    fn::check_not_recorded(call, version);
    fn::record_baseline(fcinfo, call, version, name);
    fn::end_versioned(call);
    return (Datum)0;
}

PGDLLEXPORT Datum migrate_repair_versioned(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.repair_versioned()");
    pg::open_result(fcinfo);
    fn::VersionedCall *call = fn::begin_versioned(fcinfo, 1);
    fn::read_files(call, fcinfo);
    fn::lock_and_read_state(call);
    for (const auto &status : call->state->statuses)
        if (fn::is_to_repair(status))
            fn::repair(fcinfo, call, status);
    fn::end_versioned(call);
    return (Datum)0;
}
}
