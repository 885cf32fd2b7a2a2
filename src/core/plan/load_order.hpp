// The order in which tables are loaded: parents before children, cycles and self-references in the
// order of the file.
#pragma once

#include "core/schema.hpp"

#include <cstddef>
#include <set>
#include <vector>

namespace migrate::core::plan {

// Indexes into `tables`, each once. A stable topological order: of the tables whose parents are
// done, the first of the file comes next; in a cycle, the first of the file.
std::vector<std::size_t> load_order(const std::vector<const Table *> &tables);

// The same for any edges: by index, those that must come before.
std::vector<std::size_t> order_by_parents(const std::vector<std::set<std::size_t>> &parents);

// Views in dependency order (a view after the views it reads); a view in a cycle is left out,
// and so are the views that read it.
std::vector<std::size_t> view_order(const std::vector<View> &views);

// The names of the relations that a query reads, subqueries and CTEs looked through.
std::vector<std::string> relations_of(const Select &select);

} // namespace migrate::core::plan
