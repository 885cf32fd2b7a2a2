// Option "tenant_unique_keep": which unique keys stay unique across tenants.
//
//     KeptKeys kept({"coupons", "users.email"}, schema);
//     if (!kept.holds(table, index)) … the tenant leads the key …
#pragma once

#include "core/schema.hpp"

#include <string>
#include <vector>

namespace migrate::core::plan {

class KeptKeys {
  public:
    // Throws Error 22023, with the nearest name, for one that is neither a table's nor a key's.
    KeptKeys(const std::vector<std::string> &names, const Schema &schema);

    // Whether one of the names is the table's, or the key's: "table.name", or "table.a, b" by the
    // columns of a UNIQUE without a name. Compared as SQLite compares names.
    bool holds(const Table &table, const Index &index) const;

  private:
    std::vector<std::string> names_; // folded
};

} // namespace migrate::core::plan
