#include "catch.hpp"

#include "core/csv/line_reader.hpp"
#include "core/csv/record_reader.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

using namespace migrate::core::csv;
using std::string_literals::operator""s;

namespace {

// A file that goes with the test.
class GivenFile {
  public:
    explicit GivenFile(const std::string &bytes) {
        const int descriptor = mkstemp(path_.data());
        REQUIRE(descriptor >= 0);
        close(descriptor);
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~GivenFile() { std::remove(path_.c_str()); }
    GivenFile(const GivenFile &) = delete;
    GivenFile &operator=(const GivenFile &) = delete;
    const std::string &path() const { return path_; }

  private:
    std::string path_ = "/tmp/migrate_lines_XXXXXX";
};

struct Seen {
    std::string text;
    std::string raw;
    std::int64_t dropped = 0;
    std::int64_t lines = 0;
    std::size_t blocks = 0;
    std::vector<bool> validity;
};

Seen read_lines(const std::string &bytes, const Encoding &encoding, const Dialect &dialect = {}) {
    const GivenFile file(bytes);
    ByteStream stream(file.path(), {});
    LineReader lines(stream, encoding, dialect);
    Seen seen;
    TextBlock block;
    while (lines.next(block)) {
        CHECK(block.first_line == seen.lines + 1);
        seen.text += block.text;
        seen.raw += block.raw;
        seen.dropped += block.dropped;
        seen.lines = lines.lines();
        seen.blocks++;
        for (const LineMark &mark : block.marks)
            seen.validity.push_back(mark.is_valid);
    }
    CHECK(block.is_last);
    CHECK(lines.bytes() == static_cast<std::int64_t>(bytes.size()));
    return seen;
}

std::string utf16(const std::string &ascii, bool is_big_endian) {
    std::string bytes;
    for (const char c : ascii)
        bytes += is_big_endian ? std::string{'\0', c} : std::string{c, '\0'};
    return bytes;
}

std::vector<std::string> read_values(const std::string &bytes, const Encoding &encoding,
                                     const Dialect &dialect = {}) {
    const GivenFile file(bytes);
    ByteStream stream(file.path(), {});
    LineReader lines(stream, encoding, dialect);
    RecordReader reader(dialect);
    std::vector<std::string> values;
    Record record;
    TextBlock block;
    std::int64_t raw = static_cast<std::int64_t>(encoding.bom_size);
    while (lines.next(block)) {
        reader.feed(block);
        while (reader.next(record)) {
            raw += static_cast<std::int64_t>(record.raw.size()) + record.dropped;
            for (const Field &field : record.fields)
                values.emplace_back(field.text);
            if (record.problem != Problem::none)
                values.emplace_back(problem_name(record.problem));
        }
    }
    CHECK(raw == static_cast<std::int64_t>(bytes.size()));
    return values;
}

} // namespace

TEST_CASE("csv blocks are whole lines", "[csv][lines]") {
    std::string bytes;
    for (int i = 0; i < 100'000; i++)
        bytes += std::to_string(i) + ",abc\n";
    const std::string end = GENERATE(""s, "last"s, "\n"s);
    bytes += end;
    const Seen seen = read_lines(bytes, {});
    CHECK(seen.text == bytes);
    CHECK(seen.raw == bytes);
    CHECK(seen.lines == (end.empty() ? 100'000 : 100'001));
    CHECK(seen.blocks >= bytes.size() / LineReader::kBlockSize);
    CHECK(seen.blocks <= bytes.size() / LineReader::kBlockSize + 2);
}

TEST_CASE("a csv file that ends where a buffer does", "[csv][lines]") {
    const std::size_t extra = GENERATE(0, 1);
    const Seen seen = read_lines(std::string(LineReader::kBlockSize - 1 + extra, 'x') + "\n", {});
    CHECK(seen.lines == 1);
    CHECK(read_lines("", {}).blocks == 1);
}

TEST_CASE("a csv line longer than a block", "[csv][lines]") {
    const std::string long_line(3 * LineReader::kBlockSize, 'x');
    const Seen seen = read_lines("a\n" + long_line + "\nb\n", {});
    CHECK(seen.lines == 3);
    CHECK(seen.text == "a\n" + long_line + "\nb\n");
}

TEST_CASE("a csv line longer than the limit is passed over", "[csv][lines]") {
    Dialect dialect;
    dialect.max_line_size = 100'000;
    dialect.newline = GENERATE(Newline::automatic, Newline::crlf);
    const std::string long_line(5 * LineReader::kBlockSize, 'x');
    const std::string bytes = "a\r\n" + long_line + "\r\nb\r\n";
    const Seen seen = read_lines(bytes, {}, dialect);
    CHECK(seen.lines == 3);
    CHECK(seen.text == "a\r\nb\r\n");
    CHECK(seen.raw.size() == LineReader::kHeadSize + 6);
    CHECK(seen.dropped == static_cast<std::int64_t>(long_line.size() + 2 - LineReader::kHeadSize));
    CHECK(read_values(bytes, {}, dialect) == std::vector<std::string>{"a", "line too long", "b"});
    CHECK(read_values(long_line, {}, dialect) == std::vector<std::string>{"line too long"});
}

TEST_CASE("a csv record over the ends of several blocks", "[csv][lines]") {
    std::string value = "x";
    for (int i = 0; i < 200'000; i++)
        value += "\nline " + std::to_string(i);
    CHECK(read_values("a\n\"" + value + "\",b\nc", {}) ==
          std::vector<std::string>{"a", value, "b", "c"});
    CHECK(read_values("\xFF\xFE" + utf16("\"" + value + "\"\nc", false),
                      {Charset::utf16_le, "", 2}) == std::vector<std::string>{value, "c"});
}

TEST_CASE("UTF-16 csv files", "[csv][lines]") {
    const bool is_big = GENERATE(false, true);
    const std::string mark = is_big ? "\xFE\xFF" : "\xFF\xFE";
    const Encoding encoding{is_big ? Charset::utf16_be : Charset::utf16_le, "", 2};
    CHECK(read_values(mark + utf16("a,\"b\nc\"\r\nd", is_big), encoding) ==
          std::vector<std::string>{"a", "b\nc", "d"});

    SECTION("U+0A0A holds no line end, and U+0A00 beside U+000A neither") {
        const std::string odd =
            is_big ? "\x0A\x0A\x0A\x00\x00\x0A\x00\x61"s : "\x0A\x0A\x00\x0A\x0A\x00\x61\x00"s;
        CHECK(read_values(mark + odd, encoding) ==
              std::vector<std::string>{"\xE0\xA8\x8A\xE0\xA8\x80", "a"});
    }
    SECTION("a pair is one character, and half of one is none") {
        const std::string pair = is_big ? "\xD8\x3D\xDE\x00"s : "\x3D\xD8\x00\xDE"s;
        const std::string half = is_big ? "\xD8\x3D"s : "\x3D\xD8"s;
        CHECK(read_values(mark + pair + utf16("\n", is_big) + half + utf16("\nx", is_big),
                          encoding) == std::vector<std::string>{"\xF0\x9F\x98\x80", "\xEF\xBF\xBD",
                                                                "invalid encoding", "x"});
    }
    SECTION("an odd byte at the end") {
        CHECK(read_values(mark + utf16("a\nb", is_big) + "c", encoding) ==
              std::vector<std::string>{"a", "b\xEF\xBF\xBD", "invalid encoding"});
    }
    SECTION("lines of many blocks") {
        std::string text;
        std::vector<std::string> values;
        for (int i = 0; i < 60'000; i++) {
            values.push_back("value " + std::to_string(i));
            text += values.back() + "\r\n";
        }
        CHECK(read_values(mark + utf16(text, is_big), encoding) == values);
    }
    SECTION("a line too long") {
        Dialect dialect;
        dialect.max_line_size = 1000;
        const std::string text = "a\n" + std::string(1'000'001, 'x') + "\nb\n";
        CHECK(read_values(mark + utf16(text, is_big), encoding, dialect) ==
              std::vector<std::string>{"a", "line too long", "b"});
    }
}

TEST_CASE("csv lines in an encoding that core does not convert", "[csv][lines]") {
    const GivenFile file("a,\xE9\nb\n\xE8");
    ByteStream stream(file.path(), {});
    LineReader lines(stream, {Charset::other, "LATIN1", 0}, {});
    TextBlock block;
    REQUIRE(lines.next(block));
    CHECK(block.needs_conversion);
    CHECK(block.text.empty());
    REQUIRE(block.marks.size() == 3);
    CHECK(block.marks[0].raw_size == 4);

    SECTION("whole blocks are converted at once") {
        REQUIRE(match_lines("a,\xC3\xA9\nb\n\xC3\xA8", Newline::automatic, block.marks));
        CHECK(block.marks[0].text_size == 5);
        CHECK(block.marks[2].text_size == 2);
    }
    SECTION("unless the numbers of lines differ") {
        CHECK_FALSE(match_lines("a\nb", Newline::automatic, block.marks));
        CHECK(block.marks[0].text_size == 0);
    }
    SECTION("a block of ASCII needs no conversion") {
        const GivenFile plain("a,b\n");
        ByteStream plain_stream(plain.path(), {});
        LineReader plain_lines(plain_stream, {Charset::other, "LATIN1", 0}, {});
        REQUIRE(plain_lines.next(block));
        CHECK_FALSE(block.needs_conversion);
        CHECK(block.text == "a,b\n");
    }
}
