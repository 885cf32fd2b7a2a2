// The rows that a function returns: one materialised store, made before any subtransaction begins.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

// A row under construction; texts are converted from UTF-8 as they are set.
struct ResultRow {
    ReturnSetInfo *info;
    int column; // the next one to set
    Datum values[16];
    bool nulls[16];
};

// Opens the result of a set-returning function (InitMaterializedSRF).
void open_result(FunctionCallInfo fcinfo);

void start_row(FunctionCallInfo fcinfo, ResultRow *row);
void set_text(ResultRow *row, const char *utf8);         // NULL for SQL's NULL
void set_text_or_null(ResultRow *row, const char *utf8); // "" is SQL's NULL too
void set_bigint(ResultRow *row, int64 value);
void set_boolean(ResultRow *row, bool value);
void set_null(ResultRow *row);
void set_datum(ResultRow *row, Datum value);
// Seconds since `start` as numeric with three digits.
void set_seconds(ResultRow *row, TimestampTz start, TimestampTz end);
void finish_row(ResultRow *row);

} // namespace migrate::pg
