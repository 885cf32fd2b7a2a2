#include "catch.hpp"
#include "csv_reader_fixture.hpp"

#include "core/csv/record_reader.hpp"
#include "core/error.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace migrate::core::csv;
using migrate::core::Error;
using migrate::test::read_csv;
using std::string_literals::operator""s;

TEST_CASE("csv records without a quote", "[csv][record]") {
    CHECK(read_csv("").empty());
    CHECK(read_csv("a") == "a\n");
    CHECK(read_csv("a,b\nc,d\n") == "a|b\nc|d\n");
    CHECK(read_csv("a,b\nc,d") == "a|b\nc|d\n");
    CHECK(read_csv(",\n,,") == "|\n||\n");
    CHECK(read_csv(" a , b \n") == " a | b \n");
    CHECK(read_csv("a\n\n\\.\nb\n") == "a\n\n\\.\nb\n");
}

// Every expected value is what COPY … (FORMAT csv) of PostgreSQL 15 gives; NULL is an empty
// unquoted field.
TEST_CASE("csv values are those of COPY", "[csv][record]") {
    const std::size_t lines = GENERATE(1, 2, 1000);
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"a\"b,c\"d,e\n", "'ab,cd'|e\n"},
        {"\"ab\"c,d\n", "'abc'|d\n"},
        {"\"a\" ,b\n", "'a '|b\n"},
        {" \"a\",b\n", "' a'|b\n"},
        {"\"\"a,b\n", "'a'|b\n"},
        {"a\"\",b\n", "'a'|b\n"},
        {"\"\",b\n", "''|b\n"},
        {"\"a\"\"b\",\"c\nd\"\n", "'a\"b'|'c~d'\n"},
        {"\"a\"\"\"b,c\n", "'a\"b'|c\n"},
        {"\"a\"b\"c\"d,e\n", "'abcd'|e\n"},
        {"a,\"b\r\nc\"\r\n", "a|'b^~c'\n"},
        {"\"\"\"\"\n", "'\"'\n"},
        {"\"\"\"\"\"\"\n", "'\"\"'\n"},
        {"\"\n\"\n", "'~'\n"},
        {"\n\na\n", "\n\na\n"},
        {"a,\n,b\n", "a|\n|b\n"},
        {"\"a\",\"b\"", "'a'|'b'\n"},
        {"\"\"\"a\"\"\",\"b\"\"\"\n", "'\"a\"'|'b\"'\n"},
        {"a,b\r", "a|b\n"},
        {"a\"x\ny\"b,c\n", "'ax~yb'|c <joined>\n"},
        {"5\" pipe,x\n6\" pipe,y\n", "'5 pipe,x~6 pipe'|y <joined>\n"},
    };
    for (const auto &[text, expected] : cases) {
        CAPTURE(text);
        CHECK(read_csv(text, {}, lines) == expected);
    }
}

TEST_CASE("csv values are those of COPY with a backslash as the escape", "[csv][record]") {
    const std::size_t lines = GENERATE(1, 1000);
    Dialect dialect;
    dialect.escape = '\\';
    const std::vector<std::pair<std::string, std::string>> cases = {
        {R"("a\"b",c)", "'a\"b'|c\n"},  {R"("a\\",c)", "'a\\'|c\n"},
        {R"("a\nb",c)", "'a\\nb'|c\n"}, {R"("a""b",c)", "'ab'|c\n"},
        {R"(a\,b)", "a\\|b\n"},         {"\"a\\\"\n\",c\n", "'a\"~'|c\n"},
        {R"("\\\"",c)", "'\\\"'|c\n"},
    };
    for (const auto &[text, expected] : cases) {
        CAPTURE(text);
        CHECK(read_csv(text, dialect, lines) == expected);
    }
}

