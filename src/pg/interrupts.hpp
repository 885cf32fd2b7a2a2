// What stops work inside a library that knows nothing of PostgreSQL.
#pragma once

namespace migrate::pg {

// Whether PostgreSQL wants this statement to end: a cancel, a terminated backend,
// transaction_timeout or a lost client; not every InterruptPending, which also asks for things that
// end nothing. Reads flags only: safe in a callback of SQLite.
bool is_stop_requested() noexcept;

} // namespace migrate::pg
