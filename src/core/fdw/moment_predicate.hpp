// Dates and times: SQLite has text for them, or numbers, and compares both as what they are.
#pragma once

#include "core/fdw/predicate.hpp"

namespace migrate::core::fdw {

// A range of days as text. `value` is the day of the operand.
std::optional<Predicate> moment_predicate(const PushColumn &column, Comparison comparison,
                                          const Operand &value);

} // namespace migrate::core::fdw
