// SQLite's lexical grammar (https://www.sqlite.org/lang_keywords.html, src/tokenize.c's rules):
// the one tokenizer under the parsers of expressions, CREATE TABLE, CREATE INDEX and CREATE VIEW.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::sqlite {

enum class TokenKind : std::uint8_t {
    word,      // a bare name or keyword; text as written
    quoted,    // "name" — an identifier, or a string where no such column exists
    bracketed, // [name] or `name` — always an identifier
    string,    // 'text', unescaped
    blob,      // x'00ff', decoded
    number,    // text as written; is_real tells a float
    variable,  // ?, ?1, :a, @a, $a
    op,        // an operator or punctuation mark, in text
    end,
};

struct Token {
    TokenKind kind = TokenKind::end;
    std::string text;
    bool is_real = false;
    std::size_t offset = 0; // byte offset in the source text
    std::size_t length = 0; // bytes that it takes there, quotes included
    // Case-insensitive (ASCII) match of a bare word.
    bool is_word(std::string_view upper_case) const noexcept;
    bool is_op(std::string_view mark) const noexcept;
};

// Tokens of `sql` without white space and comments, ended by one of kind `end`. Throws Error 42601
// for an unterminated literal or an illegal character (NUL is one, wherever it stands), 54001 for
// more than 1,000,000 bytes.
std::vector<Token> tokenize(std::string_view sql);

// The text of a token as a message shows it: short, cut between characters, on one line.
std::string shown_token(std::string_view text);

} // namespace migrate::core::sqlite
