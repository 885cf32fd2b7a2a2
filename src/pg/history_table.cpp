#include "pg/history_table.hpp"

#include "pg/compat.hpp"
#include "pg/parameters.hpp"
#include "pg/sql.hpp"
#include "pg/table_trust.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace_d.h"
#include "commands/dbcommands.h"
#include "executor/spi.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/varlena.h"
}

namespace migrate::pg {
namespace {

constexpr char kName[] = "schema_migrations"; // unless the option says another one
constexpr char kOwnName[] = "migrate_history";

AttrNumber column_of(Oid relation, const char *name) {
    return get_attnum(relation, name);
}

bool is_text_column(Oid relation, const char *name) {
    AttrNumber column = column_of(relation, name);
    if (column == InvalidAttrNumber)
        return false;
    Oid type = getBaseType(get_atttype(relation, column));
    return type == TEXTOID || type == VARCHAROID;
}

// Ours has a version and a name as text. golang-migrate's has "dirty", Supabase's "statements",
// Rails' and dbmate's no name.
bool has_our_shape(Oid relation) {
    return is_text_column(relation, "version") && is_text_column(relation, "name") &&
           column_of(relation, "dirty") == InvalidAttrNumber &&
           column_of(relation, "statements") == InvalidAttrNumber;
}

void check_kind(Oid relation, const char *name) {
    if (get_rel_relkind(relation) == RELKIND_RELATION &&
        get_rel_persistence(relation) == RELPERSISTENCE_PERMANENT)
        return;
    ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
                    errmsg("history \"%s\" is not an ordinary permanent table", name),
                    errhint("Name another table with the option \"history\".")));
}

// The first history of that name on the path, else the first relation of that name, else nothing
// in the first schema: another tool's table in front of a history does not hide it.
Oid find_on_path(List *schemas, const char *name, Oid *schema) {
    Oid first = InvalidOid;
    *schema = linitial_oid(schemas);
    ListCell *cell = nullptr;
    foreach (cell, schemas) {
        Oid relation = get_relname_relid(name, lfirst_oid(cell));
        bool is_ours = OidIsValid(relation) && has_our_shape(relation);
        if (is_ours || (OidIsValid(relation) && !OidIsValid(first)))
            *schema = lfirst_oid(cell);
        if (is_ours)
            return relation;
        first = OidIsValid(first) ? first : relation;
    }
    return first;
}

// A trigger, a rule or an expression of the owner's would run with the rights of whoever records a
// migration.
void check_trust(const HistoryTable *history) {
    if (is_trusted_table(history->relation, history->owner))
        return;
    ereport(ERROR,
            (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
             errmsg("history table %s is not trusted", history->qualified),
             errdetail("Its owner \"%s\" is neither you, nor a superuser, nor a role you are a "
                       "member of, and it has triggers, rules, row security or expressions that "
                       "would run with your rights.",
                       GetUserNameFromId(history->owner, false)),
             errhint("Name another table with the option \"history\", or take its ownership.")));
}

Oid owner_of(Oid relation) {
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
    if (!HeapTupleIsValid(tuple))
        elog(ERROR, "cache lookup failed for relation %u", relation);
    Oid owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner;
    ReleaseSysCache(tuple);
    return owner;
}

void describe(HistoryTable *history, Oid relation, Oid schema, const char *name) {
    // SPI leaves its own memory current, which ends before a call does.
    MemoryContext before = MemoryContextSwitchTo(GetMemoryChunkContext(history));
    history->relation = relation;
    history->schema_oid = schema;
    history->schema = get_namespace_name(schema);
    history->name = pstrdup(name);
    history->qualified = quote_qualified_identifier(history->schema, history->name);
    history->owner = OidIsValid(relation) ? owner_of(relation) : GetUserId();
    bool is_new = !OidIsValid(relation);
    history->has_applied_at = is_new || column_of(relation, "applied_at") != InvalidAttrNumber;
    history->has_execution_time =
        is_new || column_of(relation, "execution_time_ms") != InvalidAttrNumber;
    history->has_checksum = is_new || column_of(relation, "checksum") != InvalidAttrNumber;
    MemoryContextSwitchTo(before);
}

