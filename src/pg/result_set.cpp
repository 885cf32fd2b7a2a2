#include "pg/result_set.hpp"

#include "pg/error_bridge.hpp"

extern "C" {
#include "mb/pg_wchar.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
}

namespace migrate::pg {

void open_result(FunctionCallInfo fcinfo) {
    InitMaterializedSRF(fcinfo, 0);
}

void start_row(FunctionCallInfo fcinfo, ResultRow *row) {
    row->info = reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);
    row->column = 0;
}

void set_datum(ResultRow *row, Datum value) {
    row->values[row->column] = value;
    row->nulls[row->column++] = false;
}

void set_null(ResultRow *row) {
    row->values[row->column] = 0;
    row->nulls[row->column++] = true;
}

void set_text(ResultRow *row, const char *utf8) {
    if (utf8 == nullptr)
        return set_null(row);
    set_datum(row, CStringGetTextDatum(server_text(utf8)));
}

void set_text_or_null(ResultRow *row, const char *utf8) {
    set_text(row, utf8 != nullptr && utf8[0] != '\0' ? utf8 : nullptr);
}

void set_bigint(ResultRow *row, int64 value) {
    set_datum(row, Int64GetDatum(value));
}

void set_boolean(ResultRow *row, bool value) {
    set_datum(row, BoolGetDatum(value));
}

void set_seconds(ResultRow *row, TimestampTz start, TimestampTz end) {
    int64 milliseconds = (end - start + 500) / 1000;
    set_datum(row, NumericGetDatum(int64_div_fast_to_numeric(milliseconds, 3)));
}

void finish_row(ResultRow *row) {
    Assert(row->column == row->info->setDesc->natts);
    tuplestore_putvalues(row->info->setResult, row->info->setDesc, row->values, row->nulls);
}

} // namespace migrate::pg
