#include "catch.hpp"

#include "core/value/utf8.hpp"

#include <cstdint>
#include <string>

using namespace migrate::core::value;
using std::string_literals::operator""s;

namespace {

// The rule of RFC 3629 written the other way round: decode, then look at the number.
bool is_one_character(const std::string &bytes) {
    auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(bytes[i]) & 0xFF; };
    for (std::size_t i = 1; i < bytes.size(); i++)
        if ((byte(i) & 0xC0) != 0x80)
            return false;
    std::uint32_t code = 0;
    if (bytes.size() == 1)
        return byte(0) < 0x80;
    if (bytes.size() == 2 && (byte(0) & 0xE0) == 0xC0)
        code = (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
    else if (bytes.size() == 3 && (byte(0) & 0xF0) == 0xE0)
        code = (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    else if (bytes.size() == 4 && (byte(0) & 0xF8) == 0xF0)
        code =
            (byte(0) & 7) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    else
        return false;
    const std::uint32_t least = bytes.size() == 2 ? 0x80 : bytes.size() == 3 ? 0x800 : 0x10000;
    return code >= least && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
}

} // namespace

TEST_CASE("every sequence of two bytes, and the edges of three and four", "[value][utf8]") {
    const int edges[] = {0x00, 0x20, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                         0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xFF};
    int wrong = 0;
    auto check = [&](const std::string &bytes) {
        wrong += (character_length(bytes) == bytes.size()) != is_one_character(bytes);
    };
    for (int a = 0; a < 256; a++) {
        check({char(a)});
        for (int b = 0; b < 256; b++)
            check({char(a), char(b)});
        for (int b : edges)
            for (int c : edges) {
                check({char(a), char(b), char(c)});
                for (int d : edges)
                    check({char(a), char(b), char(c), char(d)});
            }
    }
    CHECK(wrong == 0);
    CHECK(character_length("") == 0);
}

TEST_CASE("a bad byte is found wherever it stands in the words of eight", "[value][utf8]") {
    const int before = GENERATE(0, 1, 6, 7, 8, 9, 15, 16, 17, 31);
    const int after = GENERATE(0, 1, 7, 8, 20);
    const std::string head(before, 'a');
    const std::string tail(after, 'b');
    const auto position = static_cast<std::size_t>(before);

    SECTION("no UTF-8") {
        for (const std::string &bad : {"\xff"s, "\xc3"s, "\x80"s, "\xed\xa0\x80"s, "\xc0\x80"s,
                                       "\xf4\x90\x80\x80"s, "\xe2\x82"s, "\xf0\x9f\x98"s}) {
            CHECK(valid_utf8_prefix(head + bad + tail) == position);
            CHECK(valid_text_prefix(head + bad + tail) == position);
        }
    }
    SECTION("NUL is UTF-8 but no text") {
        CHECK(valid_utf8_prefix(head + "\0"s + tail) == head.size() + 1 + tail.size());
        CHECK(valid_text_prefix(head + "\0"s + tail) == position);
    }
    SECTION("0x01 and 0x80 beside each other are not taken for a NUL") {
        CHECK(is_valid_text(head + "\x01\x01\x7f" + tail));
    }
    SECTION("valid characters") {
        const std::string text = head + "é€😀" + tail;
        CHECK(is_valid_text(text));
        CHECK(count_characters(text) == head.size() + 3 + tail.size());
    }
}

TEST_CASE("the longest valid characters of each length", "[value][utf8]") {
    CHECK(is_valid_text("\xdf\xbf\xef\xbf\xbf\xf4\x8f\xbf\xbf"));
    CHECK(is_valid_text("\xed\x9f\xbf\xee\x80\x80"));
    CHECK(is_valid_text(kReplacementCharacter));
    CHECK(is_valid_text(""));
    CHECK(count_characters("") == 0);
}
