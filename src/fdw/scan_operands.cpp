// Operands of conditions: PostgreSQL's values as core takes them.
#include "fdw/table_scan.hpp"

#include "pg/error_bridge.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "datatype/timestamp.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
}

namespace migrate::fdw {
namespace {

using core::fdw::Comparison;
using core::fdw::Family;
using core::fdw::Operand;
using pg::call_core;
using Kind = Operand::Kind;

// An Operand without its destructor.
struct PlainOperand {
    Kind kind;
    int64 integer;
    double real;
    const char *text;
};

PlainOperand integer_of(int64 value) {
    return {Kind::integer, value, 0, nullptr};
}

PlainOperand real_of(double value) {
    return {isnan(value) ? Kind::unknown : Kind::real, 0, value, nullptr};
}

PlainOperand day_of(Timestamp moment) {
    if (TIMESTAMP_NOT_FINITE(moment))
        return {Kind::unknown, 0, 0, nullptr};
    int64 day = moment / USECS_PER_DAY;
    return integer_of(moment % USECS_PER_DAY < 0 ? day - 1 : day);
}

PlainOperand day_of_date(DateADT date) {
    return DATE_NOT_FINITE(date) ? PlainOperand{Kind::unknown, 0, 0, nullptr} : integer_of(date);
}

PlainOperand number_of(Datum value) {
    Numeric number = DatumGetNumeric(value);
    if (numeric_is_nan(number) || numeric_is_inf(number))
        return {Kind::unknown, 0, 0, nullptr};
    return {Kind::text, 0, 0, DatumGetCString(DirectFunctionCall1(numeric_out, value))};
}

PlainOperand text_of(Datum value) {
    return {Kind::text, 0, 0, pg::utf8_text(TextDatumGetCString(value))};
}

PlainOperand operand_of(Oid type, Datum value) {
    switch (type) {
    case INT2OID:
        return integer_of(DatumGetInt16(value));
    case INT4OID:
        return integer_of(DatumGetInt32(value));
    case INT8OID:
        return integer_of(DatumGetInt64(value));
    case FLOAT4OID:
        return real_of(DatumGetFloat4(value));
    case FLOAT8OID:
        return real_of(DatumGetFloat8(value));
    case NUMERICOID:
        return number_of(value);
    case TEXTOID:
    case VARCHAROID:
        return text_of(value);
    case DATEOID:
        return day_of_date(DatumGetDateADT(value));
    case TIMESTAMPOID:
    case TIMESTAMPTZOID:
        return day_of(DatumGetTimestamp(value));
    default:
        return {Kind::unknown, 0, 0, nullptr};
    }
}

core::fdw::Condition *condition_at(TableScan *scan, int condition, int leaf) {
    return &scan->state->request
                .conditions[static_cast<std::size_t>(condition)][static_cast<std::size_t>(leaf)];
}

// Inside call_core.
void append(core::fdw::Condition *condition, const PlainOperand &plain) {
    Operand &operand = condition->operands.emplace_back();
    operand.kind = plain.kind;
    operand.integer = plain.integer;
    operand.real = plain.real;
    if (plain.text != nullptr)
        operand.text = plain.text;
}

void append_value(core::fdw::Condition *condition, Oid type, Datum value, bool is_null) {
    PlainOperand plain = {Kind::null, 0, 0, nullptr};
    if (!is_null)
        plain = operand_of(type, value);
    call_core([&] { append(condition, plain); });
}

void append_elements(core::fdw::Condition *condition, Datum array) {
    ArrayType *elements = DatumGetArrayTypeP(array);
    Oid type = ARR_ELEMTYPE(elements);
    int16 length = 0;
    bool is_by_value = false;
    char alignment = 0;
    Datum *values = nullptr;
    bool *nulls = nullptr;
    int count = 0;
    get_typlenbyvalalign(type, &length, &is_by_value, &alignment);
    deconstruct_array(elements, type, length, is_by_value, alignment, &values, &nulls, &count);
    for (int i = 0; i < count; i++)
        append_value(condition, type, values[i], nulls[i]);
}

PlainOperand sample_of(Family family) {
    switch (family) {
    case Family::real:
        return real_of(0);
    case Family::numeric:
        return {Kind::text, 0, 0, "0"};
    case Family::text:
        return {Kind::text, 0, 0, ""};
    default:
        return integer_of(0);
    }
}

} // namespace

void set_operand(TableScan *scan, int condition, int leaf, Oid type, Datum value, bool is_null) {
    core::fdw::Condition *target = condition_at(scan, condition, leaf);
    call_core([&] { target->operands.clear(); });
    if (target->comparison == Comparison::any_of && !is_null)
        append_elements(target, value);
    else
        append_value(target, type, value, is_null);
}

void set_sample_operand(TableScan *scan, int condition, int leaf) {
    core::fdw::Condition *target = condition_at(scan, condition, leaf);
    PlainOperand sample = sample_of(target->family);
    call_core([&] {
        target->operands.clear();
        append(target, sample);
    });
}

} // namespace migrate::fdw
