#include "pg/table_trust.hpp"

#include "pg/compat.hpp"
#include "pg/sql.hpp"

extern "C" {
#include "access/table.h"
#include "catalog/pg_type.h"
#include "utils/acl.h"
#include "utils/rel.h"
}

namespace migrate::pg {
namespace {

// pg_depend does not help: what initdb made has no row there, and functions of pg_catalog run SQL
// that they are given as text (query_to_xml, ts_rewrite). So everything that is an expression is
// refused, but for defaults of a few forms, as pg_get_expr prints them.
bool has_expressions(Oid relation) {
    Oid type = OIDOID;
    Datum value = ObjectIdGetDatum(relation);
    return run_query(
               "SELECT WHERE EXISTS (SELECT FROM pg_constraint WHERE conrelid = $1 AND contype "
               "NOT IN ('p', 'u', 'n')) "
               "OR EXISTS (SELECT FROM pg_index i WHERE indrelid = $1 AND (indexprs IS NOT NULL OR "
               "indpred IS NOT NULL OR EXISTS (SELECT FROM unnest(indclass) c WHERE c >= 16384))) "
               "OR EXISTS (SELECT FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT "
               "attisdropped AND (attgenerated <> '' OR atttypid >= 16384)) "
               "OR EXISTS (SELECT FROM pg_attrdef WHERE adrelid = $1 AND pg_get_expr(adbin, "
               "adrelid) !~ '^((now|clock_timestamp|statement_timestamp|transaction_timestamp|"
               "gen_random_uuid)\\(\\)|[A-Z_]+|-?[0-9.]+|true|false|''([^'']|'''')*''::[a-z ]+"
               "(\\([0-9,]+\\))?|nextval\\(''([^'']|'''')*''::regclass\\))$')",
               1, &type, &value) > 0;
}

bool can_run_code(Oid relation) {
    Relation opened = table_open(relation, AccessShareLock);
    // Not relhastriggers and its kin: they stay until the next VACUUM.
    bool can_run = opened->trigdesc != nullptr || opened->rd_rules != nullptr ||
                   opened->rd_rel->relrowsecurity;
    table_close(opened, AccessShareLock);
    return can_run || has_expressions(relation);
}

} // namespace

bool is_trusted_role(Oid owner) {
    Oid user = GetUserId();
    return owner == user || superuser_arg(owner) ||
           (!superuser_arg(user) && is_member_of_role_nosuper(user, owner));
}

bool is_trusted_table(Oid relation, Oid owner) {
    return is_trusted_role(owner) || !can_run_code(relation);
}

uint64 run_on_table(Oid owner, const char *sql, Parameters *parameters) {
    Oid user = GetUserId();
    bool is_switched = owner != user && may_become(user, owner);
    return run_as_role(is_switched ? owner : user, is_switched ? SECURITY_RESTRICTED_OPERATION : 0,
                       sql, parameters);
}

} // namespace migrate::pg
