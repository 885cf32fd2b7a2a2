#include "catch.hpp"

#include "core/csv/field_splitter.hpp"

#include <random>
#include <string>
#include <vector>

using namespace migrate::core::csv;

namespace {

// Fields with copies of their texts.
std::vector<std::pair<std::string, bool>> kept(const std::vector<Field> &fields) {
    std::vector<std::pair<std::string, bool>> copies;
    for (const Field &field : fields)
        copies.emplace_back(field.text, field.is_quoted);
    return copies;
}

std::string random_text(std::mt19937 &random, std::string_view letters, std::size_t size) {
    std::string text;
    while (text.size() < size)
        text += letters[random() % letters.size()];
    return text;
}

} // namespace

TEST_CASE("cutting by memchr gives what libcsv gives", "[csv][splitter]") {
    std::mt19937 random(1);
    FieldSplitter splitter({});
    StrictParser parser(',', '"');
    std::string room;
    std::vector<Field> fields;
    for (int i = 0; i < 20'000; i++) {
        const std::string text = random_text(random, "ab, \t\r;'", 1 + random() % 12);
        CAPTURE(text);
        fields.clear();
        splitter.split_plain(text, fields);
        const auto ours = kept(fields);
        fields.clear();
        REQUIRE(parser.parse(text, fields, room));
        REQUIRE(ours == kept(fields));
    }
}

TEST_CASE("where strict libcsv agrees COPY's rule gives the same", "[csv][splitter]") {
    std::mt19937 random(2);
    FieldSplitter splitter({});
    StrictParser parser(',', '"');
    std::string room;
    std::vector<Field> fields;
    int agreed = 0;
    for (int i = 0; i < 100'000; i++) {
        const std::string text = random_text(random, "\"\"\",,a\n", 1 + random() % 12);
        CAPTURE(text);
        room.clear();
        room.reserve(text.size());
        fields.clear();
        if (!parser.parse(text, fields, room))
            continue;
        agreed++;
        const auto strict = kept(fields);
        splitter.split_as_copy(text, fields);
        REQUIRE(kept(fields) == strict);
        splitter.split_literally(text, fields);
        REQUIRE(kept(fields) == strict);
        splitter.split_quoted(text, fields);
        REQUIRE(kept(fields) == strict);
    }
    CHECK(agreed > 5'000);
}

TEST_CASE("strict libcsv stops where RFC 4180 does", "[csv][splitter]") {
    StrictParser parser(',', '"');
    std::string room;
    room.reserve(100);
    std::vector<Field> fields;
    for (const char *text :
         {"\"a\" ,b", "\"ab\"c,d", "a\"b,c\"d", "5\" pipe", "\"open", "\"a\"\""}) {
        CAPTURE(text);
        CHECK_FALSE(parser.parse(text, fields, room));
    }
    // It is as good as new after each.
    fields.clear();
    REQUIRE(parser.parse("\"x\"\"y\",,\"\"", fields, room));
    REQUIRE(fields.size() == 3);
    CHECK(fields[0].text == "x\"y");
    CHECK_FALSE(fields[1].is_quoted);
    CHECK(fields[2].is_quoted);
}

TEST_CASE("a field of a megabyte and more after it", "[csv][splitter]") {
    FieldSplitter splitter({});
    std::vector<Field> fields;
    const std::string value(6'000'000, 'x');
    splitter.split_quoted("\"" + value + "\"\"\",b", fields);
    REQUIRE(fields.size() == 2);
    CHECK(fields[0].text == value + "\"");
    splitter.split_quoted("\"a\"\"\",b", fields);
    REQUIRE(fields.size() == 2);
    CHECK(fields[0].text == "a\"");
}

TEST_CASE("a line whose quote does not close is cut at its delimiters", "[csv][splitter]") {
    FieldSplitter splitter({});
    std::vector<Field> fields;
    splitter.split_leniently("\"a,b\",\"c,d\"\"x,e", fields);
    CHECK(kept(fields) == std::vector<std::pair<std::string, bool>>{
                              {"a,b", true}, {"\"c", false}, {"d\"\"x", false}, {"e", false}});
}

TEST_CASE("csv records of very many fields", "[csv][splitter]") {
    Dialect backslash;
    backslash.escape = '\\';
    Dialect literal;
    literal.inner_quote = InnerQuote::literal;
    const std::string most(kMaxFields - 1, ',');
    for (const Dialect &dialect : {Dialect{}, backslash, literal})
        for (const std::string first : {"", "\"a\"", "\"a\"\"\"", "a\"b\"", "\"a\"\"b\""}) {
            CAPTURE(first);
            FieldSplitter splitter(dialect);
            std::vector<Field> fields;
            splitter.split_quoted(first + most, fields);
            CHECK(fields.size() == kMaxFields);
            splitter.split_quoted(first + most + ",,,", fields);
            CHECK(fields.size() == kMaxFields + 1);
        }
}
