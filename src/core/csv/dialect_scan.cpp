#include "core/csv/dialect_scan.hpp"

#include "core/csv/cell_cleanness.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// An empty cell says little for or against a delimiter.
constexpr double kEmptyWeight = 0.25;
// A file of one column needs no delimiter; any other explanation that is half good is better.
constexpr double kOneColumnText = 0.45;
constexpr double kOneColumnTyped = 0.8;
constexpr double kRunaway = 0.5;

// A blank or a colon stands inside text and times more often than between fields.
double prior(std::string_view delimiter) noexcept {
    switch (delimiter.front()) {
    case ' ':
        return 0.5;
    case ':':
        return 0.6;
    case '^':
        return 0.8;
    case '|':
        return 0.97;
    default:
        return delimiter.front() == ',' ? 1.0 : 0.99;
    }
}

// 10:00:00 alone is a time, not three numbers between colons; "1,5" and "1 5" may be two.
bool is_one_value(std::string_view line) noexcept {
    if (cell_look(line) != CellLook::typed)
        return false;
    const std::size_t blank = line.find(' ');
    return blank == std::string_view::npos ||
           (line.find(' ', blank + 1) == std::string_view::npos && line.find(':') > blank &&
            line.find(':') != std::string_view::npos);
}

double breadth(std::size_t width) noexcept {
    return 1.0 - 0.5 / static_cast<double>(width);
}

} // namespace

DialectScan::DialectScan(std::string_view sample, bool is_whole, const DialectCandidate &candidate,
                         char line_end)
    : text_(sample), is_whole_(is_whole), candidate_(candidate), line_end_(line_end) {
    read();
}

bool DialectScan::is_delimiter(std::size_t at) const noexcept {
    return text_[at] == candidate_.delimiter.front() &&
           text_.substr(at, candidate_.delimiter.size()) == candidate_.delimiter;
}

void DialectScan::read() {
    begin_record();
    while (at_ < text_.size()) {
        const After after = read_cell();
        if (after == After::delimiter)
            continue;
        // The last record of a part of a file may go on.
        if (after == After::line_end || is_whole_ || records_ == 0)
            end_record();
        begin_record();
    }
}

void DialectScan::begin_record() noexcept {
    record_ = {};
    record_.line = line_;
    record_.is_hash = at_ < text_.size() && text_[at_] == '#';
    clean_ = weight_ = 0;
    record_start_ = at_;
}

DialectScan::After DialectScan::read_cell() {
    if (candidate_.quote != '\0') {
        // COPY takes blanks before a quote as part of the value; the quote opens all the same.
        const std::size_t first = std::min(text_.find_first_not_of(' ', at_), text_.size());
        const bool is_blank_delimiter = candidate_.delimiter.front() == ' ';
        if (first < text_.size() && text_[first] == candidate_.quote &&
            (first == at_ || !is_blank_delimiter)) {
            at_ = first + 1;
            return read_quoted();
        }
    }
    return read_plain(at_, false);
}

// The place of the quote that closes a field whose text begins at `from`; the end of the text when
// none does.
std::size_t DialectScan::find_closing(std::size_t from) {
    const char quote = candidate_.quote;
    const bool has_escape = candidate_.escape != kDoubled;
    for (std::size_t at = from; at < text_.size(); at++) {
        if (has_escape && text_[at] == candidate_.escape) {
            at++;
        } else if (text_[at] == quote) {
            const bool is_doubled = at + 1 < text_.size() && text_[at + 1] == quote;
            if (has_escape || !is_doubled)
                return at;
            at++;
        } else if (has_runaway_ && text_[at] == line_end_) {
            // One quote ran to the end: to look that far for each would be quadratic.
            return text_.size();
        }
    }
    return text_.size();
}

DialectScan::After DialectScan::read_quoted() {
    const std::size_t start = at_;
    const std::size_t closing = find_closing(start);
    if (closing >= text_.size()) {
        if (!is_whole_ && !has_runaway_ && text_.size() - start < text_.size() / 2 &&
            records_ != 0) {
            at_ = text_.size(); // cut by the end of the sample
            return After::end;
        }
        has_runaway_ = true;
        strays_++;
        return read_plain(start, true);
    }
    line_ += std::count(text_.begin() + static_cast<std::ptrdiff_t>(start),
                        text_.begin() + static_cast<std::ptrdiff_t>(closing), line_end_);
    at_ = closing + 1;
    const bool is_crlf = line_end_ == '\n' && text_.substr(at_, 2) == "\r\n";
    const bool is_line_end =
        at_ == text_.size() || text_[at_] == line_end_ || is_crlf || is_delimiter(at_);
    if (!is_line_end) {
        strays_++;
        return read_plain(start, true);
    }
    add_cell(text_.substr(start, closing - start), true, false);
    return end_of_cell();
}

