// Reads CSV text for tests and shows what came out of it.
//
//     CHECK(read_csv("a,\"b\"\n") == "a|'b'\n");
#pragma once

#include "core/csv/line_end.hpp"
#include "core/csv/record_reader.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::test {

// One record a line, fields between "|", quoted ones in ', line ends as "~" (LF) and "^" (CR), and
// behind them what is wrong.
inline std::string shown_record(const core::csv::Record &record) {
    std::string shown;
    for (const core::csv::Field &field : record.fields) {
        shown += shown.empty() && &field == record.fields.data() ? "" : "|";
        const std::string text =
            field.is_quoted ? "'" + std::string(field.text) + "'" : std::string(field.text);
        for (const char c : text)
            shown += c == '\n' ? '~' : c == '\r' ? '^' : c;
    }
    if (record.problem != core::csv::Problem::none)
        shown += " <" + std::string(core::csv::problem_name(record.problem)) + ">";
    if (record.is_joined_by_inner_quote)
        shown += " <joined>";
    return shown + "\n";
}

// The text in blocks of `lines` lines, each of which is gone when the next is fed.
inline std::string read_csv(std::string_view text, const core::csv::Dialect &dialect = {},
                            std::size_t lines = 1000) {
    core::csv::RecordReader reader(dialect);
    core::csv::Record record;
    const core::csv::LineEnd ends(dialect.newline);
    std::string shown;
    std::size_t at = 0;
    do {
        std::size_t end = at;
        for (std::size_t i = 0; i < lines && end < text.size(); i++)
            end = std::min(ends.after_next(text, end), text.size());
        const std::string copy(text.substr(at, end - at));
        core::csv::TextBlock block;
        block.text = block.raw = copy;
        block.byte_offset = static_cast<std::int64_t>(at);
        block.is_last = end == text.size();
        reader.feed(block);
        while (reader.next(record))
            shown += shown_record(record);
        at = end;
    } while (!reader.is_done());
    return shown;
}

} // namespace migrate::test
