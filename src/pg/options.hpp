// The caller's jsonb as core's option values.
#pragma once

#include "core/option_value.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

// Reads `options` (a jsonb Datum) into a value owned by `context`; texts in UTF-8. 22023 when it is
// not an object; `argument` is the argument's name for the message.
core::OptionValue *read_options(MemoryContext context, Datum options,
                                const char *argument = "options");

} // namespace migrate::pg
