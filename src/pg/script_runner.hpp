// Runs the statements of a migration as the caller, with an error context that names the file.
//
//     ScriptPlace place;
//     push_place(&place, file, statements);
//     … place_statement(&place, sql, line, number); run_statement(sql);
//     pop_place(&place);
#pragma once

#include <cstddef>

#include "pg/postgres.hpp"

namespace migrate::pg {

// An error context: migration file "002_x_UP.sql", line 14, statement 3 of 7. While a statement is
// set, the position of an error in it is shown with its text. What is pushed must be popped in the
// same frame or left by an error.
struct ScriptPlace {
    ErrorContextCallback callback;
    const char *file;      // server encoding
    const char *sql;       // the statement at work, or NULL
    const char *assurance; // a second line, or NULL: "Nothing was applied."
    bool has_no_history;   // there is none that a file could write to
    const char *enum_hint; // where this transaction added enum values and the way out, or NULL
    uint64 commits;        // before the script: behind another one the assurance is not true
    LocalTransactionId transaction; // of the statement's beginning: so does the hint
    int line;
    int statement;
    int statements;
};
void push_place(ScriptPlace *place, const char *file, int statements);
// `sql` may be NULL while the statement is not in the server's encoding yet.
void place_statement(ScriptPlace *place, const char *sql, int line, int statement);
// Between the statements and the script's end.
void place_end(ScriptPlace *place);
void pop_place(const ScriptPlace *place);

// Runs one statement through SPI; rows that it returns are passed over. Transaction commands and
// COPY … FROM STDIN must not come here. `may_commit`: for a CALL or DO that may end the
// transaction, in a call that is not atomic itself; other statements would run on an old snapshot.
void run_statement(const char *sql, bool may_commit);

// Runs COPY … FROM STDIN with data of the script (UTF-8), with the checks that the server makes
// when a client sends them.
void run_copy(const char *sql, const char *data, std::size_t size);

} // namespace migrate::pg
