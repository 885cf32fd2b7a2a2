#include "core/csv/dialect_sniffer.hpp"

#include "core/csv/dialect_scan.hpp"
#include "core/csv/line_end.hpp"
#include "core/csv/record_reader.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// In the order of preference where scores are equal: RFC 4180 first.
constexpr std::string_view kDelimiters[] = {",", ";", "\t", "|", ":", " ", "^", "\x1F"};
// Scores that differ by less are equal.
constexpr double kSame = 1e-9;
constexpr double kMuchWorse = 0.8;

struct Newlines {
    std::int64_t lf = 0;
    std::int64_t crlf = 0;
    std::int64_t cr = 0;

    std::int64_t with_lf() const noexcept { return lf + crlf; }
    // CRs alone end the lines of old Macintosh files. With LFs among them, which may stand inside
    // quotes, the records tell.
    bool is_cr() const noexcept { return cr != 0 && with_lf() == 0; }
    bool may_be_cr() const noexcept { return cr >= with_lf() && with_lf() != 0; }
};

Newlines count_newlines(std::string_view sample) noexcept {
    Newlines count;
    for (std::size_t at = sample.find_first_of("\r\n"); at != std::string_view::npos;
         at = sample.find_first_of("\r\n", at + 1)) {
        if (sample[at] == '\n')
            count.lf++;
        else if (at + 1 < sample.size() && sample[at + 1] == '\n')
            count.crlf++, at++;
        else
            count.cr++;
    }
    return count;
}

std::string newline_word(const Newlines &count, Newline newline) {
    if (newline == Newline::cr)
        return "CR";
    if (count.with_lf() == 0)
        return "none";
    if (count.lf != 0 && count.crlf != 0)
        return "mixed";
    return count.lf != 0 ? "LF" : "CRLF";
}

struct Attempt {
    DialectCandidate candidate;
    DialectScan scan;
    BestWidth best;
};

class Sniffer {
  public:
    Sniffer(std::string_view sample, bool is_whole, const KnownDialect &known)
        : sample_(sample), is_whole_(is_whole), known_(known) {
        for (char c : sample)
            occurs_[static_cast<unsigned char>(c)] = true;
    }

    SniffedDialect sniff();

  private:
    bool occurs(char c) const noexcept { return occurs_[static_cast<unsigned char>(c)]; }
    char choose_line_end(const Newlines &newlines);
    void skip_known_lines(char line_end);
    std::vector<std::string> delimiters() const;
    std::vector<char> quotes() const;
    std::vector<char> escapes(char quote) const;
    bool opens_field(char quote) const noexcept;
    void try_all(char line_end);
    void try_one(DialectCandidate candidate, char line_end);
    void take_winner(SniffedDialect &found) const;
    void lengthen_delimiter(SniffedDialect &found) const;
    void find_preamble(SniffedDialect &found) const;
    void find_comment(SniffedDialect &found) const;
    bool has_copy_records(const SniffedDialect &found) const;
    void find_inner_quotes(SniffedDialect &found) const;
    bool is_preamble(const FirstRecord &record) const noexcept;
    double confidence() const noexcept;

    std::string_view sample_;
    bool is_whole_;
    const KnownDialect &known_;
    std::array<bool, 256> occurs_{};
    std::int64_t skipped_ = 0;
    std::optional<Attempt> winner_;
    double runner_up_ = 0; // the best score of another delimiter
    std::string runner_up_delimiter_;
};

void Sniffer::skip_known_lines(char line_end) {
    for (skipped_ = 0; skipped_ < known_.skip_lines.value_or(0) && !sample_.empty(); skipped_++)
        sample_.remove_prefix(std::min(sample_.find(line_end), sample_.size() - 1) + 1);
}

std::vector<std::string> Sniffer::delimiters() const {
    if (known_.delimiter)
        return {*known_.delimiter};
    std::vector<std::string> found;
    for (std::string_view each : kDelimiters) {
        if (occurs(each.front()))
            found.emplace_back(each);
    }
    // A delimiter that does not occur stands for the file of one column.
    for (std::string_view each : kDelimiters) {
        if (!occurs(each.front())) {
            found.emplace_back(each);
            break;
        }
    }
    return found;
}

// Whether the quote begins a line or follows a delimiter anywhere: an apostrophe seldom does.
bool Sniffer::opens_field(char quote) const noexcept {
    for (std::size_t at = sample_.find(quote); at != std::string_view::npos;
         at = sample_.find(quote, at + 1)) {
        constexpr std::string_view kBefore = ",;\t|:^\x1F\r\n";
        if (at == 0 || kBefore.find(sample_[at - 1]) != std::string_view::npos)
            return true;
    }
    return false;
}

std::vector<char> Sniffer::quotes() const {
    if (known_.quote)
        return {*known_.quote};
    std::vector<char> found = {'"'};
    if (occurs('\'') && opens_field('\''))
        found.push_back('\'');
    if (occurs('"'))
        found.push_back('\0');
    return found;
}

