// Parsers of the SQL texts that a SQLite file keeps in sqlite_schema and in its pragmas. They
// build trees (core/expression.hpp); a text that they do not understand is told in `problem`,
// never guessed. Depth is limited to 200 levels, of the recursion here and of every tree (whose
// destructor recurses), so that a hostile file cannot overflow the stack. A text ends at its first
// NUL, as it does for SQLite.
//
// One bad expression (a bind variable, too deep) does not spoil the statement around it: the
// SourceExpression of that CHECK, DEFAULT, AS, index term or WHERE has the `problem` and no tree,
// and all else is read. `problem` of a whole statement is for what is wrong outside of these.
#pragma once

#include "core/expression.hpp"
#include "core/schema.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::sqlite {

// A whole expression, such as pragma_table_xinfo's dflt_value. Never throws for bad text. A bare
// name is a column here; only ColumnClauses::default_value knows that DEFAULT abc is a string.
SourceExpression parse_expression(std::string_view text);

// What CREATE TABLE says beyond the pragmas, a column an entry in the order of the text.
struct ColumnClauses {
    std::string name;
    std::string declared_type; // as PRAGMA table_xinfo shows it
    std::string collation;     // upper case; "" when none is named
    std::optional<SourceExpression> default_value;
    std::optional<SourceExpression> generation;
    bool is_generation_stored = false;
    bool is_not_null = false;
    bool is_autoincrement = false; // also by PRIMARY KEY (a AUTOINCREMENT) of the table
    // By the column's own clause, not by PRIMARY KEY (…) of the table: INTEGER PRIMARY KEY DESC is
    // no alias of the rowid, PRIMARY KEY (a DESC) is one.
    bool is_primary_key = false;
    bool is_primary_key_descending = false;
};

// UNIQUE of a column or of the table.
struct UniqueClause {
    std::string name;                 // CONSTRAINT name, "" when none
    std::vector<std::string> columns; // as the columns' definitions spell them
};

struct TableClauses {
    std::vector<ColumnClauses> columns;
    std::vector<Check> checks; // column and table checks, in the order of the text
    // Foreign keys in the order of the text (PRAGMA foreign_key_list has the last one first, as
    // id 0); `columns` is left empty here, the names are in
    // `foreign_key_columns` beside them.
    std::vector<ForeignKey> foreign_keys;
    std::vector<std::vector<std::string>> foreign_key_columns;
    std::string primary_key_name;
    std::vector<UniqueClause> uniques; // in the order of the text
    bool is_without_rowid = false;
    bool is_strict = false;
    std::string problem; // not empty: the text was not understood, the rest may be incomplete
};
TableClauses parse_create_table(std::string_view sql);

struct IndexClauses {
    // column stays -1; the expression is set for every term, without a COLLATE around it, whose
    // name is in `collation` ("" when none is written).
    std::vector<KeyColumn> columns;
    std::optional<SourceExpression> predicate;
    bool is_unique = false;
    std::string problem;
};
IndexClauses parse_create_index(std::string_view sql);

struct ViewClauses {
    std::vector<std::string> column_names;
    SelectPtr select;
    std::string problem;
};
ViewClauses parse_create_view(std::string_view sql);

} // namespace migrate::core::sqlite
