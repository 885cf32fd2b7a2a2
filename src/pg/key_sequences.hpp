// The sequences behind a table's columns, after rows with keys of their own were written.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

// Moves the sequences of serial and identity columns past the highest value of their columns, never
// back. (setval is not undone by a rollback: it comes last, and not in a dry run.) A sequence that
// the caller may not set is left alone. `table` is a qualified name. Returns palloc'd notes, a line
// each, NULL for none.
const char *advance_sequences(Oid relation, const char *table);

} // namespace migrate::pg
