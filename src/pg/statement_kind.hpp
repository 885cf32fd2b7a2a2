// What a statement of a script is, by the server's own raw parser: never by its text.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

enum class TransactionCommand : unsigned char {
    none,
    begin,  // BEGIN, START TRANSACTION
    commit, // COMMIT, END
    other,  // ROLLBACK, SAVEPOINT, PREPARE TRANSACTION, … and the AND CHAIN forms
};

// Statements that a transaction block refuses (PreventInTransactionBlock).
enum class OwnTransaction : unsigned char {
    none,
    concurrent_index, // CREATE or DROP INDEX CONCURRENTLY: has a plain form
    vacuum,
    other,
};

struct StatementKind {
    const char *tag; // "CREATE TABLE"; static
    TransactionCommand transaction;
    OwnTransaction own_transaction;
    bool copies_to_client; // COPY … TO STDOUT
    bool adds_enum_value;
    bool sets_constraints; // SET CONSTRAINTS
    bool may_commit;       // CALL and DO: what they run may hold a COMMIT
};

// Parses one statement (server encoding). Errors: 42601 of the parser; 0A000 for a text that holds
// more than one statement.
StatementKind classify_statement(const char *sql);

} // namespace migrate::pg
