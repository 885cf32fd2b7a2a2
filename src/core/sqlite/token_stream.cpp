#include "core/sqlite/token_stream.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

constexpr std::size_t kMaxTokens = 200'000;
constexpr char kSyntaxError[] = "42601";

// The keywords that never fall back to a name (src/parse.y, %fallback ID), sorted. The joins' words
// and INDEXED are apart: they name columns and tables, but are no aliases.
constexpr std::array<std::string_view, 58> kReserved = {
    "ADD",     "ALL",        "ALTER",       "AND",     "AS",       "AUTOINCREMENT",
    "BETWEEN", "CASE",       "CHECK",       "COLLATE", "COMMIT",   "CONSTRAINT",
    "CREATE",  "DEFAULT",    "DEFERRABLE",  "DELETE",  "DISTINCT", "DROP",
    "ELSE",    "ESCAPE",     "EXCEPT",      "EXISTS",  "FOREIGN",  "FROM",
    "GROUP",   "HAVING",     "IN",          "INDEX",   "INSERT",   "INTERSECT",
    "INTO",    "IS",         "ISNULL",      "JOIN",    "LIMIT",    "NOT",
    "NOTHING", "NOTNULL",    "NULL",        "ON",      "OR",       "ORDER",
    "PRIMARY", "REFERENCES", "RETURNING",   "SELECT",  "SET",      "TABLE",
    "THEN",    "TO",         "TRANSACTION", "UNION",   "UNIQUE",   "UPDATE",
    "USING",   "VALUES",     "WHEN",        "WHERE",
};
static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));

constexpr std::array<std::string_view, 8> kJoinWords = {"CROSS", "FULL",    "INDEXED", "INNER",
                                                        "LEFT",  "NATURAL", "OUTER",   "RIGHT"};
static_assert(std::is_sorted(kJoinWords.begin(), kJoinWords.end()));

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size> &words, const Token &token) {
    constexpr std::size_t kLongestKeyword = 13;
    return token.kind == TokenKind::word && token.text.size() <= kLongestKeyword &&
           std::binary_search(words.begin(), words.end(), ascii_upper(token.text));
}

bool is_quoted_name(const Token &token) {
    return token.kind == TokenKind::quoted || token.kind == TokenKind::bracketed ||
           token.kind == TokenKind::string;
}

} // namespace

void fail_too_deep() {
    throw Error(sqlstate::kStatementTooComplex,
                "the expression is nested more than 200 levels deep");
}

void fail_unsupported(std::string what) {
    throw Error(sqlstate::kFeatureNotSupported, std::move(what));
}

TokenStream::TokenStream(std::string_view sql) : sql_(sql), tokens_(tokenize(sql)) {
    if (tokens_.size() > kMaxTokens) {
        throw Error(sqlstate::kStatementTooComplex, "the text has more than 200,000 tokens");
    }
}

const Token &TokenStream::peek(std::size_t ahead) const noexcept {
    return tokens_[std::min(position_ + ahead, tokens_.size() - 1)];
}

const Token &TokenStream::next() noexcept {
    const Token &token = peek();
    position_ = std::min(position_ + 1, tokens_.size() - 1);
    return token;
}

bool TokenStream::at_words(std::string_view first, std::string_view second) const noexcept {
    return at_word(first) && peek(1).is_word(second);
}

bool TokenStream::accept_word(std::string_view upper_case) noexcept {
    const bool found = at_word(upper_case);
    position_ += found ? 1 : 0;
    return found;
}

bool TokenStream::accept_words(std::string_view first, std::string_view second) noexcept {
    const bool found = at_words(first, second);
    position_ += found ? 2 : 0;
    return found;
}

bool TokenStream::accept_op(std::string_view mark) noexcept {
    const bool found = at_op(mark);
    position_ += found ? 1 : 0;
    return found;
}

void TokenStream::expect_word(std::string_view upper_case) {
    if (!accept_word(upper_case)) {
        fail();
    }
}

void TokenStream::expect_op(std::string_view mark) {
    if (!accept_op(mark)) {
        fail();
    }
}

std::string TokenStream::expect_name() {
    if (!at_name()) {
        fail();
    }
    return next().text;
}

void TokenStream::expect_end() {
    while (accept_op(";")) {
    }
    if (!at_end()) {
        fail();
    }
}

bool TokenStream::at_name(std::size_t ahead) const noexcept {
    const Token &token = peek(ahead);
    return is_quoted_name(token) || (token.kind == TokenKind::word && !is_one_of(kReserved, token));
}

bool TokenStream::at_alias() const noexcept {
    return at_name() && !is_one_of(kJoinWords, peek());
}

std::string TokenStream::text_between(std::size_t first, std::size_t last) const {
    if (first >= last) {
        return {};
    }
    const Token &final = tokens_[last - 1];
    const std::size_t start = tokens_[first].offset;
    return std::string(sql_.substr(start, final.offset + final.length - start));
}

std::size_t TokenStream::closing_parenthesis() const {
    std::size_t depth = 1;
    for (std::size_t i = position_; i < tokens_.size(); ++i) {
        if (tokens_[i].is_op("(")) {
            ++depth;
        } else if (tokens_[i].is_op(")") && --depth == 0) {
            return i;
        }
    }
    throw Error(kSyntaxError, "a closing parenthesis is missing");
}

std::size_t TokenStream::element_end() const noexcept {
    std::size_t depth = 0;
    std::size_t i = position_;
    for (; i + 1 < tokens_.size(); ++i) {
        if (tokens_[i].is_op("(")) {
            ++depth;
        } else if (depth == 0 && (tokens_[i].is_op(")") || tokens_[i].is_op(","))) {
            break;
        } else if (tokens_[i].is_op(")")) {
            --depth;
        }
    }
    return i;
}

std::size_t TokenStream::statement_end() const noexcept {
    std::size_t i = position_;
    while (i + 1 < tokens_.size() && !tokens_[i].is_op(";")) {
        ++i;
    }
    return i;
}

void TokenStream::fail() const {
    const Token &token = peek();
    if (token.kind == TokenKind::end) {
        throw Error(kSyntaxError, "syntax error at the end of the text");
    }
    throw Error(kSyntaxError, "syntax error near \"" +
                                  shown_token(sql_.substr(token.offset, token.length)) + "\"");
}

Nesting::Nesting(int &count) : count_(count) {
    if (count_ >= kMaxNesting) {
        fail_too_deep();
    }
    ++count_;
}

std::string ascii_upper(std::string_view text) {
    std::string out(text);
    for (char &c : out) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
    return out;
}

std::string ascii_lower(std::string_view text) {
    std::string out(text);
    for (char &c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return out;
}

} // namespace migrate::core::sqlite
