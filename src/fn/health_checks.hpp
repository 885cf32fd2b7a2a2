// What migrate.health looks for: a query for each check, from the catalog alone.
#pragma once

#include <cstddef>

namespace migrate::fn {

// `sql` takes the schema as $1 (name) and gives a row for each object that is not as it should be:
// object_name, detail, fix_sql, all text. `all_well` is the detail when there is none.
struct HealthCheck {
    const char *name;
    const char *sql;
    const char *all_well;
};

extern const HealthCheck kHealthChecks[];
extern const std::size_t kHealthCheckCount;

} // namespace migrate::fn
