// Parts of a file read side by side: their records together are those of one reader.
#include "catch.hpp"

#include "core/csv/chunk_look.hpp"
#include "core/csv/record_reader.hpp"

#include <random>
#include <string>
#include <tuple>
#include <vector>

using namespace migrate::core::csv;

namespace {

// What tells a record: where, on which lines, its bytes, its fields.
using Seen =
    std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string, std::vector<std::string>>;

// The records of `text` from a place on, until one begins at `end` or behind it.
void read_records(const Dialect &dialect, const std::string &text, RecordPlace place,
                  std::int64_t end, std::vector<Seen> &seen) {
    RecordReader reader(dialect);
    TextBlock block;
    block.text = block.raw = std::string_view(text).substr(static_cast<std::size_t>(place.offset));
    block.first_line = place.line;
    block.byte_offset = place.offset;
    block.is_last = true;
    reader.feed(block);
    for (Record record; reader.next(record) && record.byte_offset < end;) {
        std::vector<std::string> fields;
        for (const Field &field : record.fields)
            fields.emplace_back(field.text);
        seen.emplace_back(record.byte_offset, record.first_line, record.last_line,
                          std::string(record.raw), std::move(fields));
    }
}

std::vector<Seen> read_whole(const Dialect &dialect, const std::string &text,
                             std::int64_t data_begin) {
    std::vector<Seen> seen;
    read_records(dialect, text, {data_begin, 1}, static_cast<std::int64_t>(text.size()), seen);
    return seen;
}

std::vector<Seen> read_parts(const Dialect &dialect, const std::string &text,
                             std::int64_t data_begin, std::int64_t part) {
    const auto size = static_cast<std::int64_t>(text.size());
    std::vector<Seen> seen;
    ChunkLook look(dialect);
    ChunkStart start{false, 1, true};
    for (std::int64_t begin = data_begin; begin < size; begin += part) {
        const std::int64_t end = std::min(begin + part, size);
        look.take(text, begin, end);
        if (const auto place = look.first_record(start))
            read_records(dialect, text, *place, end, seen);
        start = start_behind(start, look.count());
    }
    return seen;
}

// Quotes, delimiters and line ends of all sorts, every quote closed.
std::string random_text(std::mt19937 &random, const char *pieces[], std::size_t count) {
    std::string text;
    const int length = static_cast<int>(random() % 120);
    for (int i = 0; i < length; i++)
        text += pieces[random() % count];
    std::size_t quotes = 0;
    for (const char c : text)
        quotes += c == '"' ? 1 : 0;
    return quotes % 2 == 0 ? text : text + '"';
}

} // namespace

TEST_CASE("parts of any size give the records of the whole file", "[csv][chunk_look]") {
    const char *pieces[] = {"a",  "bc",        ",",        "\"",  "\"\"", "\n",   "\r\n",
                            "\r", "\"x,\ny\"", "\xC3\xA4", ",\"", "\"\n", "\n\n", "0123456789"};
    const Newline newlines[] = {Newline::automatic, Newline::lf, Newline::crlf, Newline::cr};
    std::mt19937 random(7);
    Dialect dialect;
    for (int round = 0; round < 400; round++) {
        dialect.newline = newlines[round % 4];
        const std::string text = random_text(random, pieces, std::size(pieces));
        const std::vector<Seen> whole = read_whole(dialect, text, 0);
        for (std::int64_t part = 1; part <= 40; part += part < 12 ? 1 : 7) {
            INFO("part " << part << " of " << text);
            REQUIRE(read_parts(dialect, text, 0, part) == whole);
        }
    }
}

TEST_CASE("parts of a file without quotes count its lines alone", "[csv][chunk_look]") {
    Dialect dialect;
    dialect.quote = '\0';
    const std::string text = "a,\"b\nc,d\n\"\"\"\ne\n";
    for (std::int64_t part = 1; part < 20; part++)
        REQUIRE(read_parts(dialect, text, 0, part) == read_whole(dialect, text, 0));
}

TEST_CASE("parts begin behind the header", "[csv][chunk_look]") {
    const std::string text = "it's 5\" wide\nid,name\n1,\"a\nb\"\n2,c\n";
    const auto begin = static_cast<std::int64_t>(text.find("id"));
    for (std::int64_t part = 1; part < 30; part++)
        REQUIRE(read_parts({}, text, begin, part) == read_whole({}, text, begin));
}

TEST_CASE("counts of a part are right at any length", "[csv][chunk_look]") {
    std::mt19937 random(11);
    for (std::size_t size : {0U, 1U, 7U, 8U, 9U, 2040U, 2041U, 5000U, 100000U}) {
        std::string text;
        std::int64_t quotes = 0;
        std::int64_t lines = 0;
        for (std::size_t i = 0; i < size; i++) {
            text += "\"\n\r,a\x8A\xA2"[random() % 7];
            quotes += text.back() == '"' ? 1 : 0;
            lines += text.back() == '\n' ? 1 : 0;
        }
        ChunkLook look((Dialect()));
        look.take(text, 0, static_cast<std::int64_t>(size));
        REQUIRE(look.count().has_odd_quotes == (quotes % 2 != 0));
        REQUIRE(look.count().line_ends == lines);
    }
}

TEST_CASE("only files whose quotes toggle are split", "[csv][chunk_look]") {
    Dialect dialect;
    const Encoding utf8;
    REQUIRE(can_be_split(dialect, utf8, false));
    REQUIRE_FALSE(can_be_split(dialect, utf8, true));
    REQUIRE_FALSE(can_be_split(dialect, {Charset::utf16_le, "UTF-16", 2}, false));
    REQUIRE_FALSE(can_be_split(dialect, {Charset::other, "SJIS", 0}, false));
    dialect.escape = '\\';
    REQUIRE_FALSE(can_be_split(dialect, utf8, false));
    dialect.quote = '\0';
    REQUIRE(can_be_split(dialect, utf8, false));
    dialect.comment = "#";
    REQUIRE_FALSE(can_be_split(dialect, utf8, false));
    dialect = {};
    dialect.inner_quote = InnerQuote::literal;
    REQUIRE_FALSE(can_be_split(dialect, utf8, false));
}
