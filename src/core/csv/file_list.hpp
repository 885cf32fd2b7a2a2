// The CSV files that a path means: one file, the matches of a glob, or what a directory holds.
//
//     for (const std::string &file : list_csv_files("/data/orders-2024-*.csv")) …
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

// The files in the order of their names' bytes, whatever the locale, so that two runs read them in
// the same order. `path` is absolute.
//
// - A path that exists is itself, wildcards or not.
// - A directory gives its files that end in .csv, .tsv or .txt, each also with .gz, in any case of
//   letters; hidden files and directories in it are passed over.
// - Else * ? and [ ] are wildcards as glob(7) has them; directories among the matches are passed
//   over.
//
// Throws Error 58P01 when nothing is there or nothing matches, 42501 for what may not be listed.
std::vector<std::string> list_csv_files(const std::string &path);

// What a table is named after: "orders" of "/data/orders.csv.gz".
std::string_view file_stem(std::string_view path) noexcept;

} // namespace migrate::core::csv
