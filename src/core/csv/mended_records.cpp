#include "core/csv/mended_records.hpp"

#include "core/error.hpp"

#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::csv {

MendedRecords::MendedRecords(const Dialect &dialect, std::vector<MendedRecord> records)
    : dialect_(dialect), records_(std::move(records)) {}

bool MendedRecords::next(Record &record) {
    if (next_ == records_.size())
        return false;
    const MendedRecord &mended = records_[next_++];
    TextBlock block;
    block.text = block.raw = mended.text;
    block.is_last = true;
    reader_ = std::make_unique<RecordReader>(dialect_);
    reader_->feed(block);
    // A record that was looked at must not be touched by the reader again: count first.
    std::size_t count = 0;
    while (reader_->next(record))
        count++;
    if (count != 1)
        throw Error(sqlstate::kInvalidParameterValue,
                    "the mended text of line " + std::to_string(mended.first_line) + " holds " +
                        std::to_string(count) + " records")
            .with_hint("Write one CSV record into \"mended\", without a newline outside quotes.");
    reader_ = std::make_unique<RecordReader>(dialect_);
    reader_->feed(block);
    (void)reader_->next(record);
    record.first_line = mended.first_line;
    record.last_line = mended.last_line;
    return true;
}

} // namespace migrate::core::csv
