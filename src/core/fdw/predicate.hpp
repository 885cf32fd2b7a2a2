// The table that says what may be pushed down: (what PostgreSQL compares, the column's affinity in
// SQLite) → a SQLite predicate, and why it keeps every row that the condition keeps. Whatever is
// pushed, PostgreSQL checks every condition again on the rows that come; so a predicate may keep
// too much, never too little. What no rule names is not pushed.
//
// Rows whose value the foreign column's type cannot hold are an error when they are read: a
// predicate may keep or lose those.
#pragma once

#include "core/fdw/condition.hpp"
#include "core/plan/type_choice.hpp"
#include "core/schema.hpp"
#include "core/type.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core::fdw {

// The foreign column and what SQLite says of the column that it reads.
struct PushColumn {
    std::string sql; // how a statement names it: migrate_t."price"
    plan::Affinity affinity = plan::Affinity::blob;
    EpochUnit epoch = EpochUnit::none; // what numbers of a date or time column count
    // Neither numbers nor blobs are stored in it: an index says so, in this very transaction.
    bool has_only_text = false;
    bool is_view = false;  // the affinity of an expression is not known
    bool is_utf16 = false; // SQLite keeps its text as UTF-16, in which not all text is the same
};

// What is known of the rows that a predicate keeps.
enum class Keeps : std::uint8_t {
    superset, // all that the condition keeps, and maybe others
    // Those whose cell is of the family's own storage class (an integer, a text) satisfy the
    // condition; others may not.
    exact_by_class,
    exact, // each satisfies the condition, or its cell is an error when it is read
};

// SQL with `?` for each value, in the order of the values.
struct Predicate {
    std::string sql;
    std::vector<Operand> values;
    Keeps keeps = Keeps::superset;
};

// Nothing when no rule takes the condition; `reason` then says why, in words for EXPLAIN.
std::optional<Predicate> superset_of(const PushColumn &column, const Condition &condition,
                                     std::string *reason);

// Whether the rule for the family guards against numbers in a column of text, which has_only_text
// makes superfluous.
bool is_guarded(const PushColumn &column, Family family) noexcept;

} // namespace migrate::core::fdw
