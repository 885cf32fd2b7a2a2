// What is wrong with a record as a whole, and where: the words of errors and rejects.
#pragma once

#include "core/csv/record.hpp"
#include "core/csv/record_account.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace migrate::core::csv {

struct RecordFault {
    const char *code = nullptr; // SQLSTATE, a literal
    std::string reason;
    const char *hint = nullptr; // the options that would accept it
};

// Of Record::problem, which is not none.
RecordFault record_fault(Problem problem);

// record has 3 fields instead of 4
RecordFault width_fault(std::size_t fields, std::size_t width);

// The hints of an error of one value, and of a row that somebody else refused.
std::string_view value_hint() noexcept;
std::string_view row_hint() noexcept;

// CSV file "/data/a.csv", lines 12 to 14, column "price": "1,5"
// `shown` is fit for display; without a column the record's raw bytes stand in its place. With
// neither the place ends before the colon.
std::string place_words(std::string_view file_name, const RowSource &source,
                        std::string_view column, std::string_view shown);

} // namespace migrate::core::csv
