// How large CSV files are, for a planner: bytes exactly, records by the beginning of one file.
//
//     SizeEstimate size = estimate_size(list_csv_files(path), options, os_user);
#pragma once

#include "core/csv/csv_options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace migrate::core::csv {

struct SizeEstimate {
    double bytes = 0; // on disk
    double rows = 0;
    std::int64_t files = 0;    // that hold something
    bool can_be_split = false; // the files, as far as the first one tells
};

// Never throws for what is wrong with a file: the scan will. Reads a few kilobytes.
SizeEstimate estimate_size(const std::vector<std::string> &files, const CsvOptions &options,
                           const std::string &os_user);

} // namespace migrate::core::csv
