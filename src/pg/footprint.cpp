#include "pg/footprint.hpp"

#include "pg/settings.hpp"
#include "pg/sql.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/datum.h"
}

namespace migrate::pg {
namespace {

// SPI keeps its results for itself: the array is copied out.
Datum array_at(MemoryContext memory, int column) {
    bool is_null = false;
    Datum value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column, &is_null);
    MemoryContext before = MemoryContextSwitchTo(memory);
    Datum copy = PointerGetDatum(DatumGetArrayTypePCopy(value));
    MemoryContextSwitchTo(before);
    return copy;
}

const char *text_at(int column) {
    return query_text(0, column);
}

} // namespace

Footprint *begin_footprint(Oid left_out) {
    MemoryContext memory = CurrentMemoryContext;
    auto *start = static_cast<Footprint *>(palloc0(sizeof(Footprint)));
    start->left_out = left_out;
    int level = push_settings();
    run_query(
        "SELECT COALESCE(array_agg(oid), '{}'), COALESCE(array_agg(oid::regclass::text), "
        "'{}'), COALESCE(array_agg(relfilenode), '{}') FROM pg_class WHERE relkind IN ('r', "
        "'p', 'v', 'm', 'f', 'S') AND oid >= 16384 AND relnamespace <> 'migrate'::regnamespace");
    start->relations = array_at(memory, 1);
    start->names = array_at(memory, 2);
    start->files = array_at(memory, 3);
    run_query("SELECT COALESCE(array_agg(relation || mode), '{}') FROM pg_locks WHERE pid = "
              "pg_backend_pid() AND locktype = 'relation' AND granted");
    start->locks = array_at(memory, 1);
    pop_settings(level);
    return start;
}

FootprintReport end_footprint(const Footprint *start) {
    Oid types[] = {OIDARRAYOID, TEXTARRAYOID, OIDARRAYOID, TEXTARRAYOID, OIDOID};
    Datum values[] = {start->relations, start->names, start->files, start->locks,
                      ObjectIdGetDatum(start->left_out)};
    FootprintReport report;
    int level = push_settings();
    run_query("WITH known AS (SELECT * FROM unnest($1, $2) AS k (oid, name) WHERE oid <> $5 AND "
              "$3 IS NOT NULL), strongest AS (SELECT DISTINCT ON (k.oid) k.name, l.mode FROM "
              "pg_locks l JOIN known k ON k.oid = l.relation WHERE l.pid = pg_backend_pid() AND "
              "l.locktype = 'relation' AND l.granted AND (l.relation || l.mode) <> ALL ($4) ORDER "
              "BY k.oid, array_position('{AccessExclusiveLock,ExclusiveLock,ShareRowExclusiveLock,"
              "ShareLock,ShareUpdateExclusiveLock,RowExclusiveLock,RowShareLock,AccessShareLock}', "
              "l.mode)) SELECT string_agg(name || ': ' || mode, '; ' ORDER BY name COLLATE \"C\") "
              "FROM strongest",
              5, types, values);
    report.locks = text_at(1);
    run_query("SELECT string_agg(format('%s (%s)', k.name, "
              "pg_size_pretty(pg_relation_size(c.oid))), '; ' ORDER BY k.name COLLATE \"C\") FROM "
              "unnest($1, $2, $3) AS k (oid, name, file) JOIN pg_class c ON c.oid = k.oid WHERE "
              "c.relkind IN ('r', 'm') AND c.relfilenode <> k.file AND k.oid <> $5 AND $4 IS NOT "
              "NULL",
              5, types, values);
    report.rewrites = text_at(1);
    pop_settings(level);
    return report;
}

} // namespace migrate::pg
