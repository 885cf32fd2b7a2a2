#include "core/versioned/script_text.hpp"

#include "core/value/utf8.hpp"

#include <algorithm>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::versioned {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

char fold(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_space(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Behind the /* */ that `at` begins: they nest in PostgreSQL ("Lexical Structure", Comments).
std::size_t skip_block_comment(std::string_view text, std::size_t at) noexcept {
    std::size_t depth = 0;
    while (at < text.size()) {
        if (text.substr(at, 2) == "/*") {
            ++depth;
            at += 2;
        } else if (text.substr(at, 2) == "*/") {
            at += 2;
            if (--depth == 0) {
                break;
            }
        } else {
            ++at;
        }
    }
    return std::min(at, text.size());
}

} // namespace

void LineCursor::advance() noexcept {
    begin_ = end_;
    is_valid_ = begin_ < text_.size();
    if (is_valid_) {
        const std::size_t line_end = std::min(text_.find('\n', begin_), text_.size());
        line_ = text_.substr(begin_, line_end - begin_);
        end_ = std::min(line_end + 1, text_.size());
        ++number_;
    }
}

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

std::string_view trim_left(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    return text;
}

std::string_view trim(std::string_view text) noexcept {
    text = trim_left(text);
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::string_view take_word(std::string_view &rest) noexcept {
    rest = trim_left(rest);
    std::size_t length = 0;
    while (length < rest.size() && !is_space(rest[length])) {
        ++length;
    }
    const std::string_view word = rest.substr(0, length);
    rest = trim_left(rest.substr(length));
    return word;
}

bool equals_folded(std::string_view text, std::string_view lower) noexcept {
    return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(),
                                                     [](char a, char b) { return fold(a) == b; });
}

bool ends_folded(std::string_view text, std::string_view lower) noexcept {
    return text.size() >= lower.size() &&
           equals_folded(text.substr(text.size() - lower.size()), lower);
}

std::string quoted(std::string_view text) {
    return '"' + std::string(text) + '"';
}

std::string in_line(int line) {
    return " in line " + std::to_string(line);
}

std::string shown_name(std::string_view name) {
    std::string shown;
    while (!name.empty()) {
        const std::size_t good = value::valid_text_prefix(name);
        shown.append(name.substr(0, good));
        name.remove_prefix(good);
        if (!name.empty()) {
            shown.append(value::kReplacementCharacter);
            name.remove_prefix(1);
        }
    }
    return shown;
}

std::string normalized_text(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    std::string normalized;
    normalized.reserve(text.size());
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\r'), text.size());
        normalized.append(text.substr(0, end));
        text.remove_prefix(end);
        if (!text.empty()) {
            normalized += '\n';
            text.remove_prefix(text.starts_with("\r\n") ? 2 : 1);
        }
    }
    return normalized;
}

std::optional<std::string> text_defect(std::string_view text) {
    const std::size_t good = value::valid_text_prefix(text);
    if (good == text.size()) {
        return std::nullopt;
    }
    // Windows tools write UTF-16 with a byte order mark: the one case in which the way out is
    // known.
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
        return "is UTF-16 text: expected UTF-8";
    }
    const auto line = std::count(text.begin(), text.begin() + static_cast<long>(good), '\n') + 1;
    return (text[good] == '\0' ? "has a NUL byte" : "is not valid UTF-8") +
           in_line(static_cast<int>(line));
}

bool has_sql(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        if (is_space(text[at])) {
            ++at;
        } else if (text.substr(at, 2) == "--") {
            at = std::min(text.find('\n', at), text.size());
        } else if (text.substr(at, 2) == "/*") {
            at = skip_block_comment(text, at);
        } else {
            return true;
        }
    }
    return false;
}

std::string blank_outside(std::string_view text, const std::vector<TextRange> &ranges) {
    std::string result;
    result.reserve(text.size());
    const auto blank = [&](std::size_t end) {
        for (std::size_t at = result.size(); at < end; ++at) {
            result += text[at] == '\n' ? '\n' : ' ';
        }
    };
    for (const TextRange &range : ranges) {
        blank(range.begin);
        result.append(text.substr(range.begin, range.end - range.begin));
    }
    blank(text.size());
    return result;
}

std::string join_ranges(std::string_view text, const std::vector<TextRange> &ranges) {
    std::string result;
    for (const TextRange &range : ranges) {
        result.append(text.substr(range.begin, range.end - range.begin));
    }
    return result;
}

Script whole_script(const std::vector<SourceFile> &files, std::size_t source,
                    std::vector<FileProblem> &problems) {
    const SourceFile &file = files[source];
    Script script;
    script.file = file.name;
    script.source = source;
    script.body = normalized_text(file.text);
    if (std::optional<std::string> defect = text_defect(script.body)) {
        problems.push_back({file.name, std::move(*defect), true});
    } else {
        script.text = script.body;
    }
    return script;
}

} // namespace migrate::core::versioned
