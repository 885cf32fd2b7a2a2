// The schema that an import fills: one import at a time, nothing overwritten, and enough locks.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

// Waits until no other import into this schema is under way: an advisory lock to the end of the
// transaction, so two imports cannot mix. `schema` in the server's encoding.
void lock_target_schema(const char *schema);

// The schema's oid, or InvalidOid when it has to be made.
Oid find_schema(const char *schema);
// The relation of that name in the schema (UTF-8), or InvalidOid.
Oid find_relation(Oid schema, const char *utf8_name);

// 53200 when the locks of so many new tables would take over half of the server's lock table, with
// the setting and the value that it needs. Running out half-way would fail other sessions too.
void check_lock_budget(int64 tables);

} // namespace migrate::pg
