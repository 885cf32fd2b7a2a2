// How the session's transactions end while a procedure of ours runs: a CALL or DO of a script may
// hold a COMMIT or a ROLLBACK, of which the one who called it hears nothing.
//
//     TransactionEnd outer = watch_transactions();
//     … a CALL …
//     if (first_transaction_end(outer) == TransactionEnd::abort) …
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

enum class TransactionEnd : unsigned char { none, commit, abort };

// From here on the first end of a transaction is remembered. Watches nest: what is returned belongs
// to the one around, and is handed back at the end. An error needs no end.
TransactionEnd watch_transactions();
// How the transaction ended in which the watch began; none when it goes on.
TransactionEnd first_transaction_end(TransactionEnd outer);

// Grows with every COMMIT of the session, from the first watch on.
uint64 committed_transactions();

} // namespace migrate::pg
