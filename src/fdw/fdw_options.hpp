// The options of the objects of wrapper migrate_sqlite: what may be said of a server, a foreign
// table and a column, and by whom.
#pragma once

#include "core/type.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace migrate::fdw {

// What a server says. Palloc'd in the current memory context.
struct ServerOptions {
    char *database; // the file, in canonical form
    char *timezone; // of times without a zone; NULL: UTC
    int64 lock_timeout_ms;
    int64 max_value_size;
};

// What the options of a column say.
struct ColumnOptions {
    char *column_name; // of the SQLite column; NULL: the foreign column's name
    core::EpochUnit epoch;
};

ServerOptions server_options(Oid server);
// The name of the SQLite table that a foreign table reads, in the server's encoding.
char *source_table(Oid relation);
ColumnOptions column_options(Oid relation, AttrNumber attribute);

// Checks the options of one object. `catalog` says what it is. HV00D for an unknown option, with
// the nearest valid one; 42501 for a caller who names a file and may not read the server's files.
void validate_options(List *options, Oid catalog);

// HV00D, naming the nearest, unless the option is one of IMPORT FOREIGN SCHEMA's.
void check_import_option(const DefElem *option);

} // namespace migrate::fdw
