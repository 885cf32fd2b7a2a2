// Columns that the target has and the file lacks, where a foreign key of the target tells how they
// come by their values: (customer_account_id, customer_id) → customers (account_id, id), of which
// the file has customer_id alone, is looked up in the customer's row.
//
//     fill_from_parents(schema, targets, options);   // before the plan is made
#pragma once

#include "core/import_options.hpp"
#include "core/plan/target_tables.hpp"
#include "core/schema.hpp"

#include <string>
#include <vector>

namespace migrate::core::plan {

// "filled from the parent "orders" (order_id), else from "users" (user_id)".
std::string describe_lookups(const std::vector<Lookup> &lookups);

// Adds these columns to the tables of the file, read by Column::lookups. A foreign key counts where
// the file has some of its columns, and those point to a key of the file's parent. What an added
// column gives may lead to more, over any number of parents.
void fill_from_parents(Schema &schema, const TargetTables &targets, const ImportOptions &options);

} // namespace migrate::core::plan
