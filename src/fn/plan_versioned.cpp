// migrate.plan_versioned: every statement that apply_versioned or rollback_versioned would run,
// with file and line; runs nothing, takes no lock.
#include "fn/versioned_call.hpp"
#include "fn/versioned_script.hpp"

#include "pg/error_bridge.hpp"
#include "pg/result_set.hpp"
#include "pg/script_runner.hpp"
#include "pg/settings.hpp"
#include "pg/statement_kind.hpp"
#include "pg/versioned_log.hpp"

namespace migrate::fn {
namespace {

using core::versioned::Direction;
using core::versioned::MigrationStatus;
using core::versioned::PieceKind;
using core::versioned::ScriptPiece;

void choose(VersionedCall *call) {
    VersionedState *state = call->state;
    pg::call_core([&] {
        if (state->options.direction == Direction::down) {
            state->places = core::versioned::applied_down_to(state->statuses, state->target,
                                                             state->options.cascade);
            return;
        }
        core::versioned::check_before_run(state->set, state->statuses, state->options);
        state->places = core::versioned::pending_up_to(state->statuses, state->target);
    });
}

// The script of one step, its text in state->text. A stored one may be of a role whose entries in
// migrate.versioned_log the caller does not see: its text is not told then.
struct StepScript {
    const char *file; // NULL: there is no DOWN
    const char *hidden_by;
};

StepScript take_stored_script(VersionedCall *call, const MigrationStatus &status) {
    VersionedState *state = call->state;
    int level = pg::push_settings();
    pg::StoredDown stored =
        pg::find_stored_down(call->history, pg::server_text(status.version.c_str()));
    pg::pop_settings(level);
    if (stored.script == nullptr)
        return {};
    const char *utf8 = stored.is_shown ? pg::utf8_text(stored.script) : "";
    pg::call_core([&] { state->text = utf8; });
    return {stored.file != nullptr ? stored.file : "", stored.is_shown ? nullptr : stored.owner};
}

StepScript take_script(VersionedCall *call, const MigrationStatus &status) {
    VersionedState *state = call->state;
    const core::versioned::Migration *migration = status.migration;
    bool is_down = state->options.direction == Direction::down;
    if (migration != nullptr && is_down && !migration->down)
        return {};
    if (migration == nullptr)
        return take_stored_script(call, status);
    const auto &script = is_down ? *migration->down : migration->up;
    pg::call_core([&] { state->text = script.text; });
    return {pg::server_text(script.file.c_str()), nullptr};
}

void start_step(FunctionCallInfo fcinfo, const VersionedCall *call, const MigrationStatus &status,
                int *step, pg::ResultRow *row) {
    pg::start_row(fcinfo, row);
    pg::set_datum(row, Int32GetDatum(++*step));
    pg::set_text(row, status.version.c_str());
    pg::set_text(row, status.name.c_str());
    pg::set_text(row, call->state->options.direction == Direction::down ? "down" : "up");
}

// One row in place of the statements.
void return_hidden(FunctionCallInfo fcinfo, const VersionedCall *call,
                   const MigrationStatus &status, const char *owner, int *step) {
    constexpr int kColumnsOfStatement = 4;
    pg::ResultRow row;
    start_step(fcinfo, call, status, step, &row);
    for (int i = 0; i < kColumnsOfStatement; i++)
        pg::set_null(&row);
    pg::set_datum(&row, CStringGetTextDatum(psprintf(
                            "-- the DOWN script that role \"%s\" stored is not shown", owner)));
    pg::finish_row(&row);
}

void return_statement(FunctionCallInfo fcinfo, const VersionedCall *call,
                      const MigrationStatus &status, std::size_t index, int *step) {
    const ScriptPiece &piece = call->state->pieces[index];
    char *sql = pnstrdup(piece.text.data(), piece.text.size());
    pg::StatementKind kind = {};
    if (piece.kind != PieceKind::command)
        kind = pg::classify_statement(pg::server_text(sql));
    pg::ResultRow row;
    start_step(fcinfo, call, status, step, &row);
    pg::set_datum(&row, Int32GetDatum(static_cast<int>(index) + 1));
    pg::set_datum(&row, Int32GetDatum(piece.line));
    pg::set_text(&row, piece.kind == PieceKind::command ? "psql" : kind.tag);
    pg::set_boolean(&row, kind.own_transaction != pg::OwnTransaction::none);
    pg::set_text(&row, sql);
    pg::finish_row(&row);
}

void plan_step(FunctionCallInfo fcinfo, VersionedCall *call, std::size_t place, int *step) {
    const MigrationStatus &status = call->state->statuses[place];
    StepScript script = take_script(call, status);
    if (script.file == nullptr)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("migration \"%s\" has no DOWN script",
                               pg::server_text(status.version.c_str()))));
    if (script.hidden_by != nullptr) {
        return_hidden(fcinfo, call, status, script.hidden_by, step);
        return;
    }
    split(call, script.file, call->state->text);
    pg::ScriptPlace position;
    pg::push_place(&position, script.file, static_cast<int>(call->state->pieces.size()));
    for (std::size_t i = 0; i < call->state->pieces.size(); i++) {
        const ScriptPiece &piece = call->state->pieces[i];
        const char *sql = pg::server_text(pnstrdup(piece.text.data(), piece.text.size()));
        pg::place_statement(&position, sql, piece.line, static_cast<int>(i) + 1);
        return_statement(fcinfo, call, status, i, step);
    }
    pg::pop_place(&position);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_plan_versioned);

PGDLLEXPORT Datum migrate_plan_versioned(PG_FUNCTION_ARGS) {
    using namespace migrate;
    pg::open_result(fcinfo);
    fn::VersionedCall *call = fn::begin_versioned(fcinfo, 2);
    fn::read_target(call, fcinfo, 1);
    fn::read_files(call, fcinfo);
    fn::read_state(call);
    fn::choose(call);
    int step = 0;
    for (std::size_t place : call->state->places)
        fn::plan_step(fcinfo, call, place, &step);
    fn::end_versioned(call);
    return (Datum)0;
}
}
