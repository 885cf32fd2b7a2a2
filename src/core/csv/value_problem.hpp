// Why a value is none of its column's type, in PostgreSQL's own words.
//
//     value_problem("abc", column, Fit::misfit).reason … invalid input syntax for type bigint:
//     "abc"
#pragma once

#include "core/csv/record_plan.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace migrate::core::csv {

struct ValueProblem {
    const char *code = nullptr; // SQLSTATE, a literal
    std::string reason;
};

// Of a text for which the column's FieldReader said misfit or invalid_text.
ValueProblem value_problem(std::string_view text, const RecordColumn &column, Fit fit);

// Of a value of more than the column's max_value_size bytes.
ValueProblem size_problem(std::size_t size, const RecordColumn &column);

} // namespace migrate::core::csv
