#include "pg/sync_delete.hpp"

#include "pg/sql.hpp"
#include "pg/sync_arrays.hpp"

extern "C" {
#include "pgstat.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
}

namespace migrate::pg {
namespace {

// Every table that a chain of cascades reaches, with the rows that this transaction deleted so far.
constexpr char kCascadeQuery[] =
    "WITH RECURSIVE reached(relation) AS ("
    " SELECT c.conrelid FROM pg_catalog.pg_constraint c"
    " WHERE c.confrelid OPERATOR(pg_catalog.=) $1 AND c.contype OPERATOR(pg_catalog.=) 'f'"
    " AND c.confdeltype OPERATOR(pg_catalog.=) 'c'"
    " UNION SELECT c.conrelid FROM pg_catalog.pg_constraint c"
    " JOIN reached r ON c.confrelid OPERATOR(pg_catalog.=) r.relation"
    " WHERE c.contype OPERATOR(pg_catalog.=) 'f' AND c.confdeltype OPERATOR(pg_catalog.=) 'c'), "
    "leaves(relation, leaf) AS ("
    " SELECT COALESCE(pg_catalog.pg_partition_root(r.relation)::pg_catalog.oid, r.relation), "
    "        COALESCE(t.relid::pg_catalog.oid, r.relation)"
    " FROM reached r LEFT JOIN LATERAL pg_catalog.pg_partition_tree(r.relation) t ON true) "
    "SELECT relation::pg_catalog.int8,"
    " pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_deleted(leaf))::pg_catalog.int8 "
    "FROM (SELECT DISTINCT relation, leaf FROM leaves) d GROUP BY relation ORDER BY relation";

uint64 read_cascade(const TableSync *sync) {
    Oid type = OIDOID;
    Datum relation = ObjectIdGetDatum(sync->relation);
    return run_query(kCascadeQuery, 1, &type, &relation);
}

int64 count_rows(Oid relation) {
    const char *name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
                                                  get_rel_name(relation));
    (void)run_query(psprintf("SELECT pg_catalog.count(*) FROM %s", name));
    return query_bigint(0, 1);
}

// "AND NOT EXISTS" for each foreign key from one of the tables.
constexpr char kReferenceQuery[] =
    "SELECT c.conrelid::pg_catalog.int8, pg_catalog.quote_ident(s.nspname) "
    "  OPERATOR(pg_catalog.||) '.' OPERATOR(pg_catalog.||) pg_catalog.quote_ident(r.relname), "
    " pg_catalog.string_agg(pg_catalog.format("
    "  'migrate_target.%I OPERATOR(%I.%s) migrate_child.%I', p.attname, n.nspname, o.oprname, "
    "  f.attname), ' AND ') "
    "FROM pg_catalog.pg_constraint c "
    "JOIN pg_catalog.pg_class r ON r.oid OPERATOR(pg_catalog.=) c.conrelid "
    "JOIN pg_catalog.pg_namespace s ON s.oid OPERATOR(pg_catalog.=) r.relnamespace "
    "CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(c.conkey), pg_catalog.unnest(c.confkey), "
    " pg_catalog.unnest(c.conpfeqop)) AS k(child, parent, operator) "
    "JOIN pg_catalog.pg_attribute f ON f.attrelid OPERATOR(pg_catalog.=) c.conrelid "
    " AND f.attnum OPERATOR(pg_catalog.=) k.child "
    "JOIN pg_catalog.pg_attribute p ON p.attrelid OPERATOR(pg_catalog.=) c.confrelid "
    " AND p.attnum OPERATOR(pg_catalog.=) k.parent "
    "JOIN pg_catalog.pg_operator o ON o.oid OPERATOR(pg_catalog.=) k.operator "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) o.oprnamespace "
    "WHERE c.contype OPERATOR(pg_catalog.=) 'f' AND c.confrelid OPERATOR(pg_catalog.=) $1 "
    "AND c.conrelid OPERATOR(pg_catalog.=) ANY ($2) "
    "GROUP BY c.oid, c.conrelid, s.nspname, r.relname ORDER BY c.oid";

ArrayType *relations_of(TableSync *const *syncs, int count) {
    auto *oids = static_cast<Datum *>(palloc(sizeof(Datum) * (count + 1)));
    for (int i = 0; i < count; i++)
        oids[i] = ObjectIdGetDatum(syncs[i]->relation);
    return construct_array(oids, count, OIDOID, sizeof(Oid), true, TYPALIGN_INT);
}

