#include "core/versioned/script_splitter.hpp"

#include "core/error.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

using migrate::core::Error;
using migrate::core::versioned::PieceKind;
using migrate::core::versioned::ScriptPiece;
using migrate::core::versioned::split_script;

namespace {

using Shown = std::vector<std::string>;

// One text a piece: "line:text", of a COPY with "|data line:data" behind it, of a command
// "line:\text|name|arguments".
Shown shown(std::string_view script, bool is_standard_conforming = true) {
    Shown out;
    for (const ScriptPiece &piece : split_script(script, is_standard_conforming)) {
        std::string text = std::to_string(piece.line) + ":" + std::string(piece.text);
        if (piece.kind == PieceKind::command) {
            text += "|" + std::string(piece.command) + "|" + std::string(piece.arguments);
        }
        if (piece.data_line > 0) {
            text += "|" + std::to_string(piece.data_line) + ":" + std::string(piece.data);
        }
        out.push_back(text);
    }
    return out;
}

void check_refused(std::string_view script, const std::string &message,
                   const std::string &code = "42601", const std::string &hint = "") {
    try {
        split_script(script);
        FAIL("accepted: " << script);
    } catch (const Error &error) {
        CHECK(error.message() == message);
        CHECK(std::string(error.code()) == code);
        if (!hint.empty()) {
            CHECK(error.hint() == hint);
        }
    }
}

} // namespace

TEST_CASE("semicolons end statements", "[versioned][script_splitter]") {
    CHECK(shown("SELECT 1; SELECT 2;\nSELECT\n3 ;") ==
          Shown{"1:SELECT 1", "1:SELECT 2", "2:SELECT\n3"});
    CHECK(shown("SELECT 1;\nSELECT 2\n") == Shown{"1:SELECT 1", "2:SELECT 2"});
    CHECK(shown("").empty());
    CHECK(shown(" ;;\n; ; -- a\n/* b */;").empty());
    CHECK(shown(";a;;b;") == Shown{"1:a", "1:b"});
}

TEST_CASE("comments around a statement are none of it", "[versioned][script_splitter]") {
    CHECK(shown("-- a;\n\n/* b;\n*/ SELECT -- c;\n1 /* d; */ -- e\n; -- f") ==
          Shown{"4:SELECT -- c;\n1"});
    CHECK(shown("/* /* ; */ ; */ a; /* b */") == Shown{"1:a"});
}

TEST_CASE("quotes hide semicolons", "[versioned][script_splitter]") {
    CHECK(shown("SELECT ';''' , \";\", $$;$$, $a$;$$;$a$, B';', U&';';b") ==
          Shown{"1:SELECT ';''' , \";\", $$;$$, $a$;$$;$a$, B';', U&';'", "1:b"});
    CHECK(shown("SELECT E'\\';';b") == Shown{"1:SELECT E'\\';'", "1:b"});
    CHECK(shown("SELECT '\\';b;'c'") == Shown{"1:SELECT '\\'", "1:b", "1:'c'"});
    CHECK(shown("SELECT '\\';b;'", false) == Shown{"1:SELECT '\\';b;'"});
    CHECK(shown("SELECT E'a'\n'\\';';b") == Shown{"1:SELECT E'a'\n'\\';'", "2:b"});
    CHECK(shown("a$b;$c;") == Shown{"1:a$b", "1:$c"});
    CHECK(shown("DO $$\nBEGIN\n  NULL;\nEND\n$$;\nb") ==
          Shown{"1:DO $$\nBEGIN\n  NULL;\nEND\n$$", "6:b"});
}

TEST_CASE("parentheses hide semicolons, brackets do not", "[versioned][script_splitter]") {
    CHECK(shown("CREATE RULE r AS ON INSERT TO t DO (a; (b); c); d") ==
          Shown{"1:CREATE RULE r AS ON INSERT TO t DO (a; (b); c)", "1:d"});
    CHECK(shown("a [1; b]; c") == Shown{"1:a [1", "1:b]", "1:c"});
    CHECK(shown("a) ; (b);c") == Shown{"1:a)", "1:(b)", "1:c"});
    CHECK(shown("a (b; c;\nd") == Shown{"1:a (b; c;\nd"});
}

