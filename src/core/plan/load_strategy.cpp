#include "core/plan/load_strategy.hpp"

#include "core/error.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::plan {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

std::size_t find_planned(const Plan &plan, const TargetTable *target) {
    for (std::size_t i = 0; i < plan.tables().size(); ++i) {
        if (plan.tables()[i].target == target)
            return i;
    }
    return kNowhere;
}

// The parent's place in the load order, kNowhere when it is not loaded by this call.
std::size_t parent_of(const Plan &plan, const TargetForeignKey &key) {
    if (key.parent < 0)
        return kNowhere;
    return find_planned(plan, &plan.targets()->tables[static_cast<std::size_t>(key.parent)]);
}

// The columns of the key that a first pass can leave NULL, as plan columns: those that take NULL
// and are loaded, and tell no row apart. One that is NULL is enough (MATCH SIMPLE).
std::vector<std::size_t> columns_to_delay(const TablePlan &table, const TargetForeignKey &key) {
    std::vector<std::size_t> columns;
    for (const int target : key.columns) {
        const TargetColumn *wanted = &table.target->columns[static_cast<std::size_t>(target)];
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const ColumnPlan &column = table.columns[i];
            if (column.target == wanted && !wanted->is_not_null && !column.is_key)
                columns.push_back(i);
        }
    }
    return columns;
}

bool has_key(const TablePlan &table) {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [](const ColumnPlan &column) { return column.is_key; });
}

[[noreturn]] void refuse(const Plan &plan, const TablePlan &table, const TargetForeignKey &key) {
    const bool is_conflict = plan.options().on_conflict != OnConflict::error;
    throw Error(sqlstate::kFeatureNotSupported, "foreign key \"" + key.name + "\" of table \"" +
                                                    table.target->name +
                                                    "\" is part of a cycle that cannot be loaded")
        .with_detail(is_conflict
                         ? "Rows that wait for their parents do not go with option "
                           "\"on_conflict\"."
                         : "It is not deferrable, and its rows cannot be loaded without their "
                           "parents at first: that needs a key of the table and a column of the "
                           "foreign key that takes NULL.")
        .with_hint("Make the foreign key DEFERRABLE.");
}

// A row that fails alone is its own statement, so rows cannot wait for one another.
bool can_be_one_statement(const Plan &plan) {
    return plan.options().on_type_mismatch != TypeMismatch::reject;
}

void delay(const Plan &plan, std::size_t index, const TargetForeignKey &key,
           LoadStrategy &strategy) {
    const TablePlan &table = plan.tables()[index];
    const std::vector<std::size_t> columns = columns_to_delay(table, key);
    if (columns.empty() || !has_key(table) || plan.options().on_conflict != OnConflict::error)
        refuse(plan, table, key);
    std::vector<std::size_t> &late = strategy.tables[index].late_columns;
    for (const std::size_t column : columns) {
        if (std::find(late.begin(), late.end(), column) == late.end())
            late.push_back(column);
    }
    strategy.late_keys.push_back({index, &key});
}

void add_key(const Plan &plan, std::size_t index, const TargetForeignKey &key,
             LoadStrategy &strategy) {
    const std::size_t parent = parent_of(plan, key);
    if (parent == kNowhere || parent < index)
        return;
    if (key.is_deferrable)
        strategy.deferred.push_back({index, &key});
    else if (parent == index && can_be_one_statement(plan))
        strategy.tables[index].is_one_statement = true;
    else
        delay(plan, index, key, strategy);
}

} // namespace

LoadStrategy load_strategy(const Plan &plan) {
    LoadStrategy strategy;
    strategy.tables.resize(plan.tables().size());
    // A sync writes each table by one statement and defers what it can; most rows find their
    // parents there.
    if (plan.options().is_sync)
        return strategy;
    for (std::size_t i = 0; i < plan.tables().size(); ++i) {
        if (plan.tables()[i].target == nullptr)
            continue;
        for (const TargetForeignKey &key : plan.tables()[i].target->foreign_keys)
            add_key(plan, i, key, strategy);
    }
    return strategy;
}

} // namespace migrate::core::plan
