#include "core/versioned/script_lexer.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_line_end(char c) noexcept {
    return c == '\n' || c == '\r';
}

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || is_line_end(c) || c == '\f' || c == '\v';
}

// Every byte above 0x7f belongs to a name, in every server encoding.
bool is_name_start(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_tag_character(char c) noexcept {
    return is_name_start(c) || is_digit(c);
}

// "$" may stand inside a name, not begin one: a$b$c is one name and opens no quote.
bool is_name_character(char c) noexcept {
    return is_tag_character(c) || c == '$';
}

bool is_operator_character(char c) noexcept {
    switch (c) {
    case '~':
    case '!':
    case '@':
    case '#':
    case '^':
    case '&':
    case '|':
    case '`':
    case '?':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '<':
    case '>':
    case '=':
        return true;
    default:
        return false;
    }
}

char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool starts_comment(std::string_view text, std::size_t at) noexcept {
    const char following = at + 1 < text.size() ? text[at + 1] : '\0';
    return (text[at] == '-' && following == '-') || (text[at] == '/' && following == '*');
}

// The end of the line, which a carriage return alone ends too.
std::size_t line_comment_end(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && !is_line_end(text[at])) {
        ++at;
    }
    return at;
}

} // namespace

bool ScriptToken::is_word(std::string_view lower_case) const noexcept {
    return kind == ScriptTokenKind::word &&
           std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                      [](char a, char b) { return to_lower(a) == b; });
}

bool ScriptToken::is_mark(std::string_view mark) const noexcept {
    return kind == ScriptTokenKind::mark && text == mark;
}

char ScriptLexer::look(std::size_t ahead) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
}

ScriptToken ScriptLexer::finish(ScriptTokenKind kind, std::size_t end) noexcept {
    const ScriptToken token{kind, at_, text_.substr(at_, end - at_)};
    at_ = end;
    return token;
}

ScriptToken ScriptLexer::finish_unterminated(ScriptTokenKind kind) noexcept {
    ScriptToken token = finish(kind, text_.size());
    token.is_terminated = false;
    return token;
}

ScriptToken ScriptLexer::next() noexcept {
    if (!skip_blanks()) {
        return finish_unterminated(ScriptTokenKind::comment);
    }
    if (at_ >= text_.size()) {
        return finish(ScriptTokenKind::end, at_);
    }
    const char c = look();
    if (is_name_start(c)) {
        return read_prefixed_or_word();
    }
    if (c == '\'') {
        return read_string(at_, plain_quoting());
    }
    if (c == '"') {
        return read_quoted_name(at_);
    }
    if (c == '$') {
        return read_dollar();
    }
    return is_digit(c) || (c == '.' && is_digit(look(1))) ? read_number() : read_mark();
}

// False where a comment begins that does not end.
bool ScriptLexer::skip_blanks() noexcept {
    for (;;) {
        const char c = look();
        if (at_ < text_.size() && is_space(c)) {
            ++at_;
        } else if (c == '-' && look(1) == '-') {
            at_ = line_comment_end(text_, at_);
        } else if (c == '/' && look(1) == '*') {
            if (!skip_block_comment()) {
                return false;
            }
        } else {
            return true;
        }
    }
}

// "Lexical Structure", Comments: block comments nest, as the SQL standard says and C does not.
bool ScriptLexer::skip_block_comment() noexcept {
    std::size_t depth = 1;
    for (std::size_t i = at_ + 2; i + 1 < text_.size(); ++i) {
        if (text_[i] == '/' && text_[i + 1] == '*') {
            ++depth;
            ++i;
        } else if (text_[i] == '*' && text_[i + 1] == '/') {
            ++i;
            if (--depth == 0) {
                at_ = i + 1;
                return true;
            }
        }
    }
    return false;
}

// One letter directly before a quote says how to read it.
ScriptToken ScriptLexer::read_prefixed_or_word() noexcept {
    const char c = to_lower(look());
    if (look(1) == '\'') {
        switch (c) {
        case 'b':
        case 'x':
            return read_string(at_ + 1, Quoting::bits);
        case 'e':
            return read_string(at_ + 1, Quoting::escaped);
        case 'n':
            return read_string(at_ + 1, plain_quoting());
        default:
            break;
        }
    }
    if (c == 'u' && look(1) == '&' && look(2) == '\'') {
        return read_string(at_ + 2, Quoting::doubled);
    }
    if (c == 'u' && look(1) == '&' && look(2) == '"') {
        return read_quoted_name(at_ + 2);
    }
    return finish(ScriptTokenKind::word, name_end(at_));
}

ScriptLexer::Quoting ScriptLexer::plain_quoting() const noexcept {
    return is_standard_conforming_ ? Quoting::doubled : Quoting::escaped;
}

ScriptToken ScriptLexer::read_string(std::size_t quote, Quoting quoting) noexcept {
    for (;;) {
        const std::size_t end = string_end(quote + 1, quoting);
        if (end == kNone) {
            return finish_unterminated(ScriptTokenKind::string);
        }
        quote = continuation(end);
        if (quote == kNone) {
            return finish(ScriptTokenKind::string, end);
        }
    }
}

