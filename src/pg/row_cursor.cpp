#include "pg/row_cursor.hpp"

extern "C" {
#include "access/htup_details.h"
}

namespace migrate::pg {
namespace {

constexpr long kFetch = 200;

// SPI leaves its own memory context behind.
void fetch_rows(RowCursor *cursor) {
    MemoryContext caller = CurrentMemoryContext;
    if (cursor->table != nullptr)
        SPI_freetuptable(cursor->table);
    SPI_cursor_fetch(cursor->portal, true, kFetch);
    cursor->table = SPI_tuptable;
    cursor->rows = SPI_processed;
    cursor->at = 0;
    MemoryContextSwitchTo(caller);
}

} // namespace

RowCursor *open_cursor(const char *sql, int columns, int arguments, Oid *types, Datum *values) {
    MemoryContext caller = CurrentMemoryContext;
    auto *cursor = static_cast<RowCursor *>(palloc0(sizeof(RowCursor)));
    cursor->values = static_cast<Datum *>(palloc0(sizeof(Datum) * columns));
    cursor->nulls = static_cast<bool *>(palloc0(sizeof(bool) * columns));
    cursor->plan = SPI_prepare(sql, arguments, types);
    if (cursor->plan == nullptr)
        elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
    cursor->portal = SPI_cursor_open(nullptr, cursor->plan, values, nullptr, false);
    MemoryContextSwitchTo(caller);
    next_row(cursor);
    return cursor;
}

void next_row(RowCursor *cursor) {
    if (cursor->at == cursor->rows)
        fetch_rows(cursor);
    cursor->has_row = cursor->at < cursor->rows;
    if (cursor->has_row)
        heap_deform_tuple(cursor->table->vals[cursor->at++], cursor->table->tupdesc, cursor->values,
                          cursor->nulls);
}

void close_cursor(RowCursor *cursor) {
    MemoryContext caller = CurrentMemoryContext;
    if (cursor->table != nullptr)
        SPI_freetuptable(cursor->table);
    SPI_cursor_close(cursor->portal);
    SPI_freeplan(cursor->plan);
    MemoryContextSwitchTo(caller);
}

} // namespace migrate::pg
