#include "fn/versioned_script.hpp"

#include "core/versioned/script_lexer.hpp"

#include "pg/compat.hpp"
#include "pg/error_bridge.hpp"
#include "pg/script_runner.hpp"
#include "pg/session_settings.hpp"
#include "pg/settings.hpp"
#include "pg/sql.hpp"
#include "pg/statement_kind.hpp"
#include "pg/transaction_ends.hpp"

extern "C" {
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "utils/guc.h"
}

namespace migrate::fn {
namespace {

using core::versioned::NonTransactional;
using core::versioned::PieceKind;
using core::versioned::ScriptPiece;
using core::versioned::ScriptToken;
using core::versioned::ScriptTokenKind;
using pg::OwnTransaction;
using pg::StatementKind;
using pg::TransactionCommand;

// psql commands that change nothing in the database, as pg_dump and people write them.
constexpr const char *kHarmless[] = {"restrict", "unrestrict", "echo",  "qecho", "warn",
                                     "timing",   "set",        "unset", "pset"};

bool is_harmless(const ScriptPiece &piece) {
    for (const char *name : kHarmless)
        if (piece.command == name)
            return true;
    return false;
}

// A piece in the server's encoding, with its end.
char *server_sql(std::string_view text) {
    char *copy = pnstrdup(text.data(), text.size());
    return pg_any_to_server(copy, static_cast<int>(text.size()), PG_UTF8);
}

[[noreturn]] void refuse_command(const ScriptPiece &piece) {
    char *name = server_sql(piece.command);
    ereport(ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
             errmsg("psql command \"\\%s\" cannot run inside the server", name),
             errhint("Write it as SQL, or run this file with psql and record it with the option "
                     "\"record_only\".")));
    pg_unreachable();
}

[[noreturn]] void refuse_transaction_command(const StatementKind &kind) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("%s is not possible in a migration", kind.tag),
                    errdetail("All migrations of a call are one transaction."),
                    errhint("A DO block with an EXCEPTION clause can undo a part of its work.")));
    pg_unreachable();
}

[[noreturn]] void refuse_copy_to_client() {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("COPY TO STDOUT is not possible in a migration"),
                    errhint("Run this file with psql and record it with the option "
                            "\"record_only\".")));
    pg_unreachable();
}

[[noreturn]] void refuse_own_transaction(const StatementKind &kind) {
    bool is_relaxable = kind.own_transaction != OwnTransaction::other;
    bool is_index = kind.own_transaction == OwnTransaction::concurrent_index;
    ereport(ERROR,
            (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
             errmsg("%s%s cannot run inside a transaction block", kind.tag,
                    is_index ? " CONCURRENTLY" : ""),
             is_relaxable
                 ? errhint("The option \"non_transactional\" with \"relax\" runs CREATE and DROP "
                           "INDEX CONCURRENTLY in their plain form and leaves VACUUM out.")
                 : errhint("Run this file with psql and record it with the option "
                           "\"record_only\".")));
    pg_unreachable();
}

void check_statement(const VersionedCall *call, const StatementKind &kind) {
    if (kind.transaction == TransactionCommand::other)
        refuse_transaction_command(kind);
    if (kind.copies_to_client)
        refuse_copy_to_client();
    if (kind.own_transaction == OwnTransaction::none)
        return;
    bool is_relaxed = call->state->options.non_transactional == NonTransactional::relax;
    if (!is_relaxed || kind.own_transaction == OwnTransaction::other)
        refuse_own_transaction(kind);
}

void note(VersionedCall *call, const char *text, int line) {
    VersionedState *state = call->state;
    pg::call_core([&] {
        state->notes +=
            (state->notes.empty() ? "line " : "; line ") + std::to_string(line) + ": " + text;
    });
}

