// What a foreign table of CSV files is: its options, its columns as the files call them, its files.
//
//     CsvTable *table = open_csv_table(context, relation);
//     list_files(table);                        // 58P01 when there is none
//     … table->state->files …
#pragma once

#include "core/csv/csv_options.hpp"
#include "core/csv/table_columns.hpp"

#include <string>
#include <vector>

#include "pg/postgres.hpp"

extern "C" {
#include "access/tupdesc.h"
}

namespace migrate::fdw {

// The C++ side, owned by the context.
struct CsvTableState {
    core::OptionValue given;
    core::csv::CsvOptions options;
    core::csv::TableColumns columns;      // without dropped ones; `name` is the one in the files
    std::vector<std::string> own_names;   // of the columns, in the foreign table
    std::vector<std::string> field_names; // of the columns that fields of the files fill
    std::vector<std::string> files;
    std::string name; // of the table
};

// Palloc'd in the context.
struct CsvTable {
    Oid relation;
    TupleDesc descriptor;   // a copy
    char *path;             // option filename, in canonical form
    int count;              // of columns
    AttrNumber *attributes; // of state->columns
    CsvTableState *state;
};

// Reads the catalog, and no file. The relation is locked.
CsvTable *open_csv_table(MemoryContext context, Oid relation);

// Finds the files that option filename means now.
void list_files(CsvTable *table);

// Whether rows may be left out or changed: those queries convert all columns where it matters, and
// need a subtransaction for each value that only an input function can tell.
bool keeps_going(const core::csv::CsvOptions &options);

} // namespace migrate::fdw
