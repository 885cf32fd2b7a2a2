// Records that somebody mended in migrate.rejects, one by one, as they would stand in the file.
#pragma once

#include "core/csv/dialect.hpp"
#include "core/csv/record.hpp"
#include "core/csv/record_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace migrate::core::csv {

struct MendedRecord {
    std::string text;            // UTF-8
    std::int64_t first_line = 0; // of the record in its file
    std::int64_t last_line = 0;
};

class MendedRecords {
  public:
    MendedRecords(const Dialect &dialect, std::vector<MendedRecord> records);

    // Begins again with the first.
    void rewind() noexcept { next_ = 0; }
    // The next one, under its lines in the file; views live until the next call. False after the
    // last. Throws Error 22023 for a text that is not one record.
    bool next(Record &record);

  private:
    Dialect dialect_;
    std::vector<MendedRecord> records_;
    std::size_t next_ = 0;
    std::unique_ptr<RecordReader> reader_; // of the text at hand
};

} // namespace migrate::core::csv
