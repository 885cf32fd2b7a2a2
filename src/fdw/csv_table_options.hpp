// The options of the objects of wrapper migrate_csv: what may be said of a server, a foreign table
// and a column, and by whom.
#pragma once

#include "core/csv/csv_options.hpp"
#include "core/option_value.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace migrate::fdw {

// Checks the options of one object. `catalog` says what it is. HV00D for an unknown option, with
// the nearest valid one; 42501 for a caller who names a file and may not read the server's files;
// 22023 for a value that import_csv would not take.
void validate_csv_options(List *options, Oid catalog);
// The same of IMPORT FOREIGN SCHEMA's.
void validate_csv_schema_options(List *options);

// Adds the options that import_csv has too, as its parser reads them; a later one takes the place
// of an earlier one. `object` is an empty value at first.
void add_csv_options(core::OptionValue *object, List *options);

// The option's text, NULL where it is not given.
char *csv_option_text(List *options, const char *name);

// What the options of a column say; `name` is NULL for the column's own.
struct CsvColumnOptions {
    char *name;
    bool force_null;
    bool force_not_null;
};
CsvColumnOptions csv_column_options(Oid relation, AttrNumber attribute);

} // namespace migrate::fdw
