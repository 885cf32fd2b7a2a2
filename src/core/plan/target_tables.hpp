// Tables that an application already owns, as the catalog of the target describes them: what the
// rows of a source are matched with in modes append and truncate. A plain value, texts in UTF-8.
//
//     TargetTables targets;                       // filled by pg/target_catalog
//     Plan plan(source.schema(), request, &targets);
#pragma once

#include "core/type.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::plan {

struct TargetColumn {
    std::string name;
    // As core reads values for it: smallint and integer are bigint with limits, times of fewer than
    // six digits are kept (Type::length), all that core does not know is `other`, whose own input
    // function decides.
    Type type;
    std::string type_sql;       // for people and for casts: "integer", "shop.status"
    std::uint32_t type_oid = 0; // PostgreSQL's number of the type, for pg/
    std::int64_t min_integer = std::numeric_limits<std::int64_t>::min();
    std::int64_t max_integer = std::numeric_limits<std::int64_t>::max();
    bool is_not_null = false;
    bool has_default = false; // or is an identity
    bool is_generated = false;
    bool is_identity_always = false;
    bool is_array = false;
    bool is_json_array = false; // of json or jsonb: elements are JSON, strings too
    // A bare number would be read as something else than it means (interval: seconds).
    bool refuses_numbers = false;
    // The sequence behind a serial or identity column, quoted for SQL; "" for none.
    std::string sequence_sql;
};

// A primary key or a unique key, without predicate and expressions.
struct TargetKey {
    std::string name;
    std::vector<int> columns; // indexes into TargetTable::columns
    bool is_primary = false;
    bool is_deferrable = false; // ON CONFLICT cannot name it
};

struct TargetForeignKey {
    std::string name;
    std::vector<int> columns;
    int parent = -1;        // index into TargetTables::tables; -1 in another schema
    std::string parent_sql; // schema and name, quoted for SQL
    std::vector<std::string> parent_columns;
    bool is_deferrable = false;
    bool is_initially_deferred = false;
    bool deletes_children = false; // ON DELETE CASCADE
};

// A user's trigger that is switched on, of the table or of one of its partitions.
struct TargetTrigger {
    std::string name;
    std::string relation_sql; // schema and name, quoted for SQL
    char state = 'O';         // pg_trigger.tgenabled: O, R or A
};

enum class TargetKind : unsigned char { table, partitioned, view, foreign_table };

struct TargetTable {
    std::string name;
    std::uint32_t oid = 0; // PostgreSQL's number of the relation, for pg/
    TargetKind kind = TargetKind::table;
    std::vector<TargetColumn> columns;
    std::vector<TargetKey> keys; // the primary key first
    std::vector<TargetForeignKey> foreign_keys;
    std::vector<TargetTrigger> triggers;
    std::vector<std::string> deferred; // its constraints that are INITIALLY DEFERRED
    // A trigger before the INSERT, or a rule, may fill what the source lacks.
    bool has_before_trigger = false;
    bool has_rules = false;
    bool is_owned = false; // by a role that the caller is a member of
    bool has_row_security = false;

    // Index of the column of that very name, or -1.
    int find_column(std::string_view name) const noexcept;
    const TargetKey *primary_key() const noexcept; // nullptr when there is none
};

// The tables, partitioned tables, views and foreign tables of one schema.
struct TargetTables {
    std::string schema;
    std::vector<TargetTable> tables;
};

} // namespace migrate::core::plan
