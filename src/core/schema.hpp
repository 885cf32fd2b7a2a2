// What a source file says it holds: the value that the Source stage hands to the Plan stage.
// Plain data, owned by whoever holds the Schema; names are as the file spells them, in UTF-8.
#pragma once

#include "core/expression.hpp"
#include "core/rewritten_schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core {

enum class Generated : std::uint8_t { none, is_virtual, stored };

struct Column {
    std::string name;
    std::string declared_type; // as written, "" when none
    std::string collation;     // "BINARY", "NOCASE", "RTRIM" or another name, upper case
    bool is_not_null = false;
    int key_position = 0; // 1-based place in the primary key, 0 when not part of it
    Generated generated = Generated::none;
    std::optional<SourceExpression> default_value;
    std::optional<SourceExpression> generation;
    // Not empty when the column cannot be read safely (its generation calls a function that is not
    // on the list, say); such a column is skipped with this reason.
    std::string unreadable;
    // Not empty when the column is not in the file: the first lookup that finds a value gives it.
    std::vector<Lookup> lookups;
    std::string adaptation; // why the column is not as the file has it, "" when it is
};

struct KeyColumn {
    int column = -1; // index into Table::columns, -1 for an expression
    std::optional<SourceExpression> expression;
    bool is_descending = false;
    std::string collation; // upper case
};

enum class IndexOrigin : std::uint8_t { create_index, unique_constraint, primary_key };

struct Index {
    std::string name;            // sqlite_autoindex_… for constraints
    std::string constraint_name; // CONSTRAINT name of a UNIQUE or PRIMARY KEY, "" when none
    std::string sql;             // CREATE INDEX text, "" for constraints
    bool is_unique = false;
    IndexOrigin origin = IndexOrigin::create_index;
    std::vector<KeyColumn> columns;
    std::optional<SourceExpression> predicate;
    std::optional<KeyRewrite> rewrite;
};

struct ForeignKey {
    std::string name; // CONSTRAINT name, "" when none
    std::vector<int> columns;
    std::string parent_table;
    std::vector<std::string> parent_columns; // empty when left out: the parent's primary key
    ForeignKeyAction on_update = ForeignKeyAction::no_action;
    ForeignKeyAction on_delete = ForeignKeyAction::no_action;
    bool is_deferrable = false;
    bool is_initially_deferred = false;
    std::vector<int> set_columns; // those that ON DELETE SET … writes; empty: all
    std::optional<KeyRewrite> rewrite;
};

struct Check {
    std::string name; // CONSTRAINT name, "" when none
    SourceExpression expression;
};

enum class TableKind : std::uint8_t { ordinary, virtual_table, shadow, internal };

struct Table {
    std::string name;
    std::string sql;
    TableKind kind = TableKind::ordinary;
    std::string module; // of a virtual table; of a shadow table, the virtual table it serves
    bool is_without_rowid = false;
    bool is_strict = false;
    bool is_autoincrement = false;
    int rowid_alias = -1; // column that is exactly INTEGER PRIMARY KEY on a rowid table
    std::vector<Column> columns;
    std::vector<int> primary_key; // columns in the order of their pk ordinals
    std::string primary_key_name;
    std::optional<KeyRewrite> primary_key_rewrite;
    // The column that holds the tenant of a row where the keys are led by it, -1 where they are
    // not.
    int tenant_column = -1;
    bool is_tenant_root = false; // a row is a tenant: tenant_column is its key, led by nothing
    std::vector<Index> indexes;  // in the order of their names; with the constraints' own
    std::vector<ForeignKey> foreign_keys;
    std::vector<Check> checks;
    std::optional<std::int64_t> sequence; // sqlite_sequence.seq
    // What the parser of the CREATE text could not make out, one sentence each ("" = all read).
    std::string problem;
};

struct View {
    std::string name;
    std::string sql;
    std::vector<std::string> column_names; // CREATE VIEW v(a, b), empty when none
    SelectPtr select;                      // null when the parser refused it
    std::string problem;
};

struct Trigger {
    std::string name;
    std::string table;
    std::string sql;
};

struct Schema {
    std::vector<Table> tables; // in the order of sqlite_schema
    std::vector<View> views;
    std::vector<Trigger> triggers;
    std::string encoding; // "UTF-8", "UTF-16le", "UTF-16be"
};

} // namespace migrate::core
