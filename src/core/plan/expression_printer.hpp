// Prints a source's expression tree as PostgreSQL SQL. Only what stands in the printer's closed
// tables of operators and functions is printed, each schema-qualified; everything else is a
// problem, told in words. Nothing of the source's text is copied: names are resolved to known
// columns and quoted, numbers printed from their value, strings as E'…' (types.md, "Text from a
// file never becomes SQL").
#pragma once

#include "core/expression.hpp"
#include "core/type.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::plan {

// A column that an expression may name.
struct BoundColumn {
    std::string source_name;
    std::string target_name; // not quoted
    Type type;
    EpochUnit epoch = EpochUnit::none; // a time column whose source values are numbers
    std::string collation;             // of the source: "BINARY", "NOCASE", "RTRIM", …
    bool is_generated = false;         // PostgreSQL allows no generated column in a generated one
};

struct PrintOptions {
    std::string citext_schema; // quoted; "" when the plan uses no citext
    std::string timezone = "UTC";
    bool is_utf8_server = true;
};

// SQL, or the reason why there is none.
struct Printed {
    std::string sql;
    Type type; // of the printed expression, where it is known
    bool is_immutable = true;
    std::string problem;            // "" when sql is good
    std::vector<std::string> notes; // what is not quite as in SQLite ('localtime', …)
    bool is_good() const noexcept { return problem.empty(); }
};

// DEFAULT of a column of type `target`: literals become literals of that type (1 on a boolean is
// true), CURRENT_* and datetime('now')… become expressions of that type.
Printed print_default(const Expression &expression, const Type &target, EpochUnit epoch,
                      const PrintOptions &options);

// A CHECK constraint: boolean, true where SQLite lets the row in.
Printed print_check(const Expression &expression, std::span<const BoundColumn> columns,
                    const PrintOptions &options);

// The predicate of a partial index: boolean and immutable.
Printed print_predicate(const Expression &expression, std::span<const BoundColumn> columns,
                        const PrintOptions &options);

// A term of an expression index, immutable, without the outer parentheses.
Printed print_index_term(const Expression &expression, std::span<const BoundColumn> columns,
                         const PrintOptions &options);

// A generated column of type `target`: immutable and cast to it where needed.
Printed print_generated(const Expression &expression, std::span<const BoundColumn> columns,
                        const Type &target, const PrintOptions &options);

// A relation that a view may read: a table or view of this file that this run imports.
struct BoundRelation {
    std::string source_name;
    std::string target_sql; // schema-qualified and quoted
    std::vector<BoundColumn> columns;
};

struct PrintedView {
    std::string sql;                  // the query
    std::vector<BoundColumn> columns; // what the view gives, for views over it
    std::string problem;
    std::vector<std::string> notes;
    bool is_good() const noexcept { return problem.empty(); }
};

// A view's query. `column_names` are those of CREATE VIEW v(a, b), or empty; `target_names` of the
// result are made with `fold` (naming option).
PrintedView print_view(const Select &select, std::span<const std::string> column_names,
                       std::span<const BoundRelation> relations, const PrintOptions &options,
                       std::string (*fold)(std::string_view));

// "name" always quoted, quotes doubled.
std::string quote_identifier(std::string_view name);
// E'text', quotes and backslashes doubled; nothing for text with NUL or not valid UTF-8.
std::optional<std::string> quote_literal(std::string_view text);

} // namespace migrate::core::plan
