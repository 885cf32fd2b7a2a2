#include "core/csv/dialect_sniffer.hpp"

#include "catch.hpp"

using namespace migrate::core;
using namespace migrate::core::csv;

namespace {

// delimiter, quote, escape where it is a backslash, lines skipped, width
std::string sniffed(const std::string &sample, const KnownDialect &known = {}) {
    const SniffedDialect found = sniff_dialect(sample, true, known);
    std::string words = shown_mark(found.dialect.delimiter);
    words += " " + shown_mark({&found.dialect.quote, 1});
    words += found.dialect.escape == '\\' ? " \\" : "";
    words += " " + std::to_string(found.skip_lines) + " " + std::to_string(found.width);
    words += found.dialect.comment.empty() ? "" : " " + found.dialect.comment;
    return words;
}

std::string repeated(const std::string &line, int times) {
    std::string text;
    for (int i = 0; i < times; i++)
        text += line;
    return text;
}

} // namespace

TEST_CASE("csv delimiter is the one that makes a table", "[csv][dialect]") {
    CHECK(sniffed("a,b,c\n1,2,3\n") == "\",\" '\"' 0 3");
    CHECK(sniffed("a;b\n1,5;2,5\n3,5;4,5\n") == "\";\" '\"' 0 2");
    CHECK(sniffed("a\tb\nx, y\tz\nu\tv, w\n") == "TAB '\"' 0 2");
    CHECK(sniffed("1|Ann, Bob|x\n2|Eve|y\n") == "\"|\" '\"' 0 3");
    CHECK(sniffed("1:2008-02-18:one\n2:2008-02-19:two\n") == "\":\" '\"' 0 3");
    CHECK(sniffed("1 2 3\n4 5 6\n") == "\" \" '\"' 0 3");
    CHECK(sniffed("a^b\n1^2\n") == "\"^\" '\"' 0 2");
    CHECK(sniffed("a\x1F"
                  "b\n1\x1F"
                  "2\n") == "0x1F '\"' 0 2");
    CHECK(sniffed("a||b\n1||2\n") == "\"||\" '\"' 0 2");
    CHECK(sniffed("a, b\n1, \"2, 3\"\n") == "\", \" '\"' 0 2");
}

TEST_CASE("csv file of one column has no delimiter in it", "[csv][dialect]") {
    CHECK(sniffed("2024-01-02 10:00:00\n2024-01-03 11:00:00\n").ends_with(" 1"));
    CHECK(sniffed("10:30\n11:30\n").ends_with(" 1"));
    CHECK(sniffed("one\ntwo, or three\nfour\n").ends_with(" 1"));
    CHECK(sniff_dialect("one\ntwo, or three\nfour\n", true).dialect.delimiter != ",");
    CHECK(sniffed("one\ntwo\n") == "\",\" '\"' 0 1");
    CHECK(sniffed("\"Doe, John\"\n\"Roe, Jane\"\n").ends_with(" 1"));
    CHECK(sniffed("") == "\",\" '\"' 0 0");
    CHECK(sniffed("\n\n") == "\",\" '\"' 0 0");
}

TEST_CASE("csv quote and escape are found wherever they stand", "[csv][dialect]") {
    CHECK(sniffed("'a,1','b'\n'c','d'\n") == "\",\" \"'\" 0 2");
    CHECK(sniffed("1,don't\n2,can't\n") == "\",\" '\"' 0 2");
    CHECK(sniffed("1,\"a \\\"b\\\", c\"\n2,\"d\"\n") == "\",\" '\"' \\ 0 2");
    CHECK(sniffed("1,\"a \"\"b\"\", c\"\n2,\"d\"\n") == "\",\" '\"' 0 2");
    CHECK(sniffed("1,\"C:\\\"\n2,\"D:\\\"\n") == "\",\" '\"' 0 2");
    // A quote that is seen late decides all the same.
    CHECK(sniffed(repeated("1,2\n", 5000) + "3,\"a,b\"\n") == "\",\" '\"' 0 2");
    CHECK(sniffed("a,b\n1,\"x\ny\nz\"\n2,w\n") == "\",\" '\"' 0 2");
    CHECK(sniffed("1,\"abc\n2,def\n3,ghi\n") == "\",\" none 0 2");
    const SniffedDialect inch = sniff_dialect("1,5\" pipe\n2,7\" pipe\n", true);
    CHECK(inch.dialect.inner_quote == InnerQuote::literal);
    CHECK(sniff_dialect("1,a\"b\"c\n", true).dialect.inner_quote == InnerQuote::copy);
    // By COPY's rule the rest of the sample would be one record.
    const std::string pipes = "1,\"a\"\n2,5\" pipe\n" + repeated("3,\"b\"\n", 50) + "4,c\n";
    CHECK(sniff_dialect(pipes, false).dialect.inner_quote == InnerQuote::literal);
    CHECK(sniff_dialect("1,5\" pipe", false).dialect.inner_quote == InnerQuote::literal);
}

