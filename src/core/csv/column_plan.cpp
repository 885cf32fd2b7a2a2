#include "core/csv/column_plan.hpp"

#include "core/csv/file_survey.hpp"

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// The input function would read 1.234 and 03/04/2024 its own way where the file means another.
bool asks_input_function(const TableColumn &column, const ValueFormat &format) {
    return column.is_given && column.type.kind != TypeKind::text && is_plain(format);
}

} // namespace

RecordColumn plan_column(const TableColumn &column, int field,
                         const std::optional<ValueFormat> &format, const CsvOptions &options,
                         const Dialect &dialect, ServerText server) {
    RecordColumn result;
    result.rule.name = column.name;
    result.rule.type = column.type;
    result.rule.takes_number_text = true;
    result.rule.is_utf8_checked = server.is_utf8_checked;
    result.rule.is_utf8_server = server.is_utf8;
    result.origin = column.origin;
    result.field = field;
    result.reading = reading_of(options, dialect, column.name, server.is_utf8);
    if (format)
        result.reading.format = *format;
    result.min_integer = column.min_integer;
    result.max_integer = column.max_integer;
    result.has_input_function = asks_input_function(column, result.reading.format);
    return result;
}

TableColumns columns_to_look_at(const TableColumns &table, const FileSurvey &survey,
                                const FileMatch &match) {
    TableColumns columns = table;
    for (std::size_t i = 0; i < columns.columns.size(); i++) {
        TableColumn &column = columns.columns[i];
        const int field = match.fields[i];
        const bool is_plain = field < 0 || !survey.formats[static_cast<std::size_t>(field)];
        column.is_given = !column.is_given || column.type.is_text_like() || is_plain;
    }
    return columns;
}

std::vector<std::optional<ValueFormat>> formats_of(const std::vector<ColumnFinding> &findings) {
    std::vector<std::optional<ValueFormat>> formats(findings.size());
    for (std::size_t i = 0; i < findings.size(); i++)
        if (findings[i] && !is_plain(findings[i]->format))
            formats[i] = findings[i]->format;
    return formats;
}

} // namespace migrate::core::csv