TEST_CASE("BEGIN ATOMIC bodies hide semicolons", "[versioned][script_splitter]") {
    SECTION("in CREATE FUNCTION and PROCEDURE") {
        const std::string function = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC a; b; END";
        CHECK(shown(function + "; c") == Shown{"1:" + function, "1:c"});
        const std::string procedure = "create or\nreplace procedure p() begin atomic a; end";
        CHECK(shown(procedure + "; c") == Shown{"1:" + procedure, "2:c"});
    }
    SECTION("with the END of a CASE") {
        const std::string text =
            "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN CASE b END END; c; END";
        CHECK(shown(text + "; d") == Shown{"1:" + text, "1:d"});
    }
    SECTION("where CASE counts only inside, and nothing in parentheses") {
        const std::string text =
            "CREATE FUNCTION f(a int DEFAULT CASE) CASE BEGIN ATOMIC (CASE; END); c; END";
        CHECK(shown(text + "; d") == Shown{"1:" + text, "1:d"});
    }
    SECTION("also with a CASE behind a colon, which psql takes for its variable") {
        const std::string text = "CREATE FUNCTION f() BEGIN ATOMIC SELECT a[1:CASE b END]; c; END";
        CHECK(shown(text + "; d") == Shown{"1:" + text, "1:d"});
    }
    SECTION("nowhere else") {
        CHECK(shown("BEGIN; a; END; b") == Shown{"1:BEGIN", "1:a", "1:END", "1:b"});
        CHECK(shown("CREATE VIEW v AS BEGIN; a; END") ==
              Shown{"1:CREATE VIEW v AS BEGIN", "1:a", "1:END"});
        CHECK(shown("CREATE OR FUNCTION f BEGIN; a").size() == 2);
        CHECK(shown("CREATE \"FUNCTION\" FUNCTION f BEGIN; a").size() == 1);
        CHECK(shown("CREATE FUNCTION f AS $$ BEGIN $$; a").size() == 2);
        CHECK(shown("CREATE FUNCTION f \"begin\"; a").size() == 2);
    }
    SECTION("without END the rest is one statement") {
        CHECK(shown("CREATE FUNCTION f() BEGIN ATOMIC a; b; c") ==
              Shown{"1:CREATE FUNCTION f() BEGIN ATOMIC a; b; c"});
    }
}

TEST_CASE("COPY FROM STDIN takes the lines behind it", "[versioned][script_splitter]") {
    CHECK(shown("COPY t FROM STDIN;\n1\t'a;\n\\N\t\"\n\\.\nSELECT 1;") ==
          Shown{"1:COPY t FROM STDIN|2:1\t'a;\n\\N\t\"\n", "5:SELECT 1"});
    SECTION("up to a line of its own") {
        CHECK(shown("COPY t FROM STDIN;\n\\.x\n \\.\n\\.\\.\n\\.\nb") ==
              Shown{"1:COPY t FROM STDIN|2:\\.x\n \\.\n\\.\\.\n", "6:b"});
        CHECK(shown("COPY t FROM STDIN;\n\n\\.") == Shown{"1:COPY t FROM STDIN|2:\n"});
    }
    SECTION("also none") {
        CHECK(shown("a;\nCOPY t FROM STDIN ; -- c\n\\.\nCOPY u FROM STDIN; /* d */ \n\\.\n") ==
              Shown{"1:a", "2:COPY t FROM STDIN|3:", "4:COPY u FROM STDIN|5:"});
    }
}

TEST_CASE("COPY FROM STDIN in all its forms", "[versioned][script_splitter]") {
    const std::string form =
        GENERATE("COPY t FROM STDIN", "copy t (a, b) from stdin", "COPY public.\"T\" FROM STDIN",
                 "COPY s.from FROM stdin",
                 "COPY s . \"from\" (\"to\") FROM STDIN WITH (FORMAT csv, NULL '')",
                 "COPY t FROM STDIN USING DELIMITERS '|'", "COPY BINARY t FROM STDIN",
                 "COPY /* x */ t FROM -- y\n STDIN", "COPY t FROM STDOUT",
                 "COPY d.s.t FROM STDIN WHERE a > 1");
    const std::string script = form + ";\n1\n\\.\n";
    const std::vector<ScriptPiece> pieces = split_script(script);
    REQUIRE(pieces.size() == 1);
    CHECK(pieces[0].kind == PieceKind::copy);
    CHECK(pieces[0].text == form);
    CHECK(pieces[0].data == "1\n");
}

