// Which field of a CSV file goes into which column of a table.
//
//     TableColumns columns = columns_of_file(survey, options);      // a table to be made
//     add_file_columns(columns, other, options, "b.csv", "a.csv");  // and the files after the
//     first FileMatch match = match_file(columns, survey, options, "t", "a.csv");
#pragma once

#include "core/csv/csv_options.hpp"
#include "core/csv/file_survey.hpp"
#include "core/csv/record_converter.hpp"
#include "core/type.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

// A column of the table: read from the catalog, or planned.
struct TableColumn {
    std::string name;
    std::string original; // what the file calls it, where that is another name
    std::string note;     // why it is another
    std::string type_sql; // of a planned column; empty until it is known
    Type type;
    ColumnOrigin origin = ColumnOrigin::field; // others are filled beside the fields
    std::int64_t min_integer = INT64_MIN;      // of smallint and integer
    std::int64_t max_integer = INT64_MAX;
    bool is_given = false; // option "types" or the catalog says the type: nothing is inferred
    // Of an existing column:
    bool is_not_null = false;
    bool has_default = false; // an identity too
    bool is_generated = false;
};

struct TableColumns {
    std::vector<TableColumn> columns;
    bool is_existing = false;
    bool is_synced = false; // its rows are there: what a file lacks stays as it is
    bool is_by_name = true; // else by position: there is no header
};

// How one file lies in the table.
struct FileMatch {
    std::vector<int> fields; // by column of the table; -1: the file lacks it
    std::vector<std::string> notes;
};

// The planned columns of a file's fields, without types.
TableColumns columns_of_file(const FileSurvey &survey, const CsvOptions &options);

// The columns of a table of records (option "raw").
TableColumns raw_columns();

// Adds the columns of options filename_column and line_column to a planned table, or finds them in
// an existing one: Error 42703 when it lacks them.
void add_origin_columns(TableColumns &table, const CsvOptions &options,
                        std::string_view table_name);

// Takes in the columns of a further file of the same table. Throws Error 22P04 when they are others
// and option union_by_name does not ask for all of them.
void add_file_columns(TableColumns &table, const FileSurvey &survey, const CsvOptions &options,
                      std::string_view file, std::string_view first_file);

// Finds the fields by name (exactly, else as option "identifiers" folds them, else in any case of
// letters) or by position. What the file has more or less than an existing table, and another
// order, is noted. Throws Error 42703 when no name is known, 42701 when two fields have one
// column, 23502 for a column that is NOT NULL without default and missing, 22P04 for another number
// of columns by position or other names under header: match.
FileMatch match_file(const TableColumns &table, const FileSurvey &survey, const CsvOptions &options,
                     std::string_view table_name, std::string_view file);

// The type that option "types" gives a column, nullptr for none; an exact name wins over a
// wildcard.
const std::string *type_option(const CsvOptions &options, const TableColumn &column);

// Throws Error 22023 for an option that names no column of the table.
void check_named_columns(const CsvOptions &options, const TableColumns &table);

// CREATE TABLE and the comments that keep the file's own names, one statement each. `key` names the
// primary key, where there is one.
std::vector<std::string> create_statements(std::string_view schema, std::string_view name,
                                           const TableColumns &table,
                                           const std::vector<std::string> &key);

} // namespace migrate::core::csv
