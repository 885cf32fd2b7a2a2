#include "core/sqlite/tokenizer.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {

namespace {

constexpr std::size_t kMaxBytes = 1'000'000;
constexpr std::size_t kMaxShownBytes = 40;
constexpr char kSyntaxError[] = "42601";

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

// Every byte above 0x7f belongs to a name: SQLite does not look at code points here.
bool is_name_start(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

// "$" may stand inside a name, not begin one.
bool is_name_character(char c) noexcept {
    return is_name_start(c) || is_digit(c) || c == '$';
}

char to_upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

int hex_value(char c) noexcept {
    return is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

class Lexer {
  public:
    explicit Lexer(std::string_view sql) : sql_(sql) {}

    std::vector<Token> run() {
        for (skip_blanks(); at_ < sql_.size(); skip_blanks()) {
            read_token();
        }
        begin(TokenKind::end);
        return std::move(tokens_);
    }

  private:
    char look(std::size_t ahead = 0) const noexcept {
        return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0';
    }
    bool starts_with(std::string_view mark) const noexcept {
        return sql_.substr(at_).starts_with(mark);
    }

    void skip_blanks();
    void skip_block_comment();
    void read_token();
    void read_quoted(TokenKind kind, char closing);
    void read_bracketed();
    void read_blob();
    void read_word();
    void read_number();
    void read_decimal(Token &token);
    void read_digits(bool (*is_valid)(char));
    bool read_exponent();
    void read_variable();
    void read_operator();

    Token &begin(TokenKind kind);
    void finish(Token &token, std::size_t end);
    [[noreturn]] void fail(std::string_view what) const;
    [[noreturn]] void fail_unrecognized(std::size_t start) const;

    std::string_view sql_;
    std::size_t at_ = 0;
    std::vector<Token> tokens_;
};

Token &Lexer::begin(TokenKind kind) {
    Token &token = tokens_.emplace_back();
    token.kind = kind;
    token.offset = at_;
    return token;
}

void Lexer::finish(Token &token, std::size_t end) {
    token.length = end - token.offset;
    at_ = end;
}

void Lexer::fail(std::string_view what) const {
    throw Error(kSyntaxError, std::string(what));
}

void Lexer::fail_unrecognized(std::size_t start) const {
    const std::size_t end = std::max(at_, start + 1);
    fail("unrecognized token \"" + shown_token(sql_.substr(start, end - start)) + "\"");
}

void Lexer::skip_blanks() {
    for (;;) {
        if (at_ < sql_.size() && is_space(sql_[at_])) {
            ++at_;
        } else if (starts_with("\xEF\xBB\xBF")) {
            // A byte order mark counts as white space where a token could begin.
            at_ += 3;
        } else if (starts_with("--")) {
            at_ = std::min(sql_.find('\n', at_), sql_.size());
        } else if (starts_with("/*") && at_ + 2 < sql_.size()) {
            skip_block_comment();
        } else {
            return;
        }
    }
}

// A comment that is not closed runs to the end of the text.
void Lexer::skip_block_comment() {
    const std::size_t close = sql_.find("*/", at_ + 2);
    at_ = close == std::string_view::npos ? sql_.size() : close + 2;
}

void Lexer::read_token() {
    const char c = look();
    if (c == '\'') {
        read_quoted(TokenKind::string, c);
    } else if (c == '"') {
        read_quoted(TokenKind::quoted, c);
    } else if (c == '`') {
        read_quoted(TokenKind::bracketed, c);
    } else if (c == '[') {
        read_bracketed();
    } else if ((c == 'x' || c == 'X') && look(1) == '\'') {
        read_blob();
    } else if (is_name_start(c)) {
        read_word();
    } else if (is_digit(c) || (c == '.' && is_digit(look(1)))) {
        read_number();
    } else if (c != '\0' && std::string_view("?:@$#").find(c) != std::string_view::npos) {
        read_variable();
    } else {
        read_operator();
    }
}

// A quote inside is written twice.
void Lexer::read_quoted(TokenKind kind, char closing) {
    Token &token = begin(kind);
    for (std::size_t i = at_ + 1; i < sql_.size() && sql_[i] != '\0'; ++i) {
        if (sql_[i] != closing) {
            token.text += sql_[i];
        } else if (i + 1 < sql_.size() && sql_[i + 1] == closing) {
            token.text += sql_[i++];
        } else {
            finish(token, i + 1);
            return;
        }
    }
    fail(kind == TokenKind::string ? "unterminated string" : "unterminated quoted name");
}

// There is no way to write "]" inside brackets.
void Lexer::read_bracketed() {
    Token &token = begin(TokenKind::bracketed);
    const std::size_t close = sql_.find(']', at_);
    if (close == std::string_view::npos) {
        fail("unterminated quoted name");
    }
    token.text = sql_.substr(at_ + 1, close - at_ - 1);
    if (token.text.find('\0') != std::string::npos) {
        fail("unterminated quoted name");
    }
    finish(token, close + 1);
}

void Lexer::read_blob() {
    Token &token = begin(TokenKind::blob);
    std::size_t i = at_ + 2;
    for (; i + 1 < sql_.size() && is_hex_digit(sql_[i]) && is_hex_digit(sql_[i + 1]); i += 2) {
        token.text += static_cast<char>(hex_value(sql_[i]) * 16 + hex_value(sql_[i + 1]));
    }
    if (i >= sql_.size() || sql_[i] != '\'') {
        fail("malformed blob literal");
    }
    finish(token, i + 1);
}

void Lexer::read_word() {
    Token &token = begin(TokenKind::word);
    std::size_t i = at_;
    while (i < sql_.size() && is_name_character(sql_[i])) {
        ++i;
    }
    token.text = sql_.substr(at_, i - at_);
    finish(token, i);
}

// SQLite 3.46 takes "_" between two digits, and nowhere else.
void Lexer::read_digits(bool (*is_valid)(char)) {
    for (;;) {
        if (is_valid(look())) {
            ++at_;
        } else if (look() == '_' && at_ > 0 && is_valid(sql_[at_ - 1]) && is_valid(look(1))) {
            ++at_;
        } else {
            return;
        }
    }
}

bool Lexer::read_exponent() {
    if (look() != 'e' && look() != 'E') {
        return false;
    }
    const std::size_t sign = look(1) == '+' || look(1) == '-' ? 1 : 0;
    if (!is_digit(look(1 + sign))) {
        return false;
    }
    at_ += 1 + sign;
    read_digits([](char c) { return is_digit(c); });
    return true;
}

void Lexer::read_decimal(Token &token) {
    const auto decimal = [](char c) { return is_digit(c); };
    read_digits(decimal);
    if (look() == '.') {
        token.is_real = true;
        ++at_;
        read_digits(decimal);
    }
    token.is_real |= read_exponent();
    // A number that runs into a name ("1abc") is no token at all. Behind a hexadecimal one SQLite
    // begins a new token, up to 3.45.
    if (is_name_character(look())) {
        while (is_name_character(look())) {
            ++at_;
        }
        fail_unrecognized(token.offset);
    }
}

void Lexer::read_number() {
    Token &token = begin(TokenKind::number);
    if (look() == '0' && (look(1) == 'x' || look(1) == 'X') && is_hex_digit(look(2))) {
        at_ += 2;
        read_digits([](char c) { return is_hex_digit(c); });
    } else {
        read_decimal(token);
    }
    token.text = sql_.substr(token.offset, at_ - token.offset);
    finish(token, at_);
}

// ?, ?123, :a, @a, $a, #a; and Tcl's $a::b(c), which SQLite reads as well.
void Lexer::read_variable() {
    Token &token = begin(TokenKind::variable);
    std::size_t i = at_ + 1;
    if (look() == '?') {
        while (i < sql_.size() && is_digit(sql_[i])) {
            ++i;
        }
    } else {
        for (;; ++i) {
            if (sql_.substr(i).starts_with("::")) {
                ++i;
            } else if (i >= sql_.size() || !is_name_character(sql_[i])) {
                break;
            }
        }
        if (i == at_ + 1) {
            fail_unrecognized(at_);
        }
        if (i < sql_.size() && sql_[i] == '(') {
            const std::size_t close = sql_.find(')', i);
            i = close == std::string_view::npos ? sql_.size() : close + 1;
        }
    }
    token.text = sql_.substr(at_, i - at_);
    finish(token, i);
}

void Lexer::read_operator() {
    // Longer marks first, so that "->>" is not read as "->" and ">".
    static constexpr std::string_view kMarks[] = {
        "->>", "->", "<<", ">>", "<=", ">=", "<>", "==", "!=", "||", "(", ")", ",",
        ";",   ".",  "+",  "-",  "*",  "/",  "%",  "=",  "<",  ">",  "&", "|", "~",
    };
    for (const std::string_view mark : kMarks) {
        if (starts_with(mark)) {
            Token &token = begin(TokenKind::op);
            token.text = mark;
            finish(token, at_ + mark.size());
            return;
        }
    }
    fail_unrecognized(at_);
}

} // namespace

bool Token::is_word(std::string_view upper_case) const noexcept {
    return kind == TokenKind::word &&
           std::equal(text.begin(), text.end(), upper_case.begin(), upper_case.end(),
                      [](char a, char b) { return to_upper(a) == b; });
}

bool Token::is_op(std::string_view mark) const noexcept {
    return kind == TokenKind::op && text == mark;
}

std::string shown_token(std::string_view text) {
    std::size_t size = std::min(text.size(), kMaxShownBytes);
    while (size > 0 && size < text.size() && (text[size] & 0xC0) == 0x80) {
        --size;
    }
    std::string shown(text.substr(0, size));
    std::replace_if(
        shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '_');
    return size < text.size() ? shown + "…" : shown;
}

std::vector<Token> tokenize(std::string_view sql) {
    if (sql.size() > kMaxBytes) {
        throw Error(sqlstate::kStatementTooComplex, "the text is longer than 1,000,000 bytes");
    }
    return Lexer(sql).run();
}

} // namespace migrate::core::sqlite