TEST_CASE("other COPY takes no lines", "[versioned][script_splitter]") {
    const std::string form =
        GENERATE("COPY (SELECT a FROM stdin) TO STDOUT", "COPY t FROM 'stdin'", "COPY t TO STDOUT",
                 "COPY t TO STDIN", "COPY t FROM PROGRAM 'x'", "COPY t FROM \"stdin\"",
                 "SELECT copy FROM stdin", "COPY t.from stdin", "EXPLAIN COPY t FROM STDIN");
    const std::string script = form + ";\nSELECT 1;\n";
    const std::vector<ScriptPiece> pieces = split_script(script);
    REQUIRE(pieces.size() == 2);
    CHECK(pieces[0].kind == PieceKind::statement);
    CHECK(pieces[0].text == form);
}

TEST_CASE("COPY data that cannot be told apart", "[versioned][script_splitter]") {
    const std::string hint = "End the data with a line that holds only \"\\.\".";
    check_refused("a;\n\nCOPY t\nFROM STDIN;\n1\n", "COPY data does not end at line 3", "42601",
                  hint);
    check_refused("COPY t FROM STDIN;", "COPY data does not end at line 1", "42601", hint);
    check_refused("COPY t FROM STDIN\n1\n\\.\n",
                  "psql command \"\\.\" inside a statement at line 3");
    check_refused("COPY t FROM STDIN", "COPY data does not end at line 1");
    check_refused("COPY t\nFROM STDIN; SELECT 1;\n\\.\n",
                  "unexpected text behind COPY FROM STDIN at line 2", "42601",
                  "The data begin on the next line.");
    check_refused("COPY t FROM STDIN; /* a\n*/\n\\.\n",
                  "unexpected text behind COPY FROM STDIN at line 1");
    check_refused("COPY t FROM STDIN \\g\n1\n\\.\n",
                  "COPY FROM STDIN must end with a semicolon at line 1");
    check_refused("COPY t FROM STDIN \\; a;\n1\n\\.\n",
                  "COPY FROM STDIN must end with a semicolon at line 1");
}

TEST_CASE("psql commands take their line", "[versioned][script_splitter]") {
    CHECK(shown("\\restrict a1\n  \\set ON_ERROR_STOP on  \na;\n\\unrestrict a1") ==
          Shown{"1:\\restrict a1|restrict|a1", "2:\\set ON_ERROR_STOP on|set|ON_ERROR_STOP on",
                "3:a", "4:\\unrestrict a1|unrestrict|a1"});
    CHECK(shown("a; \\echo b; c\nd") == Shown{"1:a", "1:\\echo b; c|echo|b; c", "2:d"});
    CHECK(shown("\\t\n") == Shown{"1:\\t|t|"});
    CHECK(shown("\\.\na") == Shown{"1:\\.|.|", "2:a"});
    CHECK(shown("\\") == Shown{"1:\\||"});
    CHECK(shown("'\\a' || $$\\b$$ -- \\c\n || E'\\d'").size() == 1);
}

TEST_CASE("psql commands end at a backslash", "[versioned][script_splitter]") {
    CHECK(shown("\\echo a \\\\ SELECT 1; \\t\\x") ==
          Shown{"1:\\echo a|echo|a", "1:SELECT 1", "1:\\t|t|", "1:\\x|x|"});
    CHECK(shown("\\echo 'a\\'\\\\''b' \"\\\" `\\` \\\\b") ==
          Shown{"1:\\echo 'a\\'\\\\''b' \"\\\" `\\`|echo|'a\\'\\\\''b' \"\\\" `\\`", "1:b"});
    CHECK(shown("\\echo it's \\\\ a\nb") == Shown{"1:\\echo it's \\\\ a|echo|it's \\\\ a", "2:b"});
    SECTION("but not those that read the line as it is") {
        CHECK(shown("\\! a \\\\ b\nc") == Shown{"1:\\! a \\\\ b|!|a \\\\ b", "2:c"});
        CHECK(shown("a \\g |cat \\\\ b\nc") ==
              Shown{"1:a", "1:\\g |cat \\\\ b|g||cat \\\\ b", "2:c"});
        CHECK(shown("\\\\ a; b\nc") == Shown{"1:\\\\ a; b||\\ a; b", "2:c"});
    }
}

