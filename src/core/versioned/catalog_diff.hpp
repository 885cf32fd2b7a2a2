// What a migration's DOWN leaves behind: two snapshots of a database's catalogs compared by the
// identity of each object, never by its OID.
//
//     CatalogDiff diff = compare_catalogs(before, after);
#pragma once

#include <string>
#include <vector>

namespace migrate::core::versioned {

// One object of a snapshot. An object whose parent came or went as a whole is no difference of its
// own: a table that is left behind brings its columns, keys and indexes along.
struct CatalogObject {
    std::string identity;   // "column public.orders.sku": kind and qualified name
    std::string parent;     // the identity of the object that it belongs to, or ""
    std::string definition; // all that is worth comparing, a property a line
    bool is_order = false; // the definition is a list of names, a line each, whose order may differ
};
using CatalogSnapshot = std::vector<CatalogObject>;

struct CatalogDiff {
    // "table public.b was left behind; column public.a.x: integer became bigint; table public.a
    // gained row security"; "" for none.
    // Long definitions are shortened, and a long list too.
    std::string text;
    // Nothing differs but the order of columns, which no DROP and ADD COLUMN can bring back.
    bool is_restored = true;
};

// The snapshots may be in any order; they are sorted.
CatalogDiff compare_catalogs(CatalogSnapshot &before, CatalogSnapshot &after);

} // namespace migrate::core::versioned
