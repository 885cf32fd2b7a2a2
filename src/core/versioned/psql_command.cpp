#include "core/versioned/psql_command.hpp"

#include "core/versioned/script_lexer.hpp"
#include "core/versioned/statement_state.hpp"

#include <algorithm>
#include <array>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

constexpr std::string_view kBlanks = " \t\n\r\f\v";
constexpr std::size_t kNone = std::string_view::npos;

bool is_copy(std::string_view name) noexcept {
    const ScriptToken token{ScriptTokenKind::word, 0, name};
    return token.is_word("copy");
}

// These read the rest of the line as it is, backslashes and all.
bool takes_whole_line(std::string_view name) noexcept {
    static constexpr std::array<std::string_view, 9> kNames = {"!",  "ef",  "ev", "h",  "help",
                                                               "sf", "sf+", "sv", "sv+"};
    return is_copy(name) || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// Of these an argument that begins with "|" is a shell command up to the end of the line.
bool takes_pipe(std::string_view name) noexcept {
    static constexpr std::array<std::string_view, 6> kNames = {"g", "gx", "o", "out", "w", "write"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// The byte behind the closing quote. In single quotes a backslash takes the next byte along. psql
// calls a quote that its line does not end an error; here it takes the line.
std::size_t quote_end(std::string_view line, std::size_t open) noexcept {
    const char quote = line[open];
    for (std::size_t i = open + 1; i < line.size(); ++i) {
        if (line[i] == quote) {
            return i + 1;
        }
        i += quote == '\'' && line[i] == '\\' ? 1 : 0;
    }
    return line.size();
}

// "Meta-Commands": parsing for arguments stops at the end of the line or at another unquoted
// backslash.
std::size_t arguments_end(std::string_view line, std::size_t from, bool is_pipe_taken) noexcept {
    bool is_at_start = true;
    for (std::size_t i = from; i < line.size();) {
        const char c = line[i];
        if (c == '\\') {
            return i;
        }
        if (is_pipe_taken && is_at_start && c == '|') {
            return line.size();
        }
        is_at_start = kBlanks.find(c) != kNone;
        i = c == '\'' || c == '"' || c == '`' ? quote_end(line, i) : i + 1;
    }
    return line.size();
}

std::size_t trimmed_end(std::string_view line, std::size_t end) noexcept {
    const std::size_t last = line.substr(0, end).find_last_not_of(kBlanks);
    return last == kNone ? 0 : last + 1;
}

} // namespace

PsqlCommand read_psql_command(std::string_view line) noexcept {
    const std::size_t name_end = std::min(line.find_first_of(" \t\n\r\f\v\\"), line.size());
    const std::string_view name = line.substr(0, name_end);
    // psql drops the rest of the line behind a command that it does not know, as an empty name is.
    const bool is_whole_line = name.empty() || takes_whole_line(name);
    const std::size_t end =
        is_whole_line ? line.size() : arguments_end(line, name_end, takes_pipe(name));
    const std::size_t shown_end = std::max(trimmed_end(line, end), name_end);
    const std::size_t begin = std::min(line.find_first_not_of(kBlanks, name_end), shown_end);
    // Two backslashes end a command, and SQL may follow them on its line.
    const bool has_separator = line.compare(end, 2, "\\\\") == 0;
    return {name, line.substr(begin, shown_end - begin), shown_end, has_separator ? end + 2 : end};
}

bool takes_statement(std::string_view name) noexcept {
    static constexpr std::array<std::string_view, 11> kNames = {
        "g",    "gx",         "gset",  "gexec",        "gdesc",       "watch",
        "bind", "bind_named", "parse", "crosstabview", "sendpipeline"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool is_copy_command_from_stdin(const PsqlCommand &command) noexcept {
    if (!is_copy(command.name)) {
        return false;
    }
    StatementState state;
    state.add({ScriptTokenKind::word, 0, command.name});
    ScriptLexer lexer(command.arguments);
    for (ScriptToken token = lexer.next(); token.kind != ScriptTokenKind::end;
         token = lexer.next()) {
        state.add(token);
    }
    return state.is_copy_from_stdin();
}

} // namespace migrate::core::versioned
