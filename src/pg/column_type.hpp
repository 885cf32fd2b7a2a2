// The type of an existing column, or of one that the caller named, as core reads values for it.
#pragma once

#include "core/type.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

// No destructor: it stands in functions that call PostgreSQL.
struct ColumnType {
    core::TypeKind kind; // other: only the type's input function can tell
    int32 length;        // as core::Type has them
    int32 scale;
    int64 min_integer; // of smallint and integer, which are read as bigint
    int64 max_integer;
};

ColumnType column_type(Oid type, int32 typmod);

// The type as core keeps it; to be called inside call_core. `sql` is of a column of kind other.
core::Type core_type(const ColumnType &type, const char *sql);

// A type as SQL, without pg_catalog, UTF-8, palloc'd.
char *type_sql(Oid type, int32 typmod);

} // namespace migrate::pg