// Passes what ended a cell.
DialectScan::After DialectScan::end_of_cell() {
    if (at_ < text_.size() && text_[at_] == '\r' && line_end_ == '\n')
        at_++;
    if (at_ >= text_.size())
        return After::end;
    if (text_[at_] == line_end_) {
        at_++;
        line_++;
        return After::line_end;
    }
    at_ += candidate_.delimiter.size();
    delimiters_++;
    const bool is_blank = at_ < text_.size() && text_[at_] == ' ';
    blanks_ += is_blank ? 1 : 0;
    if (at_ < text_.size())
        return After::delimiter;
    add_cell({}, false, false); // a delimiter is the last byte of all
    return After::end;
}

DialectScan::After DialectScan::read_plain(std::size_t start, bool is_stray) {
    std::int64_t quotes = 0;
    while (at_ < text_.size() && text_[at_] != line_end_ && !is_delimiter(at_)) {
        quotes += candidate_.quote != '\0' && text_[at_] == candidate_.quote ? 1 : 0;
        at_++;
    }
    std::size_t end = at_;
    if (line_end_ == '\n' && end > start && text_[end - 1] == '\r' &&
        (at_ == text_.size() || text_[at_] == line_end_))
        end--;
    strays_ += quotes;
    odd_inner_ += quotes % 2;
    add_cell(text_.substr(start, end - start), false, is_stray || quotes != 0);
    return end_of_cell();
}

void DialectScan::add_cell(std::string_view text, bool is_quoted, bool is_stray) {
    are_seconds_empty_ &= record_.width % 2 == 0 || (text.empty() && !is_quoted);
    record_.is_first_filled |= record_.width == 0 && !text.empty();
    record_.width++;
    record_.filled += text.empty() ? 0 : 1;
    quoted_ += is_quoted ? 1 : 0;
    if (is_quoted || is_stray) {
        clean_ += is_quoted ? 1.0 : cleanness(CellLook::stray);
        weight_ += 1.0;
        return;
    }
    const CellLook look = cell_look(text);
    const double weight = look == CellLook::empty ? kEmptyWeight : 1.0;
    weight_ += weight;
    clean_ += weight * cleanness(look);
}

void DialectScan::end_record() {
    // An empty line is no record of a table of several columns.
    if (record_.width <= 1 && record_.filled == 0)
        return;
    WidthCount &count = widths_[record_.width];
    if (count.records == 0 && widest_ * 2 < record_.width + 1)
        count.above = records_;
    widest_ = std::max(widest_, record_.width);
    records_++;
    are_seconds_empty_ &= record_.width % 2 == 1;
    count.records++;
    count.hashes += record_.is_hash ? 1 : 0;
    hashes_ += record_.is_hash ? 1 : 0;
    if (record_.width == 1) {
        const std::string_view line = text_.substr(record_start_, at_ - record_start_);
        if (is_one_value(line.substr(0, line.find_last_not_of("\r\n") + 1)))
            clean_ *= kOneColumnTyped;
        else // digits with blanks or commas are no better than text
            clean_ = std::min(clean_, weight_ * cleanness(CellLook::plain)) * kOneColumnText;
    }
    count.clean += clean_;
    count.weight += weight_;
    if (first_.size() < kMaxFirst)
        first_.push_back(record_);
}

BestWidth DialectScan::best() const {
    BestWidth best;
    for (const auto &[width, count] : widths_) {
        // Lines with # are comments when they have another form than the records.
        const bool are_comments = width > 1 && hashes_ != 0 && count.hashes == 0;
        // Titles above a table are no records of it, where all below them are.
        const bool are_titles = !are_comments && count.above <= count.records &&
                                count.above + count.records == records_;
        const std::int64_t others = are_comments ? hashes_ : are_titles ? count.above : 0;
        const auto total = static_cast<double>(records_ - others);
        const double share = static_cast<double>(count.records) / total;
        double score = share * count.clean / count.weight;
        score *= width == 1 ? 1.0 : breadth(width) * prior(candidate_.delimiter);
        score *= has_runaway_ ? kRunaway : 1.0;
        if (score > best.score)
            best = {width, score, share, count.records, are_comments};
    }
    return best;
}

} // namespace migrate::core::csv
