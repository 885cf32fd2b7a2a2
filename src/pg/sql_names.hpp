// Names and operators as our own statements spell them: qualified and quoted, so that neither the
// caller's search_path nor a strange name changes what a statement means. All palloc'd.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "lib/stringinfo.h"
#include "utils/rel.h"
}

namespace migrate::pg {

// schema.table, quoted as needed.
const char *qualified_name(Relation relation);

// OPERATOR(schema.=): the equality of a type's default operator class, which its unique indexes
// use; `=` alone might be another one in the caller's search_path. 42883 for a type without one.
const char *equality_operator(Oid type);

// Appends an item, after the separator unless it is the first.
void append_item(StringInfo list, const char *separator, const char *item);

} // namespace migrate::pg
