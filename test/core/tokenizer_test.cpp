#include "core/sqlite/tokenizer.hpp"

#include "core/error.hpp"

#include "catch.hpp"

using migrate::core::Error;
using migrate::core::sqlite::Token;
using migrate::core::sqlite::tokenize;
using migrate::core::sqlite::TokenKind;

namespace {

// Kind and text of each token: w word, q "quoted", b bracketed, s string, x blob, n number,
// r real number, v variable, o operator.
std::string kinds(std::string_view sql) {
    std::string out;
    for (const Token &token : tokenize(sql)) {
        if (token.kind == TokenKind::end) {
            break;
        }
        out += out.empty() ? "" : " ";
        out += token.is_real ? 'r' : "wqbsxnvo"[static_cast<int>(token.kind)];
        out += ":" + token.text;
    }
    return out;
}

void check_refused(std::string_view sql, const std::string &message, const std::string &code) {
    try {
        tokenize(sql);
        FAIL("accepted: " << sql);
    } catch (const Error &error) {
        CHECK(error.message() == message);
        CHECK(std::string(error.code()) == code);
    }
}

} // namespace

TEST_CASE("names in all quotings", "[sqlite][tokenizer]") {
    CHECK(kinds("a _b c$1 Ünï") == "w:a w:_b w:c$1 w:Ünï");
    CHECK(kinds("\"a \"\" b\" `c``d` [e \" f]") == "q:a \" b b:c`d b:e \" f");
    CHECK(kinds("\"\" [] ``") == "q: b: b:");
    CHECK(kinds("xa x 'b'") == "w:xa w:x s:b");
}

TEST_CASE("literals", "[sqlite][tokenizer]") {
    SECTION("strings keep what is doubled once, and line ends") {
        CHECK(kinds("'it''s' '' 'a\nb' '--' '/*'") == "s:it's s: s:a\nb s:-- s:/*");
    }
    SECTION("blobs are decoded") {
        CHECK(tokenize("x'00fF'")[0].text == std::string("\x00\xff", 2));
        CHECK(kinds("X''") == "x:");
    }
    SECTION("numbers") {
        CHECK(kinds("0 12 0x1F 0XfF") == "n:0 n:12 n:0x1F n:0XfF");
        CHECK(kinds("1.5 1. .5 1e5 1E-5 1.e+5") == "r:1.5 r:1. r:.5 r:1e5 r:1E-5 r:1.e+5");
        CHECK(kinds("1_000 0xff_ff 1_0.0_1e1_0") == "n:1_000 n:0xff_ff r:1_0.0_1e1_0");
        CHECK(kinds("5..5") == "r:5. r:.5");
        CHECK(kinds("a.b t.*") == "w:a o:. w:b w:t o:. o:*");
    }
    SECTION("a name may follow the digits of a hexadecimal number") {
        CHECK(kinds("0xdPRIMARY") == "n:0xd w:PRIMARY");
        check_refused("0x", "unrecognized token \"0x\"", "42601");
    }
}

TEST_CASE("operators, the longest first", "[sqlite][tokenizer]") {
    CHECK(kinds("a->>b->c-d") == "w:a o:->> w:b o:-> w:c o:- w:d");
    CHECK(kinds("<= >= <> == != || << >> < > = |") ==
          "o:<= o:>= o:<> o:== o:!= o:|| o:<< o:>> o:< o:> o:= o:|");
    CHECK(kinds("(),;.+*/%&~") == "o:( o:) o:, o:; o:. o:+ o:* o:/ o:% o:& o:~");
}

TEST_CASE("white space and comments", "[sqlite][tokenizer]") {
    CHECK(kinds(" a\t\r\n\fb -- c\nd/* e\n*/f--") == "w:a w:b w:d w:f");
    CHECK(kinds("a /* never closed") == "w:a");
    CHECK(kinds("a/**/b/***/c") == "w:a w:b w:c");
    CHECK(kinds("a /*") == "w:a o:/ o:*");
    CHECK(kinds("\xEF\xBB\xBF"
                "a") == "w:a");
    CHECK(tokenize("").size() == 1);
    CHECK(tokenize(" -- nothing")[0].kind == TokenKind::end);
}

TEST_CASE("bind variables", "[sqlite][tokenizer]") {
    CHECK(kinds("? ?12 :a @b $c #d $e::f(g)") == "v:? v:?12 v::a v:@b v:$c v:#d v:$e::f(g)");
    check_refused(": a", "unrecognized token \":\"", "42601");
}

TEST_CASE("each token knows its place in the text", "[sqlite][tokenizer]") {
    const std::string_view sql = " 'it''s' + /* c */ [x]";
    const std::vector<Token> tokens = tokenize(sql);
    REQUIRE(tokens.size() == 4);
    CHECK(sql.substr(tokens[0].offset, tokens[0].length) == "'it''s'");
    CHECK(sql.substr(tokens[1].offset, tokens[1].length) == "+");
    CHECK(sql.substr(tokens[2].offset, tokens[2].length) == "[x]");
    CHECK(tokens[3].offset == sql.size());
}

TEST_CASE("words match in any case, other tokens never", "[sqlite][tokenizer]") {
    const std::vector<Token> tokens = tokenize("SeLect \"SELECT\" 'SELECT' selec =");
    CHECK(tokens[0].is_word("SELECT"));
    CHECK_FALSE(tokens[1].is_word("SELECT"));
    CHECK_FALSE(tokens[2].is_word("SELECT"));
    CHECK_FALSE(tokens[3].is_word("SELECT"));
    CHECK(tokens[4].is_op("="));
    CHECK_FALSE(tokenize("'='")[0].is_op("="));
}

TEST_CASE("what is no token", "[sqlite][tokenizer]") {
    check_refused("'abc", "unterminated string", "42601");
    check_refused("'abc''", "unterminated string", "42601");
    check_refused("\"abc", "unterminated quoted name", "42601");
    check_refused("[abc", "unterminated quoted name", "42601");
    check_refused("x'0'", "malformed blob literal", "42601");
    check_refused("x'0g'", "malformed blob literal", "42601");
    check_refused("x'00", "malformed blob literal", "42601");
    check_refused("1abc", "unrecognized token \"1abc\"", "42601");
    check_refused("1__0", "unrecognized token \"1__0\"", "42601");
    check_refused("1_", "unrecognized token \"1_\"", "42601");
    check_refused("a ! b", "unrecognized token \"!\"", "42601");
    check_refused("a \\ b", "unrecognized token \"\\\"", "42601");
    check_refused(std::string("a\0b", 3), "unrecognized token \"_\"", "42601");
    check_refused(std::string("'a\0b'", 5), "unterminated string", "42601");
    check_refused(std::string("\"a\0b\"", 5), "unterminated quoted name", "42601");
    check_refused(std::string("[a\0b]", 5), "unterminated quoted name", "42601");
    check_refused(std::string(1'000'001, ' '), "the text is longer than 1,000,000 bytes", "54001");
    CHECK(tokenize(std::string(1'000'000, ' ')).size() == 1);
}

TEST_CASE("a token in a message is short and whole", "[sqlite][tokenizer]") {
    using migrate::core::sqlite::shown_token;
    CHECK(shown_token("abc") == "abc");
    CHECK(shown_token("a\nb\x7f") == "a_b_");
    CHECK(shown_token(std::string(41, 'a')) == std::string(40, 'a') + "…");
    // The 40th byte is inside "ü": the whole character goes.
    CHECK(shown_token(std::string(39, 'a') + "üb") == std::string(39, 'a') + "…");
}