void check_right(const HistoryTable *history, AclMode right) {
    AclResult result = pg_class_aclcheck(history->relation, GetUserId(), right);
    if (result != ACLCHECK_OK)
        aclcheck_error(result, OBJECT_TABLE, history->name);
}

// The table is found once, and our statements name it: what has its name now must still be it.
void check_unchanged(const HistoryTable *history) {
    if (is_unchanged(history))
        return;
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("history %s was renamed or replaced meanwhile", history->qualified)));
}

uint64 run_statement(const HistoryTable *history, const char *sql, Parameters *parameters,
                     AclMode right) {
    check_unchanged(history);
    check_right(history, right);
    return run_on_table(history->owner, sql, parameters);
}

// Below zero: unknown.
void add_time(Parameters *parameters, int64 milliseconds) {
    if (milliseconds < 0)
        add_null(parameters, INT8OID);
    else
        add_bigint(parameters, milliseconds);
}

} // namespace

List *schemas_on_path(const char *search_path) {
    List *names = NIL;
    List *schemas = NIL;
    if (!SplitIdentifierString(pstrdup(search_path), ',', &names))
        elog(ERROR, "invalid search_path \"%s\"", search_path);
    ListCell *cell = nullptr;
    foreach (cell, names) {
        auto *name = static_cast<char *>(lfirst(cell));
        if (strcmp(name, "$user") == 0)
            name = GetUserNameFromId(GetUserId(), false);
        Oid schema = get_namespace_oid(name, true);
        if (OidIsValid(schema) && !isAnyTempNamespace(schema) && strcmp(name, "pg_temp") != 0 &&
            schema != PG_CATALOG_NAMESPACE && may_use_schema(schema))
            schemas = list_append_unique_oid(schemas, schema);
    }
    return schemas;
}

namespace {

// The history under its other name: where another tool has a table of the first one, or had, as
// that may have been dropped since. A name that the caller chose has no other one.
Oid find_own(List *schemas, const char **name, bool is_foreign, Oid relation, Oid *schema) {
    if (strcmp(*name, kName) != 0)
        return relation;
    Oid own_schema = InvalidOid;
    Oid own = find_on_path(schemas, kOwnName, &own_schema);
    if (OidIsValid(own))
        check_kind(own, kOwnName);
    if (!is_foreign && (!OidIsValid(own) || !has_our_shape(own)))
        return relation;
    *name = kOwnName;
    *schema = own_schema;
    return own;
}

} // namespace

bool is_unchanged(const HistoryTable *history) {
    AcceptInvalidationMessages();
    return OidIsValid(history->relation) &&
           get_namespace_oid(history->schema, true) == history->schema_oid &&
           get_relname_relid(history->name, history->schema_oid) == history->relation;
}

HistoryTable *find_history(const char *name, const char *search_path) {
    auto *history = static_cast<HistoryTable *>(palloc0(sizeof(HistoryTable)));
    List *schemas = schemas_on_path(search_path);
    if (schemas == NIL)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
                        errmsg("no schema has been selected for the history \"%s\"", name),
                        errhint("Set search_path to a schema that exists.")));
    Oid schema = InvalidOid;
    Oid relation = find_on_path(schemas, name, &schema);
    if (OidIsValid(relation))
        check_kind(relation, name);
    bool is_foreign = OidIsValid(relation) && !has_our_shape(relation);
    if (is_foreign || !OidIsValid(relation))
        relation = find_own(schemas, &name, is_foreign, relation, &schema);
    if (OidIsValid(relation) && !has_our_shape(relation))
        ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
                        errmsg("table \"%s\" is not a history of migrations", name),
                        errhint("Name another table with the option \"history\".")));
    describe(history, relation, schema, name);
    if (OidIsValid(relation))
        check_trust(history);
    return history;
}

void check_no_other_history(const HistoryTable *history) {
    Oid type = TEXTOID;
    Datum value = CStringGetTextDatum(history->name);
    uint64 rows =
        run_query("SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                  "WHERE (c.relname = $1::name OR $1 IN ('schema_migrations', 'migrate_history') "
                  "AND c.relname IN ('schema_migrations', 'migrate_history')) AND c.relkind = 'r' "
                  "AND c.relpersistence = 'p' ORDER BY n.nspname, c.relname",
                  1, &type, &value);
    for (uint64 i = 0; i < rows; i++) {
        bool is_null = false;
        Oid other = DatumGetObjectId(
            SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &is_null));
        if (!has_our_shape(other))
            continue;
        ereport(ERROR,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                 errmsg("history \"%s\" is not on the search path", get_rel_name(other)),
                 errdetail("There is one in schema \"%s\", which the search_path does not name.",
                           get_namespace_name(get_rel_namespace(other))),
                 errhint("Set search_path; or begin another history with "
                         "migrate.init_versioned().")));
    }
}

