#include "core/sqlite/shadow_tables.hpp"

#include "core/error.hpp"
#include "core/sqlite/tokenizer.hpp"

#include <algorithm>
#include <span>

#include "core/core_only.hpp"

namespace migrate::core::sqlite {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kFts3[] = {"content", "segments", "segdir"};
constexpr std::string_view kFts4[] = {"content", "segments", "segdir", "docsize", "stat"};
constexpr std::string_view kFts5[] = {"data", "idx", "content", "docsize", "config"};
constexpr std::string_view kRtree[] = {"node", "rowid", "parent"};
// A module that is not known here is taken for one of these.
constexpr std::string_view kAll[] = {"content", "segments", "segdir", "docsize", "stat",  "data",
                                     "idx",     "config",   "node",   "rowid",   "parent"};

std::string lower(std::string_view text) {
    std::string copy(text);
    for (char &c : copy)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return copy;
}

std::span<const std::string_view> suffixes_of(const std::string &module) {
    if (module == "fts3")
        return kFts3;
    if (module == "fts4")
        return kFts4;
    if (module == "fts5")
        return kFts5;
    if (module == "rtree" || module == "rtree_i32" || module == "geopoly")
        return kRtree;
    return kAll;
}

// Cuts white space and comments off the front.
void skip_blank(std::string_view &sql) {
    while (!sql.empty()) {
        // SQLite reads a byte order mark as white space.
        const std::size_t blank = sql.starts_with("\xef\xbb\xbf")
                                      ? 3
                                      : std::min(sql.find_first_not_of(" \t\n\f\r"), sql.size());
        sql.remove_prefix(blank);
        const bool is_line = sql.starts_with("--");
        if (!is_line && !sql.starts_with("/*")) {
            if (blank == 0)
                return;
            continue;
        }
        const std::size_t end = is_line ? sql.find('\n', 2) : sql.find("*/", 2);
        const std::size_t length = is_line ? 1 : 2;
        sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + length);
    }
}

// Takes one bare word off the front and says whether it is `word`.
bool take_word(std::string_view &sql, std::string_view word) {
    skip_blank(sql);
    std::size_t length = 0;
    while (length < sql.size() && (sql[length] | 0x20) >= 'a' && (sql[length] | 0x20) <= 'z')
        ++length;
    const bool is_word = lower(sql.substr(0, length)) == word;
    sql.remove_prefix(length);
    return is_word;
}

bool is_name(const Token &token) {
    return token.kind == TokenKind::word || token.kind == TokenKind::quoted ||
           token.kind == TokenKind::bracketed || token.kind == TokenKind::string;
}

std::vector<Token> tokens_of(std::string_view sql) {
    try {
        return tokenize(sql);
    } catch (const Error &) {
        return {}; // the arguments of a module need not be SQL
    }
}

std::string module_in(const std::vector<Token> &tokens) {
    for (std::size_t i = 3; i + 1 < tokens.size(); ++i)
        if (tokens[i].is_word("USING") && is_name(tokens[i + 1]))
            return lower(tokens[i + 1].text);
    return "";
}

// FTS option content=…: the text is kept in a table of the user's, or nowhere.
bool has_external_content(const std::vector<Token> &tokens) {
    for (std::size_t i = 4; i + 1 < tokens.size(); ++i)
        if (tokens[i].is_word("CONTENT") && tokens[i + 1].is_op("="))
            return true;
    return false;
}

} // namespace

std::optional<std::string> virtual_module(std::string_view sql) {
    std::string_view rest = sql;
    if (!take_word(rest, "create") || !take_word(rest, "virtual"))
        return std::nullopt;
    return module_in(tokens_of(sql));
}

void ShadowTables::add(const std::string &name, std::string_view sql) {
    const std::vector<Token> tokens = tokens_of(sql);
    const auto all = suffixes_of(module_in(tokens));
    Owner owner{name, {all.begin(), all.end()}};
    if (has_external_content(tokens))
        std::erase(owner.suffixes, "content"sv);
    owners_.emplace(lower(name), std::move(owner));
}

const std::string *ShadowTables::owner_of(const std::string &name) const {
    const std::size_t mark = name.rfind('_'); // no suffix holds one
    if (mark == std::string::npos)
        return nullptr;
    const auto owner = owners_.find(lower(std::string_view(name).substr(0, mark)));
    if (owner == owners_.end())
        return nullptr;
    const std::string suffix = lower(std::string_view(name).substr(mark + 1));
    const bool is_shadow =
        std::ranges::find(owner->second.suffixes, suffix) != owner->second.suffixes.end();
    return is_shadow ? &owner->second.name : nullptr;
}

} // namespace migrate::core::sqlite
