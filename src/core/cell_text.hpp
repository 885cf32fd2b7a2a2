// Cells as text: for messages, for SQLite's own text form of numbers, and the mending of text that
// PostgreSQL cannot hold.
//
//     describe_cell(cell) … "ten", 1.5, x'00ff' (2 bytes), NULL
#pragma once

#include "core/batch.hpp"

#include <string>

namespace migrate::core {

// Replaces each NUL and each byte that is not part of valid UTF-8 by U+FFFD, or the NULs alone
// where the server keeps bytes as they are (`is_utf8_checked` false); the new bytes lie in `arena`.
// True when the cell was changed; cells other than text are left. Throws Error 54000 when the text
// would grow beyond PostgreSQL's 1 GB.
bool replace_invalid_text(Cell &cell, Batch &arena, bool is_utf8_checked = true);

// The value as a message shows it: text in double quotes, cut at 60 characters, control and
// invalid bytes as \xNN; numbers as SQLite prints them; blobs as x'…' with their length.
std::string describe_cell(const Cell &cell);

// A number in SQLite's text form that reads back to the same number: "1.0", "0.1", "1.0e+100",
// "Inf". Integers as they are; "" for a cell that is no number.
std::string number_text(const Cell &cell);

} // namespace migrate::core
