// Writes rows of which some may break a constraint: the batch in a subtransaction, and where that
// fails, its halves, down to the row, which is refused alone.
#pragma once

#include "pg/writer.hpp"

#include <cstddef>

#include "pg/postgres.hpp"

namespace migrate::fn {

struct GuardedWrite {
    pg::Writer *writer;
    core::Batch *batch;
    // Told of a row that the server refused; the row is to be marked as rejected.
    void (*refuse)(void *argument, std::size_t row, const ErrorData *error);
    void *argument;
    pg::Written written; // of all rows that were taken
    bool has_undone;     // a subtransaction was rolled back
};

// Writes the rows [first, end) of the batch that are not rejected. Errors that no row is to blame
// for are thrown on.
void write_guarded(GuardedWrite *task, std::size_t first, std::size_t end);

// "message: detail" of an error in UTF-8, palloc'd.
const char *refusal_words(const ErrorData *error);

} // namespace migrate::fn
