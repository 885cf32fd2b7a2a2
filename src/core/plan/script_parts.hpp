// What the phases of write_script hand to each other, and the texts that they share: private to
// core/plan/script*.cpp.
#pragma once

#include "core/plan/expression_printer.hpp"
#include "core/plan/naming.hpp"
#include "core/plan/table_plan.hpp"
#include "core/schema.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::plan {

// What the phases know of a table.
struct TableState {
    explicit TableState(Identifiers identifiers)
        : constraints(identifiers, NameSpace::constraint) {}

    std::string sql;                     // "schema"."table"
    std::string display;                 // for people
    std::vector<BoundColumn> columns;    // by plan column, for the expressions
    std::vector<std::string> generation; // by plan column: the printed expression, "" when plain
    std::vector<int> generation_records; // by plan column, -1 when plain
    std::vector<Named> index_names;      // by source index; only for those of CREATE INDEX
    Namer constraints;                   // one name space a table (pg_constraint)
    std::vector<std::set<std::size_t>> keys; // column sets that a foreign key may refer to
};

// An object of a table, before it has its record.
struct TableObject {
    std::string type;   // ObjectRecord::object_type
    std::string name;   // the source's, or "(a, b)" when it has none
    std::string target; // "" when there is none
    std::string source_sql;
};

// The columns or terms of a key or index.
struct KeyTerms {
    std::vector<std::size_t> columns; // plan columns; empty when a term is an expression
    std::vector<std::string> terms;   // what is indexed, without direction
    std::vector<std::string> ordered; // the same with DESC
    std::vector<std::string> changes; // how it differs from the source
    std::string problem;
    bool has_lower = false; // a COLLATE NOCASE term
    bool is_plain() const noexcept { return columns.size() == terms.size() && !has_lower; }
};

// Joined by ", ".
std::string join_list(const std::vector<std::string> &parts, std::string_view separator = ", ");
// "CONSTRAINT name UNIQUE (a, b)" in the words of the source, for the record.
std::string key_definition(std::string_view kind, const std::string &name,
                           const std::string &columns);
std::string source_column_list(const Table &table, const std::vector<int> &columns);
std::string foreign_key_definition(const Table &table, const ForeignKey &key);
// Why a table or view that the caller did not choose is left out.
std::string left_out_reason(const PlanRequest &request, std::string_view name);
// Whether PostgreSQL has a default btree operator class for the type.
bool has_btree(const Type &type);
inline constexpr std::size_t kMaxKeyColumns = 32; // INDEX_MAX_KEYS
inline constexpr std::size_t kNoTable = static_cast<std::size_t>(-1);
// One row: count, and the first ten of `key` as text, over the rows of "FROM …" in `from`.
std::string row_probe(std::string_view key, std::string_view from);

} // namespace migrate::core::plan