TEST_CASE("psql commands that run a statement end it", "[versioned][script_splitter]") {
    CHECK(shown("SELECT 1 \\gexec\nSELECT 2\n\\gset p_\nSELECT (3 \\g\nb") ==
          Shown{"1:SELECT 1", "1:\\gexec|gexec|", "2:SELECT 2", "3:\\gset p_|gset|p_",
                "4:SELECT (3", "4:\\g|g|", "5:b"});
    CHECK(shown("a \\watch 1\nb \\crosstabview c\nd \\bind 1 \\g") ==
          Shown{"1:a", "1:\\watch 1|watch|1", "2:b", "2:\\crosstabview c|crosstabview|c", "3:d",
                "3:\\bind 1|bind|1", "3:\\g|g|"});
    SECTION("others may not stand inside one") {
        check_refused("a;\nSELECT 1\n\n\\echo b\n;",
                      "psql command \"\\echo\" inside a statement at line 4", "42601",
                      "End the statement with a semicolon before the command.");
        check_refused("a \\\\ b", "psql command \"\\\\\" inside a statement at line 1");
        check_refused("a \\" + std::string(62, 'x') + "éé", "psql command \"\\" +
                                                                std::string(62, 'x') +
                                                                "…\" inside a statement at line 1");
    }
}

TEST_CASE("escaped semicolons separate", "[versioned][script_splitter]") {
    CHECK(shown("a \\; b\\;\\;c;d") == Shown{"1:a", "1:b", "1:c", "1:d"});
    check_refused("a (b \\; c)", "\"\\;\" inside a statement's parentheses or body at line 1");
    check_refused("\nSELECT a\\:\\:int", "\"\\:\" is not supported at line 2");
}

TEST_CASE("the command copy has data too", "[versioned][script_splitter]") {
    CHECK(shown("\\copy t (a) from stdin csv\n'\n\\.\nb") ==
          Shown{"1:\\copy t (a) from stdin csv|copy|t (a) from stdin csv|2:'\n", "4:b"});
    CHECK(shown("\\COPY t from STDIN\n'\n") ==
          Shown{"1:\\COPY t from STDIN|COPY|t from STDIN|2:'\n"});
    CHECK(shown("\\copy t from 'a' \\\\ b\nc") ==
          Shown{"1:\\copy t from 'a' \\\\ b|copy|t from 'a' \\\\ b", "2:c"});
    CHECK(shown("\\copy t from pstdin\nc").size() == 2);
    CHECK(shown("\\copy t from it's\nc").size() == 2);
}

TEST_CASE("what does not end is named with its line", "[versioned][script_splitter]") {
    check_refused("a;\nb 'c\n\n", "unterminated quoted string at line 2");
    check_refused("a\n;\nb E'c\\'", "unterminated quoted string at line 3");
    check_refused("a\n, \"b\n", "unterminated quoted identifier at line 2");
    check_refused("\n\n/* /* */\n", "unterminated comment at line 3");
    check_refused("DO\n$body$ $$ $Body$\n", "unterminated dollar-quoted string $body$ at line 2");
    check_refused("$$", "unterminated dollar-quoted string $$ at line 1");
    check_refused("$" + std::string(100, 'a') + "$",
                  "unterminated dollar-quoted string $" + std::string(62, 'a') + "… at line 1");
}

TEST_CASE("a zero byte is refused", "[versioned][script_splitter]") {
    check_refused(std::string_view("a;\n'\0'", 6), "zero byte in the script at line 2", "22021");
}

TEST_CASE("hostile scripts take linear time", "[versioned][script_splitter]") {
    constexpr std::size_t kTimes = 200'000;
    const std::string unit =
        GENERATE("$a$ ", "$a", "''", "/*", "/**/", "((", "'a'\n", "+-", "=-", "a$", "\\t", ";",
                 "a;", "case ", "1e-", "\\.\n", "a.", "U&", "\"\"", "-- \n", "'a' -- \n");
    std::string script = GENERATE("", "CREATE FUNCTION f BEGIN ");
    for (std::size_t i = 0; i < kTimes; ++i) {
        script += unit;
    }
    std::size_t pieces = 0;
    try {
        pieces = split_script(script).size();
    } catch (const Error &error) {
        CHECK(std::string(error.code()) == "42601");
    }
    CHECK(pieces <= kTimes);
}
