#include "pg/replace.hpp"

#include "pg/sql.hpp"
#include "pg/subtransaction.hpp"

#include <cstring>

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/pg_class_d.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/lsyscache.h"
}

namespace migrate::pg {

struct Replacement {
    const char *schema;
    List *relations;  // oids
    List *statements; // char *: GRANT and COMMENT of the old relations
    List *losses;     // char *: relation name, then the sentence
};

namespace {

// The relation must be one that a run recorded as its own making, by oid, so that a table which
// somebody made by hand under the same name is never dropped, and by name, as after a restore an
// oid may belong to another relation.
constexpr char kMadeByRun[] =
    "SELECT FROM migrate.run_objects o "
    "JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) o.target_oid "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
    "WHERE o.target_oid OPERATOR(pg_catalog.=) $1 AND o.object_type IN ('table', 'view') "
    "AND o.target_schema OPERATOR(pg_catalog.=) n.nspname "
    "AND pg_catalog.replace(o.target_name, '\"', '') OPERATOR(pg_catalog.=) "
    "    pg_catalog.replace(pg_catalog.concat(n.nspname, '.', c.relname), '\"', '')";

constexpr char kGrants[] =
    "SELECT pg_catalog.format('GRANT %s ON %I.%I TO %s%s', g.privilege_type, n.nspname, c.relname, "
    "  CASE WHEN g.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC' "
    "       ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) END, "
    "  CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, "
    "     pg_catalog.aclexplode(c.relacl) g "
    "WHERE c.oid = $1 AND g.grantee <> c.relowner "
    "UNION ALL "
    "SELECT pg_catalog.format('GRANT %s (%I) ON %I.%I TO %s%s', g.privilege_type, a.attname, "
    "  n.nspname, c.relname, "
    "  CASE WHEN g.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC' "
    "       ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) END, "
    "  CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid, pg_catalog.aclexplode(a.attacl) g "
    "WHERE c.oid = $1 AND g.grantee <> c.relowner AND NOT a.attisdropped";

constexpr char kComments[] =
    "SELECT CASE WHEN d.objsubid = 0 "
    "  THEN pg_catalog.format('COMMENT ON %s %I.%I IS %L', "
    "         CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, n.nspname, c.relname, "
    "         d.description) "
    "  ELSE pg_catalog.format('COMMENT ON COLUMN %I.%I.%I IS %L', n.nspname, c.relname, a.attname, "
    "         d.description) END "
    "FROM pg_catalog.pg_description d "
    "JOIN pg_catalog.pg_class c ON c.oid = d.objoid "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid "
    "WHERE d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objoid = $1";

constexpr char kLosses[] =
    "SELECT pg_catalog.concat_ws(', ', "
    "  CASE p.n WHEN 0 THEN NULL WHEN 1 THEN 'a policy' ELSE p.n || ' policies' END, "
    "  CASE t.n WHEN 0 THEN NULL WHEN 1 THEN 'a trigger' ELSE t.n || ' triggers' END, "
    "  CASE r.n WHEN 0 THEN NULL WHEN 1 THEN 'a publication' ELSE r.n || ' publications' END) "
    "FROM (SELECT pg_catalog.count(*) AS n FROM pg_catalog.pg_policy WHERE polrelid = $1) p, "
    "     (SELECT pg_catalog.count(*) AS n FROM pg_catalog.pg_trigger "
    "      WHERE tgrelid = $1 AND NOT tgisinternal) t, "
    "     (SELECT pg_catalog.count(*) AS n FROM pg_catalog.pg_publication_rel "
    "      WHERE prrelid = $1) r";

uint64 query_relation(const char *sql, Oid relation) {
    Oid type = OIDOID;
    Datum value = ObjectIdGetDatum(relation);
    return run_query(sql, 1, &type, &value);
}

// Copies of the rows' texts, so that they outlive the next query.
List *query_texts(const char *sql, Oid relation, List *texts) {
    uint64 rows = query_relation(sql, relation);
    for (uint64 row = 0; row < rows; row++)
        texts = lappend(texts, query_text(row, 1));
    return texts;
}

void remember(Replacement *replacement, Oid relation) {
    replacement->statements = query_texts(kGrants, relation, replacement->statements);
    replacement->statements = query_texts(kComments, relation, replacement->statements);
    query_relation(kLosses, relation);
    char *losses = query_text(0, 1);
    if (losses == nullptr || losses[0] == '\0')
        return;
    replacement->losses = lappend(replacement->losses, pstrdup(get_rel_name(relation)));
    replacement->losses =
        lappend(replacement->losses,
                psprintf("not carried over from the table that was replaced: %s", losses));
}

// DROP of all relations of a kind in one statement, so that they may depend on each other.
void drop_kind(const Replacement *replacement, char relkind, const char *kind) {
    StringInfoData names;
    initStringInfo(&names);
    ListCell *cell = nullptr;
    foreach (cell, replacement->relations) {
        Oid relation = lfirst_oid(cell);
        if (get_rel_relkind(relation) != relkind)
            continue;
        appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "",
                         quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
                                                    get_rel_name(relation)));
    }
    if (names.len > 0)
        run_utility(psprintf("DROP %s %s RESTRICT", kind, names.data));
}

void run_statement(void *argument) {
    run_utility(static_cast<const char *>(argument));
}

} // namespace

Replacement *begin_replacement(const char *schema) {
    auto *replacement = static_cast<Replacement *>(palloc0(sizeof(Replacement)));
    replacement->schema = schema;
    return replacement;
}

void add_replaced(Replacement *replacement, Oid relation) {
    if (query_relation(kMadeByRun, relation) == 0)
        ereport(ERROR, (errcode(ERRCODE_DUPLICATE_TABLE),
                        errmsg("relation \"%s.%s\" was not made by an earlier import",
                               replacement->schema, get_rel_name(relation)),
                        errdetail("Mode \"replace\" drops only what an earlier run created."),
                        errhint("Drop or rename it, or import into another schema.")));
    replacement->relations = list_append_unique_oid(replacement->relations, relation);
}

void drop_replaced(Replacement *replacement) {
    ListCell *cell = nullptr;
    foreach (cell, replacement->relations)
        remember(replacement, lfirst_oid(cell));
    drop_kind(replacement, RELKIND_VIEW, "VIEW");
    drop_kind(replacement, RELKIND_RELATION, "TABLE");
}

void carry_over(const Replacement *replacement) {
    ListCell *cell = nullptr;
    foreach (cell, replacement->statements) {
        // A column that is gone takes its grant along; the table itself is right.
        auto *statement = static_cast<char *>(lfirst(cell));
        const ErrorData *error =
            try_in_subtransaction(run_statement, statement, kDefinitionErrors | kDataErrors);
        if (error != nullptr)
            ereport(WARNING, (errmsg("could not carry over what the replaced table had"),
                              errdetail("%s: %s", statement, error->message)));
    }
}

const char *lost_with(const Replacement *replacement, const char *relation_name) {
    for (int i = 0; i + 1 < list_length(replacement->losses); i += 2)
        if (strcmp(static_cast<char *>(list_nth(replacement->losses, i)), relation_name) == 0)
            return static_cast<char *>(list_nth(replacement->losses, i + 1));
    return nullptr;
}

} // namespace migrate::pg
