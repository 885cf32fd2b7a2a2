#include "pg/catalog_queries.hpp"

#include "pg/catalog_fragments.hpp"

namespace migrate::pg {
namespace {

// The literals break where it suits the SQL.
// clang-format off

constexpr const char *kRoutines =
    "SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function "
    "' END || p.oid::regprocedure, " SCHEMA("p.pronamespace") ", concat_ws(E'\\n', CASE WHEN "
    "p.prokind <> 'a' THEN pg_get_functiondef(p.oid) ELSE (SELECT concat_ws(' ', "
    "g.aggtransfn::regproc, g.aggfinalfn::regproc, g.aggcombinefn::regproc, "
    "g.aggmtransfn::regproc, g.aggsortop::regoperator, g.aggtranstype::regtype, g.agginitval) "
    "FROM pg_aggregate g WHERE g.aggfnoid = p.oid) END, " OWNER("p.proowner") ", "
    ACL("f", "p.proacl", "p.proowner") ", " COMMENT("pg_proc", "p.oid") "), false FROM pg_proc "
    "p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE" USER_SCHEMA("n") "AND"
    NOT_MEMBER("pg_proc", "p.oid");

// Row types are told by their relations, array and multirange types by their elements.
constexpr const char *kTypes =
    "SELECT CASE t.typtype WHEN 'd' THEN 'domain ' ELSE 'type ' END || t.oid::regtype, "
    SCHEMA("t.typnamespace") ", concat_ws(E'\\n', CASE t.typtype WHEN 'e' THEN (SELECT 'enum ' "
    "|| string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e "
    "WHERE e.enumtypid = t.oid) WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) WHEN 'r' "
    "THEN (SELECT format('range of %s', r.rngsubtype::regtype) FROM pg_range r WHERE r.rngtypid "
    "= t.oid) WHEN 'p' THEN 'shell' ELSE concat_ws(' ', t.typinput, t.typoutput, t.typlen) END, "
    "CASE WHEN t.typnotnull THEN 'not null' END, 'default ' || t.typdefault, CASE WHEN "
    "t.typcollation <> 0 AND t.typtype = 'd' THEN 'collate ' || t.typcollation::regcollation "
    "END, " OWNER("t.typowner") ", " ACL("T", "t.typacl", "t.typowner") ", "
    COMMENT("pg_type", "t.oid") "), false FROM pg_type t JOIN pg_namespace n ON n.oid = "
    "t.typnamespace WHERE t.typrelid = 0 AND t.typtype <> 'm' AND NOT EXISTS (SELECT FROM "
    "pg_type e WHERE e.typarray = t.oid) AND" USER_SCHEMA("n") "AND"
    NOT_MEMBER("pg_type", "t.oid");

constexpr const char *kDomainConstraints =
    "SELECT format('constraint %I on %s', k.conname, t.oid::regtype), 'domain ' || "
    "t.oid::regtype, concat_ws(E'\\n', pg_get_constraintdef(k.oid), "
    COMMENT("pg_constraint", "k.oid") "), false FROM pg_constraint k JOIN pg_type t ON t.oid = "
    "k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace WHERE" USER_SCHEMA("n") "AND"
    NOT_MEMBER("pg_type", "t.oid");

constexpr const char *kStatistics =
    "SELECT 'statistics ' || format('%I.%I', n.nspname, s.stxname), " SCHEMA("s.stxnamespace")
    ", concat_ws(E'\\n', pg_get_statisticsobjdef(s.oid), " OWNER("s.stxowner") ", 'target ' || "
    "NULLIF(s.stxstattarget::integer, -1), " COMMENT("pg_statistic_ext", "s.oid") "), false "
    "FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE" USER_SCHEMA("n")
    "AND" NOT_MEMBER("pg_statistic_ext", "s.oid");

constexpr const char *kExtensions =
    "SELECT format('extension %I', e.extname), NULL, concat_ws(E'\\n', e.extversion, 'schema ' "
    "|| e.extnamespace::regnamespace, " OWNER("e.extowner") "), false FROM pg_extension e";

constexpr const char *kOperators =
    "SELECT 'operator ' || o.oid::regoperator, " SCHEMA("o.oprnamespace") ", concat_ws(E'\\n', "
    "o.oprcode, o.oprrest, o.oprjoin, o.oprcom::regoperator, o.oprnegate::regoperator, "
    "o.oprcanhash, o.oprcanmerge, " OWNER("o.oprowner") ", " COMMENT("pg_operator", "o.oid")
    "), false FROM pg_operator o WHERE" BY_USER("pg_operator", "o.oid");

// Operator classes come with their family, and most families with their class.
constexpr const char *kOperatorFamilies =
    "SELECT format('operator family %I.%I using %s', n.nspname, f.opfname, a.amname), NULL, "
    "concat_ws(E'\\n', " OWNER("f.opfowner") ", (SELECT string_agg(format('%s %s', "
    "o.amopstrategy, o.amopopr::regoperator), ', ' ORDER BY o.amopstrategy, "
    "o.amopopr::regoperator::text) FROM pg_amop o WHERE o.amopfamily = f.oid), (SELECT "
    "string_agg(format('%s %s', p.amprocnum, p.amproc::regprocedure), ', ' ORDER BY p.amprocnum, "
    "p.amproc::regprocedure::text) FROM pg_amproc p WHERE p.amprocfamily = f.oid), (SELECT "
    "string_agg(format('class %I for %s', c.opcname, c.opcintype::regtype), ', ' ORDER BY "
    "c.opcname) FROM pg_opclass c WHERE c.opcfamily = f.oid)), false FROM pg_opfamily f JOIN "
    "pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am a ON a.oid = f.opfmethod WHERE"
    BY_USER("pg_opfamily", "f.oid");

constexpr const char *kCasts =
    "SELECT format('cast (%s AS %s)', k.castsource::regtype, k.casttarget::regtype), NULL, "
    "concat_ws(E'\\n', k.castfunc::regprocedure, k.castcontext, k.castmethod, "
    COMMENT("pg_cast", "k.oid") "), false FROM pg_cast k WHERE k.oid >= 16384 AND"
    NOT_PART("pg_cast", "k.oid");

// The columns of these differ from version to version.
constexpr const char *kCollations =
    "SELECT format('collation %I.%I', n.nspname, c.collname), NULL, concat_ws(E'\\n', "
    "(to_jsonb(c) - 'oid' - 'collowner' - 'collnamespace')::text, " OWNER("c.collowner") "), "
    "false FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE"
    USER_SCHEMA("n") "AND" NOT_MEMBER("pg_collation", "c.oid");

constexpr const char *kConversions =
    "SELECT format('conversion %I.%I', n.nspname, c.conname), NULL, concat_ws(E'\\n', "
    "c.conproc, c.conforencoding, c.contoencoding, c.condefault, " OWNER("c.conowner") "), "
    "false FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace WHERE"
    USER_SCHEMA("n") "AND" NOT_MEMBER("pg_conversion", "c.oid");

constexpr const char *kTextSearch =
    "SELECT 'text search configuration ' || c.oid::regconfig, NULL, concat_ws(E'\\n', "
    OWNER("c.cfgowner") ", (SELECT string_agg(format('%s %s', m.maptokentype, "
    "m.mapdict::regdictionary), ', ' ORDER BY m.maptokentype, m.mapseqno) FROM pg_ts_config_map "
    "m WHERE m.mapcfg = c.oid), " COMMENT("pg_ts_config", "c.oid") "), false FROM pg_ts_config "
    "c WHERE" BY_USER("pg_ts_config", "c.oid") "UNION ALL SELECT 'text search dictionary ' || "
    "d.oid::regdictionary, NULL, concat_ws(E'\\n', t.tmplname, d.dictinitoption, "
    OWNER("d.dictowner") "), false FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = "
    "d.dicttemplate WHERE" BY_USER("pg_ts_dict", "d.oid") "UNION ALL SELECT 'text search parser "
    "' || p.prsname, NULL, concat_ws(' ', p.prsstart, p.prstoken), false FROM pg_ts_parser p "
    "WHERE" BY_USER("pg_ts_parser", "p.oid") "UNION ALL SELECT 'text search template ' || "
    "t.tmplname, NULL, concat_ws(' ', t.tmplinit, t.tmpllexize), false FROM pg_ts_template t "
    "WHERE" BY_USER("pg_ts_template", "t.oid");

constexpr const char *kForeignData =
    "SELECT format('foreign-data wrapper %I', f.fdwname), NULL, concat_ws(E'\\n', "
    "f.fdwhandler::regproc, f.fdwvalidator::regproc, f.fdwoptions::text, " OWNER("f.fdwowner")
    ", " ACL("F", "f.fdwacl", "f.fdwowner") "), false FROM pg_foreign_data_wrapper f WHERE"
    BY_USER("pg_foreign_data_wrapper", "f.oid") "UNION ALL SELECT format('server %I', "
    "s.srvname), NULL, concat_ws(E'\\n', s.srvtype, s.srvversion, s.srvoptions::text, "
    OWNER("s.srvowner") ", " ACL("S", "s.srvacl", "s.srvowner") "), false FROM "
    "pg_foreign_server s WHERE" BY_USER("pg_foreign_server", "s.oid") "UNION ALL SELECT "
    "format('user mapping for %I server %I', m.usename, m.srvname), format('server %I', "
    "m.srvname), COALESCE(m.umoptions::text, ''), false FROM pg_user_mappings m";

constexpr const char *kEventTriggers =
    "SELECT format('event trigger %I', v.evtname), NULL, concat_ws(E'\\n', v.evtevent, "
    "v.evtfoid::regproc, v.evtenabled, v.evttags::text, " OWNER("v.evtowner") "), false FROM "
    "pg_event_trigger v WHERE" BY_USER("pg_event_trigger", "v.oid");

constexpr const char *kPublications =
    "SELECT format('publication %I', p.pubname), NULL, concat_ws(E'\\n', (to_jsonb(p) - 'oid' - "
    "'pubowner')::text, " OWNER("p.pubowner") ", (SELECT string_agg(concat_ws(' ', "
    "r.prrelid::regclass, r.prattrs, pg_get_expr(r.prqual, r.prrelid)), ', ' ORDER BY "
    "r.prrelid::regclass::text) FROM pg_publication_rel r WHERE r.prpubid = p.oid), (SELECT "
    "string_agg(n.pnnspid::regnamespace::text, ', ' ORDER BY n.pnnspid::regnamespace::text) FROM "
    "pg_publication_namespace n WHERE n.pnpubid = p.oid)), false FROM pg_publication p UNION ALL "
    "SELECT format('subscription %I', s.subname), NULL, " OWNER("s.subowner") ", false FROM "
    "pg_subscription s WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = "
    "current_database())";

constexpr const char *kLanguages =
    "SELECT format('language %I', l.lanname), NULL, concat_ws(E'\\n', " OWNER("l.lanowner") ", "
    ACL("l", "l.lanacl", "l.lanowner") "), false FROM pg_language l WHERE"
    BY_USER("pg_language", "l.oid") "UNION ALL SELECT format('access method %I', a.amname), "
    "NULL, a.amhandler::text, false FROM pg_am a WHERE" BY_USER("pg_am", "a.oid") "UNION ALL "
    "SELECT format('transform for %s language %I', t.trftype::regtype, l.lanname), NULL, "
    "concat_ws(' ', t.trffromsql, t.trftosql), false FROM pg_transform t JOIN pg_language l ON "
    "l.oid = t.trflang WHERE" BY_USER("pg_transform", "t.oid");

constexpr const char *kDefaultPrivileges =
    "SELECT format('default privileges of role %I%s on %s', pg_get_userbyid(d.defaclrole), ' in "
    "schema ' || NULLIF(d.defaclnamespace, 0)::regnamespace, d.defaclobjtype), NULL, (SELECT "
    "string_agg(a::text, ', ' ORDER BY a::text) FROM unnest(d.defaclacl) a), false FROM "
    "pg_default_acl d";

constexpr const char *kSecurityLabels =
    "SELECT format('security label of %s on %s %s', l.provider, i.type, i.identity), NULL, "
    "l.label, false FROM pg_seclabel l, pg_identify_object(l.classoid, l.objoid, l.objsubid) i";

// Shared by all databases, and still the work of many a migration.
constexpr const char *kRoles =
    "SELECT format('role %I', r.rolname), NULL, concat_ws(' ', r.rolsuper, r.rolinherit, "
    "r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls, "
    "r.rolconnlimit, r.rolvaliduntil, (SELECT 'member of ' || "
    "string_agg(pg_get_userbyid(m.roleid), ', ' ORDER BY pg_get_userbyid(m.roleid)) FROM "
    "pg_auth_members m WHERE m.member = r.oid)), false FROM pg_roles r WHERE r.oid >= 16384 "
    "UNION ALL SELECT format('settings of %s', concat_ws(' in ', 'role ' || NULLIF(s.setrole, "
    "0)::regrole, 'database ' || d.datname)), NULL, s.setconfig::text, false FROM "
    "pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase WHERE s.setdatabase = "
    "0 OR d.datname = current_database() UNION ALL SELECT format('database %I', d.datname), "
    "NULL, concat_ws(E'\\n', " OWNER("d.datdba") ", " ACL("d", "d.datacl", "d.datdba") ", "
    "shobj_description(d.oid, 'pg_database')), false FROM pg_database d WHERE d.datname = "
    "current_database()";

// clang-format on

constexpr const char *kQueries[] = {
    kRoutines,         kTypes,     kDomainConstraints, kStatistics,     kExtensions, kOperators,
    kOperatorFamilies, kCasts,     kCollations,        kConversions,    kTextSearch, kEventTriggers,
    kPublications,     kLanguages, kDefaultPrivileges, kSecurityLabels, kRoles,
};

} // namespace

std::span<const char *const> object_queries() {
    return kQueries;
}

} // namespace migrate::pg
