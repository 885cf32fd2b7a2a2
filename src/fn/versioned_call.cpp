#include "fn/versioned_call.hpp"

#include "pg/file_digest.hpp"
#include "pg/folder.hpp"
#include "pg/options.hpp"
#include "pg/owned.hpp"
#include "pg/permissions.hpp"
#include "pg/settings.hpp"
#include "pg/sql.hpp"

extern "C" {
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "storage/latch.h"
#include "utils/guc.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"
}

namespace migrate::fn {
namespace {

using core::versioned::Digests;
using core::versioned::HistoryRow;

// What baseline_versioned writes where a checksum stands elsewhere.
constexpr char kBaseline[] = "baseline";
constexpr long kPollMs = 100;

bool takes_files(FunctionCallInfo fcinfo) {
    return get_fn_expr_argtype(fcinfo->flinfo, 0) == JSONBOID;
}

// A text that begins so is files that PostgreSQL took for a folder, as an untyped literal is text.
void check_no_json(const char *text, const char *argument) {
    if (text[0] == '{')
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("invalid value for argument \"%s\": it looks like JSON", argument),
                        errhint("Name the argument, or cast it: files => '{…}'::jsonb.")));
}

// A file's name as it is used from here on: a control character (also one of U+0080 to U+009F) in
// it would forge lines of messages, or speak to the terminal that shows them.
char *plain_name(const char *name) {
    char *plain = pstrdup(name);
    for (char *at = plain; *at != '\0'; at++) {
        auto byte = static_cast<unsigned char>(*at);
        auto next = static_cast<unsigned char>(at[1]);
        if (byte < 0x20 || byte == 0x7f)
            *at = '?';
        if (byte == 0xc2 && next >= 0x80 && next < 0xa0)
            at[0] = at[1] = '?';
    }
    return plain;
}

void take_file(void *argument, const char *name, const char *bytes, std::size_t size) {
    auto *state = static_cast<VersionedState *>(argument);
    const char *plain = plain_name(name);
    pg::call_core([&] { state->files.push_back({plain, std::string(bytes, size)}); });
}

[[noreturn]] void refuse_file(const core::OptionValue *files, std::size_t index) {
    const char *name = pg::server_text(plain_name(files->members[index].first.c_str()));
    ereport(ERROR,
            (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
             errmsg("invalid value for argument \"files\": file \"%s\" is not a string", name),
             errhint("Give an object of names and texts: {\"001_add_stock_UP.sql\": \"CREATE "
                     "TABLE …\"}.")));
    pg_unreachable();
}

// As find(1) prints names below the folder that it was given; nothing leads out of it.
const char *relative_name(const char *name) {
    while (strncmp(name, "./", 2) == 0)
        name += 2;
    if (name[0] == '\0' || name[0] == '/' || strncmp(name, "../", 3) == 0 ||
        strstr(name, "/../") != nullptr)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("invalid value for argument \"files\": \"%s\" is no name of a file",
                               pg::server_text(plain_name(name))),
                        errhint("Names are relative to the folder of the migrations.")));
    return name;
}

void take_files(VersionedCall *call, Datum files) {
    core::OptionValue *value = pg::read_options(call->memory, files, "files");
    for (std::size_t i = 0; i < value->members.size(); i++) {
        const core::OptionValue &text = value->members[i].second;
        if (text.kind != core::OptionKind::string)
            refuse_file(value, i);
        take_file(call->state, relative_name(value->members[i].first.c_str()), text.text.data(),
                  text.text.size());
    }
}

void check_not_null(FunctionCallInfo fcinfo, int argument, const char *name) {
    if (PG_ARGISNULL(argument))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("argument \"%s\" must not be null", name)));
}

void digest_files(VersionedState *state) {
    char body[65];
    char file[65];
    for (const core::versioned::Migration &migration : state->set.migrations) {
        const std::string &bytes = state->files[migration.up.source].text;
        pg::sha256_hex(migration.up.body.data(), migration.up.body.size(), body);
        pg::sha256_hex(bytes.data(), bytes.size(), file);
        pg::call_core([&] { state->digests.push_back({body, file}); });
    }
}

