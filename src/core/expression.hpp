// The tree of a SQL expression or query as a source file wrote it: what the parsers of
// core/sqlite produce and the printer of core/plan walks. Plain data, no source text but names and
// literal values, so nothing of a file can reach SQL except through the printer's closed tables.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core {

struct Select;
struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;
using SelectPtr = std::unique_ptr<Select>;

enum class ExpressionKind : std::uint8_t {
    null_literal,
    integer_literal, // integer
    real_literal,    // real, with its digits in text
    string_literal,  // text, unescaped
    blob_literal,    // text: the bytes
    boolean_literal, // integer 0 or 1, text: the word. A column of that name would come first
    current_time,    // text: "date", "time" or "timestamp"
    column,          // path: [schema,] [table,] column; is_quoted when "dq" could be a string
    star,            // count(*), or path: [table] in a result column
    unary,           // op, [operand]
    binary,          // op, [left, right]
    is_null,         // [operand]; is_negated for NOTNULL / IS NOT NULL
    between,         // [operand, low, high]; is_negated
    in_list,         // [operand, items…]; is_negated
    in_select,       // [operand], select; is_negated
    exists,          // select; is_negated
    scalar_select,   // select
    like,      // op "LIKE", "GLOB", "REGEXP", "MATCH"; [operand, pattern, escape?]; is_negated
    case_when, // [base or null, when, then, …, else or null]; base first, else last
    cast,      // [operand], text: type name as declared
    collate,   // [operand], text: collation
    function,  // text: lower-case name, [arguments…]; is_distinct; is_star; filter; window
    row_value, // [items…]: (a, b) = (1, 2)
};

// One node. Which members count is said beside each kind; all others are empty.
struct Expression {
    ExpressionKind kind = ExpressionKind::null_literal;
    std::string text;
    std::string
        op; // upper case: "+", "||", "=", "<>", "AND", "IS", "IS NOT", "NOT", "-", "~", "->"…
    std::vector<std::string> path;
    std::int64_t integer = 0;
    double real = 0;
    bool is_negated = false;
    bool is_quoted = false; // a column written "like this", which SQLite may read as a string
    bool is_distinct = false;
    bool is_star = false;
    bool is_window = false; // has an OVER clause: nothing of it is kept, so it never translates
    std::vector<ExpressionPtr> operands; // an element is null only where `case_when` says so
    ExpressionPtr filter;
    SelectPtr select;
};

struct OrderTerm {
    ExpressionPtr expression;
    bool is_descending = false;
    std::optional<bool> nulls_first;
};

struct ResultColumn {
    ExpressionPtr expression; // kind star for * and t.*
    std::string alias;        // empty when none
};

enum class JoinKind : std::uint8_t { none, comma, inner, cross, left, right, full };

struct FromItem {
    JoinKind join = JoinKind::none; // how it is joined to the items before it
    bool is_natural = false;
    std::string schema; // "main" or empty
    std::string table;  // empty for a subquery or a parenthesised join
    std::string alias;
    SelectPtr select;            // a subquery
    std::vector<FromItem> group; // a parenthesised join
    bool is_function = false;    // table-valued function: never translates
    ExpressionPtr on;
    std::vector<std::string> using_columns;
};

// One SELECT or VALUES of a compound.
struct SelectCore {
    bool is_distinct = false;
    std::vector<ResultColumn> columns;
    std::vector<FromItem> from;
    ExpressionPtr where;
    std::vector<ExpressionPtr> group_by;
    ExpressionPtr having;
    std::vector<std::vector<ExpressionPtr>> values; // VALUES rows; then all else is empty
    std::string compound; // how it is joined to the core before: "UNION", "UNION ALL", "INTERSECT",
                          // "EXCEPT"
};

struct CommonTable {
    std::string name;
    std::vector<std::string> columns;
    SelectPtr select;
};

struct Select {
    bool is_recursive = false;
    std::vector<CommonTable> with;
    std::vector<SelectCore> cores;
    std::vector<OrderTerm> order_by;
    ExpressionPtr limit;
    ExpressionPtr offset;
};

// An expression of the source with its text, kept for the record of the run. `tree` is null when
// the parser refused the text; `problem` then says why, in the words of a note.
struct SourceExpression {
    std::string text;
    ExpressionPtr tree;
    std::string problem;
};

} // namespace migrate::core