// The first bare word CONCURRENTLY is the keyword, as no name can be that; blanks in its place keep
// the positions.
char *without_concurrently(char *sql) {
    std::string_view text(sql);
    pg::call_core([&] {
        core::versioned::ScriptLexer lexer(text);
        ScriptToken token = lexer.next();
        while (token.kind != ScriptTokenKind::end && !token.is_word("concurrently"))
            token = lexer.next();
        memset(sql + token.offset, ' ', token.text.size());
    });
    return sql;
}

std::string enum_hint(const std::vector<std::string> &places) {
    constexpr std::size_t kMostShown = 5;
    std::string hint = places.size() > 1 ? "Values were added in " : "The value was added in ";
    std::size_t shown = std::min(places.size(), kMostShown);
    for (std::size_t i = 0; i < shown; i++) {
        bool is_last = i + 1 == places.size();
        hint += (i == 0 ? "" : is_last ? " and " : ", ") + places[i];
    }
    if (shown < places.size())
        hint += " and " + std::to_string(places.size() - shown) + " more";
    return hint + " and can be used when " + (places.size() > 1 ? "they are" : "that is") +
           " committed: apply up to that version, commit, and apply the rest; or CALL "
           "migrate.apply_versioned_each().";
}

void remember_enum_value(VersionedCall *call, const char *file, int line) {
    VersionedState *state = call->state;
    LocalTransactionId transaction = pg::local_transaction();
    pg::call_core([&] {
        if (state->enum_transaction != transaction)
            state->enum_places.clear();
        state->enum_transaction = transaction;
        state->enum_places.push_back("line " + std::to_string(line) + " of migration file \"" +
                                     file + "\"");
        state->enum_hint = enum_hint(state->enum_places);
    });
}

// What was committed can be used.
const char *enum_hint_now(const VersionedCall *call) {
    const VersionedState *state = call->state;
    return state->enum_transaction == pg::local_transaction() ? state->enum_hint.c_str() : nullptr;
}

// What a transaction command of a file means here: the outer BEGIN and COMMIT nothing at all.
void pass_transaction_command(VersionedCall *call, const StatementKind &kind, std::size_t index) {
    const std::vector<ScriptPiece> &pieces = call->state->pieces;
    bool is_outer =
        kind.transaction == TransactionCommand::begin ? index == 0 : index + 1 == pieces.size();
    if (!is_outer)
        note(call, psprintf("%s has no effect, all is one transaction", kind.tag),
             pieces[index].line);
}

[[noreturn]] void refuse_rollback() {
    ereport(ERROR,
            (errcode(ERRCODE_INVALID_TRANSACTION_TERMINATION),
             errmsg("statement rolled back the transaction of the migration"),
             errdetail("What earlier statements of the file did since its last commit is lost."),
             errhint("A block with an EXCEPTION clause can undo a part of its work.")));
    pg_unreachable();
}

// A CALL or DO may undo what it did after a COMMIT of its own, not what was there before it.
void run_statement(const VersionedCall *call, const char *sql, const StatementKind &kind) {
    pg::TransactionEnd outer = pg::watch_transactions();
    pg::run_statement(sql, call->is_nonatomic && kind.may_commit);
    if (pg::first_transaction_end(outer) == pg::TransactionEnd::abort)
        refuse_rollback();
}

// The piece in the server's encoding; what goes wrong from here on is its place's.
char *begin_piece(pg::ScriptPlace *place, const ScriptPiece &piece, std::size_t index) {
    int number = static_cast<int>(index) + 1;
    pg::place_statement(place, nullptr, piece.line, number);
    char *sql = server_sql(piece.text);
    pg::place_statement(place, sql, piece.line, number);
    return sql;
}

