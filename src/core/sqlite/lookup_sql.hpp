// SQLite's SQL for the value of a column: its name, or for one that the file does not hold, scalar
// queries that look it up in the parents' rows by their keys.
#pragma once

#include "core/schema.hpp"

#include <string>
#include <vector>

namespace migrate::core::sqlite {

// `alias` names the row's table in the query and must be none of migrate_p1, migrate_p2, …
//
//     coalesce((SELECT migrate_p1."account_id" FROM main."orders" AS migrate_p1
//               WHERE migrate_p1."id" = +migrate_t."order_id"), …)
std::string value_sql(const std::string &alias, const Column &column);

// "parent.a = +child.x AND …": whether the row refers to the parent's, as a foreign key compares:
// by the parent's affinity and collation.
std::string join_sql(const std::string &child, const std::vector<std::string> &columns,
                     const std::string &parent, const std::vector<std::string> &parent_columns);

} // namespace migrate::core::sqlite
