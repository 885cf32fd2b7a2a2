// Whose rows a sync is about, where a table holds those of many tenants: the rows of tenants that
// no table of the source speaks of are none of its affair.
#pragma once

#include "pg/table_sync.hpp"

namespace migrate::pg {

// The sync's column and counts; the request names the column.
void open_scope(TableSync *sync);
// A row of the source, by the sync's columns.
void note_source_tenant(TableSync *sync, const Datum *values, const bool *nulls);
// The row of the table at hand.
void note_target_tenant(TableSync *sync, bool is_missing);
// The table's rows are counted anew.
void forget_tenants(TableSync *sync);
// Index among the sync's columns, -1 without a scope.
int scope_column(const TableSync *sync);

} // namespace migrate::pg
