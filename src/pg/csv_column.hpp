// A column of an existing relation as the readers of CSV files know it.
#pragma once

#include "core/csv/table_columns.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/pg_attribute.h"
}

namespace migrate::pg {

// Appends the attribute, which was not dropped.
void add_csv_column(core::csv::TableColumns *columns, Form_pg_attribute attribute);

} // namespace migrate::pg