// Returns whether a statement ran.
bool run_sql(VersionedCall *call, pg::ScriptPlace *place, std::size_t index,
             bool *sets_constraints) {
    const ScriptPiece &piece = call->state->pieces[index];
    char *sql = begin_piece(place, piece, index);
    StatementKind kind = pg::classify_statement(sql);
    if (kind.transaction != TransactionCommand::none) {
        pass_transaction_command(call, kind, index);
        return false;
    }
    if (kind.own_transaction == OwnTransaction::vacuum) {
        note(call, "VACUUM was left out", piece.line);
        return false;
    }
    if (kind.own_transaction == OwnTransaction::concurrent_index) {
        note(call, "CONCURRENTLY was left out", piece.line);
        sql = without_concurrently(sql);
    }
    *sets_constraints |= kind.sets_constraints;
    run_statement(call, sql, kind);
    if (kind.adds_enum_value)
        remember_enum_value(call, place->file, piece.line);
    place->enum_hint = enum_hint_now(call);
    return true;
}

bool run_piece(VersionedCall *call, pg::ScriptPlace *place, std::size_t index,
               bool *sets_constraints) {
    const ScriptPiece &piece = call->state->pieces[index];
    if (piece.kind == PieceKind::command)
        return false;
    if (piece.kind == PieceKind::statement)
        return run_sql(call, place, index, sets_constraints);
    const char *sql = begin_piece(place, piece, index);
    pg::run_copy(sql, piece.data.data(), piece.data.size());
    return true;
}

// Deferred events of one file would keep the next one from altering the table ("pending trigger
// events"). SET CONSTRAINTS ALL also changes what is to come: constraints that are initially
// deferred are deferred again, by name, and a name may stand for several ones of a schema, also for
// some that are not deferred. Without any there is nothing to do, and nothing is done.
void check_constraints(bool sets_constraints) {
    StringInfoData deferred;
    initStringInfo(&deferred);
    int level = pg::push_settings();
    uint64 rows =
        pg::run_query("SELECT CASE WHEN has_schema_privilege(n.oid, 'USAGE') AND NOT EXISTS "
                      "(SELECT FROM pg_constraint o WHERE o.conname = d.conname AND "
                      "o.connamespace = n.oid AND NOT o.condeferred) THEN "
                      "format('%I.%I', n.nspname, d.conname) END "
                      "FROM (SELECT DISTINCT connamespace, conname FROM pg_constraint "
                      "WHERE condeferred) d JOIN pg_namespace n ON n.oid = d.connamespace "
                      "WHERE NOT pg_is_other_temp_schema(n.oid)");
    for (uint64 i = 0; i < rows; i++) {
        const char *name = pg::query_text(i, 1);
        if (name != nullptr)
            appendStringInfo(&deferred, "%s%s", deferred.len > 0 ? ", " : "", name);
    }
    pg::pop_settings(level);
    if (rows > 0 || sets_constraints)
        pg::run_utility("SET CONSTRAINTS ALL IMMEDIATE");
    if (deferred.len > 0)
        pg::run_utility(psprintf("SET CONSTRAINTS %s DEFERRED", deferred.data));
}

void set_role(const std::string &role) {
    (void)set_config_option("role", pg::server_text(role.c_str()),
                            superuser() ? PGC_SUSET : PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
                            true, 0, false);
}

// What a file sets is undone at its end, with the level.
struct FileSettings {
    int level;
    LocalTransactionId transaction;
    MemoryContext memory;
    pg::SessionSettings *session; // where a statement may end the transaction
};

void push_file_settings(const VersionedCall *call, FileSettings *settings) {
    settings->level = NewGUCNestLevel();
    settings->transaction = pg::local_transaction();
    pg::set_setting("lock_timeout", call->state->options.lock_timeout.c_str());
    if (!call->state->options.role.empty())
        set_role(call->state->options.role);
}

FileSettings enter_file(const VersionedCall *call) {
    FileSettings settings = {};
    settings.memory =
        AllocSetContextCreate(call->memory, "migrate file settings", ALLOCSET_DEFAULT_SIZES);
    MemoryContext before = MemoryContextSwitchTo(settings.memory);
    if (call->is_nonatomic)
        settings.session = pg::remember_session();
    MemoryContextSwitchTo(before);
    push_file_settings(call, &settings);
    return settings;
}