TEST_CASE("csv values are those of COPY with any escape", "[csv][record]") {
    const std::size_t lines = GENERATE(1, 1000);
    Dialect dialect;
    dialect.escape = 'x';
    CHECK(read_csv(R"("ax"b",c)", dialect, lines) == "'a\"b'|c\n");
    CHECK(read_csv(R"("axx","xa"xb)", dialect, lines) == "'ax'|'xaxb'\n");
    CHECK(read_csv(R"("a""b",c)", dialect, lines) == "'ab'|c\n");
    dialect.quote = '\'';
    dialect.escape = '"';
    CHECK(read_csv(R"('a"'b',"c")", dialect, lines) == "'a'b'|\"c\"\n");
}

TEST_CASE("a csv quote that never closes costs one line", "[csv][record]") {
    const std::size_t lines = GENERATE(1, 2, 1000);
    CHECK(read_csv("5\" pipe,x\n", {}, lines) == "5\" pipe|x <unterminated quote>\n");
    CHECK(read_csv("a,b\n1,\"x\n2,y\n3,\"\"\n4,\"z\"\n", {}, lines) ==
          "a|b\n1|\"x <unterminated quote>\n2|y\n3|''\n4|'z'\n");
    CHECK(read_csv("\"a\",\"b,c\nd\n", {}, lines) == "'a'|\"b|c <unterminated quote>\nd\n");
    CHECK(read_csv("\"", {}, lines) == "\" <unterminated quote>\n");
    CHECK(read_csv("\"a\"\"\nb\n", {}, lines) == "\"a\"\" <unterminated quote>\nb\n");

    SECTION("with backslashes each line would open it anew") {
        Dialect dialect;
        dialect.escape = '\\';
        CHECK(read_csv("\"x\n\\\"y\n\\\"z\n", dialect, lines) ==
              "\"x <unterminated quote>\n\\\"y <unterminated quote>\n"
              "\\\"z <unterminated quote>\n");
    }
    SECTION("though not at an LF that ends no line") {
        Dialect dialect;
        dialect.escape = '\\';
        dialect.newline = Newline::crlf;
        CHECK(read_csv("\"x\r\ny\"\n\"z\r\nq\r\n", dialect, lines) ==
              "\"x <unterminated quote>\n'y~z'\nq\n");
    }
}

TEST_CASE("csv records are bounded by max_line_size", "[csv][record]") {
    const std::size_t lines = GENERATE(1, 2, 1000);
    Dialect dialect;
    dialect.max_line_size = 12;
    CHECK(read_csv("12345678901\na\n", dialect, lines) == "12345678901\na\n");
    CHECK(read_csv("123456789012\na\n", dialect, lines) == " <line too long>\na\n");
    CHECK(read_csv("\"1234\n6789\"\n", dialect, lines) == "'1234~6789'\n");
    CHECK(read_csv("\"1234\n67890\"\nx\n", dialect, lines) ==
          "\"1234 <unterminated quote>\n67890\" <unterminated quote>\nx\n");
    CHECK(read_csv("\"1\n2\n3\n4\n5\n6\n7\n8\nx\n", dialect, lines) ==
          "\"1 <unterminated quote>\n2\n3\n4\n5\n6\n7\n8\nx\n");
}

TEST_CASE("a csv line of delimiters alone", "[csv][record]") {
    const std::string most(kMaxFields - 1, ',');
    CHECK(read_csv(most + ",\n\"\"" + most + ",\na\n") ==
          " <too many fields>\n <too many fields>\na\n");
}

TEST_CASE("csv quotes inside a field can be plain characters", "[csv][record]") {
    const std::size_t lines = GENERATE(1, 1000);
    Dialect dialect;
    dialect.inner_quote = InnerQuote::literal;
    CHECK(read_csv("5\" pipe,x\n6\" pipe,y\n", dialect, lines) == "5\" pipe|x\n6\" pipe|y\n");
    CHECK(read_csv("a\"b,c\"d,e\n", dialect, lines) == "a\"b|c\"d|e\n");
    CHECK(read_csv("\"a\nb\"c\"d,\"e\"\"\"\n", dialect, lines) == "'a~bc\"d'|'e\"'\n");
    CHECK(read_csv("\"a\n", dialect, lines) == "\"a <unterminated quote>\n");
}

TEST_CASE("csv dialects that libcsv does not know", "[csv][record]") {
    Dialect dialect;
    SECTION("a delimiter of several bytes") {
        dialect.delimiter = "||";
        CHECK(read_csv("a||b|c|||d\n", dialect) == "a|b|c||d\n");
        CHECK(read_csv("\"a||\"\"b\"||c\n\"x\"||\"y\nz\"\n", dialect) == "'a||\"b'|c\n'x'|'y~z'\n");
        dialect.delimiter = "\xC2\xA7";
        CHECK(read_csv("1\xC2\xA7\"2\"\xC2\xA7\n", dialect) == "1|'2'|\n");
    }
    SECTION("no quote") {
        dialect.quote = '\0';
        dialect.delimiter = "\t";
        CHECK(read_csv("\"\tb\"\"\n\"\n", dialect) == "\"|b\"\"\n\"\n");
        CHECK(read_csv("a\0b\tc\n"s, dialect) == "a\0b|c <zero byte>\n"s);
    }
    SECTION("another quote") {
        dialect.quote = '\'';
        CHECK(read_csv("'a,''b',\"c\"\n", dialect) == "'a,'b'|\"c\"\n");
    }
}

TEST_CASE("csv line ends", "[csv][record]") {
    Dialect dialect;
    const std::string mixed = "a\r\nb\nc\rd\n";
    CHECK(read_csv(mixed) == "a\nb\nc^d\n");
    dialect.newline = Newline::lf;
    CHECK(read_csv(mixed, dialect) == "a^\nb\nc^d\n");
    dialect.newline = Newline::crlf;
    CHECK(read_csv(mixed, dialect, 1) == "a\nb~c^d~\n");
    dialect.newline = Newline::cr;
    CHECK(read_csv(mixed, dialect, 1) == "a\n~b~c\nd~\n");
    CHECK(read_csv("a,\"b\rc\"\rd", dialect, 1) == "a|'b^c'\nd\n");
}

TEST_CASE("csv comments begin where a record would", "[csv][record]") {
    Dialect dialect;
    dialect.comment = "#";
    CHECK(read_csv("#x,\"\na,#b\n\"c\n#d\"\n#", dialect, 1) == "a|#b\n'c~#d'\n");
    CHECK(read_csv(" #a\n", dialect) == " #a\n");
}

TEST_CASE("csv bytes that are no text", "[csv][record]") {
    CHECK(read_csv("a\nb\xFF,c\nd\n") == "a\nb\xFF|c <invalid encoding>\nd\n");
    CHECK(read_csv("\xE2\x82\n\xE2\x82\xAC\n") == "\xE2\x82 <invalid encoding>\n\xE2\x82\xAC\n");
    CHECK(read_csv("a\0\nb\n\0\n"s) == "a\0 <zero byte>\nb\n\0 <zero byte>\n"s);
}

TEST_CASE("a csv record knows its place", "[csv][record]") {
    Dialect dialect;
    dialect.comment = "#";
    RecordReader reader(dialect);
    reader.skip_lines(2);
    TextBlock block;
    block.text = block.raw = "title \"x\n\n#c\na,\"b\nc\"\r\nd";
    block.first_line = 10;
    block.byte_offset = 100;
    block.is_last = true;
    reader.feed(block);
    Record record;

    REQUIRE(reader.next(record));
    CHECK(record.first_line == 13);
    CHECK(record.last_line == 14);
    CHECK(record.byte_offset == 113);
    CHECK(record.raw == "a,\"b\nc\"\r\n");
    REQUIRE(reader.next(record));
    CHECK(record.first_line == 15);
    CHECK(record.last_line == 15);
    CHECK(record.raw == "d");
    CHECK_FALSE(reader.next(record));
    CHECK(reader.is_done());
    CHECK(reader.skipped_lines() == 3);
    CHECK(reader.comment_lines() == 1);
    CHECK(reader.skipped_bytes() == 13);
}

TEST_CASE("csv records keep the bytes of another encoding", "[csv][record]") {
    RecordReader reader({});
    Record record;
    TextBlock block;
    block.text = "plain,1\n\"open\n";
    block.raw = block.text;
    reader.feed(block);
    REQUIRE(reader.next(record));
    CHECK_FALSE(reader.next(record));

    block.text = "\xC3\xA9\"\n?\n";
    block.raw = "\xE9\"\n\xFF\n";
    block.marks = {{4, 3, true}, {2, 2, false}};
    block.byte_offset = 14;
    reader.feed(block);
    REQUIRE(reader.next(record));
    CHECK(record.fields[0].text == "open\n\xC3\xA9");
    CHECK(record.raw == "\"open\n\xE9\"\n");
    CHECK(record.byte_offset == 8);
    REQUIRE(reader.next(record));
    CHECK(record.raw == "\xFF\n");
    CHECK(record.problem == Problem::invalid_encoding);
    CHECK(record.first_line == 4);
    CHECK(record.byte_offset == 17);
}

TEST_CASE("a csv line of which only the head is known", "[csv][record]") {
    RecordReader reader({});
    Record record;
    TextBlock block;
    block.text = block.raw = "a\n\"open\n";
    reader.feed(block);
    REQUIRE(reader.next(record));
    CHECK_FALSE(reader.next(record));

    TextBlock long_line;
    long_line.raw = "head";
    long_line.is_line_too_long = true;
    long_line.dropped = 96;
    long_line.byte_offset = 8;
    long_line.first_line = 3;
    reader.feed(long_line);
    REQUIRE(reader.next(record));
    CHECK(record.problem == Problem::unterminated_quote);
    CHECK(record.raw == "\"open\n");
    REQUIRE(reader.next(record));
    CHECK(record.problem == Problem::line_too_long);
    CHECK(record.fields.empty());
    CHECK(record.first_line == 3);
    CHECK(record.dropped == 96);
    CHECK_FALSE(reader.next(record));

    block.text = block.raw = "b";
    block.byte_offset = 108;
    block.first_line = 4;
    block.is_last = true;
    reader.feed(block);
    REQUIRE(reader.next(record));
    CHECK(record.first_line == 4);
    CHECK(record.byte_offset == 108);
}

TEST_CASE("csv blocks that break the rules are refused", "[csv][record]") {
    RecordReader reader({});
    TextBlock block;
    block.text = block.raw = "a\nb";
    CHECK_THROWS_AS(reader.feed(block), Error);
    block.marks = {{1, 1, true}};
    block.is_last = true;
    CHECK_THROWS_AS(reader.feed(block), Error);
    block.marks.clear();
    reader.feed(block);
    CHECK_THROWS_AS(reader.feed(block), Error);
}

TEST_CASE("csv dialects that no file can be read by", "[csv][dialect]") {
    const auto refused = [](auto change) {
        Dialect dialect;
        change(dialect);
        try {
            RecordReader reader(dialect);
        } catch (const Error &error) {
            return std::string(error.code());
        }
        return ""s;
    };
    CHECK(refused([](Dialect &) {}).empty());
    CHECK(refused([](Dialect &d) { d.delimiter = ""; }) == "22023");
    CHECK(refused([](Dialect &d) { d.delimiter = "12345"; }) == "22023");
    CHECK(refused([](Dialect &d) { d.delimiter = "\n"; }) == "22023");
    CHECK(refused([](Dialect &d) { d.delimiter = ",\""; }) == "22023");
    CHECK(refused([](Dialect &d) { d.delimiter = "\xC3"; }) == "22023");
    CHECK(refused([](Dialect &d) { d.delimiter = "\0"s; }) == "22023");
    CHECK(refused([](Dialect &d) { d.quote = '\n'; }) == "22023");
    CHECK(refused([](Dialect &d) { d.quote = '\xE9'; }) == "22023");
    CHECK(refused([](Dialect &d) { d.comment = "a\n"; }) == "22023");
    CHECK(refused([](Dialect &d) { d.max_line_size = 0; }) == "22023");
    CHECK(refused([](Dialect &d) {
              d.delimiter = "\\";
              d.escape = '\\';
          }) == "22023");
}
