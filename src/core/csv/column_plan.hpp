// How a field of one file becomes the value of a column of the table: what import_csv and the
// foreign tables read by, so that both read the same values.
//
//     RecordColumn column = plan_column(table_column, field, format, options, dialect, server);
#pragma once

#include "core/csv/record_plan.hpp"
#include "core/csv/table_columns.hpp"
#include "core/csv/table_inference.hpp"

#include <optional>
#include <vector>

namespace migrate::core::csv {

// What the server's encoding asks of text.
struct ServerText {
    bool is_utf8;
    bool is_utf8_checked;
};

// `field` is the file's, -1 for none; `format` how the file writes the column's values, where that
// was found.
RecordColumn plan_column(const TableColumn &column, int field,
                         const std::optional<ValueFormat> &format, const CsvOptions &options,
                         const Dialect &dialect, ServerText server);

// The columns of a given type whose values the sample shows in another form than the plain one are
// those whose type is not given in the answer: TableInference finds their format by every record.
TableColumns columns_to_look_at(const TableColumns &table, const FileSurvey &survey,
                                const FileMatch &match);

// The formats that such a look at all records found, by column; nothing for the plain form.
std::vector<std::optional<ValueFormat>> formats_of(const std::vector<ColumnFinding> &findings);

} // namespace migrate::core::csv