void create_history(HistoryTable *history) {
    run_utility(psprintf("CREATE TABLE %s (version text PRIMARY KEY, name text NOT NULL, "
                         "applied_at timestamptz NOT NULL DEFAULT now(), execution_time_ms bigint, "
                         "checksum text)",
                         history->qualified));
    Oid relation = get_relname_relid(history->name, history->schema_oid);
    describe(history, relation, history->schema_oid, history->name);
}

uint64 read_history(const HistoryTable *history) {
    check_right(history, ACL_SELECT);
    Parameters none;
    return run_statement(
        history,
        psprintf("SELECT version::text, name::text, %s, %s, %s FROM ONLY %s",
                 history->has_applied_at
                     ? "CASE WHEN isfinite(applied_at::timestamptz) THEN (EXTRACT(EPOCH FROM "
                       "applied_at::timestamptz) * 1000000)::bigint - 946684800000000 END"
                     : "NULL::bigint",
                 history->has_execution_time ? "execution_time_ms::bigint" : "NULL::bigint",
                 history->has_checksum ? "checksum::text" : "NULL::text", history->qualified),
        &none, ACL_SELECT);
}

HistoryCount count_history(const HistoryTable *history, const char *version) {
    Parameters parameters;
    add_text(&parameters, version);
    run_statement(history,
                  psprintf("SELECT count(*), count(*) FILTER (WHERE version = $1) FROM ONLY %s",
                           history->qualified),
                  &parameters, ACL_SELECT);
    return {query_bigint(0, 1), query_bigint(0, 2) > 0};
}

void insert_history(const HistoryTable *history, const char *version, const char *name,
                    int64 execution_time_ms, const char *checksum, TimestampTz applied_at) {
    Parameters parameters;
    add_text(&parameters, version);
    add_text(&parameters, name);
    add_value(&parameters, TIMESTAMPTZOID, TimestampTzGetDatum(applied_at));
    add_time(&parameters, execution_time_ms);
    add_text(&parameters, checksum);
    uint64 rows = run_statement(
        history,
        psprintf("INSERT INTO %s (version, name%s%s%s) SELECT $1, $2%s%s%s", history->qualified,
                 history->has_applied_at ? ", applied_at" : "",
                 history->has_execution_time ? ", execution_time_ms" : "",
                 history->has_checksum ? ", checksum" : "", history->has_applied_at ? ", $3" : "",
                 history->has_execution_time ? ", $4" : "", history->has_checksum ? ", $5" : ""),
        &parameters, ACL_INSERT);
    if (rows == 0)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("history %s did not take the row of migration \"%s\"",
                               history->qualified, version),
                        errhint("A trigger or a rule of the table may have removed it.")));
}

bool update_history(const HistoryTable *history, const char *version, int64 execution_time_ms,
                    const char *checksum) {
    Parameters parameters;
    add_text(&parameters, version);
    add_time(&parameters, execution_time_ms);
    add_text(&parameters, checksum);
    if (!history->has_execution_time && !history->has_checksum)
        return count_history(history, version).has_version;
    return run_statement(history,
                         psprintf("UPDATE ONLY %s SET %s%s%s WHERE version = $1",
                                  history->qualified,
                                  history->has_execution_time
                                      ? "execution_time_ms = COALESCE($2, execution_time_ms)"
                                      : "",
                                  history->has_execution_time && history->has_checksum ? ", " : "",
                                  history->has_checksum ? "checksum = $3" : ""),
                         &parameters, ACL_UPDATE) > 0;
}

bool delete_history(const HistoryTable *history, const char *version) {
    Parameters parameters;
    add_text(&parameters, version);
    return run_statement(history,
                         psprintf("DELETE FROM ONLY %s WHERE version = $1", history->qualified),
                         &parameters, ACL_DELETE) > 0;
}

} // namespace migrate::pg
