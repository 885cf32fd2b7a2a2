#include "pg/shard_constraints.hpp"

#include "pg/citus.hpp"
#include "pg/sql.hpp"

extern "C" {
#include "catalog/pg_type_d.h"
#include "utils/array.h"
}

namespace migrate::pg {
namespace {

// Of each constraint its table, its name, whether it is a foreign key, the table that it points to,
// and a query for the values of a row that breaks it: which two tables that lie side by
// side answer by a join on the shards.
constexpr char kConstraintsQuery[] =
    "SELECT c.relname, k.conname, k.contype OPERATOR(pg_catalog.=) 'f', p.relname, "
    "CASE WHEN k.contype OPERATOR(pg_catalog.=) 'f' THEN pg_catalog.format("
    " 'SELECT pg_catalog.concat_ws('', '', %1$s) FROM %2$I.%3$I AS c LEFT JOIN %4$I.%5$I AS p "
    "ON %6$s WHERE %7$s AND %8$s IS NULL LIMIT 1', u.columns, n.nspname, c.relname, m.nspname, "
    " p.relname, u.matches, u.not_null, u.parent) "
    "ELSE pg_catalog.format('SELECT pg_catalog.concat_ws('', '', %1$s) FROM %2$I.%3$I AS c "
    "WHERE %4$s GROUP BY %1$s HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1 LIMIT 1', "
    " u.columns, n.nspname, c.relname, u.not_null) END "
    "FROM pg_catalog.pg_constraint k "
    "JOIN pg_catalog.pg_dist_partition d ON d.logicalrelid OPERATOR(pg_catalog.=) k.conrelid "
    "JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) k.conrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
    "LEFT JOIN pg_catalog.pg_class p ON p.oid OPERATOR(pg_catalog.=) k.confrelid "
    "LEFT JOIN pg_catalog.pg_namespace m ON m.oid OPERATOR(pg_catalog.=) p.relnamespace "
    "CROSS JOIN LATERAL (SELECT "
    " pg_catalog.string_agg(pg_catalog.format('c.%I', a.attname), ', ' ORDER BY i.at) AS columns, "
    " pg_catalog.string_agg(pg_catalog.format('c.%I IS NOT NULL', a.attname), ' AND ') AS not_null,"
    " pg_catalog.string_agg(pg_catalog.format('p.%I OPERATOR(%I.%s) c.%I', b.attname, s.nspname, "
    "  o.oprname, a.attname), ' AND ') AS matches, "
    " pg_catalog.min(pg_catalog.format('p.%I', b.attname)) AS parent "
    " FROM ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey), "
    "  pg_catalog.unnest(k.conpfeqop)) WITH ORDINALITY AS i(child, parent, operator, at) "
    " JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) k.conrelid "
    "  AND a.attnum OPERATOR(pg_catalog.=) i.child "
    " LEFT JOIN pg_catalog.pg_attribute b ON b.attrelid OPERATOR(pg_catalog.=) k.confrelid "
    "  AND b.attnum OPERATOR(pg_catalog.=) i.parent "
    " LEFT JOIN pg_catalog.pg_operator o ON o.oid OPERATOR(pg_catalog.=) i.operator "
    " LEFT JOIN pg_catalog.pg_namespace s ON s.oid OPERATOR(pg_catalog.=) o.oprnamespace) AS u "
    "WHERE k.condeferred AND k.contype IN ('f', 'u', 'p') "
    "AND k.conparentid OPERATOR(pg_catalog.=) 0::pg_catalog.oid "
    "AND (k.conrelid OPERATOR(pg_catalog.=) ANY ($1) "
    "     OR k.confrelid OPERATOR(pg_catalog.=) ANY ($1)) ORDER BY k.oid";

struct ShardConstraint {
    const char *table;
    const char *name;
    bool is_foreign_key;
    const char *parent;
    const char *query;
};

void check(const ShardConstraint &constraint) {
    if (run_query(constraint.query) == 0)
        return;
    const char *values = query_text(0, 1);
    if (constraint.is_foreign_key)
        ereport(ERROR,
                (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
                 errmsg("insert or update on table \"%s\" violates foreign key constraint \"%s\"",
                        constraint.table, constraint.name),
                 errdetail("Key (%s) is not present in table \"%s\".", values, constraint.parent)));
    ereport(ERROR,
            (errcode(ERRCODE_UNIQUE_VIOLATION),
             errmsg("duplicate key value violates unique constraint \"%s\"", constraint.name),
             errdetail("Key (%s) is in several rows of table \"%s\".", values, constraint.table)));
}

bool is_any_distributed(const Oid *relations, int count) {
    for (int i = 0; i < count; i++)
        if (is_distributed(relations[i]))
            return true;
    return false;
}

} // namespace

void check_shard_constraints(const Oid *relations, int count) {
    if (!is_any_distributed(relations, count))
        return;
    auto *oids = static_cast<Datum *>(palloc(sizeof(Datum) * (count + 1)));
    for (int i = 0; i < count; i++)
        oids[i] = ObjectIdGetDatum(relations[i]);
    Oid type = OIDARRAYOID;
    Datum value =
        PointerGetDatum(construct_array(oids, count, OIDOID, sizeof(Oid), true, TYPALIGN_INT));
    const uint64 rows = run_query(kConstraintsQuery, 1, &type, &value);
    auto *constraints =
        static_cast<ShardConstraint *>(palloc(sizeof(ShardConstraint) * (rows + 1)));
    for (uint64 i = 0; i < rows; i++)
        constraints[i] = {query_text(i, 1), query_text(i, 2), query_text(i, 3)[0] == 't',
                          query_text(i, 4), query_text(i, 5)};
    for (uint64 i = 0; i < rows; i++)
        check(constraints[i]);
}

} // namespace migrate::pg
