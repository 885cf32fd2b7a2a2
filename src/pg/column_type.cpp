#include "pg/column_type.hpp"

#include "pg/error_bridge.hpp"

#include <cstring>

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/pg_type_d.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
}

namespace migrate::pg {
namespace {

using core::TypeKind;

ColumnType plain_type(TypeKind kind) {
    return {kind, -1, 0, PG_INT64_MIN, PG_INT64_MAX};
}

ColumnType integer_type(int64 min, int64 max) {
    return {TypeKind::bigint, -1, 0, min, max};
}

// numeric(p,s) where core knows the scale: from 0 to p. (From 15 on a scale may be negative.)
ColumnType numeric_type(int32 typmod) {
    if (typmod < static_cast<int32>(VARHDRSZ))
        return plain_type(TypeKind::numeric);
    int32 precision = ((typmod - VARHDRSZ) >> 16) & 0xffff;
    int32 scale = (((typmod - VARHDRSZ) & 0x7ff) ^ 1024) - 1024;
    if (scale < 0 || scale > precision)
        return plain_type(TypeKind::other);
    return {TypeKind::numeric, precision, scale, PG_INT64_MIN, PG_INT64_MAX};
}

ColumnType varchar_type(int32 typmod) {
    ColumnType type = plain_type(TypeKind::varchar);
    if (typmod < static_cast<int32>(VARHDRSZ))
        return plain_type(TypeKind::text);
    type.length = typmod - static_cast<int32>(VARHDRSZ);
    return type;
}

// Times of fewer than six digits are for the input function to round.
ColumnType time_type(TypeKind kind, int32 typmod) {
    return plain_type(typmod < 0 ? kind : TypeKind::other);
}

} // namespace

ColumnType column_type(Oid type, int32 typmod) {
    switch (type) {
    case BOOLOID:
        return plain_type(TypeKind::boolean);
    case INT2OID:
        return integer_type(PG_INT16_MIN, PG_INT16_MAX);
    case INT4OID:
        return integer_type(PG_INT32_MIN, PG_INT32_MAX);
    case INT8OID:
        return plain_type(TypeKind::bigint);
    case NUMERICOID:
        return numeric_type(typmod);
    case FLOAT8OID:
        return plain_type(TypeKind::float8);
    case TEXTOID:
        return plain_type(TypeKind::text);
    case VARCHAROID:
        return varchar_type(typmod);
    case DATEOID:
        return plain_type(TypeKind::date);
    case TIMEOID:
        return time_type(TypeKind::time, typmod);
    case TIMESTAMPOID:
        return time_type(TypeKind::timestamp, typmod);
    case TIMESTAMPTZOID:
        return time_type(TypeKind::timestamptz, typmod);
    case JSONOID:
        return plain_type(TypeKind::json);
    case JSONBOID:
        return plain_type(TypeKind::jsonb);
    case UUIDOID:
        return plain_type(TypeKind::uuid);
    default:
        return plain_type(TypeKind::other);
    }
}

core::Type core_type(const ColumnType &type, const char *sql) {
    core::Type result = core::make_type(type.kind);
    result.length = type.length;
    result.scale = type.scale;
    if (type.kind == TypeKind::other)
        result.name = sql;
    return result;
}

char *type_sql(Oid type, int32 typmod) {
    char *formatted =
        format_type_extended(type, typmod, FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
    char *sql = utf8_text(formatted);
    return strncmp(sql, "pg_catalog.", 11) == 0 ? sql + 11 : sql;
}

} // namespace migrate::pg
