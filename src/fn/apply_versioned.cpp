// migrate.apply_versioned: all pending migrations up to a target, or none.
// migrate.apply_versioned_each: the same with a commit after each file.
#include "fn/versioned_apply.hpp"

#include "fn/arguments.hpp"

#include "pg/error_bridge.hpp"
#include "pg/history_lock.hpp"
#include "pg/result_set.hpp"

extern "C" {
#include "executor/spi.h"
#include "nodes/parsenodes.h"
#include "tcop/utility.h"
}

namespace migrate::fn {
namespace {

void return_step(FunctionCallInfo fcinfo, const VersionedCall *call, const AppliedStep *step) {
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_datum(&row, CStringGetTextDatum(step->version));
    pg::set_datum(&row, CStringGetTextDatum(step->name));
    pg::set_text(&row, step->action);
    pg::set_datum(&row, Int32GetDatum(step->statements));
    pg::set_bigint(&row, step->milliseconds);
    pg::set_text(&row, step->checksum);
    pg::set_text_or_null(&row, call->state->notes.c_str());
    pg::finish_row(&row);
}

void check_nonatomic(FunctionCallInfo fcinfo) {
    const auto *context = reinterpret_cast<const CallContext *>(fcinfo->context);
    if (context != nullptr && IsA(context, CallContext) && !context->atomic)
        return;
    ereport(ERROR, (errcode(ERRCODE_INVALID_TRANSACTION_TERMINATION),
                    errmsg("migrate.apply_versioned_each() cannot run inside a transaction block"),
                    errhint("Call it on its own, or use migrate.apply_versioned().")));
}

void tell_step(const VersionedCall *call, const AppliedStep *step) {
    const char *notes = pg::server_text(call->state->notes.c_str());
    ereport(NOTICE, (errmsg("migration \"%s\" %s: %d statements, " INT64_FORMAT " ms",
                            step->version, step->action, step->statements, step->milliseconds),
                     notes[0] != '\0' ? errdetail("%s", notes) : 0));
}

// Each file is one transaction, with the history read anew. Other runners are kept out of all of
// them: a file may commit in its middle.
void apply_each(VersionedCall *call) {
    pg::HistoryHold *hold = pg::open_history_hold(call->memory);
    bool is_first = true;
    while (true) {
        begin_file(call);
        lock_and_read_state(call);
        pg::hold_history(hold, call->history);
        choose_pending(call);
        if (call->state->places.empty())
            break;
        if (is_first)
            check_pending(call);
        is_first = false;
        AppliedStep step = apply_step(call, 0);
        tell_step(call, &step);
        SPI_commit();
    }
    if (is_first)
        ereport(NOTICE, (errmsg("nothing to apply")));
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_apply_versioned);
PG_FUNCTION_INFO_V1(migrate_apply_versioned_each);

PGDLLEXPORT Datum migrate_apply_versioned(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.apply_versioned()");
    pg::open_result(fcinfo);
    fn::VersionedCall *call = fn::begin_versioned(fcinfo, 2);
    fn::refuse_direction(call, "apply_versioned");
    fn::read_target(call, fcinfo, 1);
    fn::read_files(call, fcinfo);
    fn::warn_of_problems(call);
    fn::lock_and_read_state(call);
    fn::choose_pending(call);
    fn::check_pending(call);
    if (call->state->places.empty())
        ereport(NOTICE, (errmsg("nothing to apply")));
    for (std::size_t i = 0; i < call->state->places.size(); i++) {
        fn::begin_file(call);
        fn::AppliedStep step = fn::apply_step(call, i);
        fn::return_step(fcinfo, call, &step);
    }
    fn::end_versioned(call);
    return (Datum)0;
}

PGDLLEXPORT Datum migrate_apply_versioned_each(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.apply_versioned_each()");
    fn::check_nonatomic(fcinfo);
    fn::VersionedCall *call = fn::begin_versioned(fcinfo, 2, true);
    fn::refuse_direction(call, "apply_versioned_each");
    fn::read_target(call, fcinfo, 1);
    fn::read_files(call, fcinfo);
    fn::warn_of_problems(call);
    fn::apply_each(call);
    fn::end_versioned(call);
    return (Datum)0;
}
}
