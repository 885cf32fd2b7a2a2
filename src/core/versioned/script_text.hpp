// The text of a migration file: checked, cut into lines, and the parts of it that one direction
// has.
//
//     std::string text = normalized_text(file.text);
//     if (std::optional<std::string> defect = text_defect(text)) …
//     for (LineCursor line(text); line.is_valid(); line.advance()) …
#pragma once

#include "core/versioned/migration_set.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::versioned {

// Bytes [begin, end) of a text.
struct TextRange {
    std::size_t begin;
    std::size_t end;
};

// Goes through the lines of a text with LF line ends, which must outlive it. An empty text has
// none.
class LineCursor {
  public:
    explicit LineCursor(std::string_view text) : text_(text) { advance(); }

    bool is_valid() const noexcept { return is_valid_; }
    std::string_view text() const noexcept { return line_; } // without its line end
    int number() const noexcept { return number_; }          // from 1
    std::size_t begin() const noexcept { return begin_; }    // where it begins in the text
    std::size_t end() const noexcept { return end_; }        // behind its line end
    void advance() noexcept;

  private:
    std::string_view text_;
    std::string_view line_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    int number_ = 0;
    bool is_valid_ = false;
};

bool is_blank(char c) noexcept; // a space or a tab
std::string_view trim_left(std::string_view text) noexcept;
std::string_view trim(std::string_view text) noexcept;
std::string_view take_word(std::string_view &rest) noexcept; // up to a blank, which are skipped
bool equals_folded(std::string_view text, std::string_view lower) noexcept; // ASCII
bool ends_folded(std::string_view text, std::string_view lower) noexcept;

std::string quoted(std::string_view text);
std::string in_line(int line); // " in line 7"

// A file name for messages: U+FFFD stands for what is no text in it.
std::string shown_name(std::string_view name);

// Why PostgreSQL cannot hold a text, as the reason of a FileProblem: it is no UTF-8, or has a NUL.
std::optional<std::string> text_defect(std::string_view text);

// Whether anything stands in a piece of SQL but blanks and comments.
bool has_sql(std::string_view text) noexcept;

// The text with blanks for every byte outside the ranges, which ascend; line ends stay.
std::string blank_outside(std::string_view text, const std::vector<TextRange> &ranges);
std::string join_ranges(std::string_view text, const std::vector<TextRange> &ranges);

// A file that holds one direction. A text that cannot be read leaves `text` empty, so that nothing
// of it can run, and is told in `problems`.
Script whole_script(const std::vector<SourceFile> &files, std::size_t source,
                    std::vector<FileProblem> &problems);

} // namespace migrate::core::versioned
