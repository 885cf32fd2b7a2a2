// The UPDATE of a sync, also where rows exchange the values of a unique key.
#pragma once

#include "pg/table_sync.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

struct SyncUpdate {
    int64 rows;
    bool is_parked; // rows that exchange unique values had others in between
};

// Nothing where no row differs. A unique index is checked row by row, so one UPDATE cannot exchange
// values: when it fails, the columns of unique indexes get values that no row has, then the UPDATE
// is run again. Where no such value can be made (NOT NULL columns of other types than text,
// numbers and uuid) the error stays.
SyncUpdate update_changed(TableSync *sync);

// Rows that are missing in the source and stay until no other points to them hold unique values
// that the source may have given to others: they get values that no row has, where there are such.
// False where nothing was parked.
bool park_spared(TableSync *sync);

} // namespace migrate::pg