void take_row(VersionedState *state, uint64 row) {
    const char *version = pg::utf8_text(pg::query_text(row, 1));
    const char *name = pg::query_text(row, 2);
    const char *checksum = pg::query_text(row, 5);
    bool has_time = pg::query_text(row, 3) != nullptr;
    bool has_duration = pg::query_text(row, 4) != nullptr;
    int64 time = pg::query_bigint(row, 3);
    int64 duration = pg::query_bigint(row, 4);
    name = name != nullptr ? pg::utf8_text(name) : "";
    checksum = checksum != nullptr ? pg::utf8_text(checksum) : nullptr;
    pg::call_core([&] {
        HistoryRow entry;
        entry.version = version;
        entry.name = name;
        if (has_time)
            entry.applied_at = time;
        if (has_duration)
            entry.execution_time_ms = duration;
        if (checksum != nullptr)
            entry.checksum = checksum;
        entry.is_baseline = checksum != nullptr && strcmp(checksum, kBaseline) == 0;
        state->history.push_back(std::move(entry));
    });
}

void read_rows(VersionedCall *call) {
    VersionedState *state = call->state;
    state->history.clear();
    state->statuses.clear();
    if (OidIsValid(call->history->relation)) {
        uint64 rows = pg::read_history(call->history);
        for (uint64 i = 0; i < rows; i++)
            take_row(state, i);
    }
    pg::call_core([&] {
        state->statuses = core::versioned::compare(state->set, state->digests, state->history);
    });
}

// In the memory of the call, as it is of use for many files.
pg::HistoryTable *find(const VersionedCall *call) {
    MemoryContext before = MemoryContextSwitchTo(call->memory);
    pg::HistoryTable *history =
        pg::find_history(pg::server_text(call->state->options.history.c_str()), call->search_path);
    MemoryContextSwitchTo(before);
    return history;
}

} // namespace

VersionedCall *begin_versioned(FunctionCallInfo fcinfo, int options, bool is_nonatomic) {
    check_not_null(fcinfo, options, "options");
    MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "migrate versioned call",
                                                 ALLOCSET_DEFAULT_SIZES);
    MemoryContext caller_memory = MemoryContextSwitchTo(memory);
    auto *call = static_cast<VersionedCall *>(palloc0(sizeof(VersionedCall)));
    call->memory = memory;
    call->caller_memory = caller_memory;
    call->search_path = pstrdup(GetConfigOption("search_path", false, false));
    call->state =
        pg::own<VersionedState>(memory, [] { return std::make_unique<VersionedState>(); });
    core::OptionValue *value = pg::read_options(memory, PG_GETARG_DATUM(options));
    VersionedState *state = call->state;
    pg::call_core([&] { state->options = core::versioned::parse_versioned_options(*value); });
    call->is_nonatomic = is_nonatomic;
    call->file_memory = AllocSetContextCreate(memory, "migrate file", ALLOCSET_DEFAULT_SIZES);
    SPI_connect_ext(is_nonatomic ? SPI_OPT_NONATOMIC : 0);
    MemoryContextSwitchTo(memory);
    return call;
}

void begin_file(VersionedCall *call) {
    SPI_finish();
    SPI_connect_ext(call->is_nonatomic ? SPI_OPT_NONATOMIC : 0);
    MemoryContextReset(call->file_memory);
    MemoryContextSwitchTo(call->file_memory);
}

void end_versioned(VersionedCall *call) {
    SPI_finish();
    MemoryContextSwitchTo(call->caller_memory);
    MemoryContextDelete(call->memory);
}

void refuse_direction(const VersionedCall *call, const char *function) {
    if (call->state->options.direction == core::versioned::Direction::up)
        return;
    ereport(ERROR,
            (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
             errmsg("option \"direction\" is not one of migrate.%s()", function),
             errhint("migrate.plan_versioned() takes it; migrate.rollback_versioned() undoes "
                     "migrations.")));
}

