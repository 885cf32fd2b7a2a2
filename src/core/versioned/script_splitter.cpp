#include "core/versioned/script_splitter.hpp"

#include "core/error.hpp"
#include "core/versioned/psql_command.hpp"
#include "core/versioned/script_lexer.hpp"
#include "core/versioned/statement_state.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
// The length of a PostgreSQL name: as much of a tag or a command as a message shows.
constexpr std::size_t kMaxShownBytes = 63;

// Line numbers of offsets that never go back: the newlines are counted once.
class LineCounter {
  public:
    explicit LineCounter(std::string_view text) : text_(text) {}

    int line_at(std::size_t offset) {
        const std::string_view passed = text_.substr(counted_, offset - counted_);
        line_ += static_cast<int>(std::count(passed.begin(), passed.end(), '\n'));
        counted_ = offset;
        return line_;
    }

  private:
    std::string_view text_;
    std::size_t counted_ = 0;
    int line_ = 1;
};

// The lines of COPY data.
struct DataLines {
    std::size_t end;  // where "\." stands, or the end of the text
    std::size_t next; // the line behind it
    bool has_end;
};

class Splitter {
  public:
    Splitter(std::string_view text, bool is_standard_conforming)
        : text_(text), lexer_(text, is_standard_conforming), lines_(text) {}

    std::vector<ScriptPiece> run();

  private:
    void take(const ScriptToken &token);
    void take_backslash(const ScriptToken &token);
    void take_command(std::size_t backslash);
    void take_copy_data(ScriptPiece &piece, std::size_t from);
    void take_command_data(ScriptPiece &piece, std::size_t from);

    ScriptPiece statement_piece(PieceKind kind);
    void finish_statement();
    void finish_copy(std::size_t from);
    void finish_without_semicolon(std::size_t at);

    std::size_t line_end(std::size_t from) const noexcept;
    DataLines data_lines(std::size_t from) const noexcept;
    bool is_blank(std::string_view rest) const noexcept;

    void check_zero_bytes();
    [[noreturn]] void fail_at(std::size_t offset, std::string_view what);
    [[noreturn]] void fail_unterminated(const ScriptToken &token);
    [[noreturn]] void fail_inside_statement(std::size_t offset, std::string_view name);

    std::string_view text_;
    ScriptLexer lexer_;
    LineCounter lines_;
    StatementState statement_;
    std::vector<ScriptPiece> pieces_;
};

std::string line_suffix(int line) {
    return " at line " + std::to_string(line);
}

// Cut between characters.
std::string shown(std::string_view text) {
    std::size_t size = std::min(text.size(), kMaxShownBytes);
    while (size > 0 && size < text.size() && (text[size] & 0xC0) == 0x80) {
        --size;
    }
    return std::string(text.substr(0, size)) + (size < text.size() ? "…" : "");
}

std::string unterminated(const ScriptToken &token) {
    switch (token.kind) {
    case ScriptTokenKind::comment:
        return "comment";
    case ScriptTokenKind::quoted_name:
        return "quoted identifier";
    default:
        break;
    }
    return token.text.front() == '$'
               ? "dollar-quoted string " + shown(token.text.substr(0, token.text.find('$', 1) + 1))
               : "quoted string";
}

void Splitter::fail_at(std::size_t offset, std::string_view what) {
    throw Error(sqlstate::kSyntaxError, std::string(what) + line_suffix(lines_.line_at(offset)));
}

void Splitter::fail_unterminated(const ScriptToken &token) {
    fail_at(token.offset, "unterminated " + unterminated(token));
}

// psql would run the command and go on reading the statement, which then holds the lines before and
// behind it; in a script that is a forgotten semicolon.
void Splitter::fail_inside_statement(std::size_t offset, std::string_view name) {
    const int line = lines_.line_at(statement_.begin());
    throw Error(sqlstate::kSyntaxError, "psql command \"\\" + shown(name) +
                                            "\" inside a statement" +
                                            line_suffix(lines_.line_at(offset)))
        .with_detail("The statement begins at line " + std::to_string(line) + ".")
        .with_hint("End the statement with a semicolon before the command.");
}

// No server encoding has it, and a text that is handed on as a C string would end there.
void Splitter::check_zero_bytes() {
    const std::size_t zero = text_.find('\0');
    if (zero != kNone) {
        throw Error(sqlstate::kCharacterNotInRepertoire,
                    "zero byte in the script" + line_suffix(lines_.line_at(zero)));
    }
}

std::vector<ScriptPiece> Splitter::run() {
    check_zero_bytes();
    ScriptToken token = lexer_.next();
    for (; token.kind != ScriptTokenKind::end; token = lexer_.next()) {
        take(token);
    }
    // What no semicolon ends is sent at the end of the file.
    if (statement_.is_copy_from_stdin()) {
        finish_copy(token.offset);
    } else {
        finish_statement();
    }
    return std::move(pieces_);
}

