#include "core/fdw/scan_rows.hpp"

#include "core/error.hpp"
#include "core/sqlite/file_probe.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::fdw {
namespace {

constexpr char kNumericValueOutOfRange[] = "22003";

std::vector<ColumnRule> rejecting(const std::vector<RowColumn> &columns) {
    std::vector<ColumnRule> rules;
    for (const RowColumn &column : columns) {
        rules.push_back(column.rule);
        rules.back().on_mismatch = TypeMismatch::reject;
        rules.back().invalid_text = InvalidText::reject;
        rules.back().is_not_null = false;
    }
    return rules;
}

bool has_range(const RowColumn &column) noexcept {
    return column.most != std::numeric_limits<std::int64_t>::max();
}

} // namespace

ScanRows::ScanRows(std::string relation, std::vector<RowColumn> columns)
    : relation_(std::move(relation)), columns_(std::move(columns)),
      has_ranges_(std::ranges::any_of(columns_, has_range)), batch_(columns_.size()),
      converter_(relation_, rejecting(columns_)) {}

void ScanRows::convert() {
    rejects_.clear();
    (void)converter_.convert(batch_); // never a misfit: every policy is "reject"
    if (has_ranges_)
        check_ranges();
}

void ScanRows::check_ranges() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const RowColumn &column = columns_[i];
        if (!has_range(column))
            continue;
        for (std::size_t row = 0; row < batch_.rows(); ++row) {
            const Cell &cell = batch_.row(row)[i];
            if (!batch_.is_rejected(row) && !cell.is_null() &&
                (cell.integer < column.least || cell.integer > column.most))
                converter_.reject(batch_, row, i, kNumericValueOutOfRange,
                                  std::string("an integer that does not fit type ") +
                                      (column.most == INT16_MAX ? "smallint" : "integer"));
        }
    }
}

void ScanRows::collect_rejects() {
    for (Reject &reject : converter_.take_rejects())
        rejects_.push_back(std::move(reject));
}

void ScanRows::fail(std::size_t row, std::int64_t row_id) const {
    const auto found = std::ranges::find(rejects_, batch_.row_id(row), &Reject::row_id);
    if (found == rejects_.end())
        throw Error(sqlstate::kInternalError, "a row of a SQLite table was rejected for no reason");
    throw Error(found->code, "column \"" + sqlite::shown(found->column) + "\" of SQLite table \"" +
                                 sqlite::shown(relation_) + "\" holds " + found->reason)
        .with_detail("Row " + std::to_string(row_id) + " holds " + found->value + ".")
        .with_hint("Give the foreign column another type, such as text or bytea, or mend the row.");
}

} // namespace migrate::core::fdw
