#include "catch.hpp"

#include "core/csv/encoding.hpp"

#include <string>

using namespace migrate::core::csv;
using std::string_literals::operator""s;

TEST_CASE("the byte order mark tells the encoding", "[csv][encoding]") {
    CHECK(detect_encoding("\xEF\xBB\xBFid"s, false).encoding == Encoding{Charset::utf8, "UTF8", 3});
    CHECK(detect_encoding("\xFF\xFEi\0"s, false).encoding ==
          Encoding{Charset::utf16_le, "UTF-16LE", 2});
    CHECK(detect_encoding("\xFE\xFF\0i"s, false).encoding ==
          Encoding{Charset::utf16_be, "UTF-16BE", 2});
    CHECK(detect_encoding("\xFF\xFE\0\0i\0\0\0"s, false).encoding.name == "UTF-32LE");
    CHECK(detect_encoding("\xEF\xBB\xBF\xE9"s, true).is_certain);
}

TEST_CASE("UTF-16 without a byte order mark", "[csv][encoding]") {
    CHECK(detect_encoding("i\0d\0,\0a\0\n\0"s, true).encoding ==
          Encoding{Charset::utf16_le, "UTF-16LE", 0});
    CHECK(detect_encoding("\0i\0d\0,\0a\0\n"s, true).encoding ==
          Encoding{Charset::utf16_be, "UTF-16BE", 0});
    CHECK(detect_encoding("id,name\n1,a\0b and a good many others\n"s, true).encoding.charset ==
          Charset::utf8);
    // A zero byte or two in a small file do not make it UTF-16.
    CHECK(detect_encoding("a\0b"s, true).encoding.charset == Charset::utf8);
    CHECK(detect_encoding("id|a\0b\n1|2\n"s, true).encoding.charset == Charset::utf8);
    CHECK(detect_encoding("hello\n\0world\0\n"s, true).encoding.charset == Charset::utf8);
    CHECK(detect_encoding("\0\0\0\0"s, true).encoding.charset == Charset::utf8);
}

TEST_CASE("UTF-8 or a guess", "[csv][encoding]") {
    const EncodingGuess whole = detect_encoding("a,\xC3\xA9\n", true);
    CHECK(whole.encoding == Encoding{});
    CHECK(whole.is_certain);
    CHECK_FALSE(whole.is_guess);
    CHECK_FALSE(detect_encoding("a,\xC3\xA9\n", false).is_certain);
    CHECK(detect_encoding("", true).encoding == Encoding{});

    const EncodingGuess guess = detect_encoding("caf\xE9 \x80\n", true);
    CHECK(guess.encoding == Encoding{Charset::other, "WIN1252", 0});
    CHECK(guess.is_guess);
    CHECK(guess.evidence == "The byte 0xE9 at offset 3 is not UTF-8; WIN1252 is a guess.");
    CHECK(detect_encoding("caf\xE9 \x81\n", true).encoding.name == "LATIN1");
}

TEST_CASE("a character that the end of the sample cuts", "[csv][encoding]") {
    const std::string euro = "\xE2\x82\xAC";
    const std::string smile = "\xF0\x9F\x98\x80";
    for (const std::string &character : {euro, smile, "\xED\x9F\xBF"s, "\xF4\x8F\xBF\xBF"s})
        for (std::size_t size = 1; size < character.size(); size++) {
            CAPTURE(character, size);
            CHECK_FALSE(detect_encoding("a" + character.substr(0, size), false).is_guess);
            CHECK(detect_encoding("a" + character.substr(0, size), true).is_guess);
        }
    CHECK(detect_encoding("a\xFF", false).is_guess);
    CHECK(detect_encoding("a\xE2(", false).is_guess);
    CHECK(detect_encoding("a\xED\xA0", false).is_guess);
}

TEST_CASE("encodings by name", "[csv][encoding]") {
    CHECK(named_encoding("utf-8", "\xEF\xBB\xBFx") == Encoding{Charset::utf8, "UTF8", 3});
    CHECK(named_encoding("UTF8", "x") == Encoding{Charset::utf8, "UTF8", 0});
    CHECK(named_encoding("UTF-16LE", "\xFF\xFEx") == Encoding{Charset::utf16_le, "UTF-16LE", 2});
    CHECK(named_encoding("UTF-16LE", "\xFE\xFFx") == Encoding{Charset::utf16_le, "UTF-16LE", 0});
    CHECK(named_encoding("utf16", "\xFE\xFFx") == Encoding{Charset::utf16_be, "UTF-16BE", 2});
    CHECK(named_encoding("utf16", "\0a\0b\0,"s) == Encoding{Charset::utf16_be, "UTF-16BE", 0});
    CHECK(named_encoding("utf16", "a\0b\0,\0"s) == Encoding{Charset::utf16_le, "UTF-16LE", 0});
    CHECK(named_encoding("SJIS", "\xEF\xBB\xBF") == Encoding{Charset::other, "SJIS", 0});
}

TEST_CASE("ASCII bytes", "[csv][encoding]") {
    CHECK(is_ascii(""));
    CHECK(is_ascii("0123456789abcdef\n\x7F"));
    for (std::size_t at = 0; at < 20; at++) {
        std::string bytes(20, 'a');
        bytes[at] = '\x80';
        CHECK_FALSE(is_ascii(bytes));
    }
}