// The byte behind the closing quote.
std::size_t ScriptLexer::string_end(std::size_t from, Quoting quoting) const noexcept {
    const std::string_view stops = quoting == Quoting::escaped ? "'\\" : "'";
    for (std::size_t i = from; (i = text_.find_first_of(stops, i)) != kNone;) {
        const bool is_doubled =
            quoting != Quoting::bits && i + 1 < text_.size() && text_[i + 1] == '\'';
        if (text_[i] == '\'' && !is_doubled) {
            return i + 1;
        }
        i += 2;
    }
    return kNone;
}

// "Lexical Structure", String Constants: constants that only white space with at least one newline
// separates are one. Comments up to the end of a line are white space here, block comments are not.
// The second part is read as the first one's prefix says: E'a' ⏎ 'b\'' has one end.
std::size_t ScriptLexer::continuation(std::size_t from) const noexcept {
    bool is_on_new_line = false;
    for (std::size_t i = from; i < text_.size();) {
        if (is_space(text_[i])) {
            is_on_new_line |= is_line_end(text_[i++]);
        } else if (text_.compare(i, 2, "--") == 0) {
            i = line_comment_end(text_, i);
        } else {
            return text_[i] == '\'' && is_on_new_line ? i : kNone;
        }
    }
    return kNone;
}

ScriptToken ScriptLexer::read_quoted_name(std::size_t quote) noexcept {
    for (std::size_t i = quote + 1; (i = text_.find('"', i)) != kNone; i += 2) {
        if (i + 1 >= text_.size() || text_[i + 1] != '"') {
            return finish(ScriptTokenKind::quoted_name, i + 1);
        }
    }
    return finish_unterminated(ScriptTokenKind::quoted_name);
}

std::size_t ScriptLexer::name_end(std::size_t from) const noexcept {
    while (from < text_.size() && is_name_character(text_[from])) {
        ++from;
    }
    return from;
}

// "Lexical Structure", Dollar-Quoted String Constants: a tag follows the rules of names, without
// "$"; it is case-sensitive. A "$" that opens neither a quote nor a parameter stands alone.
ScriptToken ScriptLexer::read_dollar() noexcept {
    std::size_t i = at_ + 1;
    if (is_digit(look(1))) {
        while (i < text_.size() && is_digit(text_[i])) {
            ++i;
        }
        const bool has_letters = i < text_.size() && is_name_start(text_[i]);
        return finish(ScriptTokenKind::parameter, has_letters ? name_end(i) : i);
    }
    while (i < text_.size() && is_tag_character(text_[i])) {
        ++i;
    }
    if (i >= text_.size() || text_[i] != '$') {
        return finish(ScriptTokenKind::mark, at_ + 1);
    }
    const std::string_view tag = text_.substr(at_, i + 1 - at_);
    const std::size_t close = text_.find(tag, i + 1);
    return close == kNone ? finish_unterminated(ScriptTokenKind::string)
                          : finish(ScriptTokenKind::string, close + tag.size());
}

// PostgreSQL 16 takes one "_" between two digits.
std::size_t ScriptLexer::digits_end(std::size_t from) const noexcept {
    std::size_t i = from;
    const auto is_digit_at = [&](std::size_t at) {
        return at < text_.size() && is_digit(text_[at]);
    };
    while (is_digit_at(i) ||
           (i > from && i < text_.size() && text_[i] == '_' && is_digit_at(i + 1))) {
        ++i;
    }
    return i;
}

// Letters directly behind a number belong to it, which reads 0x1F and 1e5 as well as what is an
// error (1abc). Only "e" with a sign needs a rule, for the sign is no letter. 1..10 is 1 .. 10.
ScriptToken ScriptLexer::read_number() noexcept {
    const auto byte = [&](std::size_t at) { return at < text_.size() ? text_[at] : '\0'; };
    std::size_t digits = at_;
    std::size_t i = digits_end(digits);
    if (byte(i) == '.' && i > digits && byte(i + 1) == '.') {
        return finish(ScriptTokenKind::number, i);
    }
    if (byte(i) == '.') {
        digits = i + 1;
        i = digits_end(digits);
    }
    if (to_lower(byte(i)) == 'e' && (byte(i + 1) == '+' || byte(i + 1) == '-')) {
        digits = i + 2;
        i = digits_end(digits);
        if (i == digits) {
            return finish(ScriptTokenKind::number, i);
        }
    }
    // From a "_" on, it may as well be a name behind a number, and that is longer in 1_0$a$.
    const bool has_name = text_.substr(digits, i - digits).find('_') != kNone;
    return finish(ScriptTokenKind::number, has_name || is_name_start(byte(i)) ? name_end(i) : i);
}

// A comment may begin inside a run of operator characters: "a +-- b" is a plus and a comment.
ScriptToken ScriptLexer::read_mark() noexcept {
    const char c = look();
    const char following = look(1);
    if ((c == ':' && (following == ':' || following == '=')) || (c == '.' && following == '.')) {
        return finish(ScriptTokenKind::mark, at_ + 2);
    }
    std::size_t i = at_ + 1;
    while (is_operator_character(c) && i < text_.size() && is_operator_character(text_[i]) &&
           !starts_comment(text_, i)) {
        ++i;
    }
    return finish(ScriptTokenKind::mark, i);
}

} // namespace migrate::core::versioned
