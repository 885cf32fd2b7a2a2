// The tokens of PostgreSQL's SQL (documentation, chapter "Lexical Structure"), without their
// values: enough to know where one ends, which is what cutting a script into statements takes.
//
//     ScriptLexer lexer(text);
//     for (ScriptToken token = lexer.next(); token.kind != ScriptTokenKind::end; …
#pragma once

#include <cstddef>
#include <string_view>

namespace migrate::core::versioned {

enum class ScriptTokenKind : unsigned char {
    word,        // a bare name or keyword, as written
    quoted_name, // "name", U&"name"
    string, // '…', E'…', B'…', X'…', N'…', U&'…' with their continuations; $tag$…$tag$
    number,    // also one with letters on it (1abc), which no statement can hold
    parameter, // $1
    mark,      // ( ) [ ] , ; . .. : :: := \ and any other byte; a run of operator characters
    comment,   // only one that does not end: all others are skipped
    end,
};

// A token. Its text is a view of the lexer's text, quotes included.
struct ScriptToken {
    ScriptTokenKind kind = ScriptTokenKind::end;
    std::size_t offset = 0;
    std::string_view text;
    bool is_terminated = true; // false: a quote or comment that runs to the end of the text

    std::size_t end() const noexcept { return offset + text.size(); }
    // Case-insensitive (ASCII) match of a bare word.
    bool is_word(std::string_view lower_case) const noexcept;
    bool is_mark(std::string_view mark) const noexcept;
};

// Reads tokens from left to right, in time linear in the text. Any bytes will do; those from 0x80
// on belong to names. The text must outlive lexer and tokens.
class ScriptLexer {
  public:
    // `is_standard_conforming`: whether backslashes in plain quotes mean nothing.
    explicit ScriptLexer(std::string_view text, bool is_standard_conforming = true) noexcept
        : text_(text), is_standard_conforming_(is_standard_conforming) {}

    // The next token behind blanks and comments; at the end of the text one of kind `end`, again
    // and again.
    ScriptToken next() noexcept;

    // Goes on at this byte, which must be the beginning of a token or a blank.
    void seek(std::size_t offset) noexcept { at_ = offset; }

  private:
    enum class Quoting : unsigned char { doubled, escaped, bits };

    char look(std::size_t ahead = 0) const noexcept;
    bool skip_blanks() noexcept;
    bool skip_block_comment() noexcept;

    ScriptToken finish(ScriptTokenKind kind, std::size_t end) noexcept;
    ScriptToken finish_unterminated(ScriptTokenKind kind) noexcept;
    ScriptToken read_prefixed_or_word() noexcept;
    ScriptToken read_string(std::size_t quote, Quoting quoting) noexcept;
    ScriptToken read_quoted_name(std::size_t quote) noexcept;
    ScriptToken read_dollar() noexcept;
    ScriptToken read_number() noexcept;
    ScriptToken read_mark() noexcept;

    Quoting plain_quoting() const noexcept;
    std::size_t string_end(std::size_t from, Quoting quoting) const noexcept;
    std::size_t continuation(std::size_t from) const noexcept;
    std::size_t name_end(std::size_t from) const noexcept;
    std::size_t digits_end(std::size_t from) const noexcept;

    std::string_view text_;
    std::size_t at_ = 0;
    bool is_standard_conforming_;
};

} // namespace migrate::core::versioned