TEST_CASE("csv lines above the table are skipped", "[csv][dialect]") {
    CHECK(sniffed("Report of May\n\na,b,c\n1,2,3\n4,5,6\n") == "\",\" '\"' 2 3");
    CHECK(sniffed("Meetings,,,\nname,date,x,y\nAnn,May,1,2\n") == "\",\" '\"' 1 4");
    CHECK(sniffed("# made by x\n# at noon\na,b\n1,2\n") == "\",\" '\"' 2 2");
    CHECK(sniffed("#id,name\n1,Ann\n2,Bob\n") == "\",\" '\"' 0 2");
    CHECK(sniffed("a,b\n1,2\n# more\n3,4\n") == "\",\" '\"' 0 2 #");
    // More titles than half of the records, as banks write them; fewer records are no table.
    CHECK(sniffed("Vendor\tAnn\nFrom\t1/2/24\nTo\t1/3/24\na\tb\tc\td\n1\tx\t\t2\n3\ty\t\t4\n") ==
          "TAB '\"' 3 4");
    CHECK(sniffed("a,b\n1,2\n3,4\nx,,y,,z\n") == "\",\" '\"' 0 2");
    // A header with a field too few is a header still.
    CHECK(sniffed("a,b,c\n1,2,3,4\n5,6,7,8\n") == "\",\" '\"' 0 4");
}

TEST_CASE("csv newline is counted", "[csv][dialect]") {
    CHECK(sniff_dialect("a,b\r\n1,2\r\n", true).newline == "CRLF");
    CHECK(sniff_dialect("a,b\r\n1,2\n", true).newline == "mixed");
    const SniffedDialect mac = sniff_dialect("a,b\r1,2\r", true);
    CHECK(mac.newline == "CR");
    CHECK(mac.dialect.newline == Newline::cr);
    CHECK(mac.width == 2);
    // LFs inside quotes do not make it a file of LFs.
    CHECK(sniff_dialect("a,b\r1,\"x\ny\"\r3,z\r4,w\r", true).newline == "CR");
    CHECK(sniff_dialect("1,\"x\ny\"\r3,\"z\nw\"\r", true).newline == "CR");
    CHECK(sniff_dialect("1,\"x\ry\"\n3,\"z\rw\"\n", true).newline == "LF");
    CHECK(sniff_dialect("a,b", true).newline == "none");
    CHECK(sniff_dialect("a,b\n", true).dialect.newline == Newline::automatic);
}

TEST_CASE("csv dialect that the caller knows is not sniffed", "[csv][dialect]") {
    KnownDialect known;
    known.delimiter = ";";
    CHECK(sniffed("a,b\n1,2\n", known) == "\";\" '\"' 0 1");
    known = {};
    known.quote = '\0';
    CHECK(sniffed("\"a\",b\n\"c\",d\n", known) == "\",\" none 0 2");
    known = {};
    known.skip_lines = 1;
    CHECK(sniffed("x;y;z\na,b\n1,2\n", known) == "\",\" '\"' 1 2");
    known = {};
    known.comment = "";
    CHECK(sniffed("a,b\n1,2\n# more\n", known) == "\",\" '\"' 0 2");
}

TEST_CASE("csv dialect comes with evidence", "[csv][dialect]") {
    const SniffedDialect found = sniff_dialect("a;b\n1;\"x;y\"\n2;z\n3\n", true);
    REQUIRE(found.evidence.size() == 2);
    CHECK(found.evidence[0].starts_with("The delimiter is \";\": 3 of 4 records have 2 fields"));
    CHECK(found.evidence[1] == "The quote is '\"': 1 field in quotes.");
    CHECK(found.confidence > 0.3);
    CHECK(found.confidence < 0.75);
    CHECK(sniff_dialect("a;b\n1;2\n", true).confidence > 0.8);
}

TEST_CASE("csv sample that is cut ends in half a record", "[csv][dialect]") {
    const SniffedDialect cut = sniff_dialect("a,b\n1,2\n3,\"x\ny", false);
    CHECK(cut.dialect.quote == '"');
    CHECK(cut.dialect.delimiter == ",");
}

TEST_CASE("csv hostile samples take linear time", "[csv][dialect]") {
    // Each quote opens a field that never closes.
    for (const std::string &line : {std::string("\",\"\n"), std::string("\"a\n"),
                                    std::string("'\"\\,;|\t"), std::string(",,,,\"x\"y,"),
                                    std::string("\r"), std::string("#\"\n"), std::string(1, '\0')})
        CHECK(sniff_dialect(repeated(line, (1 << 18) / static_cast<int>(line.size())), true)
                  .confidence <= 1);
}
