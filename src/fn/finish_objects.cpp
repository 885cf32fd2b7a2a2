// After the data: keys, indexes, foreign keys, checks, sequences, views, statistics. A statement
// that the data break gives way to its fallback, and the record and the notes say so.
//
// Statements that can fail run in subtransactions, many to one: a subtransaction each would
// overflow the 64 that a backend shows to other sessions' snapshots.
#include "fn/import_run.hpp"

#include "core/error.hpp"
#include "pg/error_bridge.hpp"
#include "pg/sql.hpp"
#include "pg/subtransaction.hpp"

#include <algorithm>

#include "pg/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

namespace migrate::fn {
namespace {

using core::plan::Fate;
using core::plan::Phase;
using core::plan::Statement;
using pg::call_core;

constexpr unsigned kBreaking = pg::kDataErrors | pg::kDefinitionErrors | pg::kObjectSizeErrors;
constexpr std::size_t kMaxSubtransactions = 16; // of one phase's statements
constexpr int kMaxFallbacks = 16;               // of a run, each in a subtransaction of its own

// Statements [first, last) in one subtransaction; `current` is where it stopped.
struct Chunk {
    const std::vector<Statement> *statements;
    std::size_t first;
    std::size_t last;
    std::size_t current;
};

void run_chunk(void *argument) {
    auto *chunk = static_cast<Chunk *>(argument);
    for (chunk->current = chunk->first; chunk->current < chunk->last; chunk->current++) {
        CHECK_FOR_INTERRUPTS();
        const Statement &statement = (*chunk->statements)[chunk->current];
        pg::run_definition(statement.sql.c_str(), statement.phase);
    }
}

struct Probe {
    const char *sql;
    pg::ProbeResult result;
};

void run_probe(void *argument) {
    auto *probe = static_cast<Probe *>(argument);
    probe->result = pg::run_probe(probe->sql);
}

// What the probe tells of the rows that broke the statement; count -1 when it cannot tell.
pg::ProbeResult probe_rows(const Statement &statement) {
    Probe probe = {statement.probe_sql.c_str(), {-1, ""}};
    if (statement.probe_sql.empty())
        return probe.result;
    if (pg::try_in_subtransaction(run_probe, &probe, kBreaking) != nullptr)
        probe.result = {-1, ""};
    return probe.result;
}

// Writes what became of the statement into the record and the table's notes. Texts in UTF-8.
void note_fallback(ImportRun *run, const Statement &statement, bool is_kept, const char *message,
                   const pg::ProbeResult &rows) {
    call_core([&] {
        // A fallback that failed too tells nothing but why.
        const bool is_given_up = !is_kept && !statement.fallback_sql.empty();
        std::string note = is_given_up ? "skipped" : statement.fallback_note;
        if (rows.count > 0 && !is_given_up)
            note += ": " + std::to_string(rows.count) + (rows.count == 1 ? " row" : " rows") +
                    (rows.keys[0] != '\0' ? " (" + std::string(rows.keys) + ")" : "");
        else if (message[0] != '\0')
            note += ": " + std::string(message);
        core::plan::Script &script = run->call->state->script;
        if (statement.record >= 0) {
            core::plan::ObjectRecord &record =
                script.records[static_cast<std::size_t>(statement.record)];
            record.status = is_kept ? Fate::adapted : Fate::skipped;
            record.reason += (record.reason.empty() ? "" : "; ") + note;
            if (!is_kept)
                record.target_name.clear();
        }
        if (statement.table >= 0)
            run->state->tables[static_cast<std::size_t>(statement.table)].finish_notes.push_back(
                statement.object + ": " + note);
    });
}

const char *utf8_text(const char *server) {
    return pg_server_to_any(server, static_cast<int>(strlen(server)), PG_UTF8);
}

struct Definition {
    const char *sql;
    Phase phase;
};

void run_one(void *argument) {
    const auto *definition = static_cast<const Definition *>(argument);
    pg::run_definition(definition->sql, definition->phase);
}

// NULL when the definition is made. Those beyond the limit are rehearsed in a subtransaction that
// is undone, and then run without one: what was undone takes no place among the 64.
const ErrorData *try_fallback(ImportRun *run, Definition *definition) {
    if (run->fallbacks++ < kMaxFallbacks)
        return pg::try_in_subtransaction(run_one, definition, kBreaking);
    const ErrorData *error = pg::try_and_undo(run_one, definition, kBreaking);
    if (error == nullptr)
        run_one(definition);
    return error;
}

// Runs the fallback of a statement that failed with `error` (NULL: its probe alone decided).
void fall_back(ImportRun *run, const Statement &statement, const ErrorData *error,
               pg::ProbeResult rows) {
    rows.keys = utf8_text(rows.keys);
    if (statement.is_foreign_key && rows.count > 0 &&
        run->call->state->options.orphans == core::Orphans::error)
        refuse_orphans(statement, rows);
    const char *message = error != nullptr ? utf8_text(error->message) : "";
    bool is_kept = false;
    if (!statement.fallback_sql.empty()) {
        Definition fallback = {statement.fallback_sql.c_str(), statement.phase};
        const ErrorData *second = try_fallback(run, &fallback);
        is_kept = second == nullptr;
        if (second != nullptr)
            message = utf8_text(second->message);
    }
    note_fallback(run, statement, is_kept, message, rows);
}

// A statement whose probe comes first: nothing to do where no row differs.
void run_probed(ImportRun *run, const Statement &statement) {
    pg::ProbeResult rows = probe_rows(statement);
    if (rows.count != 0)
        fall_back(run, statement, nullptr, rows);
}

// Runs [first, last), all of which can fail. Optimistic: all in one subtransaction; where one
// fails, those before it run again, its fallback runs, and the rest begins anew.
void run_attempts(ImportRun *run, std::size_t first, std::size_t last) {
    const std::vector<Statement> &statements = run->call->state->script.statements;
    while (first < last) {
        Chunk chunk = {&statements, first, last, first};
        const ErrorData *error = pg::try_in_subtransaction(run_chunk, &chunk, kBreaking);
        if (error == nullptr)
            return;
        Chunk before = {&statements, first, chunk.current, first};
        run_chunk(&before);
        const Statement &broken = statements[chunk.current];
        fall_back(run, broken, error, probe_rows(broken));
        first = chunk.current + 1;
    }
}

bool is_attempt(const Statement &statement) {
    return statement.can_fail && !statement.sql.empty();
}

// The end of the attempts that stand together from `first` on, in one phase, cut so that a failure
// repeats little work.
std::size_t end_of_attempts(const std::vector<Statement> &statements, std::size_t first) {
    std::size_t last = first;
    std::size_t most = std::max<std::size_t>(8, statements.size() / kMaxSubtransactions);
    while (last < statements.size() && is_attempt(statements[last]) &&
           statements[last].phase == statements[first].phase && last - first < most)
        last++;
    return last;
}

} // namespace

void refuse_orphans(const Statement &statement, const pg::ProbeResult &orphans) {
    ereport(ERROR,
            (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
             errmsg("foreign key %s has rows without a parent",
                    pg::server_text(statement.object.c_str())),
             errdetail(INT64_FORMAT " rows have no parent: %s.", orphans.count, orphans.keys),
             statement.is_required ? errhint("Load their parents too, or mend the rows.")
                                   : errhint("Use the option \"orphans\" with \"not_valid\" to "
                                             "keep them, or mend the rows.")));
    pg_unreachable();
}

void finish_objects(ImportRun *run) {
    const std::vector<Statement> &statements = run->call->state->script.statements;
    for (std::size_t i = 0; i < statements.size();) {
        CHECK_FOR_INTERRUPTS();
        const Statement &statement = statements[i];
        if (statement.phase <= Phase::data) {
            i++;
        } else if (is_attempt(statement)) {
            std::size_t last = end_of_attempts(statements, i);
            run_attempts(run, i, last);
            i = last;
        } else {
            if (statement.sql.empty())
                run_probed(run, statement);
            else
                pg::run_definition(statement.sql.c_str(), statement.phase);
            i++;
        }
    }
    if (run->replacement != nullptr)
        pg::carry_over(run->replacement);
}

} // namespace migrate::fn
