#include "pg/constraint_state.hpp"

#include "pg/shard_constraints.hpp"
#include "pg/sql.hpp"

extern "C" {
#include "utils/array.h"
}

namespace migrate::pg {
namespace {

// SET CONSTRAINTS takes all constraints of a name, and fails where one of them, be it of another
// table, is not deferrable: such a name is left as it is.
constexpr char kConstraintsQuery[] =
    "SELECT pg_catalog.string_agg(DISTINCT name, ', '), "
    " pg_catalog.string_agg(DISTINCT name, ', ') FILTER (WHERE condeferred) "
    "FROM (SELECT pg_catalog.format('%I.%I', n.nspname, c.conname) AS name, c.condeferred "
    " FROM pg_catalog.pg_constraint c "
    " JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.connamespace "
    " WHERE c.condeferrable AND c.contype IN ('f', 'u', 'p', 'x') "
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint o "
    "  WHERE o.conname OPERATOR(pg_catalog.=) c.conname "
    "  AND o.connamespace OPERATOR(pg_catalog.=) c.connamespace AND NOT o.condeferrable) "
    " AND (c.conrelid OPERATOR(pg_catalog.=) ANY ($1) "
    "      OR c.confrelid OPERATOR(pg_catalog.=) ANY ($1))) s";

void set_constraints(const char *names, const char *mode) {
    if (names[0] != '\0')
        run_utility(psprintf("SET CONSTRAINTS %s %s", names, mode));
}

} // namespace

DeferredConstraints *defer_constraints(const Oid *relations, int count) {
    auto *oids = static_cast<Datum *>(palloc(sizeof(Datum) * (count + 1)));
    for (int i = 0; i < count; i++)
        oids[i] = ObjectIdGetDatum(relations[i]);
    Oid type = OIDARRAYOID;
    Datum value =
        PointerGetDatum(construct_array(oids, count, OIDOID, sizeof(Oid), true, TYPALIGN_INT));
    auto *constraints = static_cast<DeferredConstraints *>(palloc(sizeof(DeferredConstraints)));
    (void)run_query(kConstraintsQuery, 1, &type, &value);
    const char *all = query_text(0, 1);
    const char *deferred = query_text(0, 2);
    constraints->relations = relations;
    constraints->count = count;
    constraints->all = all != nullptr ? all : "";
    constraints->deferred = deferred != nullptr ? deferred : "";
    set_constraints(constraints->all, "DEFERRED");
    return constraints;
}

void check_constraints(const DeferredConstraints *constraints) {
    set_constraints(constraints->all, "IMMEDIATE");
    set_constraints(constraints->deferred, "DEFERRED");
    check_shard_constraints(constraints->relations, constraints->count);
}

} // namespace migrate::pg
