#include "core/csv/table_inference.hpp"

#include "core/csv/field_trim.hpp"
#include "core/csv/record_width.hpp"

#include "core/core_only.hpp"

namespace migrate::core::csv {

TableInference::TableInference(const TableColumns &table, const CsvOptions &options,
                               const Dialect &dialect, bool is_utf8_server)
    : table_width_(table.columns.size()), ragged_(options.ragged), trim_(options.trim) {
    for (std::size_t i = 0; i < table.columns.size(); i++)
        if (!table.columns[i].is_given)
            columns_.push_back({i, -1,
                                ColumnInference(reading_of(options, dialect, table.columns[i].name,
                                                           is_utf8_server))});
}

void TableInference::begin_file(const std::vector<int> &fields, std::size_t width) {
    width_ = width;
    for (Open &open : columns_)
        open.field = fields[open.column];
}

void TableInference::add(const Record &record) {
    if (record.problem != Problem::none)
        return;
    const WidthFit fit = width_fit(record, width_, ragged_);
    if (fit == WidthFit::blank || fit == WidthFit::ragged)
        return;
    records_++;
    for (Open &open : columns_) {
        if (open.field < 0 || static_cast<std::size_t>(open.field) >= record.fields.size())
            continue;
        const Field &field = record.fields[static_cast<std::size_t>(open.field)];
        open.inference.add(record.first_line, trimmed_field(field, trim_), field.is_quoted);
    }
}

std::vector<ColumnFinding> TableInference::findings() const {
    std::vector<ColumnFinding> findings(table_width_);
    for (const Open &open : columns_)
        findings[open.column] = open.inference.result();
    return findings;
}

void set_types(TableColumns &table, const std::vector<ColumnFinding> &findings) {
    for (std::size_t i = 0; i < table.columns.size(); i++) {
        TableColumn &column = table.columns[i];
        if (!findings[i])
            continue;
        column.type = findings[i]->type;
        column.type_sql = column.type.sql();
    }
}

} // namespace migrate::core::csv
