// The rows of a shared table by their tenants, while it is compared with a file: what the file
// lacks is missing only where the file holds that tenant.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace migrate::core {

// Of one tenant in one table.
struct TenantRows {
    bool is_in_source = false; // the file has a row of it
    std::int64_t present = 0;  // rows of the table
    std::int64_t missing = 0;  // those that the file lacks
};

// By the text of the tenant, which is the same whatever integer type a table has for it.
using RowsByTenant = std::map<std::string, TenantRows, std::less<>>;

} // namespace migrate::core
