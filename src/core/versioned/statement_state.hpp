// What psql has to know of the statement that it is reading: whether a semicolon would end it, and
// whether COPY data follow.
//
//     state.add(token);
//     if (token.is_mark(";") && !state.is_open()) …
#pragma once

#include "core/versioned/script_lexer.hpp"

#include <cstddef>

namespace migrate::core::versioned {

// Takes the tokens of one statement, in order; keeps no views of them.
class StatementState {
  public:
    void add(const ScriptToken &token) noexcept;

    bool is_empty() const noexcept { return end_ == 0; }
    // From its first token to the end of its last one; 0 and 0 where there is none.
    std::size_t begin() const noexcept { return begin_; }
    std::size_t end() const noexcept { return end_; }
    // Inside parentheses or in the body of CREATE FUNCTION … BEGIN ATOMIC.
    bool is_open() const noexcept { return parentheses_ > 0 || blocks_ > 0; }
    // COPY … FROM STDIN, as far as it has been read.
    bool is_copy_from_stdin() const noexcept { return copy_ == CopyPart::from_stdin; }

  private:
    enum class RoutinePart : unsigned char {
        start,
        create,
        create_or,
        create_or_replace,
        routine,
        other
    };
    enum class CopyPart : unsigned char { start, table, source, from_stdin, other };

    void count_parentheses(const ScriptToken &token) noexcept;
    RoutinePart next_routine_part(const ScriptToken &word) const noexcept;
    void count_blocks(const ScriptToken &word) noexcept;
    CopyPart next_copy_part(const ScriptToken &token) const noexcept;

    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t parentheses_ = 0;
    std::size_t blocks_ = 0;
    RoutinePart routine_ = RoutinePart::start;
    CopyPart copy_ = CopyPart::start;
    bool is_behind_dot_ = false;
};

} // namespace migrate::core::versioned
