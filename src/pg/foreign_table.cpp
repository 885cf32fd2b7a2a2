#include "pg/foreign_table.hpp"

#include "pg/error_bridge.hpp"
#include "pg/history_table.hpp"
#include "pg/parameters.hpp"
#include "pg/sql.hpp"
#include "pg/table_trust.hpp"

extern "C" {
#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "lib/stringinfo.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
}

namespace migrate::pg {
namespace {

using core::versioned::CandidateTable;
using core::versioned::ForeignRow;
using core::versioned::Tool;
using core::versioned::ToolColumn;

bool has_rows(Oid relation) {
    switch (get_rel_relkind(relation)) {
    case RELKIND_RELATION:
    case RELKIND_PARTITIONED_TABLE:
    case RELKIND_VIEW:
    case RELKIND_MATVIEW:
    case RELKIND_FOREIGN_TABLE:
        return true;
    default:
        return false;
    }
}

const char *qualified_name(Oid relation) {
    return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
                                      get_rel_name(relation));
}

void add_columns(Oid relation, CandidateTable *candidate) {
    for (AttrNumber number = 1;; number++) {
        const char *name = get_attname(relation, number, true);
        if (name == nullptr)
            return;
        if (!OidIsValid(get_atttype(relation, number))) // dropped
            continue;
        name = utf8_text(name);
        call_core([&] { candidate->columns.emplace_back(name); });
    }
}

void add_candidate(Oid relation, bool is_on_path, ForeignTables *found) {
    const char *schema = utf8_text(get_namespace_name(get_rel_namespace(relation)));
    const char *name = utf8_text(get_rel_name(relation));
    const char *qualified = utf8_text(qualified_name(relation));
    call_core([&] {
        found->candidates.push_back({schema, name, qualified, {}, is_on_path});
        found->relations.push_back(relation);
    });
    add_columns(relation, &found->candidates.back());
}

void search_schema(Oid schema, bool is_on_path, ForeignTables *found) {
    const char *name = utf8_text(get_namespace_name(schema));
    call_core([&] { found->schemas.emplace_back(name); });
    for (const char *table : core::versioned::tool_tables()) {
        Oid relation = get_relname_relid(table, schema);
        if (OidIsValid(relation) && has_rows(relation))
            add_candidate(relation, is_on_path, found);
    }
}

void check_kind(Relation relation, const char *qualified) {
    if (relation->rd_rel->relkind == RELKIND_RELATION &&
        relation->rd_rel->relpersistence == RELPERSISTENCE_PERMANENT)
        return;
    ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
                    errmsg("history %s is not an ordinary permanent table", qualified),
                    errdetail("Only such a table runs nothing of others when it is read.")));
}

void check_rights(Oid relation) {
    (void)LookupExplicitNamespace(get_namespace_name(get_rel_namespace(relation)), false);
    AclResult result = pg_class_aclcheck(relation, GetUserId(), ACL_SELECT);
    if (result != ACLCHECK_OK)
        aclcheck_error(result, OBJECT_TABLE, get_rel_name(relation));
}

// Checks the table, keeps it from being dropped or renamed, and returns its owner.
Oid lock_checked(Oid relation) {
    check_rights(relation);
    Relation opened = relation_open(relation, AccessShareLock);
    const char *qualified = qualified_name(relation);
    Oid owner = opened->rd_rel->relowner;
    check_kind(opened, qualified);
    relation_close(opened, NoLock);
    if (!is_trusted_table(relation, owner))
        ereport(ERROR,
                (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                 errmsg("history table %s is not trusted", qualified),
                 errdetail("Its owner \"%s\" is neither you, nor a superuser, nor a role you are a "
                           "member of, and it has triggers, rules, row security or expressions "
                           "that would run with your rights.",
                           GetUserNameFromId(owner, false)),
                 errhint("Take its ownership, or have its owner adopt it.")));
    return owner;
}

// Microseconds since 2000-01-01; refinery writes text.
const char *time_expression(Oid relation, const char *name) {
    const char *quoted = quote_identifier(name);
    Oid type = getBaseType(get_atttype(relation, get_attnum(relation, name)));
    const char *time =
        psprintf(type == TIMESTAMPOID ? "timezone($1, %s::timestamp)" : "%s::timestamptz", quoted);
    return psprintf("CASE WHEN isfinite(%s) THEN ((EXTRACT(EPOCH FROM %s) * 1000000)::bigint - "
                    "946684800000000)::text END",
                    time, time);
}

const char *select_statement(Oid relation, Tool tool) {
    StringInfoData sql;
    initStringInfo(&sql);
    appendStringInfoString(&sql, "SELECT ");
    const char *comma = "";
    for (const ToolColumn &column : core::versioned::columns_of(tool)) {
        appendStringInfoString(&sql, comma);
        if (column.is_time)
            appendStringInfoString(&sql, time_expression(relation, column.name));
        else
            appendStringInfo(&sql, "%s::text", quote_identifier(column.name));
        comma = ", ";
    }
    appendStringInfo(&sql, " FROM ONLY %s ORDER BY %s", qualified_name(relation),
                     quote_identifier(core::versioned::order_of(tool)));
    return sql.data;
}

void take_row(uint64 row, std::size_t columns, std::vector<ForeignRow> *rows) {
    call_core([&] { rows->emplace_back(columns); });
    for (std::size_t i = 0; i < columns; i++) {
        const char *text = query_text(row, static_cast<int>(i) + 1);
        if (text == nullptr)
            continue;
        text = utf8_text(text);
        call_core([&] { rows->back()[i] = text; });
    }
}

} // namespace

void find_foreign_tables(const char *search_path, ForeignTables *found) {
    List *schemas = schemas_on_path(search_path);
    ListCell *cell = nullptr;
    foreach (cell, schemas)
        search_schema(lfirst_oid(cell), true, found);
    for (const char *name : core::versioned::tool_schemas()) {
        Oid schema = get_namespace_oid(name, true);
        if (OidIsValid(schema) && !list_member_oid(schemas, schema))
            search_schema(schema, false, found);
    }
}

void read_foreign_table(Oid relation, Tool tool, const char *time_zone,
                        std::vector<ForeignRow> *rows) {
    Oid owner = lock_checked(relation);
    Parameters parameters;
    add_text(&parameters, time_zone);
    std::size_t columns = core::versioned::columns_of(tool).size();
    uint64 count = run_on_table(owner, select_statement(relation, tool), &parameters);
    for (uint64 i = 0; i < count; i++)
        take_row(i, columns, rows);
}

} // namespace migrate::pg