// A row that points to another of its own table and goes with it does not keep it.
const char *own_guard(const TableSync *sync, Oid child) {
    if (child != sync->relation)
        return "";
    return psprintf(" AND NOT EXISTS (SELECT FROM %s AS migrate_gone WHERE %s)", kMissingRows,
                    same_key(sync, "migrate_gone", "migrate_child"));
}

// A DELETE of Citus looks at tables that are spread as its own is, and nowhere else.
bool may_look_at(const TableSync *sync, const Oid *children, uint64 count) {
    for (uint64 i = 0; i < count; i++)
        if (placement_of(children[i]) != sync->placement)
            return false;
    return true;
}

} // namespace

Cascade *watch_cascade(const TableSync *sync) {
    MemoryContext caller = CurrentMemoryContext;
    const uint64 rows = read_cascade(sync);
    MemoryContextSwitchTo(caller);
    auto *cascade = static_cast<Cascade *>(palloc0(sizeof(Cascade)));
    cascade->count = static_cast<int>(rows);
    cascade->tables = static_cast<Oid *>(palloc(sizeof(Oid) * (rows + 1)));
    cascade->deleted = static_cast<int64 *>(palloc0(sizeof(int64) * (rows + 1)));
    cascade->first_deleted = static_cast<int64 *>(palloc(sizeof(int64) * (rows + 1)));
    for (uint64 i = 0; i < rows; i++) {
        cascade->tables[i] = static_cast<Oid>(query_bigint(i, 1));
        cascade->first_deleted[i] = query_bigint(i, 2);
    }
    cascade->is_counted = pgstat_track_counts || sync->placement != Placement::local;
    if (sync->placement != Placement::local)
        for (int i = 0; i < cascade->count; i++)
            cascade->first_deleted[i] = count_rows(cascade->tables[i]);
    MemoryContextSwitchTo(caller);
    return cascade;
}

// The catalog is locked by nobody, so tables are told by their oids.
void count_cascade(const TableSync *sync, Cascade *cascade) {
    MemoryContext caller = CurrentMemoryContext;
    if (sync->placement != Placement::local) {
        for (int i = 0; i < cascade->count; i++)
            cascade->deleted[i] = cascade->first_deleted[i] - count_rows(cascade->tables[i]);
        MemoryContextSwitchTo(caller);
        return;
    }
    const uint64 rows = read_cascade(sync);
    MemoryContextSwitchTo(caller);
    for (uint64 row = 0; row < rows; row++)
        for (int i = 0; i < cascade->count; i++)
            if (cascade->tables[i] == static_cast<Oid>(query_bigint(row, 1)))
                cascade->deleted[i] = query_bigint(row, 2) - cascade->first_deleted[i];
}

const char *reference_guard(const TableSync *sync, TableSync *const *syncs, int count) {
    Oid types[] = {OIDOID, OIDARRAYOID};
    Datum values[] = {ObjectIdGetDatum(sync->relation),
                      PointerGetDatum(relations_of(syncs, count))};
    MemoryContext caller = CurrentMemoryContext;
    const uint64 rows = run_query(kReferenceQuery, 2, types, values);
    MemoryContextSwitchTo(caller);
    StringInfoData guard;
    initStringInfo(&guard);
    auto *children = static_cast<Oid *>(palloc(sizeof(Oid) * (rows + 1)));
    for (uint64 i = 0; i < rows; i++) {
        children[i] = static_cast<Oid>(query_bigint(i, 1));
        appendStringInfo(&guard, " AND NOT EXISTS (SELECT FROM %s AS migrate_child WHERE %s%s)",
                         query_text(i, 2), query_text(i, 3), own_guard(sync, children[i]));
    }
    return may_look_at(sync, children, rows) ? guard.data : nullptr;
}

int64 delete_missing(TableSync *sync, const char *guard) {
    share_rows(sync->missing);
    const int level = push_caller_settings(sync->request.target.caller_settings);
    const int64 deleted = run_on_rows(sync, sync->missing, delete_statement(sync, guard));
    pop_settings(level);
    unshare_rows(sync->missing);
    sync->counts.deleted += deleted;
    return deleted;
}

} // namespace migrate::pg
