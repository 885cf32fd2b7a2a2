// The statement that moves the sequence behind a column past the keys that were loaded.
#pragma once

#include <string>

namespace migrate::core::plan {

// SELECT setval(…): past the highest value of the column, never back; it finds no row where the
// sequence is there already, or cannot go. All three are SQL: quoted names, the first two
// qualified.
std::string raise_sequence_sql(const std::string &sequence, const std::string &table,
                               const std::string &column);

} // namespace migrate::core::plan
