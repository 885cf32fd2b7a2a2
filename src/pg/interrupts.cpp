#include "pg/interrupts.hpp"

#include <poll.h>

#include "pg/postgres.hpp"

// Without them libpq-be.h does not ask for the headers of GSSAPI and OpenSSL. Members at the end of
// Port may move; the only one that is read here is the first.
#undef ENABLE_GSS
#undef USE_OPENSSL
#undef USE_SSL
extern "C" {
#include "libpq/libpq-be.h"
}

namespace migrate::pg {
namespace {

// What CHECK_FOR_INTERRUPTS would find, without its side effects: it is only there, not in a
// callback, that client_connection_check_interval turns a closed connection into an error.
bool is_client_gone() noexcept {
#ifdef POLLRDHUP
    if (MyProcPort == nullptr)
        return false;
    pollfd connection = {MyProcPort->sock, POLLRDHUP, 0};
    return poll(&connection, 1, 0) > 0;
#else
    return false;
#endif
}

} // namespace

bool is_stop_requested() noexcept {
    // statement_timeout and lock_timeout arrive as QueryCancelPending.
    bool is_stopped = QueryCancelPending || ProcDiePending || ClientConnectionLost;
#if PG_VERSION_NUM >= 170000
    is_stopped = is_stopped || TransactionTimeoutPending;
#endif
    return is_stopped || (CheckClientConnectionPending && is_client_gone());
}

} // namespace migrate::pg
