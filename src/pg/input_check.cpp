#include "pg/input_check.hpp"

#include "pg/error_bridge.hpp"
#include "pg/subtransaction.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "catalog/pg_type_d.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"
#include "utils/uuid.h"
}

namespace migrate::pg {
namespace {

using core::Cell;
using core::StorageClass;
using core::TypeKind;

int64 integer_of(Datum datum, Oid type) {
    switch (type) {
    case INT2OID:
        return DatumGetInt16(datum);
    case INT4OID:
        return DatumGetInt32(datum);
    default:
        return DatumGetInt64(datum);
    }
}

void keep_bytes(core::Batch *batch, Cell *cell, StorageClass storage, const char *bytes,
                std::size_t size) {
    call_core([&] { batch->set_bytes(*cell, storage, {bytes, size}); });
}

void keep_text(core::Batch *batch, Cell *cell, Datum datum) {
    text *value = DatumGetTextPP(datum);
    keep_bytes(batch, cell, StorageClass::text, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

void keep_numeric(core::Batch *batch, Cell *cell, Datum datum) {
    const char *digits = DatumGetCString(DirectFunctionCall1(numeric_out, datum));
    keep_bytes(batch, cell, StorageClass::text, digits, strlen(digits));
}

// The Datum in the form that cell_datum reads; types that it reads as text stay so.
void keep_datum(core::Batch *batch, Cell *cell, const InputColumn &column, Datum datum) {
    switch (column.kind) {
    case TypeKind::boolean:
        return cell->set_integer(DatumGetBool(datum) ? 1 : 0);
    case TypeKind::bigint:
        return cell->set_integer(integer_of(datum, column.type));
    case TypeKind::float8:
        return cell->set_real(DatumGetFloat8(datum));
    case TypeKind::numeric:
        return keep_numeric(batch, cell, datum);
    case TypeKind::date:
        return cell->set_integer(DatumGetDateADT(datum));
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return cell->set_integer(DatumGetInt64(datum));
    case TypeKind::uuid:
        return keep_bytes(batch, cell, StorageClass::blob,
                          reinterpret_cast<const char *>(DatumGetUUIDP(datum)->data), UUID_LEN);
    case TypeKind::text:
    case TypeKind::varchar:
        return keep_text(batch, cell, datum);
    default:
        return;
    }
}

void check_digits(const InputColumn &column, const char *text, Datum rounded) {
    Datum exact = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
                                      ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
    if (!DatumGetBool(DirectFunctionCall2(numeric_eq, exact, rounded)))
        ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                        errmsg("type %s would round \"%s\"",
                               format_type_with_typemod(column.type, column.typmod), text)));
}

// The scale that values of the type are rounded to, as a typmod; -1 where they are not.
int32 numeric_typmod(Oid type, int32 typmod) {
    const Oid base = getBaseTypeAndTypmod(type, &typmod);
    return base == NUMERICOID ? typmod : -1;
}

void try_cell(InputTrial *trial) {
    const core::CellPlace &place = trial->places[trial->at];
    const InputColumn &column = trial->columns[place.column];
    Cell *cell = trial->batch->row(place.row) + place.column;
    char *text = cell->is_null() ? nullptr : const_cast<char *>(cell->bytes);
    Datum datum = InputFunctionCall(const_cast<FmgrInfo *>(&column.input), text,
                                    column.io_parameter, column.typmod);
    if (text == nullptr)
        return;
    if (trial->refuses_rounding && column.numeric_typmod >= 0)
        check_digits(column, text, datum);
    keep_datum(trial->batch, cell, column, datum);
    if (trial->prints && column.kind == TypeKind::other) {
        const char *printed = OutputFunctionCall(const_cast<FmgrInfo *>(&column.output), datum);
        keep_bytes(trial->batch, cell, StorageClass::text, printed, strlen(printed));
    }
}

// What the texts mean is the options', not the session's.
void pin_meaning(const InputTrial &trial) {
    if (trial.time_zone == nullptr)
        return;
    set_setting("timezone", trial.time_zone);
    set_setting("datestyle", "ISO");
    set_setting("extra_float_digits", "3");
}

// Another problem of its row may have made a cell NULL whose text was to be tried.
bool is_to_be_tried(const InputTrial &trial) {
    const core::CellPlace &place = trial.places[trial.at];
    const Cell &cell = trial.batch->row(place.row)[place.column];
    return cell.storage == StorageClass::text ||
           (cell.is_null() && trial.columns[place.column].is_constrained_domain &&
            !trial.batch->is_rejected(place.row));
}

void try_cells(void *argument) {
    auto *trial = static_cast<InputTrial *>(argument);
    if (trial->caller_settings == nullptr)
        return run_inputs(trial);
    const int level = push_caller_settings(trial->caller_settings);
    pin_meaning(*trial);
    run_inputs(trial);
    pop_settings(level);
}

} // namespace

void init_input_column(InputColumn *column, TypeKind kind, Oid type, int32 typmod) {
    Oid function = InvalidOid;
    column->kind = kind;
    column->type = type;
    column->typmod = typmod;
    getTypeInputInfo(type, &function, &column->io_parameter);
    fmgr_info(function, &column->input);
    bool is_varlena = false;
    getTypeOutputInfo(type, &function, &is_varlena);
    fmgr_info(function, &column->output);
    column->numeric_typmod = numeric_typmod(type, typmod);
    column->is_constrained_domain = kind == TypeKind::other && DomainHasConstraints(type);
}

InputColumn *make_input_columns(const TypeKind *kinds, const char *const *types, int count) {
    auto *columns = static_cast<InputColumn *>(palloc0(sizeof(InputColumn) * (count + 1)));
    for (int i = 0; i < count; i++) {
        Oid type = InvalidOid;
        int32 typmod = -1;
        parse_type(server_text(types[i]), &type, &typmod);
        init_input_column(&columns[i], kinds[i], type, typmod);
    }
    return columns;
}

void run_inputs(InputTrial *trial) {
    for (; trial->at < trial->count; trial->at++)
        if (is_to_be_tried(*trial))
            try_cell(trial);
}

ErrorData *try_inputs(InputTrial *trial) {
    if (trial->at >= trial->count)
        return nullptr;
    return try_in_subtransaction(try_cells, trial,
                                 kDataErrors | kDefinitionErrors | kObjectSizeErrors |
                                     kTriggerErrors | kCardinalityErrors);
}

} // namespace migrate::pg
