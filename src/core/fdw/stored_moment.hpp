// Dates and times on their way into SQLite: as ISO text, in the form of SQLite's own functions, or
// as the number that the column's option "epoch" says.
#pragma once

#include "core/fdw/stored_value.hpp"

namespace migrate::core::fdw {

// As make_stored, for kinds date, time, timestamp and timestamptz.
bool make_stored_moment(Cell &cell, const StoredColumn &column, Batch &arena);

} // namespace migrate::core::fdw
