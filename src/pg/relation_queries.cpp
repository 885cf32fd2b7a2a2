#include "pg/catalog_queries.hpp"

#include "pg/catalog_fragments.hpp"

namespace migrate::pg {
namespace {

// The literals break where it suits the SQL.
// clang-format off

constexpr const char *kSchemas =
    "SELECT format('schema %I', n.nspname), NULL, concat_ws(E'\\n', " OWNER("n.nspowner") ", "
    ACL("n", "n.nspacl", "n.nspowner") ", " COMMENT("pg_namespace", "n.oid") "), false FROM "
    "pg_namespace n WHERE" USER_SCHEMA("n") "AND" NOT_MEMBER("pg_namespace", "n.oid");

// A sequence of a column belongs to its table.
constexpr const char *kRelations =
    RELATIONS "SELECT c.identity, COALESCE((SELECT t.identity FROM pg_depend d JOIN rel t ON "
    "t.oid = d.refobjid WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = "
    "c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') LIMIT 1), "
    SCHEMA("c.relnamespace") "), concat_ws(E'\\n', " OWNER("c.relowner") ", CASE WHEN c.relkind "
    "<> 'c' THEN "
    ACL_OF("CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\"", "c.relacl", "c.relowner") " "
    "END, CASE c.relpersistence WHEN 'u' THEN 'unlogged' END, (SELECT 'tablespace ' || spcname "
    "FROM pg_tablespace WHERE oid = c.reltablespace), (SELECT 'access method ' || amname FROM "
    "pg_am WHERE oid = c.relam), 'options ' || c.reloptions::text, CASE WHEN c.relrowsecurity "
    "THEN 'row security' END, CASE WHEN c.relforcerowsecurity THEN 'forced row security' END, "
    "CASE WHEN c.relreplident <> 'd' AND c.relkind IN ('r', 'p') THEN 'replica identity ' || "
    "c.relreplident::text END, CASE WHEN c.relkind = 'p' THEN 'partition by ' || "
    "pg_get_partkeydef(c.oid) END, pg_get_expr(c.relpartbound, c.oid), (SELECT 'inherits ' || "
    "string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_inherits i WHERE "
    "i.inhrelid = c.oid), CASE WHEN c.reloftype <> 0 THEN 'of ' || c.reloftype::regtype END, "
    "CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, CASE WHEN c.relkind = 'm' "
    "AND NOT c.relispopulated THEN 'not populated' END, (SELECT format('%s start %s increment %s "
    "from %s to %s cache %s%s', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, "
    "s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ' cycle' END) FROM pg_sequence s WHERE "
    "s.seqrelid = c.oid), (SELECT format('server %I %s', s.srvname, f.ftoptions) FROM "
    "pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid), "
    COMMENT("pg_class", "c.oid") "), false FROM rel c WHERE c.relkind NOT IN ('i', 'I')";

// An index behind a key is told by its constraint.
constexpr const char *kIndexes =
    RELATIONS "SELECT c.identity, t.identity, concat_ws(E'\\n', pg_get_indexdef(c.oid), CASE "
    "WHEN NOT i.indisvalid THEN 'invalid' END, CASE WHEN i.indisclustered THEN 'clustered' END, "
    "CASE WHEN i.indisreplident THEN 'replica identity' END, (SELECT 'tablespace ' || spcname "
    "FROM pg_tablespace WHERE oid = c.reltablespace), " COMMENT("pg_class", "c.oid") "), false "
    "FROM rel c JOIN pg_index i ON i.indexrelid = c.oid JOIN rel t ON t.oid = i.indrelid WHERE "
    "NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', "
    "'u', 'x'))";

// attstattarget: -1 before 17, NULL from then on. Late releases of 15 to 17 keep a version of their
// own among the options, which every ALTER changes.
constexpr const char *kColumns =
    RELATIONS "SELECT format('column %s.%I', c.oid::regclass, a.attname), c.identity, "
    "concat_ws(E'\\n', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attcollation <> "
    "t.typcollation THEN 'collate ' || a.attcollation::regcollation END, CASE WHEN a.attnotnull "
    "THEN 'not null' END, CASE a.attgenerated WHEN '' THEN 'default' ELSE 'generated' END || ' ' "
    "|| pg_get_expr(d.adbin, d.adrelid), CASE a.attidentity WHEN 'a' THEN 'identity always' WHEN "
    "'d' THEN 'identity by default' END, CASE WHEN a.attstorage <> t.typstorage THEN 'storage ' "
    "|| a.attstorage::text END, 'compression ' || NULLIF(a.attcompression::text, ''), "
    "'statistics ' || NULLIF(a.attstattarget::integer, -1), (SELECT 'options ' || string_agg(o, "
    "', ') FROM unnest(a.attoptions) o WHERE o !~ '^pg_attver='), 'options ' || "
    "a.attfdwoptions::text, 'privileges ' || a.attacl::text, 'comment ' || "
    "col_description(c.oid, a.attnum)), false FROM rel c JOIN pg_attribute a ON a.attrelid = "
    "c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid LEFT "
    "JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relkind IN ('r', 'p', "
    "'f', 'c')";

constexpr const char *kColumnOrders =
    RELATIONS "SELECT 'column order of ' || c.oid::regclass, c.identity, string_agg(a.attname, "
    "E'\\n' ORDER BY a.attnum), true FROM rel c JOIN pg_attribute a ON a.attrelid = c.oid AND "
    "a.attnum > 0 AND NOT a.attisdropped WHERE c.relkind IN ('r', 'p', 'f', 'c') GROUP BY c.oid, "
    "c.identity";

// NOT NULL is told by its column.
constexpr const char *kConstraints =
    RELATIONS "SELECT format('constraint %I on %s', k.conname, c.oid::regclass), c.identity, "
    "concat_ws(E'\\n', pg_get_constraintdef(k.oid), " COMMENT("pg_constraint", "k.oid") "), "
    "false FROM pg_constraint k JOIN rel c ON c.oid = k.conrelid WHERE k.contype NOT IN ('t', "
    "'n')";

constexpr const char *kTriggers =
    RELATIONS "SELECT format('trigger %I on %s', g.tgname, c.oid::regclass), c.identity, "
    "concat_ws(E'\\n', pg_get_triggerdef(g.oid), CASE WHEN g.tgenabled <> 'O' THEN 'enabled ' || "
    "g.tgenabled::text END, " COMMENT("pg_trigger", "g.oid") "), false FROM pg_trigger g JOIN "
    "rel c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal";

constexpr const char *kRules =
    RELATIONS "SELECT format('rule %I on %s', r.rulename, c.oid::regclass), c.identity, "
    "concat_ws(E'\\n', pg_get_ruledef(r.oid), CASE WHEN r.ev_enabled <> 'O' THEN 'enabled ' || "
    "r.ev_enabled::text END, " COMMENT("pg_rewrite", "r.oid") "), false FROM pg_rewrite r JOIN "
    "rel c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN'";

constexpr const char *kPolicies =
    RELATIONS "SELECT format('policy %I on %s', p.polname, c.oid::regclass), c.identity, "
    "concat_ws(E'\\n', CASE p.polpermissive WHEN true THEN 'permissive' ELSE 'restrictive' END, "
    "'for ' || p.polcmd::text, (SELECT 'to ' || string_agg(CASE r WHEN 0 THEN 'public' ELSE "
    "pg_get_userbyid(r) END, ', ' ORDER BY r) FROM unnest(p.polroles) r), 'using ' || "
    "pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid), "
    COMMENT("pg_policy", "p.oid") "), false FROM pg_policy p JOIN rel c ON c.oid = p.polrelid";

// clang-format on

constexpr const char *kQueries[] = {
    kSchemas,     kRelations, kIndexes, kColumns,  kColumnOrders,
    kConstraints, kTriggers,  kRules,   kPolicies,
};

} // namespace

std::span<const char *const> relation_queries() {
    return kQueries;
}

} // namespace migrate::pg
