#include "fn/versioned_apply.hpp"

#include "fn/versioned_script.hpp"

#include "pg/error_bridge.hpp"
#include "pg/settings.hpp"
#include "pg/sql.hpp"
#include "pg/versioned_log.hpp"

#include <algorithm>

extern "C" {
#include "executor/instrument.h"
}

namespace migrate::fn {
namespace {

using core::versioned::Migration;
using core::versioned::MigrationStatus;

// An error's second line of context: with a commit after each file, the earlier ones stay.
const char *assurance(const VersionedCall *call) {
    return call->is_nonatomic ? "nothing of this file was applied"
                              : "nothing of this call was applied";
}

const MigrationStatus &status_at(const VersionedCall *call, std::size_t index) {
    return call->state->statuses[call->state->places[index]];
}

AppliedStep begin_step(const VersionedCall *call, std::size_t index) {
    const MigrationStatus &status = status_at(call, index);
    AppliedStep step = {};
    step.status = &status;
    step.version = pg::server_text(status.version.c_str());
    step.name = pg::server_text(status.name.c_str());
    step.file = pg::server_text(status.migration->up.file.c_str());
    step.checksum = status.digests->body.c_str();
    step.action = "applied";
    step.started = GetCurrentTimestamp();
    return step;
}

[[noreturn]] void refuse_other_version(const VersionedCall *call, const AppliedStep *step,
                                       const char *version) {
    ereport(
        ERROR,
        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
         errmsg("migration file \"%s\" recorded version \"%s\"", step->file, version),
         errdetail("Its name says that it is version \"%s\"; history %s has a row for the other "
                   "one now.",
                   step->version, call->history->qualified),
         errhint("Mend the INSERT in the file, or take it out: the version is recorded without "
                 "it."),
         errcontext("%s", assurance(call))));
    pg_unreachable();
}

// A file that writes a row of its own writes the one of its version.
void check_foreign_rows(VersionedCall *call, const AppliedStep *step) {
    VersionedState *state = call->state;
    uint64 rows = pg::read_history(call->history);
    for (uint64 i = 0; i < rows; i++) {
        const char *version = pg::query_text(i, 1);
        bool is_known = strcmp(version, step->version) == 0;
        const char *utf8 = pg::utf8_text(version);
        pg::call_core([&] {
            for (const auto &row : state->history)
                is_known = is_known || row.version == utf8;
        });
        if (!is_known)
            refuse_other_version(call, step, version);
    }
}

void remember_row(VersionedCall *call, const AppliedStep *step) {
    VersionedState *state = call->state;
    pg::call_core([&] {
        core::versioned::HistoryRow row;
        row.version = step->status->version;
        state->history.push_back(std::move(row));
    });
}

// What cannot run in a transaction was refused before; the rest runs as well in one.
void note_directive(VersionedCall *call, const core::versioned::Script &script) {
    VersionedState *state = call->state;
    if (script.is_transactional)
        return;
    pg::call_core([&] {
        state->notes += script.directive_file.empty() ? "" : script.directive_file + ", ";
        state->notes += "line " + std::to_string(script.directive_line) +
                        ": asks for no transaction, and ran in one";
    });
}

// Flyway would have put a value there.
void note_placeholder(VersionedCall *call, const Migration &migration) {
    VersionedState *state = call->state;
    if (migration.layout != core::versioned::Layout::flyway)
        return;
    pg::call_core([&] {
        const std::string &text = migration.up.text;
        const std::size_t start = text.find("${");
        const std::size_t end = start == text.npos ? start : text.find('}', start);
        if (end == text.npos || end - start > 100)
            return;
        const auto line =
            1 + std::count(text.begin(), text.begin() + static_cast<long>(start), '\n');
        state->notes += (state->notes.empty() ? "line " : "; line ") + std::to_string(line) + ": " +
                        text.substr(start, end + 1 - start) + " was not replaced";
    });
}

// The row of a version that ran, or that is only recorded.
void record_step(VersionedCall *call, AppliedStep *step) {
    if (!OidIsValid(call->history->relation))
        pg::create_history(call->history);
    pg::HistoryCount count = pg::count_history(call->history, step->version);
    bool had_row = step->status->row != nullptr;
    auto known = static_cast<int64>(call->state->history.size());
    if (count.rows > known + (count.has_version && !had_row ? 1 : 0))
        check_foreign_rows(call, step);
    if (count.has_version) {
        step->action = had_row ? step->action : "recorded";
        pg::update_history(call->history, step->version, step->milliseconds, step->checksum);
    } else {
        pg::insert_history(call->history, step->version, step->name, step->milliseconds,
                           step->checksum, step->started);
    }
}

void log_step(VersionedCall *call, const AppliedStep *step) {
    const Migration *migration = step->status->migration;
    pg::VersionedLogEntry entry = {};
    entry.event = step->action;
    entry.version = step->version;
    entry.name = step->name;
    entry.file = step->file;
    entry.checksum = step->checksum;
    entry.execution_time_ms = step->milliseconds;
    entry.message =
        call->state->notes.empty() ? nullptr : pg::server_text(call->state->notes.c_str());
    if (migration->down)
        pg::set_down(&entry, migration->down->file.c_str(), migration->down->text.c_str());
    pg::log_migration(call->history, entry);
}

} // namespace

void choose_pending(VersionedCall *call) {
    VersionedState *state = call->state;
    pg::call_core([&] {
        core::versioned::check_before_run(state->set, state->statuses, state->options);
        state->places = core::versioned::pending_up_to(state->statuses, state->target);
    });
}

void check_step(VersionedCall *call, std::size_t index) {
    const Migration *migration = status_at(call, index).migration;
    check_script(call, pg::server_text(migration->up.file.c_str()), migration->up.text,
                 assurance(call));
}

void check_pending(VersionedCall *call) {
    if (call->state->options.record_only)
        return; // what cannot run here is recorded so
    for (std::size_t i = 0; i < call->state->places.size(); i++)
        check_step(call, i);
}

AppliedStep apply_step(VersionedCall *call, std::size_t index) {
    VersionedState *state = call->state;
    pg::call_core([&] { state->notes.clear(); });
    AppliedStep step = begin_step(call, index);
    if (state->options.record_only) {
        step.action = "recorded";
        step.milliseconds = -1;
    } else {
        note_directive(call, step.status->migration->up);
        note_placeholder(call, *step.status->migration);
        uint64 written = pgWalUsage.wal_bytes;
        step.statements =
            run_script(call, step.file, step.status->migration->up.text, assurance(call));
        step.wal_bytes = static_cast<int64>(pgWalUsage.wal_bytes - written);
        step.milliseconds = (GetCurrentTimestamp() - step.started + 500) / 1000;
        find_history_again(call);
    }
    int level = pg::push_settings();
    record_step(call, &step);
    log_step(call, &step);
    pg::pop_settings(level);
    if (step.status->row == nullptr)
        remember_row(call, &step);
    if (step.milliseconds < 0)
        step.milliseconds = 0;
    return step;
}

} // namespace migrate::fn
