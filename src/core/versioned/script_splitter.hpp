// Cuts a script into the pieces that psql would send: statements, COPY data and psql commands.
//
//     for (const ScriptPiece &piece : split_script(text)) …
//
// The rules are psql's (app-psql, "psql Meta-Commands"; psqlscan): a semicolon ends a statement
// unless it stands in quotes of any kind ('', "", E'', U&'', $tag$), in a comment (/* */ nests), in
// parentheses, or in the BEGIN ATOMIC … END body of CREATE FUNCTION or PROCEDURE. A statement's
// text begins at its first token and ends before the semicolon.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::versioned {

enum class PieceKind : unsigned char {
    statement,
    copy,    // COPY … FROM STDIN with its data
    command, // a psql command: a backslash at the start of a line or behind a statement
};

struct ScriptPiece {
    PieceKind kind = PieceKind::statement;
    std::string_view text = {}; // into the script, without comments and blanks at its ends
    int line = 0;               // of its first byte, from 1
    // kind copy: the lines between the statement and "\.", with their line ends; also of the
    // command \copy … from stdin, where they may run to the end of the script.
    std::string_view data = {};
    int data_line = 0;
    // kind command: the name behind the backslash ("restrict"; empty for "\\" alone), and the rest
    // of the line, or what of it stands before the next command or before "\\", which psql reads as
    // the end of the arguments.
    std::string_view command = {};
    std::string_view arguments = {};
};

// `text` has LF line ends and must outlive the pieces. Empty statements are no pieces. "\;" ends a
// statement as ";" does; psql variables (:name) are not replaced. Throws Error 42601 with the line
// in its message for what does not end (a quote, a comment, COPY data), for text behind the
// semicolon of COPY FROM STDIN, for a psql command inside a statement unless it is one that runs it
// (\g, \gexec), for "\:", and for "\;" in parentheses; 22021 for a zero byte. Parentheses and BEGIN
// ATOMIC bodies that do not end make the rest of the text one statement. `is_standard_conforming`:
// backslashes in plain quotes mean nothing (the server's setting standard_conforming_strings).
std::vector<ScriptPiece> split_script(std::string_view text, bool is_standard_conforming = true);

// The words of a statement's beginning, in lower case, without comments: ("create", "index",
// "concurrently"); at most `most`. Quoted identifiers keep their quotes and their case. Names
// joined by dots are one word (s."T"); what is no name is left out: brackets (not the words in
// them), strings, numbers, operators. Never throws for the content: words end where a quote does
// not.
std::vector<std::string> leading_words(std::string_view statement, std::size_t most);

} // namespace migrate::core::versioned
