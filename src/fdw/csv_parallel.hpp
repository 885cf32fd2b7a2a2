// A scan that several processes do side by side. The leader settles all files and puts what it
// found into shared memory; each process takes the next part of a file in turn, counts its quotes
// and lines, adds them to what the processes before it have published, publishes the sum, and reads
// the records that begin in its part. A file that cannot be split is one part.
#pragma once

#include "fdw/csv_table_scan.hpp"

#include "pg/postgres.hpp"

namespace migrate::fdw {

// In the leader: settles the files; what the shared memory will take.
Size estimate_shared_scan(CsvTableScan *scan, int workers);
// In the leader: fills it, and takes part.
void init_shared_scan(CsvTableScan *scan, void *memory, int workers);
// Before another pass over the files.
void reset_shared_scan(CsvTableScan *scan);
// In a worker.
void join_shared_scan(CsvTableScan *scan, void *memory);

// Begins the next part that has records; false when there is none left.
bool open_next_part(CsvTableScan *scan);

} // namespace migrate::fdw
