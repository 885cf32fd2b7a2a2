// Which tables of a file hold rows of tenants, and by which column, before any key is changed: the
// first half of core/plan/tenancy.
//
//     std::vector<TenantTable> tables = find_tenant_tables(schema, "account_id");
#pragma once

#include "core/schema.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core::plan {

enum class TenantRole : unsigned char {
    global, // no row belongs to a tenant
    root,   // each row is a tenant: its key is what the tenant column refers to
    owner,  // has the column
    child,  // gets it from parents
};

struct TenantTable {
    TenantRole role = TenantRole::global;
    int column = -1;             // of the tenant; of a child, where it will stand
    std::vector<Lookup> lookups; // of a child: the ways to its tenant
    bool is_tenant() const noexcept {
        return role == TenantRole::owner || role == TenantRole::child;
    }
};

// A foreign key whose parent columns are a key of a table of the file.
struct FoundKey {
    std::size_t parent = 0;     // index into Schema::tables
    std::vector<int> columns{}; // of the parent, in the order of ForeignKey::columns
};

// Nothing when the parent is missing, or its columns are no key of it: SQLite cannot enforce that.
std::optional<FoundKey> find_parent_key(const Schema &schema, const ForeignKey &key);

// The column of that name in SQLite's folding that can be read, or -1.
int find_column(const Table &table, std::string_view name);

// Whether every column of the foreign key is kept from being NULL.
bool is_mandatory(const Table &table, const ForeignKey &key);

// By Schema::tables. A table without the column is a child when a foreign key of it leads to a
// table with the column, over any number of tables; references to itself and back along a cycle
// lead nowhere new. Throws Error 42703, naming the nearest column, when no table has the column.
std::vector<TenantTable> find_tenant_tables(const Schema &schema, const std::string &column);

} // namespace migrate::core::plan
