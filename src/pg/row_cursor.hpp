// The rows of one of our own queries, one after the other, a few hundred in memory at a time.
//
//     RowCursor *cursor = open_cursor(sql, 3);
//     while (cursor->has_row) { … cursor->values[0] … next_row(cursor); }
//     close_cursor(cursor);
//
// All calls stand between SPI_connect and SPI_finish; they leave CurrentMemoryContext as it was.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "executor/spi.h"
}

namespace migrate::pg {

// Palloc'd in CurrentMemoryContext.
struct RowCursor {
    bool has_row;
    Datum *values; // of the row at hand; good until the next next_row
    bool *nulls;
    // Its own:
    SPIPlanPtr plan;
    Portal portal;
    SPITupleTable *table;
    uint64 at;
    uint64 rows;
};

// Runs the query, which gives so many columns and takes so many arguments, with a snapshot of its
// own, and stands on its first row.
RowCursor *open_cursor(const char *sql, int columns, int arguments = 0, Oid *types = nullptr,
                       Datum *values = nullptr);
void next_row(RowCursor *cursor);
void close_cursor(RowCursor *cursor);

} // namespace migrate::pg
