// migrate.adopt_versioned: the files that another tool has applied, recorded in our own history.
#include "fn/versioned_call.hpp"

#include "core/versioned/adoption.hpp"
#include "fn/arguments.hpp"

#include "pg/error_bridge.hpp"
#include "pg/foreign_table.hpp"
#include "pg/owned.hpp"
#include "pg/result_set.hpp"
#include "pg/settings.hpp"
#include "pg/tool_digest.hpp"
#include "pg/versioned_log.hpp"

extern "C" {
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/timestamp.h"
}

namespace migrate::fn {
namespace {

using core::versioned::Adoption;
using core::versioned::DigestKind;
using core::versioned::Migration;

constexpr std::size_t kMostShown = 10;

// The C++ side of an adoption, owned by the call's memory.
struct AdoptionState {
    std::optional<core::versioned::Tool> chosen;
    pg::ForeignTables tables;
    core::versioned::FoundTable found = {};
    std::vector<core::versioned::ForeignRow> rows;
    core::versioned::AdoptionPlan plan = {};
    std::string text; // what a digest is taken of, or a list for a message
};

void read_tool(AdoptionState *state, FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(1))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("argument \"tool\" must not be null")));
    const char *tool = pg::utf8_text(text_to_cstring(PG_GETARG_TEXT_PP(1)));
    pg::call_core([&] { state->chosen = core::versioned::read_tool(tool); });
}

// Only the errors of the files stop an adoption: it is there to mend the order of things.
void check_files(const VersionedCall *call) {
    const VersionedState *state = call->state;
    pg::call_core([&] {
        core::versioned::check_before_run(state->set, {}, core::versioned::VersionedOptions());
    });
}

void digest_file(AdoptionState *state, Adoption *adoption, const core::versioned::SourceFile *file,
                 DigestKind kind) {
    for (int variant = 0; variant < core::versioned::kFileVariants; variant++) {
        pg::call_core([&] { state->text = core::versioned::file_variant(*file, variant); });
        const char *hex = pg::tool_digest(kind, state->text.data(), state->text.size());
        pg::call_core([&] { adoption->digests.emplace_back(hex); });
    }
}

void digest_files(const VersionedCall *call, AdoptionState *state) {
    for (Adoption &adoption : state->plan.adoptions) {
        DigestKind kind = core::versioned::digest_kind(state->plan.tool, adoption);
        if (kind == DigestKind::none)
            continue;
        const Migration &migration = call->state->set.migrations[*adoption.place];
        digest_file(state, &adoption, &call->state->files[migration.up.source], kind);
    }
}

void read_foreign_history(const VersionedCall *call, AdoptionState *state, const char *time_zone) {
    int level = pg::push_settings();
    pg::find_foreign_tables(call->search_path, &state->tables);
    pg::call_core([&] {
        state->found = core::versioned::find_tool(state->tables.candidates, state->chosen,
                                                  state->tables.schemas);
    });
    pg::read_foreign_table(state->tables.relations[state->found.table], state->found.tool,
                           time_zone, &state->rows);
    pg::pop_settings(level);
}

void plan(const VersionedCall *call, AdoptionState *state) {
    const VersionedState *versioned = call->state;
    pg::call_core([&] {
        state->plan = core::versioned::plan_adoption(
            core::versioned::read_foreign_history(
                state->found.tool, state->rows, core::versioned::sqitch_project(versioned->files)),
            versioned->set, versioned->history);
    });
    digest_files(call, state);
    pg::call_core([&] {
        core::versioned::settle_checksums(state->plan, versioned->set, versioned->files,
                                          versioned->options.changed);
    });
}

// Recorded, they would be missing files to every later run.
void warn_of_missing_files(AdoptionState *state) {
    const std::vector<std::string> &missing = state->plan.without_file;
    if (missing.empty())
        return;
    pg::call_core([&] {
        state->text.clear();
        for (std::size_t i = 0; i < missing.size() && i < kMostShown; i++)
            state->text.append(i == 0 ? "" : ", ").append("\"" + missing[i] + "\"");
    });
    auto count = static_cast<unsigned long>(missing.size());
    ereport(WARNING, (errmsg_plural("%lu migration of %s has no file and is not recorded",
                                    "%lu migrations of %s have no file and are not recorded", count,
                                    count, core::versioned::tool_name(state->plan.tool)),
                      errdetail("There is no file for %s%s.", pg::server_text(state->text.c_str()),
                                missing.size() > kMostShown
                                    ? psprintf(" and %zu more", missing.size() - kMostShown)
                                    : "")));
}

