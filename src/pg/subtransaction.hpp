// The one file that catches PostgreSQL's errors: an internal subtransaction around a C function
// pointer.
//
//     ErrorData *error = try_in_subtransaction(run_statement, &statement, kDataErrors);
//     if (error) … // the data broke the statement; everything it did is undone
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

// SQLSTATE classes that a caller is ready to handle.
enum SwallowedClasses : unsigned {
    kDataErrors = 1u,       // 22 data exception, 23 integrity constraint violation
    kDefinitionErrors = 2u, // 42 syntax or access rule violation, 0A feature not supported
    kObjectSizeErrors = 4u, // 54000 program limit exceeded (an index row that is too large)
    // Whatever a statement of a migration ends in by itself, a missing privilege too; not the
    // classes of the server's own trouble: 40, 53, 57 (cancel), 58, XX.
    kScriptErrors = 8u,
    // What a trigger or a view's check option refuses: P0 (RAISE), 09, 27, 44.
    kTriggerErrors = 16u,
    // 21: a statement that meets one row twice (ON CONFLICT, after a trigger changed its key).
    kCardinalityErrors = 32u,
};

// Runs function(argument) in a subtransaction. Returns NULL when it succeeded (the subtransaction
// is committed into its parent), else the error, copied into the caller's memory context (the
// subtransaction is rolled back). Errors of other classes — cancel, resources, serialization,
// internal ones — are thrown on. Relations, slots and result stores that live longer must have been
// made before. CurrentMemoryContext and CurrentResourceOwner are as before the call.
ErrorData *try_in_subtransaction(void (*function)(void *), void *argument, unsigned classes);

// The same, and what succeeded is undone too: a rehearsal.
ErrorData *try_and_undo(void (*function)(void *), void *argument, unsigned classes);

// Runs function(argument) in a subtransaction that is always rolled back (a dry run). Errors are
// thrown on.
void run_and_undo(void (*function)(void *), void *argument);

} // namespace migrate::pg
