// What a scan of CSV files left out by the options on_error and ragged, and the limit on that.
#pragma once

#include "fdw/csv_table_scan.hpp"

namespace migrate::fdw {

// Ends the converter of the open file and adds what it read and lost to the scan's.
void count_csv_file(CsvTableScan *scan);

// 22P02 when more rows were left out than option reject_limit allows, as a number of rows.
void check_csv_limit(const CsvTableScan *scan);
// The same for a share of all rows, when the last one was read.
void check_csv_share(const CsvTableScan *scan);

} // namespace migrate::fdw