std::vector<char> Sniffer::escapes(char quote) const {
    if (known_.escape)
        return {*known_.escape == quote ? kDoubled : *known_.escape};
    const std::string escaped = {'\\', quote};
    if (quote != '\0' && sample_.find(escaped) != std::string_view::npos)
        return {kDoubled, '\\'};
    return {kDoubled};
}

void Sniffer::try_one(DialectCandidate candidate, char line_end) {
    DialectScan scan(sample_, is_whole_, candidate, line_end);
    const BestWidth best = scan.best();
    const bool is_better = !winner_ || best.score > winner_->best.score + kSame;
    const bool is_other = winner_ && winner_->candidate.delimiter != candidate.delimiter;
    const double beaten = is_better && winner_ ? winner_->best.score : best.score;
    if (is_other && beaten > runner_up_) {
        runner_up_ = beaten;
        runner_up_delimiter_ = is_better ? winner_->candidate.delimiter : candidate.delimiter;
    }
    if (is_better)
        winner_.emplace(Attempt{std::move(candidate), std::move(scan), best});
}

void Sniffer::try_all(char line_end) {
    for (const std::string &delimiter : delimiters()) {
        for (char quote : quotes()) {
            if (quote != '\0' && delimiter.find(quote) != std::string::npos)
                continue;
            for (const char escape : escapes(quote))
                try_one({delimiter, quote, escape}, line_end);
        }
    }
}

