// A foreign key of the source in terms of the plan's tables and columns.
#include "core/plan/column_groups.hpp"
#include "core/plan/naming.hpp"
#include "core/plan/plan.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

std::string why_no_parent(const Plan &plan, const std::string &name) {
    const std::string folded = fold_ascii(name);
    const auto &tables = plan.schema().tables;
    const bool is_in_file = std::any_of(tables.begin(), tables.end(), [&](const Table &table) {
        return fold_ascii(table.name) == folded;
    });
    return "parent table \"" + name + "\" " + (is_in_file ? "is not imported" : "does not exist");
}

int find_source_column(const Table &table, const std::string &name) {
    const std::string folded = fold_ascii(name);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (fold_ascii(table.columns[i].name) == folded)
            return static_cast<int>(i);
    }
    return -1;
}

// Columns of the source, or the problem.
std::vector<int> parent_columns(const Table &parent, const ForeignKey &key, std::string &problem) {
    // SQLite, Foreign Key Support, section 3: no column list means the primary key.
    if (key.parent_columns.empty()) {
        if (parent.primary_key.empty())
            problem = "parent table \"" + parent.name + "\" has no primary key";
        return parent.primary_key;
    }
    std::vector<int> columns;
    for (const std::string &name : key.parent_columns) {
        columns.push_back(find_source_column(parent, name));
        if (columns.back() < 0 && problem.empty())
            problem = "parent table \"" + parent.name + "\" has no column \"" + name + "\"";
    }
    return columns;
}

std::vector<std::size_t> plan_columns(const Plan &plan, std::size_t table,
                                      const std::vector<int> &source_columns,
                                      std::string &problem) {
    std::vector<std::size_t> columns;
    for (const int source : source_columns) {
        const int column = find_plan_column(plan, table, source);
        if (column < 0 && problem.empty()) {
            const auto &all = plan.tables()[table].source->columns;
            const bool is_known = source >= 0 && static_cast<std::size_t>(source) < all.size();
            problem = is_known ? "column \"" + all[static_cast<std::size_t>(source)].name +
                                     "\" is not imported"
                               : "it names an unknown column";
        }
        columns.push_back(static_cast<std::size_t>(std::max(column, 0)));
    }
    return columns;
}

} // namespace

int find_plan_column(const Plan &plan, std::size_t table, int source_column) {
    const auto &columns = plan.tables()[table].columns;
    // In the order of the source, so that most stand where the source has them.
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].source == source_column)
            return static_cast<int>(i);
    }
    return -1;
}

ResolvedKey resolve_foreign_key(const Plan &plan, std::size_t child, const ForeignKey &key) {
    ResolvedKey resolved;
    const int parent = plan.find_table(key.parent_table);
    if (parent < 0) {
        resolved.problem = why_no_parent(plan, key.parent_table);
        return resolved;
    }
    resolved.parent = static_cast<std::size_t>(parent);
    const Table &table = *plan.tables()[resolved.parent].source;
    const std::vector<int> sources = parent_columns(table, key, resolved.problem);
    if (resolved.problem.empty() && (sources.size() != key.columns.size() || sources.empty()))
        resolved.problem = "it has " + std::to_string(key.columns.size()) +
                           " columns and its parent key " + std::to_string(sources.size());
    if (!resolved.problem.empty())
        return resolved;
    resolved.columns = plan_columns(plan, child, key.columns, resolved.problem);
    resolved.parent_columns = plan_columns(plan, resolved.parent, sources, resolved.problem);
    return resolved;
}

} // namespace migrate::core::plan
