#include "core/plan/naming.hpp"

#include "core/plan/keywords.hpp"
#include "core/value/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

constexpr std::string_view kEmptyName = "unnamed";

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

char lower(char c) {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

// A word begins at an upper-case letter after a lower-case one or a digit (orderItems), and at the
// last of several upper-case letters before a lower-case one (HTTPServer).
bool begins_word(std::string_view name, std::size_t at) {
    if (at == 0 || !is_upper(name[at]))
        return false;
    if (is_lower_or_digit(name[at - 1]))
        return true;
    return is_upper(name[at - 1]) && at + 1 < name.size() && name[at + 1] >= 'a' &&
           name[at + 1] <= 'z';
}

std::string to_snake(std::string_view name) {
    constexpr std::string_view kSeparators = " -./";
    std::string snake;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool is_separator = kSeparators.find(name[i]) != std::string_view::npos;
        if ((is_separator || begins_word(name, i)) && !snake.empty() && snake.back() != '_')
            snake += '_';
        if (!is_separator)
            snake += lower(name[i]);
    }
    return snake;
}

// C0, DEL and the C1 controls (U+0080 to U+009F) are Unicode's control characters.
bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1)
        return first < 0x20 || first == 0x7f;
    return character.size() == 2 && first == 0xc2 &&
           static_cast<unsigned char>(character[1]) < 0xa0;
}

// At most `bytes` bytes, whole characters.
std::string_view cut(std::string_view name, std::size_t bytes) {
    if (name.size() <= bytes)
        return name;
    while (bytes > 0 && (static_cast<unsigned char>(name[bytes]) & 0xc0) == 0x80)
        --bytes;
    return name.substr(0, bytes);
}

// PostgreSQL, section 5.5 "System Columns".
bool is_system_column(std::string_view name) {
    constexpr std::array<std::string_view, 6> kSystemColumns = {"cmax",     "cmin", "ctid",
                                                                "tableoid", "xmax", "xmin"};
    return std::binary_search(kSystemColumns.begin(), kSystemColumns.end(), name);
}

void add_reason(std::string &note, std::string_view reason) {
    if (!note.empty())
        note += "; ";
    note += reason;
}

std::string folding_words(Identifiers identifiers) {
    return identifiers == Identifiers::snake ? "folded to snake case" : "folded to lower case";
}

} // namespace

std::string replace_controls(std::string_view name) {
    std::string clean;
    while (!name.empty()) {
        const std::size_t length = value::character_length(name);
        const std::string_view character = name.substr(0, std::max<std::size_t>(length, 1));
        if (length == 0 || is_control(character))
            clean += '_';
        else
            clean += character;
        name.remove_prefix(character.size());
    }
    return clean;
}

std::string fold_ascii(std::string_view name) {
    std::string folded(name);
    std::transform(folded.begin(), folded.end(), folded.begin(), lower);
    return folded;
}

std::string fold_name(std::string_view name, Identifiers identifiers) {
    switch (identifiers) {
    case Identifiers::lower:
        return fold_ascii(name);
    case Identifiers::preserve:
        return std::string(name);
    case Identifiers::snake:
        break;
    }
    return to_snake(name);
}

std::string clean_name(std::string_view name, Identifiers identifiers) {
    const std::string folded = fold_name(replace_controls(name), identifiers);
    return std::string(cut(folded.empty() ? kEmptyName : folded, kMaxNameBytes));
}

std::string make_object_name(std::string_view first, std::string_view second,
                             std::string_view label) {
    const std::size_t overhead = label.size() + 1 + (second.empty() ? 0 : 1);
    const std::size_t room = kMaxNameBytes - std::min(kMaxNameBytes, overhead);
    std::size_t first_bytes = first.size();
    std::size_t second_bytes = second.size();
    while (first_bytes + second_bytes > room)
        --(first_bytes > second_bytes ? first_bytes : second_bytes);
    std::string name(cut(first, first_bytes));
    if (!second.empty())
        name.append("_").append(cut(second, second_bytes));
    return name.append("_").append(label);
}

std::string display_identifier(std::string_view name) {
    const bool is_plain = !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
                          std::all_of(name.begin(), name.end(),
                                      [](char c) { return is_lower_or_digit(c) || c == '_'; });
    if (is_plain && !is_keyword(name))
        return std::string(name);
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted += '"';
}

Namer::Namer(Identifiers identifiers, NameSpace space) : identifiers_(identifiers), space_(space) {}

Named Namer::take(std::string_view source_name) {
    Named named;
    const std::string clean = replace_controls(source_name);
    if (clean != source_name)
        add_reason(named.note, "control characters replaced");
    std::string name = fold_name(clean, identifiers_);
    const bool is_folded = name != clean;
    // PostgreSQL has no empty names; in SQLite "" is one.
    if (name.empty()) {
        add_reason(named.note, "the name is empty");
        name = kEmptyName;
    }
    if (name.size() > kMaxNameBytes) {
        add_reason(named.note, "cut to 63 bytes");
        name = cut(name, kMaxNameBytes);
    }
    if (space_ == NameSpace::column && is_system_column(name))
        add_reason(named.note, "is a system column");
    else if (taken_.contains(name))
        add_reason(named.note, "the name is taken");
    named.is_only_folded = is_folded && named.note.empty();
    if (is_folded)
        add_reason(named.note, folding_words(identifiers_));
    named.name = make_unique(std::move(name));
    return named;
}

std::string Namer::take_made(std::string_view name) {
    return make_unique(std::string(cut(name, kMaxNameBytes)));
}

void Namer::reserve(std::string_view target_name) {
    taken_.emplace(target_name);
}

std::string Namer::make_unique(std::string name) {
    const bool is_system = space_ == NameSpace::column && is_system_column(name);
    if (!is_system && taken_.insert(name).second)
        return name;
    std::size_t &next = next_suffix_[name];
    for (;;) {
        const std::string suffix = "_" + std::to_string(++next);
        std::string suffixed(cut(name, kMaxNameBytes - suffix.size()));
        suffixed += suffix;
        if (taken_.insert(suffixed).second)
            return suffixed;
    }
}

} // namespace migrate::core::plan
