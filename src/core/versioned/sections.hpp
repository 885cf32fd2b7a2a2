// The two directions of a file that holds both, told apart by the directives of its tool.
//
//     if (std::optional<Sections> sections = read_sections(text, SniffNodePgMigrate::yes)) …
#pragma once

#include "core/versioned/migration_set.hpp"
#include "core/versioned/script_text.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::versioned {

struct Section {
    bool is_present = false;
    std::vector<TextRange> lines; // without the directives that begin and end it
    bool is_transactional = true;
    int directive_line = 0;
};

struct Sections {
    Layout layout;
    Section up;
    Section down;
    std::string error; // the first thing that the tool would not take; empty when there is none
};

// Whether comments can decide that a file is node-pg-migrate's.
enum class SniffNodePgMigrate : bool { no, yes };

// `text` is normalized. Nothing for a text without a directive.
std::optional<Sections> read_sections(std::string_view text, SniffNodePgMigrate sniff);

} // namespace migrate::core::versioned
