// Options that name tables and columns: "types", "epoch", "conflict_key".
#pragma once

#include "core/import_options.hpp"
#include "core/plan/naming.hpp"
#include "core/schema.hpp"
#include "core/type.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace migrate::core::plan {

// Whether the pattern of an option, with * and ?, takes in the name; without the case of ASCII
// letters, as SQLite compares names.
bool takes_in(std::string_view pattern, std::string_view name);
bool is_exact_name(std::string_view pattern);

// The value for a column, nullptr when no rule takes it in. An exact name wins over a wildcard, an
// exact table over an exact column, and the first of two alike.
template <typename Value>
const Value *find_column_rule(const std::vector<ColumnRuleOption<Value>> &rules,
                              std::string_view table, std::string_view column) {
    const Value *best = nullptr;
    int best_score = -1;
    for (const ColumnRuleOption<Value> &rule : rules) {
        const int score =
            (is_exact_name(rule.table) ? 2 : 0) + (is_exact_name(rule.column) ? 1 : 0);
        if (score > best_score && takes_in(rule.table, table) && takes_in(rule.column, column)) {
            best = &rule.value;
            best_score = score;
        }
    }
    return best;
}

// Throws Error 22023 for a rule that takes in no column of the file's ordinary tables, and for a
// conflict key of none of them.
void check_column_options(const Schema &schema, const ImportOptions &options);

// The type that the caller wrote, by what PostgreSQL made of it. Throws Error 22023 for one that
// no column can have.
Type resolve_override(const std::vector<std::pair<std::string, std::string>> &resolved_types,
                      const std::string &written);

} // namespace migrate::core::plan
