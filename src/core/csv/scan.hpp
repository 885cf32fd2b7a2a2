// One CSV file from its bytes to its records, pulled: core never calls PostgreSQL, so whoever pulls
// converts the text of encodings that core does not know.
//
//     Scan scan(path, options);                       // opens it, finds the encoding
//     std::string sample = …                          // of text(), for sniff_dialect
//     scan.start(dialect, skip_lines);
//     for (;;) {
//         while (scan.next(record)) { … }
//         if (!scan.read_block())
//             break;
//         if (scan.block().needs_conversion) … convert block().raw, then give_text or give_lines
//         scan.feed_block();
//     }
//     scan.finish();
#pragma once

#include "core/csv/byte_stream.hpp"
#include "core/csv/dialect.hpp"
#include "core/csv/encoding.hpp"
#include "core/csv/line_reader.hpp"
#include "core/csv/record_reader.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace migrate::core::csv {

struct ScanOptions {
    StreamOptions stream;
    std::string encoding = "auto";      // option "encoding"
    std::optional<EncodingGuess> found; // by an earlier scan of the file
};

class Scan {
  public:
    static constexpr std::size_t kSampleSize = std::size_t{1} << 20; // bytes

    // Opens the file and reads its first megabyte to find the encoding. Throws Error as ByteStream
    // does.
    Scan(const std::string &path, const ScanOptions &options);

    const ByteStream &stream() const noexcept { return stream_; }
    const Encoding &encoding() const noexcept { return guess_.encoding; }
    // What the encoding was found by; no evidence where the caller named it.
    const EncodingGuess &guess() const noexcept { return guess_; }
    // The whole file is no larger than the sample.
    bool is_small() const noexcept { return is_small_; }

    // A file that is ASCII in its sample tells its encoding later: reads another megabyte for the
    // first byte that is not ASCII. True when there is more to look at; before start().
    bool look_further();

    // Whole lines from places all over a file that is larger than the sample; empty for a
    // compressed file and for one whose bytes are not read as ASCII where they look like it.
    std::string read_spread() const;

    // Begins at the first byte: blocks, and records of them. May be called again.
    void start(const Dialect &dialect, std::int64_t skip_lines);
    // Begins at a record of a file that is not compressed: at that byte, on that line.
    void start_at(const Dialect &dialect, std::int64_t offset, std::int64_t line);

    // Reads the next block of whole lines; false after the last. What the last block gave is gone.
    bool read_block();
    TextBlock &block() noexcept { return block_; }

    // The text of a block that needed conversion. The views must live until the next read_block.
    // give_text takes the whole block and returns false when its lines are not those of the raw
    // bytes: then give_line is called for each of block().marks, in order; the text of a line that
    // is not valid does not count.
    bool give_text(std::string_view text);
    void give_line(std::string_view text, bool is_valid);

    void feed_block();
    bool next(Record &record) { return records_->next(record); }

    // Throws Error 55006 when the file was changed while it was read.
    void finish() const { stream_.check_unchanged(); }

    std::int64_t skipped_lines() const noexcept { return records_->skipped_lines(); }

  private:
    void find_encoding(const ScanOptions &options);
    std::string read_megabyte();

    ByteStream stream_;
    EncodingGuess guess_;
    bool is_small_ = false;
    bool is_undecided_ = false; // nothing but ASCII so far, and not the end
    std::size_t looked_at_ = 0; // bytes, while undecided
    Newline newline_ = Newline::automatic;
    std::unique_ptr<LineReader> lines_;
    std::unique_ptr<RecordReader> records_;
    TextBlock block_;
    std::string converted_; // lines given one by one
    std::size_t given_lines_ = 0;
    std::size_t given_bytes_ = 0; // raw ones, of those lines
};

} // namespace migrate::core::csv
