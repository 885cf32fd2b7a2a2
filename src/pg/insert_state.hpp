// An existing heap table opened for INSERT as the executor opens it, for rows that are handed over
// in bulk: its range table with the rights checked, its indexes, and the defaults of the columns
// that are not filled.
#pragma once

#include "pg/writer.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/execnodes.h"
}

namespace migrate::pg {

// The default of a column that the batch lacks.
struct ColumnDefault {
    int attribute; // index into the tuple descriptor
    ExprState *expression;
};

// Palloc'd; the executor's parts live in the estate's own memory.
struct InsertState {
    EState *estate;
    ResultRelInfo *result;
    ColumnDefault *defaults;
    int default_count;
};

// Whether rows that are inserted many at a time, before any index entry, check of a key or trigger,
// end up as with INSERT. Not so where rules, policies, conflicts, triggers that run before a row or
// once a statement, or defaults that may read the table have a say.
bool takes_rows_in_bulk(const WriterTarget &target, Relation relation);

// Opens the relation's parts; reports 42501 unless the current user may INSERT into the columns
// that are filled. The caller keeps its own reference.
InsertState *open_insert_state(const WriterTarget &target, Relation relation,
                               const DatumColumn *columns);
void close_insert_state(InsertState *state);

// Fills the columns that the batch lacks, in the memory of one tuple.
void fill_defaults(const InsertState *state, Datum *values, bool *nulls);

} // namespace migrate::pg
