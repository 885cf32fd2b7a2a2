#include "core/versioned/script_lexer.hpp"
#include "core/versioned/script_splitter.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

// Names without quotes fold to lower case; PostgreSQL folds no other letters than ASCII's in UTF-8.
std::string word_of(const ScriptToken &token) {
    std::string word(token.text);
    if (token.kind == ScriptTokenKind::word) {
        std::transform(word.begin(), word.end(), word.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    }
    return word;
}

bool is_name(const ScriptToken &token) noexcept {
    return token.kind == ScriptTokenKind::word || token.kind == ScriptTokenKind::quoted_name;
}

} // namespace

std::vector<std::string> leading_words(std::string_view statement, std::size_t most) {
    std::vector<std::string> words;
    ScriptLexer lexer(statement);
    bool is_behind_name = false;
    bool is_behind_dot = false;
    for (ScriptToken token = lexer.next();
         token.kind != ScriptTokenKind::end && token.is_terminated; token = lexer.next()) {
        const bool is_joined = is_behind_dot && is_name(token);
        if (is_joined) {
            words.back() += '.' + word_of(token);
        } else if (words.size() == most && !(is_behind_name && token.is_mark("."))) {
            break;
        } else if (is_name(token)) {
            words.push_back(word_of(token));
        }
        is_behind_dot = is_behind_name && token.is_mark(".");
        is_behind_name = is_name(token);
    }
    return words;
}

} // namespace migrate::core::versioned
