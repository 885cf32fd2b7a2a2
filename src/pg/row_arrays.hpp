// Rows as parameters of a statement, an array a column, for tables of Citus: it plans neither an
// ephemeral named relation nor rows that go past the planner.
//
//     RowArrays *rows = make_row_arrays("migrate_batch", 2);
//     add_array(rows, "id", INT4OID, -1); add_array(rows, "name", TEXTOID, -1);
//     add_value(rows, 0, id, false); add_value(rows, 1, name, false); …
//     make_arrays(rows);
//     run_query(psprintf("%sDELETE … USING migrate_batch …", arrays_clause(rows)),
//               rows->count, rows->types, rows->values);
//     clear_arrays(rows);
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

struct RowArray;

struct RowArrays {
    const char *relation; // the name by which the statement reads them
    int count;
    RowArray *arrays;
    Oid *types;           // of the parameters
    Datum *values;        // by make_arrays
    MemoryContext memory; // of the values
};

// All in CurrentMemoryContext. Names are in the server's encoding.
RowArrays *make_row_arrays(const char *relation, int room);
void add_array(RowArrays *rows, const char *name, Oid type, int32 typmod);
// WITH relation (…) AS …, palloc'd, with a blank at its end: what the statement begins with.
char *arrays_clause(const RowArrays *rows);

// Copies the value. Values of types that arrays cannot hold become text, as pin_printing has it.
void add_value(RowArrays *rows, int array, Datum value, bool is_null);
// Bytes that the values take, about.
Size arrays_size(const RowArrays *rows);
// After the last value of a portion.
void make_arrays(RowArrays *rows);
void clear_arrays(RowArrays *rows);

} // namespace migrate::pg
