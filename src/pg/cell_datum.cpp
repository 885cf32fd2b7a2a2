#include "pg/cell_datum.hpp"

#include "pg/error_bridge.hpp"

extern "C" {
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/typcache.h"
#include "utils/uuid.h"
}

namespace migrate::pg {
namespace {

using core::Cell;
using core::TypeKind;

// Text and blobs have room for a varlena header before their bytes (core/cell.hpp): the header is
// written there, nothing is copied.
Datum varlena_datum(const Cell &cell) {
    char *header = const_cast<char *>(cell.bytes) - VARHDRSZ;
    SET_VARSIZE(header, cell.size + VARHDRSZ);
    return PointerGetDatum(header);
}

Datum numeric_datum(const Cell &cell, const DatumColumn &column) {
    if (cell.storage == core::StorageClass::text)
        return DirectFunctionCall3(numeric_in, CStringGetDatum(cell.bytes),
                                   ObjectIdGetDatum(InvalidOid), Int32GetDatum(column.typmod));
    // Makes `scale` digits after the point, so that numeric(p,s) of that scale needs no second
    // pass.
    Datum number = NumericGetDatum(int64_div_fast_to_numeric(cell.integer, cell.scale));
    if (column.typmod < 0 || cell.scale == column.scale)
        return number;
    return DirectFunctionCall2(numeric, number, Int32GetDatum(column.typmod));
}

// The scale is the lowest eleven bits of the typmod, in two's complement (numeric.c,
// make_numeric_typmod).
int scale_of_typmod(int32 typmod) {
    return typmod < VARHDRSZ ? -1 : (((typmod - VARHDRSZ) & 0x7ff) ^ 1024) - 1024;
}

int find_attribute(TupleDesc descriptor, const char *name) {
    for (int i = 0; i < descriptor->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
        if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0)
            return i;
    }
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("the new table lacks column \"%s\"", name),
                    errhint("An event trigger may have changed the table.")));
    return -1;
}

// The type whose Datum cell_datum makes for a kind; InvalidOid where the attribute's own type
// rules.
Oid type_of_kind(TypeKind kind) {
    switch (kind) {
    case TypeKind::boolean:
        return BOOLOID;
    case TypeKind::bigint:
        return INT8OID;
    case TypeKind::numeric:
        return NUMERICOID;
    case TypeKind::float8:
        return FLOAT8OID;
    case TypeKind::text:
        return TEXTOID;
    case TypeKind::varchar:
        return VARCHAROID;
    case TypeKind::bytea:
        return BYTEAOID;
    case TypeKind::date:
        return DATEOID;
    case TypeKind::time:
        return TIMEOID;
    case TypeKind::timestamp:
        return TIMESTAMPOID;
    case TypeKind::timestamptz:
        return TIMESTAMPTZOID;
    case TypeKind::json:
        return JSONOID;
    case TypeKind::jsonb:
        return JSONBOID;
    case TypeKind::uuid:
        return UUIDOID;
    case TypeKind::citext:
    case TypeKind::other:
        break;
    }
    return InvalidOid;
}

// A Datum of one type in a column of another is a corrupt table. `planned` is what the caller read
// values for; without it the kind says.
void check_attribute(Form_pg_attribute attribute, TypeKind kind, Oid planned) {
    Oid expected = OidIsValid(planned) ? planned : type_of_kind(kind);
    if (OidIsValid(expected) && attribute->atttypid != expected)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("column \"%s\" of the new table does not have the planned type",
                               NameStr(attribute->attname)),
                        errhint("An event trigger may have changed the table.")));
}

Datum narrow_integer(int64 value, Oid type) {
    return type == INT4OID ? DirectFunctionCall1(int84, Int64GetDatum(value))
                           : DirectFunctionCall1(int82, Int64GetDatum(value));
}

} // namespace

DatumColumn *make_datum_columns(TupleDesc descriptor, const TypeKind *kinds,
                                const char *const *names, int count, const Oid *types) {
    auto *columns = static_cast<DatumColumn *>(palloc0(sizeof(DatumColumn) * (count + 1)));
    for (int i = 0; i < count; i++) {
        DatumColumn &column = columns[i];
        column.kind = kinds[i];
        column.attribute = find_attribute(descriptor, server_text(names[i]));
        Form_pg_attribute attribute = TupleDescAttr(descriptor, column.attribute);
        check_attribute(attribute, column.kind, types != nullptr ? types[i] : InvalidOid);
        column.type = attribute->atttypid;
        column.typmod = attribute->atttypmod;
        column.scale = column.kind == TypeKind::numeric ? scale_of_typmod(column.typmod) : -1;
        if (column.kind == TypeKind::other) {
            Oid function = InvalidOid;
            getTypeInputInfo(column.type, &function, &column.io_parameter);
            fmgr_info(function, &column.input);
            column.is_constrained_domain = DomainHasConstraints(column.type);
        }
    }
    return columns;
}

Datum cell_datum(const Cell &cell, const DatumColumn &column) {
    switch (column.kind) {
    case TypeKind::boolean:
        return BoolGetDatum(cell.integer != 0);
    case TypeKind::bigint:
        if (column.type != INT8OID)
            return narrow_integer(cell.integer, column.type);
        return Int64GetDatum(cell.integer);
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
        return Int64GetDatum(cell.integer);
    case TypeKind::date:
        return Int32GetDatum(static_cast<int32>(cell.integer));
    case TypeKind::float8:
        return Float8GetDatum(cell.real);
    case TypeKind::numeric:
        return numeric_datum(cell, column);
    case TypeKind::uuid:
        return PointerGetDatum(cell.bytes);
    case TypeKind::jsonb:
        return DirectFunctionCall1(jsonb_in, CStringGetDatum(cell.bytes));
    case TypeKind::other:
        return InputFunctionCall(const_cast<FmgrInfo *>(&column.input),
                                 const_cast<char *>(cell.bytes), column.io_parameter,
                                 column.typmod);
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::citext:
    case TypeKind::json:
    case TypeKind::bytea:
        break;
    }
    return varlena_datum(cell);
}

void check_domain_null(const DatumColumn &column) {
    (void)InputFunctionCall(const_cast<FmgrInfo *>(&column.input), nullptr, column.io_parameter,
                            column.typmod);
}

} // namespace migrate::pg