void Splitter::take(const ScriptToken &token) {
    if (!token.is_terminated) {
        fail_unterminated(token);
    }
    if (token.is_mark("\\")) {
        take_backslash(token);
    } else if (!token.is_mark(";") || statement_.is_open()) {
        statement_.add(token);
    } else if (statement_.is_copy_from_stdin()) {
        finish_copy(token.end());
    } else {
        finish_statement();
    }
}

ScriptPiece Splitter::statement_piece(PieceKind kind) {
    const std::size_t begin = statement_.begin();
    ScriptPiece piece;
    piece.kind = kind;
    piece.text = text_.substr(begin, statement_.end() - begin);
    piece.line = lines_.line_at(begin);
    statement_ = {};
    return piece;
}

void Splitter::finish_statement() {
    if (!statement_.is_empty()) {
        pieces_.push_back(statement_piece(PieceKind::statement));
    }
}

void Splitter::finish_copy(std::size_t from) {
    ScriptPiece piece = statement_piece(PieceKind::copy);
    take_copy_data(piece, from);
    pieces_.push_back(piece);
}

// Only a semicolon ends a COPY here: behind \g or in a row of \; the data would begin just as well,
// but nobody writes that, and its data would be read as statements if it were let through.
void Splitter::finish_without_semicolon(std::size_t at) {
    if (statement_.is_copy_from_stdin()) {
        fail_at(at, "COPY FROM STDIN must end with a semicolon");
    }
    finish_statement();
}

// "Meta-Commands": \; puts a semicolon into the statement without sending it, \: a colon.
void Splitter::take_backslash(const ScriptToken &token) {
    const char following = token.end() < text_.size() ? text_[token.end()] : '\0';
    if (following == ':') {
        fail_at(token.offset, "\"\\:\" is not supported");
    }
    if (following != ';') {
        take_command(token.offset);
        return;
    }
    if (statement_.is_open()) {
        fail_at(token.offset, "\"\\;\" inside a statement's parentheses or body");
    }
    finish_without_semicolon(token.offset);
    lexer_.seek(token.end() + 1);
}

void Splitter::take_command(std::size_t backslash) {
    const std::size_t begin = backslash + 1;
    const PsqlCommand command = read_psql_command(text_.substr(begin, line_end(begin) - begin));
    if (takes_statement(command.name)) {
        finish_without_semicolon(backslash);
    } else if (!statement_.is_empty()) {
        fail_inside_statement(backslash, command.name.empty() ? "\\" : command.name);
    }
    ScriptPiece piece;
    piece.kind = PieceKind::command;
    piece.text = text_.substr(backslash, command.shown_length + 1);
    piece.line = lines_.line_at(backslash);
    piece.command = command.name;
    piece.arguments = command.arguments;
    lexer_.seek(begin + command.length);
    if (is_copy_command_from_stdin(command)) {
        take_command_data(piece, begin + command.length);
    }
    pieces_.push_back(piece);
}

std::size_t Splitter::line_end(std::size_t from) const noexcept {
    return std::min(text_.find('\n', from), text_.size());
}

// The end is a line that holds "\." and nothing else.
DataLines Splitter::data_lines(std::size_t from) const noexcept {
    for (std::size_t at = from; at < text_.size();) {
        const std::size_t end = line_end(at);
        const std::size_t next = std::min(end + 1, text_.size());
        if (text_.substr(at, end - at) == "\\.") {
            return {at, next, true};
        }
        at = next;
    }
    return {text_.size(), text_.size(), false};
}

// Comments are blank, but a block comment that its line does not end would go on in the data.
bool Splitter::is_blank(std::string_view rest) const noexcept {
    return ScriptLexer(rest).next().kind == ScriptTokenKind::end;
}

// The data are the lines behind the line of the semicolon.
void Splitter::take_copy_data(ScriptPiece &piece, std::size_t from) {
    const std::size_t end_of_line = line_end(from);
    if (!is_blank(text_.substr(from, end_of_line - from))) {
        throw Error(sqlstate::kSyntaxError,
                    "unexpected text behind COPY FROM STDIN" + line_suffix(lines_.line_at(from)))
            .with_hint("The data begin on the next line.");
    }
    const std::size_t begin = std::min(end_of_line + 1, text_.size());
    const DataLines data = data_lines(begin);
    if (!data.has_end) {
        throw Error(sqlstate::kSyntaxError, "COPY data does not end" + line_suffix(piece.line))
            .with_hint("End the data with a line that holds only \"\\.\".");
    }
    piece.data = text_.substr(begin, data.end - begin);
    piece.data_line = lines_.line_at(begin);
    lexer_.seek(data.next);
}

// \copy from stdin reads up to the end of the file where nothing ends its data.
void Splitter::take_command_data(ScriptPiece &piece, std::size_t from) {
    const std::size_t begin = std::min(line_end(from) + 1, text_.size());
    const DataLines data = data_lines(begin);
    piece.data = text_.substr(begin, data.end - begin);
    piece.data_line = lines_.line_at(begin);
    lexer_.seek(data.next);
}

} // namespace

std::vector<ScriptPiece> split_script(std::string_view text, bool is_standard_conforming) {
    return Splitter(text, is_standard_conforming).run();
}

} // namespace migrate::core::versioned
