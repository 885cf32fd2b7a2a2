#include "core/csv/record_end.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

} // namespace

RecordEndFinder::RecordEndFinder(const Dialect &dialect)
    : dialect_(dialect), line_end_(dialect.newline),
      max_size_(static_cast<std::size_t>(dialect.max_line_size)) {}

std::size_t RecordEndFinder::first_line(std::string_view text) const noexcept {
    return std::min(line_end_.after_next(text, 0), text.size());
}

RecordEnd RecordEndFinder::find(std::string_view text, std::int64_t position, bool is_closed) {
    text_ = text;
    position_ = position;
    const std::size_t line = first_line(text);
    if (line > max_size_)
        return {RecordEnd::Kind::too_long, line};
    if (!scan_.is_open) {
        if (dialect_.quote == '\0' || next_quote(0) >= line) [[likely]]
            return {RecordEnd::Kind::plain, line};
        scan_ = Scan();
        scan_.line_end = line;
    }
    if (dialect_.inner_quote == InnerQuote::literal)
        find_literal_end();
    else
        find_copy_end();
    return finish(line, is_closed);
}

// COPY (CopyReadLineText): any quote outside quotes opens, any inside that is not escaped closes;
// by that a doubled quote closes and opens again. A line end outside quotes ends the record.
void RecordEndFinder::find_copy_end() {
    while (!scan_.is_in_quotes || pass_quoted()) {
        if (is_end_in_sight())
            return;
        open_quote(next_quote(scan_.at));
    }
}

// A quote opens only where a field begins; after the closing one all is plain up to the delimiter.
void RecordEndFinder::find_literal_end() {
    while (!scan_.is_in_quotes || pass_quoted()) {
        if (is_end_in_sight())
            return;
        if (scan_.is_field_start && text_[scan_.at] == dialect_.quote) {
            open_quote(scan_.at);
            continue;
        }
        const std::size_t delimiter =
            text_.substr(0, scan_.line_end).find(dialect_.delimiter, scan_.at);
        if (delimiter == kNone) {
            scan_.end = scan_.line_end;
            return;
        }
        scan_.at = delimiter + dialect_.delimiter.size();
        scan_.is_field_start = true;
    }
}

// Outside quotes: whether the line ends before another quote.
bool RecordEndFinder::is_end_in_sight() {
    if (scan_.line_end < scan_.at)
        scan_.line_end = std::min(line_end_.after_next(text_, scan_.at), text_.size());
    if (next_quote(scan_.at) < scan_.line_end)
        return false;
    scan_.end = scan_.line_end;
    return true;
}

void RecordEndFinder::open_quote(std::size_t at) {
    // The second of a doubled quote is in the same place as the first.
    if (scan_.last_close == 0 || scan_.last_close != at)
        scan_.is_inner = !follows_delimiter(at);
    scan_.is_in_quotes = true;
    scan_.is_field_start = false;
    scan_.at = at + 1;
}

// Goes behind the closing quote; false when there is none.
bool RecordEndFinder::pass_quoted() {
    const std::size_t close = closing_quote();
    if (close >= scan_.line_end && !scan_.has_crossed) {
        scan_.has_crossed = true;
        scan_.is_joined = scan_.is_inner;
    }
    if (close == kNone)
        return false;
    scan_.is_in_quotes = false;
    scan_.at = scan_.last_close = close + 1;
    return true;
}

std::size_t RecordEndFinder::closing_quote() {
    if (dialect_.escape != kDoubled)
        return closing_escaped();
    return dialect_.inner_quote == InnerQuote::literal ? closing_doubled() : next_quote(scan_.at);
}

// COPY (ESCAPE '\'): the escape counts before a quote and before itself, else it is plain.
std::size_t RecordEndFinder::closing_escaped() const noexcept {
    const auto known = static_cast<std::size_t>(std::max(open_until_ - position_, std::int64_t{0}));
    for (std::size_t at = scan_.at; at < text_.size(); at++) {
        const char c = text_[at];
        if (c == dialect_.quote)
            return at;
        if (c == line_end_.byte() && at + 1 < known &&
            line_end_.is_at_end_of(text_.substr(0, at + 1)))
            at = known - 1;
        else if (c == dialect_.escape && at + 1 < text_.size() &&
                 (text_[at + 1] == dialect_.quote || text_[at + 1] == dialect_.escape))
            at++;
    }
    return kNone;
}

std::size_t RecordEndFinder::closing_doubled() const noexcept {
    std::size_t at = text_.find(dialect_.quote, scan_.at);
    while (at != kNone && at + 1 < text_.size() && text_[at + 1] == dialect_.quote)
        at = text_.find(dialect_.quote, at + 2);
    return at;
}

// Most lines have no quote: where the next one stands is looked for once and kept.
std::size_t RecordEndFinder::next_quote(std::size_t from) noexcept {
    const std::int64_t wanted = position_ + static_cast<std::int64_t>(from);
    if (next_quote_ >= wanted)
        return static_cast<std::size_t>(next_quote_ - position_);
    const auto searched = std::max(searched_until_, wanted) - position_;
    const std::size_t at = text_.find(dialect_.quote, static_cast<std::size_t>(searched));
    searched_until_ = position_ + static_cast<std::int64_t>(at == kNone ? text_.size() : at + 1);
    next_quote_ = at == kNone ? -1 : searched_until_ - 1;
    return at;
}

bool RecordEndFinder::follows_delimiter(std::size_t at) const noexcept {
    return at == 0 || text_.substr(0, at).ends_with(dialect_.delimiter);
}

RecordEnd RecordEndFinder::finish(std::size_t first_line, bool is_closed) {
    if (scan_.end == 0) {
        if (is_closed || text_.size() > max_size_)
            return give_up(first_line, text_.size());
        scan_.is_open = true;
        scan_.at = text_.size();
        return {};
    }
    if (scan_.end > max_size_) // in quotes at each line end before its last line
        return give_up(first_line, line_end_.after_last(text_.substr(0, scan_.end - 1), 0));
    const std::string_view record = text_.substr(0, scan_.end);
    RecordEnd end{RecordEnd::Kind::quoted, scan_.end};
    if (scan_.has_crossed)
        end.lines = line_end_.count(record) + (line_end_.is_at_end_of(record) ? 0 : 1);
    end.is_joined_by_inner_quote = scan_.is_joined;
    scan_.is_open = false;
    return end;
}

// The lines after the first are read anew, and with them the quotes.
RecordEnd RecordEndFinder::give_up(std::size_t first_line, std::size_t open_until) {
    open_until_ = std::max(open_until_, position_ + static_cast<std::int64_t>(open_until));
    scan_.is_open = false;
    next_quote_ = -1;
    searched_until_ = 0;
    return {RecordEnd::Kind::unterminated, first_line};
}

} // namespace migrate::core::csv
