// PostgreSQL's values as cells for core, in the forms of core/cell.hpp: the way back of
// pg/cell_datum.hpp.
#pragma once

#include "core/cell.hpp"
#include "core/fdw/stored_value.hpp"
#include "fdw/foreign_source.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "fmgr.h"
}

namespace migrate::fdw {

// A column whose values are written. Palloc'd.
struct WrittenColumn {
    AttrNumber attribute;
    AttrNumber junk; // where a plan's row has it, for one that names the row; else 0
    core::TypeKind kind;
    Oid type; // a domain's base type
    FmgrInfo output;
    bool is_padded; // char(n)
};

WrittenColumn written_column(const ForeignSource *source, AttrNumber attribute);

// How core stores it; inside call_core. `sql` is the type's, as for row_column.
core::fdw::StoredColumn stored_column(const ForeignSource *source, const WrittenColumn &column,
                                      const char *sql);

// Whether the text of the value depends on settings of the session.
bool needs_settings(const WrittenColumn &column);

// The cell's bytes are palloc'd in CurrentMemoryContext, or the value's own.
core::Cell value_cell(const WrittenColumn &column, Datum value, bool is_null);

} // namespace migrate::fdw