void refuse_record_only(const VersionedCall *call, const char *function) {
    if (!call->state->options.record_only)
        return;
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("option \"record_only\" is not one of migrate.%s()", function),
                    errhint("To record a migration no more without running its DOWN, delete its "
                            "row from the history.")));
}

void read_target(VersionedCall *call, FunctionCallInfo fcinfo, int argument) {
    if (PG_ARGISNULL(argument))
        return;
    const char *given = text_to_cstring(PG_GETARG_TEXT_PP(argument));
    check_no_json(given, "target");
    const char *utf8 = pg::utf8_text(given);
    VersionedState *state = call->state;
    pg::call_core([&] { state->target = utf8; });
}

void read_files(VersionedCall *call, FunctionCallInfo fcinfo) {
    VersionedState *state = call->state;
    if (takes_files(fcinfo)) {
        check_not_null(fcinfo, 0, "files");
        take_files(call, PG_GETARG_DATUM(0));
    } else {
        check_not_null(fcinfo, 0, "directory");
        pg::check_may_read_server_files();
        const char *path = text_to_cstring(PG_GETARG_TEXT_PP(0));
        check_no_json(path, "directory");
        pg::read_folder(pg::checked_path(path, "directory"), take_file, state);
    }
    pg::call_core([&] { state->set = core::versioned::read_migrations(state->files); });
    digest_files(state);
}

void warn_of_problems(const VersionedCall *call) {
    if (!call->state->files.empty() && call->state->set.migrations.empty())
        ereport(WARNING, (errmsg("none of the files is a migration")));
    for (const core::versioned::FileProblem &problem : call->state->set.problems)
        if (!problem.is_error)
            ereport(WARNING, (errmsg("file \"%s\" is not used as a migration",
                                     pg::server_text(problem.file.c_str())),
                              errdetail("It %s.", pg::server_text(problem.reason.c_str()))));
}

void read_state(VersionedCall *call) {
    int level = pg::push_settings();
    call->history = find(call);
    if (!OidIsValid(call->history->relation))
        pg::check_no_other_history(call->history);
    read_rows(call);
    pg::pop_settings(level);
}

// A waiting transaction's snapshot would keep CREATE INDEX CONCURRENTLY of anybody waiting: between
// two tries there is none.
void wait_without_snapshot(VersionedCall *call) {
    TimestampTz end =
        TimestampTzPlusMilliseconds(GetCurrentTimestamp(), call->state->options.lock_wait_ms);
    while (true) {
        int level = pg::push_settings();
        bool is_free = pg::try_lock_history(find(call));
        pg::pop_settings(level);
        if (is_free || GetCurrentTimestamp() >= end)
            return;
        SPI_commit();
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, kPollMs,
                        PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
        CHECK_FOR_INTERRUPTS();
    }
}

// Another runner may have made the table while this one waited.
void lock_and_read_state(VersionedCall *call) {
    if (call->is_nonatomic)
        wait_without_snapshot(call);
    int level = pg::push_settings();
    int64 wait = call->state->options.lock_wait_ms;
    call->history = find(call);
    bool was_there = OidIsValid(call->history->relation);
    pg::lock_history(call->history, wait);
    call->history = find(call);
    if (!was_there && OidIsValid(call->history->relation))
        pg::lock_history_relation(call->history, wait);
    if (!OidIsValid(call->history->relation))
        pg::check_no_other_history(call->history);
    read_rows(call);
    pg::pop_settings(level);
}

void find_history_again(VersionedCall *call) {
    MemoryContext before = MemoryContextSwitchTo(call->memory);
    int level = pg::push_settings();
    if (!pg::is_unchanged(call->history)) {
        call->history = find(call);
        if (OidIsValid(call->history->relation))
            pg::lock_history_relation(call->history, call->state->options.lock_wait_ms);
    }
    pg::pop_settings(level);
    MemoryContextSwitchTo(before);
}

const char *checksum_of(const VersionedCall *call, std::size_t place) {
    const auto *digests = call->state->statuses[place].digests;
    return digests != nullptr ? digests->body.c_str() : nullptr;
}

} // namespace migrate::fn