void make_history(VersionedCall *call) {
    if (!OidIsValid(call->history->relation))
        pg::create_history(call->history);
}

void log_adoption(const VersionedCall *call, const AdoptionState *state, const Adoption *adoption,
                  const char *checksum) {
    const auto &table = state->tables.candidates[state->found.table];
    pg::VersionedLogEntry entry = {};
    entry.event = "adopted";
    entry.version = pg::server_text(adoption->version.c_str());
    entry.name = pg::server_text(adoption->name.c_str());
    entry.execution_time_ms = adoption->entry.execution_time_ms.value_or(-1);
    entry.message = psprintf("from %s of %s", pg::server_text(table.qualified.c_str()),
                             core::versioned::tool_name(state->plan.tool));
    if (adoption->place) {
        const Migration &migration = call->state->set.migrations[*adoption->place];
        entry.file = pg::server_text(migration.up.file.c_str());
        entry.checksum = checksum;
        if (migration.down)
            pg::set_down(&entry, migration.down->file.c_str(), migration.down->text.c_str());
    }
    pg::log_migration(call->history, entry);
}

void return_adoption(FunctionCallInfo fcinfo, const AdoptionState *state, const Adoption *adoption,
                     TimestampTz applied_at) {
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_text(&row, adoption->version.c_str());
    pg::set_text(&row, adoption->name.c_str());
    pg::set_datum(&row, TimestampTzGetDatum(applied_at));
    pg::set_text(&row, core::versioned::tool_name(state->plan.tool));
    pg::finish_row(&row);
}

// What the tool does not know is the time of the adoption.
void adopt(FunctionCallInfo fcinfo, const VersionedCall *call, const AdoptionState *state,
           const Adoption *adoption) {
    const char *checksum =
        adoption->place ? call->state->digests[*adoption->place].body.c_str() : "baseline";
    TimestampTz applied_at =
        adoption->entry.applied_at.value_or(GetCurrentTransactionStartTimestamp());
    pg::insert_history(call->history, pg::server_text(adoption->version.c_str()),
                       pg::server_text(adoption->name.c_str()),
                       adoption->entry.execution_time_ms.value_or(-1), checksum, applied_at);
    log_adoption(call, state, adoption, checksum);
    return_adoption(fcinfo, state, adoption, applied_at);
}

void record(FunctionCallInfo fcinfo, VersionedCall *call, const AdoptionState *state) {
    if (state->plan.adoptions.empty()) {
        ereport(NOTICE, (errmsg("nothing to adopt")));
        return;
    }
    int level = pg::push_settings();
    make_history(call);
    for (const Adoption &adoption : state->plan.adoptions)
        adopt(fcinfo, call, state, &adoption);
    pg::pop_settings(level);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_adopt_versioned);

PGDLLEXPORT Datum migrate_adopt_versioned(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.adopt_versioned()");
    pg::open_result(fcinfo);
    // Before the settings are pinned: most tools write times without a zone.
    const char *time_zone = pstrdup(GetConfigOption("TimeZone", false, false));
    fn::VersionedCall *call = fn::begin_versioned(fcinfo, 2);
    auto *state = pg::own<fn::AdoptionState>(call->memory,
                                             [] { return std::make_unique<fn::AdoptionState>(); });
    fn::read_tool(state, fcinfo);
    fn::read_files(call, fcinfo);
    fn::warn_of_problems(call);
    fn::check_files(call);
    fn::lock_and_read_state(call);
    fn::read_foreign_history(call, state, time_zone);
    fn::plan(call, state);
    fn::warn_of_missing_files(state);
    fn::record(fcinfo, call, state);
    fn::end_versioned(call);
    return (Datum)0;
}
}