// A COMMIT of a procedure that the file calls ended the level, made what was set the session's, and
// let other runners in. As psql does after a CALL, the rest of its work is committed, here with the
// session as it was; for the file its settings go on. The history may be gone.
void go_on_after_commit(VersionedCall *call, FileSettings *settings) {
    pg::SettingChanges *changes = pg::restore_session(settings->session);
    SPI_commit();
    find_history_again(call);
    int level = pg::push_settings();
    pg::lock_history(call->history, call->state->options.lock_wait_ms);
    pg::pop_settings(level);
    push_file_settings(call, settings);
    pg::apply_changes(changes);
}

} // namespace

void split(VersionedCall *call, const char *file, const std::string &text) {
    VersionedState *state = call->state;
    bool is_standard =
        strcmp(GetConfigOption("standard_conforming_strings", false, false), "on") == 0;
    pg::ScriptPlace place;
    pg::push_place(&place, file, 0);
    pg::call_core([&] { state->pieces = core::versioned::split_script(text, is_standard); });
    pg::pop_place(&place);
}

void check_script(VersionedCall *call, const char *file, const std::string &text,
                  const char *assurance) {
    split(call, file, text);
    const std::vector<ScriptPiece> &pieces = call->state->pieces;
    MemoryContext scratch =
        AllocSetContextCreate(call->memory, "migrate statement", ALLOCSET_DEFAULT_SIZES);
    MemoryContext before = MemoryContextSwitchTo(scratch);
    pg::ScriptPlace place;
    pg::push_place(&place, file, static_cast<int>(pieces.size()));
    place.assurance = assurance;
    for (std::size_t i = 0; i < pieces.size(); i++) {
        const char *sql = begin_piece(&place, pieces[i], i);
        if (pieces[i].kind == PieceKind::command && !is_harmless(pieces[i]))
            refuse_command(pieces[i]);
        if (pieces[i].kind != PieceKind::command)
            check_statement(call, pg::classify_statement(sql));
        place.sql = nullptr;
        MemoryContextReset(scratch);
        CHECK_FOR_INTERRUPTS();
    }
    pg::pop_place(&place);
    MemoryContextSwitchTo(before);
    MemoryContextDelete(scratch);
}

int run_script(VersionedCall *call, const char *file, const std::string &text,
               const char *assurance) {
    VersionedState *state = call->state;
    split(call, file, text);
    MemoryContext scratch =
        AllocSetContextCreate(call->memory, "migrate statement", ALLOCSET_DEFAULT_SIZES);
    MemoryContext before = MemoryContextSwitchTo(scratch);
    pg::ScriptPlace place;
    pg::push_place(&place, file, static_cast<int>(state->pieces.size()));
    place.assurance = assurance;
    place.enum_hint = enum_hint_now(call);
    place.has_no_history = !OidIsValid(call->history->relation);
    FileSettings settings = enter_file(call);
    int statements = 0;
    bool sets_constraints = false;
    for (std::size_t i = 0; i < state->pieces.size(); i++) {
        statements += run_piece(call, &place, i, &sets_constraints) ? 1 : 0;
        place.sql = nullptr;
        if (settings.transaction != pg::local_transaction())
            go_on_after_commit(call, &settings);
        MemoryContextReset(scratch);
        MemoryContextSwitchTo(scratch); // SPI left its own current
        CHECK_FOR_INTERRUPTS();
    }
    pg::place_end(&place);
    check_constraints(sets_constraints);
    AtEOXact_GUC(false, settings.level);
    MemoryContextDelete(settings.memory);
    pg::pop_place(&place);
    MemoryContextSwitchTo(before);
    MemoryContextDelete(scratch);
    return statements;
}

} // namespace migrate::fn
