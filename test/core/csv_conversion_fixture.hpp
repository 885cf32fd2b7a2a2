// CSV text through the reader and the converter of records, for tests.
//
//     Conversion conversion(plan_of({{"id", TypeKind::bigint}, {"name", TypeKind::text}}));
//     CHECK(conversion.add("1,a\nx,b\n").rows() == "1|'a'\nrejected\n");
#pragma once

#include "core/cell_text.hpp"
#include "core/csv/record_converter.hpp"
#include "core/csv/record_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace migrate::test {

inline core::csv::RecordColumn column_of(std::string name, core::Type type, int field) {
    core::csv::RecordColumn column;
    column.rule.name = std::move(name);
    column.rule.type = std::move(type);
    column.field = field;
    return column;
}

// Each column is the field of its place.
inline core::csv::RecordPlan
plan_of(const std::vector<std::pair<std::string, core::TypeKind>> &columns) {
    core::csv::RecordPlan plan;
    plan.file_name = "/data/a.csv";
    plan.width = columns.size();
    for (const auto &[name, kind] : columns) {
        plan.field_names.push_back(name);
        plan.columns.push_back(
            column_of(name, core::make_type(kind), static_cast<int>(plan.columns.size())));
    }
    return plan;
}

// 12, 1250e-2, a double in 17 digits, 'text', x'blob', NULL.
inline std::string shown_cell(const core::Cell &cell) {
    switch (cell.storage) {
    case core::StorageClass::null:
        return "NULL";
    case core::StorageClass::integer:
        return std::to_string(cell.integer) +
               (cell.scale == 0 ? "" : "e-" + std::to_string(cell.scale)) +
               (cell.is_naive ? " naive" : "");
    case core::StorageClass::real:
        return core::number_text(cell);
    case core::StorageClass::text:
        return "'" + std::string(cell.view()) + "'";
    case core::StorageClass::blob:
        return "x'" + std::string(cell.view()) + "'";
    }
    return "";
}

struct Conversion {
    explicit Conversion(core::csv::RecordPlan plan)
        : batch(plan.columns.size()), converter(std::move(plan)) {}

    // Adds the records of a text; lines are counted from 1 anew.
    Conversion &add(std::string_view text, const core::csv::Dialect &dialect = {}) {
        core::csv::RecordReader reader(dialect);
        core::csv::TextBlock block;
        block.text = block.raw = text;
        block.is_last = true;
        reader.feed(block);
        for (core::csv::Record record; reader.next(record);)
            converter.add(record, batch);
        return *this;
    }

    bool is_pending(std::size_t row, std::size_t column) const {
        return std::ranges::any_of(converter.pending(), [&](const core::csv::PendingCell &cell) {
            return cell.row == row && cell.column == column;
        });
    }

    // Pending cells with a question mark.
    std::string rows() const {
        std::string shown;
        for (std::size_t row = 0; row < batch.rows(); row++) {
            if (batch.is_rejected(row)) {
                shown += "rejected\n";
                continue;
            }
            for (std::size_t i = 0; i < batch.columns(); i++)
                shown += (i == 0 ? "" : "|") + shown_cell(batch.row(row)[i]) +
                         (is_pending(row, i) ? "?" : "");
            shown += "\n";
        }
        return shown;
    }

    // 2-3 price 22P02 reason [value] <raw>
    std::string problems() {
        std::string shown;
        for (const core::csv::RecordProblem &problem : converter.take_problems())
            shown += std::to_string(problem.first_line) + "-" + std::to_string(problem.last_line) +
                     " " + problem.column + " " + problem.code + " " + problem.reason + " [" +
                     problem.value + "] <" + problem.raw + ">\n";
        return shown;
    }

    const core::csv::FileStatistics &statistics() const { return converter.statistics(); }

    core::Batch batch;
    core::csv::RecordConverter converter;
};

} // namespace migrate::test
