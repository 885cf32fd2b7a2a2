// Whether every row of the tenant tables (core/plan/tenancy.hpp) has a tenant, and the same one as
// the rows it refers to: looked at before anything is loaded.
#pragma once

#include "core/schema.hpp"
#include "core/sqlite/database.hpp"

namespace migrate::core::sqlite {

// Throws one Error for all rows that are not so, with counts and the first of them: 23502 when rows
// have no tenant, 23503 when rows refer to another tenant's.
void check_tenants(const Database &database, const Schema &schema);

} // namespace migrate::core::sqlite
