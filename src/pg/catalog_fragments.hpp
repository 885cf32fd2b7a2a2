// What the queries of the catalogs share: pieces of SQL, to be joined with the literals around
// them.
#pragma once

// What a user made: not in a schema of the system's, not a member of an extension.
#define NOT_MEMBER(catalog, oid)                                                                   \
    " NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '" catalog "'::regclass AND e.objid "  \
    "= " oid " AND e.deptype = 'e') "
// Nor made with another object: the constructors and casts of a range type.
#define NOT_PART(catalog, oid)                                                                     \
    " NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '" catalog "'::regclass AND e.objid "  \
    "= " oid " AND e.deptype IN ('e', 'i')) "
#define USER_SCHEMA(n) " " n ".nspname !~ '^pg_' AND " n ".nspname <> 'information_schema' "
#define BY_USER(catalog, oid) " " oid " >= 16384 AND" NOT_MEMBER(catalog, oid)

// NULL and its default are the same privileges, in any order.
#define ACL_OF(kind, acl, owner)                                                                   \
    "(SELECT string_agg('privilege ' || a::text, E'\\n' ORDER BY a::text) FROM "                   \
    "unnest(COALESCE(" acl ", acldefault(" kind ", " owner "))) a)"
#define ACL(kind, acl, owner) ACL_OF("'" kind "'", acl, owner)
#define OWNER(owner) "'owner ' || pg_get_userbyid(" owner ")"
#define COMMENT(catalog, oid) "'comment ' || obj_description(" oid ", '" catalog "')"
#define SCHEMA(oid) "format('schema %I', " oid "::regnamespace::text)"

// A relation by its kind and name.
#define RELATION(c)                                                                                \
    "CASE " c ".relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN "    \
    "'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' WHEN 'S' THEN "        \
    "'sequence' WHEN 'c' THEN 'type' ELSE 'index' END || ' ' || " c ".oid::regclass::text"
#define RELATIONS                                                                                  \
    "WITH rel AS (SELECT c.*, " RELATION(                                                          \
        "c") " AS identity FROM pg_class c JOIN pg_namespace n "                                   \
             "ON n.oid = c.relnamespace WHERE c.relkind <> 't' AND c.oid <> $1 AND" USER_SCHEMA(   \
                 "n") "AND" NOT_MEMBER("pg_class",                                                 \
                                       "c.oid") "AND NOT EXISTS (SELECT FROM pg_index i WHERE "    \
                                                "i.indexrelid = c.oid AND i.indrelid = $1)) "
