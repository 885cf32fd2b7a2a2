// The conversions of one cell to dates and times, by the table of types.md; private to
// core/cell_converter.
#pragma once

#include "core/cell_converter.hpp"

namespace migrate::core {

// As CellConverter.
Fit to_date(Cell &cell, const ColumnRule &rule, Batch &arena);
Fit to_time(Cell &cell, const ColumnRule &rule, Batch &arena);
Fit to_timestamp(Cell &cell, const ColumnRule &rule, Batch &arena);
Fit to_timestamptz(Cell &cell, const ColumnRule &rule, Batch &arena);

} // namespace migrate::core
