#include "catch.hpp"

#include "core/csv/byte_words.hpp"
#include "core/csv/field_splitter.hpp"

#include <random>
#include <string>
#include <vector>

using namespace migrate::core::csv;

TEST_CASE("a byte is found at every place and nothing else is", "[csv][splitter]") {
    std::mt19937 random(7);
    // Neighbours of the comma by one bit, in both directions, and the bytes that carry.
    const std::string letters{',',    '-',    '+',    '\x2d', '\xac',
                              '\x00', '\x01', '\x7f', '\x80', '\xff'};
    for (int i = 0; i < 50'000; i++) {
        std::string text;
        while (text.size() < i % 40U)
            text += letters[random() % letters.size()];
        std::vector<std::size_t> wanted;
        for (std::size_t at = text.find(','); at != std::string::npos; at = text.find(',', at + 1))
            wanted.push_back(at);
        std::vector<std::size_t> found;
        for_each_byte(text, ',', [&](std::size_t at) {
            found.push_back(at);
            return true;
        });
        CAPTURE(text);
        REQUIRE(found == wanted);
    }
}

TEST_CASE("the search for a byte ends where it is told to", "[csv][splitter]") {
    for (const std::size_t limit : {1U, 3U, 8U, 9U, 11U}) {
        std::size_t count = 0;
        for_each_byte(",,,,,,,,,,,", ',', [&](std::size_t) { return ++count < limit; });
        CHECK(count == limit);
    }
}

TEST_CASE("records of changing widths are cut whole", "[csv][splitter]") {
    FieldSplitter splitter({});
    std::vector<Field> fields;
    for (const std::size_t width : {1U, 2U, 3U, 400U, 1U, 8U, 7U, 9U, 65'536U, 2U, 1U, 100U}) {
        std::string text = "0";
        for (std::size_t i = 1; i < width; i++)
            text += "," + std::to_string(i);
        fields.clear();
        splitter.split_plain(text, fields);
        REQUIRE(fields.size() == width);
        for (std::size_t i = 0; i < width; i++)
            REQUIRE(fields[i].text == std::to_string(i));
    }
}

TEST_CASE("of too many fields one more than the limit is given", "[csv][splitter]") {
    FieldSplitter splitter({});
    std::vector<Field> fields;
    splitter.split_plain(std::string(kMaxFields, ','), fields);
    CHECK(fields.size() == kMaxFields + 1);
    fields.clear();
    splitter.split_plain(std::string(3 * kMaxFields, ','), fields);
    CHECK(fields.size() == kMaxFields + 1);
    fields.clear();
    splitter.split_plain("a,b", fields);
    CHECK(fields.size() == 2);
}
