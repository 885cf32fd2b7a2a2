#include "pg/script_runner.hpp"

#include "pg/compat.hpp"
#include "pg/transaction_ends.hpp"

extern "C" {
#include "executor/spi.h"
#include "tcop/dest.h"
}

namespace migrate::pg {
namespace {

bool has_committed(const ScriptPlace *place) {
    return committed_transactions() != place->commits;
}

void describe_place(void *argument) {
    const auto *place = static_cast<const ScriptPlace *>(argument);
    // A position of the parser's is one in our statement, not in the caller's query.
    int position = geterrposition();
    if (place->sql != nullptr && position > 0) {
        errposition(0);
        internalerrposition(position);
        internalerrquery(place->sql);
    }
    if (place->statement > 0)
        errcontext("migration file \"%s\", line %d, statement %d of %d", place->file, place->line,
                   place->statement, place->statements);
    else
        errcontext("migration file \"%s\"", place->file);
    if (place->enum_hint != nullptr && place->transaction == local_transaction() &&
        geterrcode() == ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE)
        errhint("%s", place->enum_hint);
    if (place->has_no_history && geterrcode() == ERRCODE_UNDEFINED_TABLE)
        errhint("If this is the history of migrations: it is made after the first file. "
                "migrate.init_versioned() makes it before.");
    if (place->assurance != nullptr)
        errcontext("%s",
                   has_committed(place) ? "what was committed before stays" : place->assurance);
}

} // namespace

void push_place(ScriptPlace *place, const char *file, int statements) {
    memset(place, 0, sizeof(*place));
    place->file = file;
    place->statements = statements;
    place->commits = committed_transactions();
    place->callback.callback = describe_place;
    place->callback.arg = place;
    place->callback.previous = error_context_stack;
    error_context_stack = &place->callback;
}

void place_statement(ScriptPlace *place, const char *sql, int line, int statement) {
    place->sql = sql;
    place->line = line;
    place->statement = statement;
    place->transaction = local_transaction();
}

void place_end(ScriptPlace *place) {
    place_statement(place, nullptr, 0, 0);
}

void pop_place(const ScriptPlace *place) {
    error_context_stack = place->callback.previous;
}

void run_statement(const char *sql, bool may_commit) {
    SPIExecuteOptions options;
    memset(&options, 0, sizeof(options));
    options.dest = None_Receiver;
    options.allow_nonatomic = may_commit;
    int result = SPI_execute_extended(sql, &options);
    if (result < 0)
        elog(ERROR, "could not run the statement: %s", SPI_result_code_string(result));
}

} // namespace migrate::pg
