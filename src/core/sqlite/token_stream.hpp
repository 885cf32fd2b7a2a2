// The tokens of one SQL text with a place in them, and what every parser of SQLite's grammar asks
// about the next token: is it this keyword, a name, an alias? Private to core/sqlite's parsers.
#pragma once

#include "core/sqlite/tokenizer.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::sqlite {

// How deep trees and the recursion that builds them may get.
inline constexpr int kMaxNesting = 200;

// Throws Error 54001: a tree of more than kMaxNesting levels.
[[noreturn]] void fail_too_deep();

// Throws Error 0A000: something that is understood but has no place in the tree, such as "a bind
// variable". The text becomes a `problem`.
[[noreturn]] void fail_unsupported(std::string what);

class TokenStream {
  public:
    // Throws Error as `tokenize` does, and 54001 for more than 200,000 tokens. `sql` must outlive
    // the stream.
    explicit TokenStream(std::string_view sql);

    // The token `ahead` places from here; the end token for every place past the end.
    const Token &peek(std::size_t ahead = 0) const noexcept;
    // The next token, which is then passed; the end token is never passed.
    const Token &next() noexcept;

    bool at_word(std::string_view upper_case) const noexcept { return peek().is_word(upper_case); }
    bool at_op(std::string_view mark) const noexcept { return peek().is_op(mark); }
    bool at_words(std::string_view first, std::string_view second) const noexcept;
    bool at_end() const noexcept { return peek().kind == TokenKind::end; }

    bool accept_word(std::string_view upper_case) noexcept;
    bool accept_words(std::string_view first, std::string_view second) noexcept;
    bool accept_op(std::string_view mark) noexcept;

    // These throw Error 42601 when something else comes.
    void expect_word(std::string_view upper_case);
    void expect_op(std::string_view mark);
    std::string expect_name();
    void expect_end(); // of the statement: semicolons may precede it

    // SQLite's `nm`: what may name a table or column. A keyword that SQLite lets fall back to a
    // name is one, and so is a 'string'.
    bool at_name(std::size_t ahead = 0) const noexcept;
    // SQLite's `ids`: what may be an alias without AS, a word of a type or a collation. The words
    // of joins and INDEXED are not.
    bool at_alias() const noexcept;

    // The number of the next token, to come back to it or to cut out text.
    std::size_t position() const noexcept { return position_; }
    void seek(std::size_t position) noexcept { position_ = position; }
    // The source text from token `first` up to, not including, token `last`.
    std::string text_between(std::size_t first, std::size_t last) const;
    // The place of the ")" for a "(" just passed. Throws Error 42601 when there is none.
    std::size_t closing_parenthesis() const;
    // The place of the "," or ")" that ends the list element which begins here, or of the end.
    std::size_t element_end() const noexcept;
    // The place of the first semicolon from here, or of the end.
    std::size_t statement_end() const noexcept;

    // Throws Error 42601: syntax error near the next token.
    [[noreturn]] void fail() const;

    // Counts of open recursion; see Nesting.
    int expressions = 0;
    int operators = 0;

  private:
    std::string_view sql_;
    std::vector<Token> tokens_;
    std::size_t position_ = 0;
};

// One level of recursion for as long as it lives; throws Error 54001 for too many. `count` is
// TokenStream::expressions for what stands in parentheses, ::operators for operands of operators:
// two counts, so that 1+(1+(1+…)) may be as deep as the tree that it makes.
class Nesting {
  public:
    explicit Nesting(int &count);
    Nesting(const Nesting &) = delete;
    Nesting &operator=(const Nesting &) = delete;
    ~Nesting() { --count_; }

  private:
    int &count_;
};

// The texts in upper and lower case, ASCII letters only, as SQLite folds names.
std::string ascii_upper(std::string_view text);
std::string ascii_lower(std::string_view text);

} // namespace migrate::core::sqlite
