// The queries that describe a database by what its objects are called and how they are defined.
#pragma once

#include <span>

namespace migrate::pg {

// Each gives four columns: identity, parent's identity or NULL, definition, whether the definition
// is an order of names; $1 is the OID of a table that is left out. Members of extensions, temporary
// objects and what initdb made are not described. They read nothing that every role may not read
// (pg_authid, pg_user_mapping and pg_subscription's connection are such), and need search_path
// pinned to pg_catalog.
std::span<const char *const> relation_queries(); // schemas, tables and what belongs to them
std::span<const char *const> object_queries();   // everything else

} // namespace migrate::pg
