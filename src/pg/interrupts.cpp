#include "pg/interrupts.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

bool is_stop_requested() noexcept {
    // statement_timeout and lock_timeout arrive as QueryCancelPending.
    bool is_stopped = QueryCancelPending || ProcDiePending || ClientConnectionLost;
#if PG_VERSION_NUM >= 170000
    is_stopped = is_stopped || TransactionTimeoutPending;
#endif
    return is_stopped;
}

} // namespace migrate::pg
