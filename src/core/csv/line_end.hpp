// Where physical lines end: one rule for the cutter of blocks and the reader of records.
//
//     LineEnd ends{dialect.newline};
//     std::size_t next = ends.after_next(text, from);   // the first byte of the line after
#pragma once

#include "core/csv/dialect.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace migrate::core::csv {

// How wide the file's units are; text in core is of bytes.
enum class Unit : unsigned char { byte, utf16_le, utf16_be };

class LineEnd {
  public:
    explicit LineEnd(Newline newline, Unit unit = Unit::byte) noexcept
        : newline_(newline), unit_(unit), byte_(newline == Newline::cr ? '\r' : '\n') {}

    // The position behind the first line end of `text` that lies behind `from`, a position where a
    // line or a part of one begins; npos when there is none.
    std::size_t after_next(std::string_view text, std::size_t from) const noexcept {
        std::size_t at = text.find(byte_, from);
        if (unit_ == Unit::byte && newline_ != Newline::crlf) [[likely]]
            return at == std::string_view::npos ? at : at + 1;
        while (at != std::string_view::npos && !is_line_end(text, at))
            at = text.find(byte_, at + 1);
        return at == std::string_view::npos ? at : behind(at);
    }
    // The position behind the last line end at or after `from`; npos when there is none.
    std::size_t after_last(std::string_view text, std::size_t from) const noexcept;
    // Number of line ends in `text`, which begins where a line does.
    std::int64_t count(std::string_view text) const noexcept;
    // Whether `text` ends where a line does.
    bool is_at_end_of(std::string_view text) const noexcept;
    // The line without its end.
    std::string_view content(std::string_view line) const noexcept;

    // The byte that every line end has: LF, or CR by Newline::cr.
    char byte() const noexcept { return byte_; }
    std::size_t width() const noexcept { return unit_ == Unit::byte ? 1 : 2; }

  private:
    bool is_line_end(std::string_view text, std::size_t at) const noexcept;
    bool is_unit(std::string_view text, std::size_t at, char byte) const noexcept;
    std::size_t behind(std::size_t at) const noexcept {
        return unit_ == Unit::utf16_le ? at + 2 : at + 1;
    }

    Newline newline_;
    Unit unit_;
    char byte_;
};

} // namespace migrate::core::csv
