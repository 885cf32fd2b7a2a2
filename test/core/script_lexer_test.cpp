#include "core/versioned/script_lexer.hpp"

#include "catch.hpp"

#include <string>

using migrate::core::versioned::ScriptLexer;
using migrate::core::versioned::ScriptToken;
using migrate::core::versioned::ScriptTokenKind;

namespace {

// Kind and text of each token: w word, q "quoted", s string, n number, p parameter, m mark,
// c comment; "!" marks one that does not end. Texts stand in [].
std::string tokens(std::string_view sql, bool is_standard_conforming = true) {
    std::string out;
    ScriptLexer lexer(sql, is_standard_conforming);
    for (ScriptToken token = lexer.next(); token.kind != ScriptTokenKind::end;
         token = lexer.next()) {
        out += "wqsnpmc"[static_cast<int>(token.kind)];
        out += token.is_terminated ? "[" : "![";
        out += std::string(token.text) + "]";
    }
    return out;
}

} // namespace

TEST_CASE("script tokens: names", "[versioned][script_lexer]") {
    CHECK(tokens("a _b1 Ünï \xff") == "w[a]w[_b1]w[Ünï]w[\xff]");
    CHECK(tokens("\"a;\"\"b\" \"\"") == "q[\"a;\"\"b\"]q[\"\"]");
    CHECK(tokens("U&\"d\\\"x u&\"\"\"\"") == "q[U&\"d\\\"]w[x]q[u&\"\"\"\"]");
    CHECK(tokens("\"a\n") == "q![\"a\n]");
    CHECK(tokens("u&b U") == "w[u]m[&]w[b]w[U]");
}

TEST_CASE("script tokens: strings", "[versioned][script_lexer]") {
    SECTION("doubled quotes") {
        CHECK(tokens("'it''s' '' '''' 'a\nb'") == "s['it''s']s['']s['''']s['a\nb']");
        CHECK(tokens("'a\\' b") == "s['a\\']w[b]");
    }
    SECTION("E'' escapes with backslashes") {
        CHECK(tokens("E'a\\'b\\\\' e'''\\''") == "s[E'a\\'b\\\\']s[e'''\\'']");
        CHECK(tokens("E'a\\") == "s![E'a\\]");
        CHECK(tokens("E'a\\'") == "s![E'a\\']");
    }
    SECTION("so do plain ones where standard_conforming_strings is off") {
        CHECK(tokens("'a\\'b' N'\\''", false) == "s['a\\'b']s[N'\\'']");
        CHECK(tokens("U&'a\\' B'\\'", false) == "s[U&'a\\']s[B'\\']");
    }
    SECTION("prefixes are one letter at the beginning of a token") {
        CHECK(tokens("N'a' b'01' X'1f' U&'\\0041'") == "s[N'a']s[b'01']s[X'1f']s[U&'\\0041']");
        CHECK(tokens("E 'a\\' xe'b\\'") == "w[E]s['a\\']w[xe]s['b\\']");
        CHECK(tokens("B'0''1'") == "s[B'0']s['1']");
    }
    SECTION("unterminated") {
        CHECK(tokens("a 'b''") == "w[a]s!['b'']");
        CHECK(tokens("'") == "s![']");
    }
}

TEST_CASE("script tokens: strings go on behind a newline", "[versioned][script_lexer]") {
    CHECK(tokens("'a'\n'b'") == "s['a'\n'b']");
    CHECK(tokens("'a' -- c'\n \t\r\f\v -- d\n'b' c") == "s['a' -- c'\n \t\r\f\v -- d\n'b']w[c]");
    CHECK(tokens("'a' 'b'") == "s['a']s['b']");
    CHECK(tokens("'a'\n/* c */'b'") == "s['a']s['b']");
    CHECK(tokens("'a'\n- 'b'") == "s['a']m[-]s['b']");
    CHECK(tokens("'a'\n--") == "s['a']");
    SECTION("in the first part's own way") {
        CHECK(tokens("E'a'\n'b\\';' c") == "s[E'a'\n'b\\';']w[c]");
        CHECK(tokens("'a'\nE'b'") == "s['a']s[E'b']");
        CHECK(tokens("'a'\n'b") == "s!['a'\n'b]");
    }
}

