// Converted cells (core/convert.hpp) as Datums, without type input functions where PostgreSQL's own
// form can be made straight from the cell.
#pragma once

#include "core/batch.hpp"
#include "core/convert.hpp"
#include "core/type.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/tupdesc.h"
#include "pgtime.h"
}

namespace migrate::pg {

// How the cells of one column become Datums of the relation's attribute.
struct DatumColumn {
    core::TypeKind kind;
    int attribute; // index into the tuple descriptor
    Oid type;
    int32 typmod;
    int scale;        // numeric(p,s): s; -1 where it is not declared
    FmgrInfo input;   // kind other
    Oid io_parameter; // kind other
    // Kind other: NULL, too, is for the input function to refuse.
    bool is_constrained_domain;
};

// Prepares the columns for a relation's descriptor; `names` are the target names of the columns, in
// the order of the batch. `types` are the types that the cells were made for, where a kind has
// several (bigint: smallint and integer too; text: varchar). Palloc'd in CurrentMemoryContext.
// 55000 when the relation lacks a column or has another type.
DatumColumn *make_datum_columns(TupleDesc descriptor, const core::TypeKind *kinds,
                                const char *const *names, int count, const Oid *types = nullptr);

// The Datum of a cell that is not NULL. Text, blobs and UUIDs are not copied: they live as long as
// the batch. Numerics and jsonb are palloc'd in CurrentMemoryContext.
Datum cell_datum(const core::Cell &cell, const DatumColumn &column);

// Gives NULL to the input function of a constrained domain; the domain's error when it refuses.
void check_domain_null(const DatumColumn &column);

// cell_datum of any cell.
inline Datum nullable_datum(const core::Cell &cell, const DatumColumn &column, bool *is_null) {
    *is_null = cell.is_null();
    if (!*is_null)
        return cell_datum(cell, column);
    if (column.is_constrained_domain)
        check_domain_null(column);
    return Datum{0};
}

// Moves naive times of timestamptz columns from local time of `zone` to UTC (types.md, "Values").
void apply_time_zone(core::Batch &batch, const core::TypeKind *kinds, pg_tz *zone);

// The zone of option "timezone"; 22023 when there is none of that name. NULL for UTC.
pg_tz *find_time_zone(const char *name);

// Microseconds since 2000 of local time in `zone` as UTC.
int64 local_to_utc(int64 local, pg_tz *zone);

// Converts the texts of text-like columns from UTF-8 to the server's encoding; does nothing when
// they are the same. A text that the encoding cannot hold is handled as option "invalid_text" says.
void convert_encoding(core::Batch &batch, core::RowConverter &converter, const char *table);

// Converts one text into the server's encoding; false, and the cell is as it was, when the encoding
// lacks a character of it. Cells of columns that hold no text, and ASCII, stay as they are.
bool convert_cell_text(core::Batch &batch, core::Cell &cell, core::TypeKind kind);

// Whether there is text that the server's encoding cannot hold.
bool is_server_encoding_limited();

// The valid text of a cell with '?' for every character that the server's encoding lacks, in UTF-8,
// palloc'd; NULL when it lacks none, and for columns that hold no text.
const char *text_with_replacements(const core::Cell &cell, core::TypeKind kind);

} // namespace migrate::pg
