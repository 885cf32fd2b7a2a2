#include "core/versioned/statement_state.hpp"

#include "core/core_only.hpp"

namespace migrate::core::versioned {

void StatementState::add(const ScriptToken &token) noexcept {
    if (is_empty()) {
        begin_ = token.offset;
    }
    end_ = token.end();
    count_parentheses(token);
    if (token.kind == ScriptTokenKind::word) {
        routine_ = next_routine_part(token);
        count_blocks(token);
    }
    copy_ = next_copy_part(token);
    is_behind_dot_ = token.is_mark(".");
}

void StatementState::count_parentheses(const ScriptToken &token) noexcept {
    if (token.is_mark("(")) {
        ++parentheses_;
    } else if (token.is_mark(")") && parentheses_ > 0) {
        --parentheses_;
    }
}

// CREATE [OR REPLACE] {FUNCTION | PROCEDURE}: only bare words count, wherever they stand.
StatementState::RoutinePart
StatementState::next_routine_part(const ScriptToken &word) const noexcept {
    const bool is_routine_word = word.is_word("function") || word.is_word("procedure");
    switch (routine_) {
    case RoutinePart::start:
        return word.is_word("create") ? RoutinePart::create : RoutinePart::other;
    case RoutinePart::create:
        if (word.is_word("or")) {
            return RoutinePart::create_or;
        }
        return is_routine_word ? RoutinePart::routine : RoutinePart::other;
    case RoutinePart::create_or:
        return word.is_word("replace") ? RoutinePart::create_or_replace : RoutinePart::other;
    case RoutinePart::create_or_replace:
        return is_routine_word ? RoutinePart::routine : RoutinePart::other;
    case RoutinePart::routine:
    case RoutinePart::other:
        break;
    }
    return routine_;
}

// The body of such a routine may be BEGIN ATOMIC … END, full of semicolons. CASE has an END of its
// own. psql looks for the words outside parentheses only.
void StatementState::count_blocks(const ScriptToken &word) noexcept {
    if (routine_ != RoutinePart::routine || parentheses_ > 0) {
        return;
    }
    if (word.is_word("begin") || (blocks_ > 0 && word.is_word("case"))) {
        ++blocks_;
    } else if (blocks_ > 0 && word.is_word("end")) {
        --blocks_;
    }
}

// COPY [BINARY] table [(columns)] FROM {STDIN | STDOUT}: the grammar takes STDOUT for STDIN. FROM
// and TO are reserved, so that the first of them outside parentheses is the clause, except behind a
// dot, where any word is a name.
StatementState::CopyPart StatementState::next_copy_part(const ScriptToken &token) const noexcept {
    switch (copy_) {
    case CopyPart::start:
        return token.is_word("copy") ? CopyPart::table : CopyPart::other;
    case CopyPart::table:
        if (parentheses_ > 0 || is_behind_dot_) {
            return copy_;
        }
        if (token.is_word("to")) {
            return CopyPart::other;
        }
        return token.is_word("from") ? CopyPart::source : copy_;
    case CopyPart::source:
        return token.is_word("stdin") || token.is_word("stdout") ? CopyPart::from_stdin
                                                                 : CopyPart::other;
    case CopyPart::from_stdin:
    case CopyPart::other:
        break;
    }
    return copy_;
}

} // namespace migrate::core::versioned