TEST_CASE("script tokens: dollar quotes", "[versioned][script_lexer]") {
    CHECK(tokens("$$a;'b$$ $a1$ $$ $A1$ $a1$") == "s[$$a;'b$$]s[$a1$ $$ $A1$ $a1$]");
    CHECK(tokens("$d$x$dd$y$d$") == "s[$d$x$dd$y$d$]");
    CHECK(tokens("$d$$junk$d$") == "s[$d$$junk$d$]");
    CHECK(tokens("$$$a$$") == "s[$$$a$$]");
    CHECK(tokens("$é_1$;$é_1$") == "s[$é_1$;$é_1$]");
    SECTION("a dollar inside a name opens nothing") {
        CHECK(tokens("a$b$c;$d$ $d$") == "w[a$b$c]m[;]s[$d$ $d$]");
        CHECK(tokens("a$$ b") == "w[a$$]w[b]");
    }
    SECTION("behind a number it does") {
        CHECK(tokens("1$a$b$a$") == "n[1]s[$a$b$a$]");
        CHECK(tokens("1a$b$c") == "n[1a$b$c]");
    }
    SECTION("parameters") {
        CHECK(tokens("$1 $23,$1a$") == "p[$1]p[$23]m[,]p[$1a$]");
        CHECK(tokens("$1$a$;$a$") == "p[$1]s[$a$;$a$]");
    }
    SECTION("tags are names without dollars") {
        CHECK(tokens("$a b$ $") == "m[$]w[a]w[b$]m[$]");
        CHECK(tokens("$a-$") == "m[$]w[a]m[-]m[$]");
    }
    SECTION("unterminated") {
        CHECK(tokens("$a$ $A$") == "s![$a$ $A$]");
        CHECK(tokens("$$$") == "s![$$$]");
    }
}

TEST_CASE("script tokens: comments", "[versioned][script_lexer]") {
    CHECK(tokens("a -- b'\nc --") == "w[a]w[c]");
    CHECK(tokens("a -- b\rc") == "w[a]w[c]");
    CHECK(tokens("a/* ; /* ' */ $$ */b/**/c/***/d") == "w[a]w[b]w[c]w[d]");
    CHECK(tokens("/*/ */ a /* **/b") == "w[a]w[b]");
    CHECK(tokens("/*--*/a") == "w[a]");
    CHECK(tokens("-- /*\na") == "w[a]");
    CHECK(tokens("a /* /* */") == "w[a]c![/* /* */]");
    CHECK(tokens("/*/") == "c![/*/]");
    CHECK(tokens("*/") == "m[*/]");
}

TEST_CASE("script tokens: numbers", "[versioned][script_lexer]") {
    CHECK(tokens("1 1.5 1. .5 1e5 1E-5 1.e+5") == "n[1]n[1.5]n[1.]n[.5]n[1e5]n[1E-5]n[1.e+5]");
    CHECK(tokens("0x1F 0o17 0b1 1_000.0_1") == "n[0x1F]n[0o17]n[0b1]n[1_000.0_1]");
    CHECK(tokens("1..10") == "n[1]m[..]n[10]");
    CHECK(tokens("1abc 1.5x 1__0 1._5") == "n[1abc]n[1.5x]n[1__0]n[1._5]");
    CHECK(tokens("1e+x 1e--c\n") == "n[1e+]w[x]n[1e-]m[-]w[c]");
    CHECK(tokens("1_0$a$;") == "n[1_0$a$]m[;]");
    CHECK(tokens("1.5_0$a 10$a$;$a$") == "n[1.5_0$a]n[10]s[$a$;$a$]");
    CHECK(tokens("a.1") == "w[a]n[.1]");
}

TEST_CASE("script tokens: marks", "[versioned][script_lexer]") {
    CHECK(tokens("(a,b)[1];") == "m[(]w[a]m[,]w[b]m[)]m[[]n[1]m[]]m[;]");
    CHECK(tokens("a::b:=c:d..e.f") == "w[a]m[::]w[b]m[:=]w[c]m[:]w[d]m[..]w[e]m[.]w[f]");
    CHECK(tokens("a<=b <-> @-c") == "w[a]m[<=]w[b]m[<->]m[@-]w[c]");
    CHECK(tokens("a+-- b\n+/* c */-") == "w[a]m[+]m[+]m[-]");
    CHECK(tokens("\\{}\x01") == "m[\\]m[{]m[}]m[\x01]");
    CHECK(tokens(std::string_view("a\0b", 3)) == std::string("w[a]m[\0]w[b]", 12));
}

TEST_CASE("script tokens know their place", "[versioned][script_lexer]") {
    ScriptLexer lexer(" ab; FROM");
    const ScriptToken name = lexer.next();
    CHECK(name.offset == 1);
    CHECK(name.end() == 3);
    CHECK(lexer.next().is_mark(";"));
    const ScriptToken from = lexer.next();
    CHECK(from.is_word("from"));
    CHECK_FALSE(from.is_word("fro"));
    CHECK_FALSE(from.is_mark("FROM"));
    CHECK(lexer.next().kind == ScriptTokenKind::end);
    CHECK(lexer.next().kind == ScriptTokenKind::end);
    lexer.seek(0);
    CHECK(lexer.next().text == "ab");
}
