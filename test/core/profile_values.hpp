// Columns written as lists of values, for the tests of type choice.
//
//     profile_of(proposal, options, {i(1), r(0.5), t("ten"), b("\xff"), null});
#pragma once

#include "core/plan/type_choice.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace migrate::test {

using namespace migrate::core;
using namespace migrate::core::plan;

struct Blob {
    std::string bytes;
};
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

inline Value i(std::int64_t value) {
    return value;
}
inline Value r(double value) {
    return value;
}
inline Value t(std::string value) {
    return value;
}
inline Value b(std::string bytes) {
    return Blob{std::move(bytes)};
}
inline const Value null;

inline void set_cell(Batch &batch, Cell &cell, const Value &value) {
    if (const auto *integer = std::get_if<std::int64_t>(&value)) {
        cell.set_integer(*integer);
    } else if (const auto *real = std::get_if<double>(&value)) {
        cell.set_real(*real);
    } else if (const auto *text = std::get_if<std::string>(&value)) {
        batch.set_bytes(cell, StorageClass::text, *text);
    } else if (const auto *blob = std::get_if<Blob>(&value)) {
        batch.set_bytes(cell, StorageClass::blob, blob->bytes);
    }
}

inline ColumnProfile profile_of(const Proposal &proposal, const ImportOptions &options,
                                const std::vector<Value> &values) {
    ColumnRule rule;
    rule.type = proposal.type;
    rule.null_texts = options.null_texts;
    ColumnProfile profile(rule, candidate_types(proposal, options));
    Batch batch(1);
    for (const Value &value : values) {
        Cell &cell = *batch.add_row(static_cast<std::int64_t>(batch.rows()) + 1);
        set_cell(batch, cell, value);
    }
    for (std::size_t row = 0; row < batch.rows(); ++row) {
        profile.add(batch.row_id(row), *batch.row(row));
    }
    return profile;
}

} // namespace migrate::test
