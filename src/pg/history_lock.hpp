// The lock of a runner (lock_history in history_table.hpp) over the commits of its call: a lock of
// the transaction ends with each of them, also with one inside a file.
//
//     HistoryHold *hold = open_history_hold(memory);
//     lock_history(history, wait); hold_history(hold, history);
#pragma once

#include "pg/history_table.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

// Lets go when `memory` is deleted: at the end of a call, by an error, not by a ROLLBACK inside.
struct HistoryHold;
HistoryHold *open_history_hold(MemoryContext memory);

// Takes the advisory lock of a history for the session too, and lets go of another history's. Never
// waits: the transaction must have it.
void hold_history(HistoryHold *hold, const HistoryTable *history);

} // namespace migrate::pg
