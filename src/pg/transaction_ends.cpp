#include "pg/transaction_ends.hpp"

extern "C" {
#include "access/xact.h"
}

namespace migrate::pg {
namespace {

TransactionEnd first_end = TransactionEnd::none;
uint64 commits = 0;
bool is_registered = false;

void note_end(XactEvent event, void *) {
    if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT)
        return;
    bool is_commit = event == XACT_EVENT_COMMIT;
    commits += is_commit ? 1 : 0;
    if (first_end == TransactionEnd::none)
        first_end = is_commit ? TransactionEnd::commit : TransactionEnd::abort;
}

} // namespace

TransactionEnd watch_transactions() {
    if (!is_registered)
        RegisterXactCallback(note_end, nullptr);
    is_registered = true;
    TransactionEnd outer = first_end;
    first_end = TransactionEnd::none;
    return outer;
}

TransactionEnd first_transaction_end(TransactionEnd outer) {
    TransactionEnd seen = first_end;
    if (outer != TransactionEnd::none)
        first_end = outer;
    return seen;
}

uint64 committed_transactions() {
    return commits;
}

} // namespace migrate::pg
