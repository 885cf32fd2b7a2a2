#include "core/csv/record_reader.hpp"

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

const Dialect &checked(const Dialect &dialect) {
    check_dialect(dialect);
    return dialect;
}

} // namespace

RecordReader::RecordReader(const Dialect &dialect)
    : dialect_(checked(dialect)), line_end_(dialect.newline), finder_(dialect), splitter_(dialect),
      window_(line_end_) {}

void RecordReader::feed(const TextBlock &block) {
    window_.feed(block);
}

bool RecordReader::next(Record &record) {
    for (;;) {
        const Step done = step(record);
        if (done != Step::skipped)
            return done == Step::record;
    }
}

RecordReader::Step RecordReader::step(Record &record) {
    record.fields.clear();
    const std::string_view text = window_.text();
    if (text.empty())
        return window_.has_long_line() ? take_long_line(record) : Step::starved;
    if (lines_to_skip_ > 0) [[unlikely]] {
        lines_to_skip_--;
        return skip_line(record);
    }
    // A comment begins where a record would: inside quotes a line is data.
    if (!dialect_.comment.empty() && text.starts_with(dialect_.comment)) {
        comment_lines_++;
        return skip_line(record);
    }
    const RecordEnd end = finder_.find(text, window_.position(), window_.is_closed());
    if (end.kind == RecordEnd::Kind::open) {
        window_.keep();
        return Step::starved;
    }
    take(record, end, text.substr(0, end.size));
    return Step::record;
}

RecordReader::Step RecordReader::skip_line(Record &record) {
    window_.take(finder_.first_line(window_.text()), 1, record);
    skipped_lines_++;
    skipped_bytes_ += static_cast<std::int64_t>(record.raw.size());
    return Step::skipped;
}

RecordReader::Step RecordReader::take_long_line(Record &record) {
    window_.take_long_line(record);
    record.is_joined_by_inner_quote = false;
    if (lines_to_skip_ == 0)
        return Step::record;
    lines_to_skip_--;
    skipped_lines_++;
    skipped_bytes_ += static_cast<std::int64_t>(record.raw.size()) + record.dropped;
    return Step::skipped;
}

void RecordReader::take(Record &record, const RecordEnd &end, std::string_view text) {
    window_.take(end.size, end.lines, record);
    record.is_joined_by_inner_quote = end.is_joined_by_inner_quote;
    const std::string_view content = line_end_.content(text);
    switch (end.kind) {
    case RecordEnd::Kind::quoted:
        splitter_.split_quoted(content, record.fields);
        break;
    case RecordEnd::Kind::unterminated:
        splitter_.split_leniently(content, record.fields);
        record.problem = Problem::unterminated_quote;
        break;
    case RecordEnd::Kind::too_long:
        record.problem = Problem::line_too_long;
        break;
    default:
        splitter_.split_plain(content, record.fields);
    }
    if (record.fields.size() > kMaxFields) {
        record.fields.clear();
        record.problem = Problem::too_many_fields;
    }
}

} // namespace migrate::core::csv
