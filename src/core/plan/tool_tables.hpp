// The tables in which migration tools and ORMs keep what they have run: they belong to the
// database, not to the data, and have no place in another one.
#pragma once

#include "core/schema.hpp"

namespace migrate::core::plan {

// The tool that keeps the table for itself ("Alembic"), or nullptr. By the name, and by the columns
// where the name alone may be an application's.
const char *tool_of_table(const Table &table);

} // namespace migrate::core::plan