std::string count_of(std::int64_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

double Sniffer::confidence() const noexcept {
    const double doubt = winner_->best.score > 0 ? runner_up_ / winner_->best.score : 1;
    return std::clamp(winner_->best.share * (1.0 - 0.5 * std::min(doubt, 1.0)), 0.0, 1.0);
}

void Sniffer::take_winner(SniffedDialect &found) const {
    const auto &[candidate, scan, best] = *winner_;
    // One column: whatever the delimiter, no field may be cut by it.
    found.dialect.delimiter = candidate.delimiter;
    found.dialect.quote = candidate.quote;
    found.dialect.escape = candidate.escape;
    found.width = best.width;
    std::string words = "The delimiter is " + shown_mark(candidate.delimiter) + ": " +
                        std::to_string(best.records) + " of " + count_of(scan.records(), "record") +
                        " have " + count_of(static_cast<std::int64_t>(best.width), "field");
    if (best.width == 1 && !known_.delimiter)
        words = "The file has one column: " + std::to_string(best.records) + " of " +
                count_of(scan.records(), "line") + " hold one field";
    if (runner_up_ > 0 && best.width > 1)
        words += "; next is " + shown_mark(runner_up_delimiter_);
    found.evidence.push_back(words + ".");
    if (scan.quoted() != 0)
        found.evidence.push_back("The quote is " + shown_mark({&candidate.quote, 1}) + ": " +
                                 count_of(scan.quoted(), "field") + " in quotes.");
    else if (candidate.quote == '\0')
        found.evidence.push_back("There is no quote: those in the text do not enclose fields.");
    if (candidate.escape == '\\')
        found.evidence.push_back("A backslash escapes quotes.");
    else if (candidate.escape != kDoubled)
        found.evidence.push_back(shown_mark({&candidate.escape, 1}) + " escapes quotes.");
}

// ", " and "||" as one delimiter: where each delimiter of the sample is followed by a blank, or by
// itself.
void Sniffer::lengthen_delimiter(SniffedDialect &found) const {
    const DialectScan &scan = winner_->scan;
    if (known_.delimiter || found.width < 2)
        return;
    std::string &delimiter = found.dialect.delimiter;
    const bool is_doubled = scan.are_seconds_empty() && found.width >= 3;
    const bool has_blank = scan.are_blanks_behind() && delimiter != " ";
    if (!is_doubled && !has_blank)
        return;
    delimiter += is_doubled ? delimiter : " ";
    found.width = is_doubled ? found.width / 2 + 1 : found.width;
    found.evidence.push_back("The delimiter is " + shown_mark(delimiter) + ": each " +
                             shown_mark({delimiter.data(), 1}) + " is followed by " +
                             (is_doubled ? "another." : "a blank."));
}

// A title: fewer than half of the fields, or nothing but the first field, which spreadsheets pad
// with delimiters.
bool Sniffer::is_preamble(const FirstRecord &record) const noexcept {
    const std::size_t width = winner_->best.width;
    if (record.width * 2 < width + 1)
        return true;
    return width >= 3 && record.width == width && record.filled == 1 && record.is_first_filled;
}

void Sniffer::find_preamble(SniffedDialect &found) const {
    found.skip_lines = skipped_;
    if (known_.skip_lines || found.width < 2)
        return;
    const std::vector<FirstRecord> &first = winner_->scan.first();
    const auto table = std::ranges::find_if(first, [this](const FirstRecord &record) {
        return !is_preamble(record) && !(record.is_hash && winner_->best.are_hashes_comments);
    });
    if (table == first.end() || table->line == 0)
        return;
    // Empty lines alone are no preamble to speak of, but they are no records either.
    found.skip_lines = table->line;
    found.evidence.push_back(count_of(table->line, "line") + " above the table " +
                             (table->line == 1 ? "is" : "are") + " skipped.");
}

void Sniffer::find_comment(SniffedDialect &found) const {
    if (known_.comment) {
        found.dialect.comment = *known_.comment;
        return;
    }
    const DialectScan &scan = winner_->scan;
    if (!winner_->best.are_hashes_comments || found.width < 2)
        return;
    // Those above the table are skipped already; a comment mark would hide data further on.
    std::int64_t above = 0;
    for (const FirstRecord &record : scan.first())
        above += record.is_hash && record.line < found.skip_lines ? 1 : 0;
    if (above == scan.hashes())
        return;
    found.dialect.comment = "#";
    found.evidence.push_back("Lines that begin with \"#\" are comments: none of the " +
                             std::to_string(scan.hashes()) + " has the fields of a record.");
}

// Whether by COPY's rule, too, all records have the same fields, and none goes over several lines
// because of a quote within a field.
bool Sniffer::has_copy_records(const SniffedDialect &found) const {
    RecordReader reader(found.dialect);
    reader.skip_lines(found.skip_lines - skipped_);
    TextBlock block;
    block.text = block.raw = sample_;
    const std::size_t end = LineEnd(found.dialect.newline).after_last(sample_, 0);
    block.is_last = is_whole_ || end == std::string_view::npos;
    if (!block.is_last)
        block.text = block.raw = sample_.substr(0, end);
    reader.feed(block);
    std::int64_t records = found.skip_lines - skipped_;
    for (Record record; reader.next(record);) {
        const bool is_blank = record.fields.size() == 1 && record.fields[0].text.empty();
        if (record.problem != Problem::none || record.is_joined_by_inner_quote ||
            (record.fields.size() != found.width && !is_blank))
            return false;
        records += is_blank ? 0 : 1;
    }
    // A quote that swallowed the rest of the sample ends no record.
    return records + 1 >= winner_->scan.records();
}

// 5" pipe: COPY's reading would join the lines up to the next quote.
void Sniffer::find_inner_quotes(SniffedDialect &found) const {
    const auto &[candidate, scan, best] = *winner_;
    if (scan.odd_inner() == 0 || best.share < 1 || scan.has_runaway() || best.width < 2 ||
        has_copy_records(found))
        return;
    found.dialect.inner_quote = InnerQuote::literal;
    found.evidence.push_back(
        "Quotes inside a field are text: " + count_of(scan.odd_inner(), "field") +
        " with one have no second, and all records have the same fields.");
}

// Tries all candidates with the line end that the caller names, that the sample has, or, where both
// may be, with the better one of the two.
char Sniffer::choose_line_end(const Newlines &newlines) {
    const bool is_cr = known_.newline ? *known_.newline == Newline::cr : newlines.is_cr();
    const char line_end = is_cr ? '\r' : '\n';
    skip_known_lines(line_end);
    try_all(line_end);
    if (known_.newline || known_.skip_lines || !newlines.may_be_cr())
        return line_end;
    const std::optional<Attempt> by_lf = std::exchange(winner_, std::nullopt);
    const double runner_up = std::exchange(runner_up_, 0);
    const std::string other = std::exchange(runner_up_delimiter_, {});
    try_all('\r');
    // There are as many CRs: they end the lines unless the records are much worse for it.
    if (winner_->best.score >= kMuchWorse * by_lf->best.score)
        return '\r';
    winner_ = by_lf;
    runner_up_ = runner_up;
    runner_up_delimiter_ = other;
    return line_end;
}

SniffedDialect Sniffer::sniff() {
    SniffedDialect found;
    const Newlines newlines = count_newlines(sample_);
    const bool is_cr = choose_line_end(newlines) == '\r';
    found.dialect.newline = known_.newline.value_or(is_cr ? Newline::cr : Newline::automatic);
    found.newline = newline_word(newlines, found.dialect.newline);
    take_winner(found);
    find_preamble(found);
    find_comment(found);
    lengthen_delimiter(found);
    find_inner_quotes(found);
    found.confidence = confidence();
    return found;
}

} // namespace

std::string shown_mark(std::string_view mark) {
    if (mark.empty() || mark.front() == '\0')
        return "none";
    if (mark == "\t")
        return "TAB";
    if (static_cast<unsigned char>(mark.front()) < 0x20) {
        std::array<char, 8> hex{};
        std::snprintf(hex.data(), hex.size(), "0x%02X", static_cast<unsigned char>(mark.front()));
        return hex.data();
    }
    return mark == "\"" ? "'\"'" : "\"" + std::string(mark) + "\"";
}

SniffedDialect sniff_dialect(std::string_view sample, bool is_whole, const KnownDialect &known) {
    return Sniffer(sample, is_whole, known).sniff();
}

} // namespace migrate::core::csv
