#include "fn/health_checks.hpp"

namespace migrate::fn {
namespace {

constexpr char kNotValidated[] =
    "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), "
    "  pg_catalog.format('%s constraint %I is not validated: rows may break it', "
    "    CASE k.contype WHEN 'f' THEN 'foreign key' ELSE 'check' END, k.conname), "
    "  pg_catalog.format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I', n.nspname, c.relname, "
    "k.conname) "
    "FROM pg_catalog.pg_constraint k "
    "JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) k.conrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
    "WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND NOT k.convalidated "
    "AND k.contype OPERATOR(pg_catalog.=) ANY ('{f,c}'::pg_catalog.\"char\"[]) "
    "ORDER BY c.relname, k.conname";

// An index helps when the key's columns are its first ones, in any order.
constexpr char kNoIndex[] =
    "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), "
    "  pg_catalog.format('foreign key %I has no index on (%s): a DELETE in %s reads all of %I', "
    "    k.conname, a.names, k.confrelid::pg_catalog.regclass, c.relname), "
    "  pg_catalog.format('CREATE INDEX ON %I.%I (%s)', n.nspname, c.relname, a.names) "
    "FROM pg_catalog.pg_constraint k "
    "JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) k.conrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace, "
    "LATERAL (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(t.attname), ', ' ORDER BY "
    "u.place) "
    "           AS names "
    "         FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY u (attnum, place) "
    "         JOIN pg_catalog.pg_attribute t ON t.attrelid OPERATOR(pg_catalog.=) k.conrelid "
    "           AND t.attnum OPERATOR(pg_catalog.=) u.attnum) a "
    "WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND k.contype OPERATOR(pg_catalog.=) 'f' "
    "AND k.conparentid OPERATOR(pg_catalog.=) 0 "
    "AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i "
    "  WHERE i.indrelid OPERATOR(pg_catalog.=) k.conrelid AND i.indisvalid AND i.indpred IS NULL "
    "  AND (i.indkey::pg_catalog.int2[])[0:pg_catalog.cardinality(k.conkey) OPERATOR(pg_catalog.-) "
    "1] "
    "      OPERATOR(pg_catalog.@>) k.conkey) "
    "ORDER BY c.relname, k.conname";

constexpr char kInvalidIndex[] =
    "SELECT pg_catalog.format('%I.%I', n.nspname, x.relname), "
    "  pg_catalog.format('index of %I is not valid: no query uses it', c.relname), "
    "  pg_catalog.format('REINDEX INDEX %I.%I', n.nspname, x.relname) "
    "FROM pg_catalog.pg_index i "
    "JOIN pg_catalog.pg_class x ON x.oid OPERATOR(pg_catalog.=) i.indexrelid "
    "JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.indrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) x.relnamespace "
    "WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND NOT i.indisvalid ORDER BY x.relname";

// reltuples is -1 until VACUUM or ANALYZE saw the table; an index sets it too, so statistics of the
// columns are what counts, where the caller may see them: pg_stats hides those of tables whose row
// security holds for the reader. An empty table has none to have.
constexpr char kNeverAnalyzed[] =
    "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), "
    "  'the planner has no statistics of its columns', "
    "  pg_catalog.format('ANALYZE %I.%I', n.nspname, c.relname) "
    "FROM pg_catalog.pg_class c "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
    "WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND c.relkind OPERATOR(pg_catalog.=) 'r' "
    "AND pg_catalog.pg_relation_size(c.oid) OPERATOR(pg_catalog.>) 0 "
    "AND pg_catalog.has_table_privilege(c.oid, 'SELECT') "
    "AND NOT pg_catalog.row_security_active(c.oid) "
    "AND NOT EXISTS (SELECT FROM pg_catalog.pg_stats s "
    "                WHERE s.schemaname OPERATOR(pg_catalog.=) n.nspname "
    "                AND s.tablename OPERATOR(pg_catalog.=) c.relname) ORDER BY c.relname";

constexpr char kUnlogged[] =
    "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), "
    "  'the table is unlogged: a crash empties it', "
    "  pg_catalog.format('ALTER TABLE %I.%I SET LOGGED', n.nspname, c.relname) "
    "FROM pg_catalog.pg_class c "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
    "WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND c.relkind OPERATOR(pg_catalog.=) 'r' "
    "AND c.relpersistence OPERATOR(pg_catalog.=) 'u' ORDER BY c.relname";

constexpr char kColumnTypes[] =
    "SELECT pg_catalog.quote_ident(a.attname), "
    "  'columns of this name have different types: ' || pg_catalog.string_agg(pg_catalog.format( "
    "    '%I is %s', c.relname, pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' "
    "    ORDER BY c.relname), NULL::pg_catalog.text "
    "FROM pg_catalog.pg_class c "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid "
    "WHERE n.nspname OPERATOR(pg_catalog.=) $1 "
    "AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p}'::pg_catalog.\"char\"[]) "
    "AND NOT c.relispartition AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped "
    "GROUP BY a.attname HAVING pg_catalog.count(DISTINCT a.atttypid) OPERATOR(pg_catalog.>) 1 "
    "ORDER BY a.attname";

// A migrated application brings its own connections: nine tenths used is too many.
constexpr char kConnections[] =
    "SELECT 'max_connections'::pg_catalog.text, "
    "  pg_catalog.format('%s of %s connections are in use', u.used, m.most), "
    "  pg_catalog.format('ALTER SYSTEM SET max_connections = %s', m.most OPERATOR(pg_catalog.*) 2) "
    "FROM (SELECT pg_catalog.count(*) AS used FROM pg_catalog.pg_stat_activity "
    "      WHERE backend_type OPERATOR(pg_catalog.=) 'client backend') u, "
    "  (SELECT pg_catalog.current_setting('max_connections')::pg_catalog.int8 "
    "   OPERATOR(pg_catalog.-) "
    "   pg_catalog.current_setting('superuser_reserved_connections')::pg_catalog.int8 AS most) m "
    "WHERE (u.used OPERATOR(pg_catalog.*) 10) OPERATOR(pg_catalog.>=) "
    "      (m.most OPERATOR(pg_catalog.*) 9) AND $1 IS NOT NULL";

} // namespace

const HealthCheck kHealthChecks[] = {
    {"constraint_not_validated", kNotValidated, "every foreign key and check is validated"},
    {"foreign_key_without_index", kNoIndex, "every foreign key has an index"},
    {"invalid_index", kInvalidIndex, "every index is valid"},
    {"never_analyzed", kNeverAnalyzed, "every table with rows has statistics"},
    {"unlogged_table", kUnlogged, "every table survives a crash"},
    {"column_types", kColumnTypes, "columns of one name have one type"},
    {"connection_headroom", kConnections, "less than nine tenths of the connections are in use"},
};
const std::size_t kHealthCheckCount = sizeof(kHealthChecks) / sizeof(kHealthChecks[0]);

} // namespace migrate::fn
