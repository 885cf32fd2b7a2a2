// The names that an expression may use, level by level, as SQLite resolves them
// (src/resolve.c's rules): FROM items, then result aliases, then the enclosing query.
#pragma once

#include "core/plan/printed_value.hpp"

#include <string>
#include <vector>

namespace migrate::core::plan {

struct ScopeColumn {
    std::string name;       // of the source, "" for an expression without alias
    std::string target;     // not quoted: what * calls it
    PrintedValue value;     // its sql names the column with its table
    std::string merged_sql; // unqualified, after RIGHT or FULL JOIN … USING: both sides' value
    bool is_merged = false; // the right side of USING: only found by its table's name
    bool is_generated = false;
};

struct ScopeItem {
    std::string name; // alias or table
    bool is_table = false;
    bool is_visible = true; // not while the ON inside a parenthesised join is printed
    std::vector<ScopeColumn> columns;
};

struct PrintScope {
    PrintScope *outer = nullptr;
    std::vector<ScopeItem> items;
    const std::vector<ResultColumn> *aliases = nullptr; // usable in WHERE and after
    bool is_joining = false;        // an ON is printed and items to its right are not known yet
    bool refuses_generated = false; // the expression is that of a generated column
    bool may_aggregate = false;
    bool is_in_aggregate = false;  // the arguments of one are printed
    bool is_grouped = false;       // only group_keys may stand outside aggregates
    bool has_local_column = false; // one of this level was used since it was last reset
    std::vector<std::string> group_keys;
};

// The scope of CHECK, index and generated column: one table, its columns by themselves.
PrintScope table_scope(std::span<const BoundColumn> columns);
ScopeColumn bind_column(const BoundColumn &column, const std::string &table_sql);

} // namespace migrate::core::plan
