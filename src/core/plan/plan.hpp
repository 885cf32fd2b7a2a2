// What a source becomes: the tables and columns of the target with their names and types, decided
// first from the declarations, then from the values. A plain value; the SQL is written from it by
// core/plan/script.hpp.
//
//     Plan plan(source.schema(), request);
//     for (std::size_t table : plan.tables_to_profile()) plan.set_profile(table, …read it…);
//     plan.decide();
//
// The plan is optimistic: where the declaration alone proposes a type, the table is loaded with it.
// When a value does not fit, replan_set() names the tables that are decided together (joined by
// foreign keys), they are profiled, decide() is called again, and they are loaded again: at most
// once a table.
#pragma once

#include "core/convert.hpp"
#include "core/plan/column_groups.hpp"
#include "core/plan/plan_selection.hpp"
#include "core/plan/profile.hpp"
#include "core/plan/table_plan.hpp"
#include "core/plan/target_match.hpp"
#include "core/plan/type_choice.hpp"
#include "core/schema.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace migrate::core::plan {

class Plan {
  public:
    // Chooses the tables, names everything and proposes types. Throws Error 42P01 for a pattern
    // that matches nothing (naming the nearest table), 54011 for more than 1600 columns, 22023 for
    // an option that names an unknown table or column or a type that no override can be.
    // `schema` must outlive the plan. With `targets`, which must outlive it too, the tables are
    // those that are there: names, types and load order are the target's, and what a migration
    // tool keeps for itself takes part only when the caller names it.
    Plan(const Schema &schema, PlanRequest request, const TargetTables *targets = nullptr);

    const Schema &schema() const noexcept { return *schema_; }
    const PlanRequest &request() const noexcept { return request_; }
    const ImportOptions &options() const noexcept { return request_.options; }

    // What the caller chose: the tables and views of schema() that take part.
    const Selection &selection() const noexcept { return selection_; }

    // The tables that are there before, nullptr where the plan makes its own.
    const TargetTables *targets() const noexcept { return targets_; }
    // Throws Error 42P01 or 42703 that lists every table and column that the target lacks, 23502
    // for its NOT NULL columns that the source cannot fill, 42P10 for a key of on_conflict that is
    // no key of the target.
    void check_targets() const { problems_.raise(); }
    // Tables that belong to a migration tool, with its name.
    const std::vector<ToolTable> &tool_tables() const noexcept { return tool_tables_; }

    // Tables in load order: parents before children.
    const std::vector<TablePlan> &tables() const noexcept { return tables_; }
    const std::vector<ViewPlan> &views() const noexcept { return views_; }
    // The planned table of a source name (SQLite's case folding), or -1.
    int find_table(std::string_view source_name) const;

    // The source columns to read, in the order of TablePlan::columns.
    std::vector<int> source_columns(std::size_t table) const;
    // The conversion of each column as the plan now stands.
    std::vector<ColumnRule> rules(std::size_t table) const;

    // Tables that must be read for their profile before they can be loaded: undeclared columns,
    // foreign keys between columns of different types, time columns whose numbers no misfit would
    // tell of (on_type_mismatch other than widen, or an overridden type). With "widen" a date
    // column whose first value is a number is a misfit at once, and comes by replan_set.
    std::vector<std::size_t> tables_to_profile() const;
    TableProfile make_profile(std::size_t table) const;
    void set_profile(std::size_t table, TableProfile profile);
    // Decides the types and NOT NULLs of every table whose profile was set, columns joined by a
    // foreign key together. Facts come with the profile.
    void decide();

    // The tables to profile when `table` met a misfit: those joined with it by foreign keys.
    std::vector<std::size_t> replan_set(std::size_t table) const;

    // What the load saw; sets the table's facts.
    void set_loaded(std::size_t table, std::int64_t rows,
                    const std::vector<ColumnStatistics> &statistics);

  private:
    void name_relations();
    void leave_out_tool_tables();
    void plan_tables(const std::vector<const Table *> &chosen, const std::vector<Named> &names);
    TablePlan plan_table(const Table &table) const;
    ColumnPlan plan_column(const Table &table, int column) const;
    void sort_tables(std::vector<TablePlan> tables);
    void propose_together(const ColumnGroup &group);
    bool needs_numbers(const ColumnPlan &column) const;
    bool needs_maximum(const ColumnPlan &column) const;
    TypeMismatch mismatch_policy(const ColumnPlan &column) const;
    std::vector<std::size_t> close_over_groups(std::vector<bool> wanted) const;

    // decide(): columns that stand alone, then those that foreign keys join.
    using ColumnNotes = std::vector<std::vector<std::string>>; // of a table, by its columns
    TypeChoice choose(ColumnRef at, const Proposal &proposal) const;
    void decide_alone(ColumnRef at, std::vector<ColumnNotes> &notes);
    void decide_group(const ColumnGroup &group, std::vector<ColumnNotes> &notes);
    bool take_anchor(const Type &anchor, const std::vector<ColumnRef> &members,
                     std::vector<ColumnNotes> &notes);
    void decide_texts(const std::vector<ColumnRef> &members, std::vector<ColumnNotes> &notes);
    void decide_together(const Proposal &proposal, const std::vector<ColumnRef> &members,
                         std::vector<ColumnNotes> &notes);
    void decide_not_null(std::size_t table, ColumnNotes &notes);
    void close_table(std::size_t table, ColumnNotes &notes);
    // Has a profile that was not decided from.
    bool is_open(std::size_t table) const { return profiles_[table] != nullptr; }
    ColumnPlan &column_at(ColumnRef at) { return tables_[at.table].columns[at.column]; }
    const ColumnProfile &profile_of(ColumnRef at) const {
        return profiles_[at.table]->columns[at.column];
    }

    const Schema *schema_;
    const TargetTables *targets_;
    PlanRequest request_;
    Selection selection_;
    std::vector<ToolTable> tool_tables_;
    TargetProblems problems_;
    std::vector<TablePlan> tables_;
    std::unordered_map<std::string, int> table_by_name_; // folded source name
    ColumnGroups groups_;
    std::vector<ViewPlan> views_;
    std::vector<std::unique_ptr<TableProfile>> profiles_; // by table, null when not read or decided
};

} // namespace migrate::core::plan
