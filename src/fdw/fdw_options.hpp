// The options of the objects of wrapper migrate_sqlite: what may be said of a server, a foreign
// table and a column, and by whom.
#pragma once

#include "core/type.hpp"

#include <span>
#include <string_view>

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace migrate::fdw {

// What a server says. Palloc'd in the current memory context.
struct ServerOptions {
    char *database; // the file, in canonical form
    char *timezone; // of times without a zone; NULL: UTC
    bool is_writable;
    int64 lock_timeout_ms;
    int64 max_value_size;
};

// What the options of a column say.
struct ColumnOptions {
    char *column_name; // of the SQLite column; NULL: the foreign column's name
    core::EpochUnit epoch;
};

ServerOptions server_options(Oid server);
bool is_writable_server(Oid server);
// Rows that one call inserts: the table's option, or else the server's.
int batch_size(Oid relation);
bool is_key_column(Oid relation, AttrNumber attribute);
// The name of the SQLite table that a foreign table reads, in the server's encoding.
char *source_table(Oid relation);
ColumnOptions column_options(Oid relation, AttrNumber attribute);

// Checks the options of one object. `catalog` says what it is. HV00D for an unknown option, with
// the nearest valid one; 42501 for a caller who names a file and may not read the server's files,
// or makes it writable and may not write them.
void validate_options(List *options, Oid catalog);

// HV00D, naming the nearest, unless the option is one of `valid`.
void check_option_name(const DefElem *option, std::span<const std::string_view> valid);

// HV00D, naming the nearest, unless the option is one of IMPORT FOREIGN SCHEMA's.
void check_import_option(const DefElem *option);

} // namespace migrate::fdw
