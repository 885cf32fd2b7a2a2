// Columns that foreign keys join: their types are decided together (types.md, Widening).
#pragma once

#include "core/plan/type_choice.hpp"
#include "core/type.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace migrate::core {
struct ForeignKey;
}

namespace migrate::core::plan {

class Plan;

// A column of a plan.
struct ColumnRef {
    std::size_t table = 0;
    std::size_t column = 0;
};

// Columns joined with each other. A column whose type is fixed (a rowid alias, or one
// that option "types" names) is in no group and joins none: it is the anchor
// whose type the others take when all their values fit.
struct ColumnGroup {
    std::vector<ColumnRef> members;
    std::optional<Type> anchor;
    bool is_anchor_given = false; // by option "types"
    // What the members' declarations propose together; each member's own where `is_textual`:
    // varchar(20) may refer to text.
    Proposal proposal;
    bool is_textual = false;
    std::vector<Type> candidates; // the same for all members, so that their profiles can merge
    bool needs_profile = false;
};

class ColumnGroups {
  public:
    ColumnGroups() = default;
    // The groups of a plan whose tables and proposals stand.
    explicit ColumnGroups(const Plan &plan);
    // No groups: the types of the plan's columns are given.
    static ColumnGroups none(const Plan &plan);

    const std::vector<ColumnGroup> &groups() const noexcept { return groups_; }
    // The group of a column, nullptr when it stands alone.
    const ColumnGroup *find(ColumnRef at) const;
    // Tables that share a group with `table`, itself first.
    const std::vector<std::size_t> &neighbours(std::size_t table) const {
        return neighbours_[table];
    }

  private:
    std::vector<ColumnGroup> groups_;
    std::vector<std::vector<int>> group_of_; // by table and column, -1 for none
    std::vector<std::vector<std::size_t>> neighbours_;
};

// A foreign key in terms of the plan.
struct ResolvedKey {
    std::size_t parent = 0;           // index into Plan::tables
    std::vector<std::size_t> columns; // plan columns of the child
    std::vector<std::size_t> parent_columns;
    std::string problem; // why it cannot be made, "" when all was found
    bool is_good() const noexcept { return problem.empty(); }
};
ResolvedKey resolve_foreign_key(const Plan &plan, std::size_t child, const ForeignKey &key);

// Whether PostgreSQL compares a foreign key of type `child` with a key of type `parent`: both of
// one type, or the child's cast to the parent's by an implicit cast (CREATE TABLE, REFERENCES).
bool can_refer(const Type &child, const Type &parent);

// The plan column of a column of the source table, -1 when it is not imported.
int find_plan_column(const Plan &plan, std::size_t table, int source_column);

} // namespace migrate::core::plan
