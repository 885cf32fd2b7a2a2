// What the first megabyte tells of a CSV file: how it is written and what its columns are called.
//
//     FileSurvey survey = survey_file(sample, is_whole, options, {});
//     scan.start(survey.found.dialect, survey.found.skip_lines); // then header_records to pass
//     over
#pragma once

#include "core/csv/csv_options.hpp"
#include "core/csv/dialect_sniffer.hpp"
#include "core/csv/header_sniffer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

struct FileSurvey {
    SniffedDialect found;            // skip_lines: physical lines above the table
    std::int64_t header_records = 0; // records above the data: 1 with a header
    std::vector<std::string> header; // the cells that name the columns: option "columns", else of
                                     // the header; empty without either
    Problem first_problem = Problem::none; // of the first record, which then names no columns
    std::size_t width = 0;                 // fields that a record should have; 0 for an empty file
    std::int64_t sample_records = 0;       // data records in the sample, for the estimate
    // How the values of each field are written in the sample, where that is not the plain form.
    std::vector<std::optional<ValueFormat>> formats;
    double confidence = 1;
    std::vector<std::string> evidence; // sentences: dialect, then header

    bool has_header() const noexcept { return header_records != 0; }
};

// Looks at a sample as sniff_dialect takes it. `target_names` are the columns of the table that the
// file goes into, where there is one: a first record that names them is a header whatever else it
// looks like. Throws Error 22023 for options that no file can be read by.
FileSurvey survey_file(std::string_view sample, bool is_whole, const CsvOptions &options,
                       std::span<const std::string> target_names);

// What the caller said of the values of one column; `name` is the target's.
InferenceOptions reading_of(const CsvOptions &options, const Dialect &dialect,
                            std::string_view name, bool is_utf8_server);

// Dates in ISO order, numbers with a point and without thousands.
bool is_plain(const ValueFormat &format) noexcept;

// Whether most of the header's cells name columns of the target, in any case of letters.
bool names_columns(std::span<const std::string> header, std::span<const std::string> target_names);

} // namespace migrate::core::csv
