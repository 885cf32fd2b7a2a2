// Reads a sample by one candidate dialect and counts how well it fits: how many records have how
// many fields, how clean their cells are, which quotes stand where none belong.
//
//     DialectScan scan(sample, is_whole, {";", '"', kDoubled}, '\n');
//     scan.best().score … to compare with that of other candidates
//
// One pass, linear in the sample; keeps a few numbers for each width and for the first records.
#pragma once

#include "core/csv/dialect.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::csv {

struct DialectCandidate {
    std::string delimiter = ",";
    char quote = '"';
    char escape = kDoubled;
};

// Records of one width.
struct WidthCount {
    std::int64_t records = 0;
    std::int64_t hashes = 0; // of them begin with #
    std::int64_t above = 0;  // records above the first of them, all of less than half the width
    double clean = 0;        // sum over cells
    double weight = 0;       // of the cells
};

struct FirstRecord {
    std::size_t width = 0;
    std::size_t filled = 0; // cells that are not empty
    std::int64_t line = 0;  // within the sample, from 0
    bool is_hash = false;
    bool is_first_filled = false;
};

struct BestWidth {
    std::size_t width = 0;
    double score = 0;
    double share = 0; // of the records
    std::int64_t records = 0;
    bool are_hashes_comments = false;
};

class DialectScan {
  public:
    static constexpr std::size_t kMaxFirst = 256;

    // `sample` is UTF-8 without a byte order mark and begins at a record; where it is not the whole
    // file its last record may be cut. `line_end` is '\n' or '\r'.
    DialectScan(std::string_view sample, bool is_whole, const DialectCandidate &candidate,
                char line_end);

    BestWidth best() const;

    std::int64_t records() const noexcept { return records_; } // but empty lines
    std::int64_t quoted() const noexcept { return quoted_; }   // cells in quotes
    std::int64_t strays() const noexcept { return strays_; }   // quotes where none belong
    std::int64_t odd_inner() const noexcept {
        return odd_inner_;
    }                                                          // cells with an odd number of them
    bool has_runaway() const noexcept { return has_runaway_; } // a quote that never closes
    std::int64_t hashes() const noexcept { return hashes_; }
    // Every delimiter has a blank behind it; every second field of every record is empty.
    bool are_blanks_behind() const noexcept { return delimiters_ != 0 && blanks_ == delimiters_; }
    bool are_seconds_empty() const noexcept { return delimiters_ != 0 && are_seconds_empty_; }
    // The records with which the sample begins, kMaxFirst at most.
    const std::vector<FirstRecord> &first() const noexcept { return first_; }

  private:
    enum class After : std::uint8_t { delimiter, line_end, end };

    void read();
    After read_cell();
    After read_quoted();
    After read_plain(std::size_t start, bool is_stray);
    After end_of_cell();
    std::size_t find_closing(std::size_t from);
    void add_cell(std::string_view text, bool is_quoted, bool is_stray);
    void end_record();
    void begin_record() noexcept;
    bool is_delimiter(std::size_t at) const noexcept;

    std::string_view text_;
    bool is_whole_;
    DialectCandidate candidate_;
    char line_end_;
    std::size_t at_ = 0;
    std::int64_t line_ = 0;

    // The record being read.
    FirstRecord record_;
    double clean_ = 0;
    double weight_ = 0;
    std::size_t record_start_ = 0;

    std::map<std::size_t, WidthCount> widths_;
    std::vector<FirstRecord> first_;
    std::int64_t records_ = 0;
    std::size_t widest_ = 0; // fields of a record so far
    std::int64_t hashes_ = 0;
    std::int64_t quoted_ = 0;
    std::int64_t strays_ = 0;
    std::int64_t odd_inner_ = 0;
    std::int64_t delimiters_ = 0;
    std::int64_t blanks_ = 0;
    bool are_seconds_empty_ = true;
    bool has_runaway_ = false;
};

} // namespace migrate::core::csv
