#include "pg/versioned_log.hpp"

#include "pg/error_bridge.hpp"
#include "pg/file_digest.hpp"
#include "pg/parameters.hpp"
#include "pg/sql.hpp"
#include "pg/table_trust.hpp"

extern "C" {
#include "mb/pg_wchar.h"
#include "utils/acl.h"
}

namespace migrate::pg {
namespace {

bool may_run_script_of(const char *role_name) {
    Oid role = role_name != nullptr ? get_role_oid(role_name, true) : InvalidOid;
    return OidIsValid(role) && is_trusted_role(role);
}

// The rule of the view.
bool shows_entries_of(const char *role_name) {
    Oid role = get_role_oid(role_name, true);
    return OidIsValid(role) && has_privs_of_role(GetUserId(), role);
}

bool is_intact(const char *script, const char *checksum) {
    char hex[65];
    sha256_hex(script, strlen(script), hex);
    return checksum != nullptr && strcmp(hex, checksum) == 0;
}

} // namespace

void set_down(VersionedLogEntry *entry, const char *file, const char *utf8) {
    entry->down_file = server_text(file);
    entry->down_script = server_text_or_null(utf8);
    if (entry->down_script != nullptr)
        return;
    const char *message = entry->message != nullptr ? entry->message : "";
    entry->message = psprintf("%s%sits DOWN script cannot be stored in encoding %s", message,
                              message[0] != '\0' ? "; " : "", GetDatabaseEncodingName());
}

void log_migration(const HistoryTable *history, const VersionedLogEntry &entry) {
    char hex[65];
    Parameters parameters;
    add_text(&parameters, entry.event);
    add_text(&parameters, entry.version);
    add_text(&parameters, entry.name);
    add_text(&parameters, history->schema);
    add_text(&parameters, history->name);
    add_text(&parameters, entry.file);
    add_text(&parameters, entry.checksum);
    add_text(&parameters, entry.down_file);
    add_text(&parameters, entry.down_script);
    if (entry.down_script != nullptr)
        sha256_hex(entry.down_script, strlen(entry.down_script), hex);
    add_text(&parameters, entry.down_script != nullptr ? hex : nullptr);
    if (entry.execution_time_ms < 0)
        add_null(&parameters, INT8OID);
    else
        add_bigint(&parameters, entry.execution_time_ms);
    add_text(&parameters, entry.message);
    add_text(&parameters, GetUserNameFromId(GetUserId(), false));
    add_text(&parameters, GetUserNameFromId(GetSessionUserId(), false));
    run_as_extension(
        "INSERT INTO migrate.versioned_log_data (at, event, version, name, history_schema, "
        "history_table, file, checksum, down_file, down_script, down_checksum, execution_time_ms, "
        "message, run_by, session_by) VALUES (pg_catalog.clock_timestamp(), $1, $2, $3, $4, $5, "
        "$6, $7, $8, $9, $10, $11, $12, $13::pg_catalog.name, $14::pg_catalog.name)",
        &parameters);
}

StoredDown find_stored_down(const HistoryTable *history, const char *version) {
    Parameters parameters;
    add_text(&parameters, history->schema);
    add_text(&parameters, history->name);
    add_text(&parameters, version);
    uint64 rows = run_as_extension(
        "SELECT down_script, down_file, down_checksum, run_by FROM migrate.versioned_log_data "
        "WHERE history_schema OPERATOR(pg_catalog.=) $1 AND history_table OPERATOR(pg_catalog.=) "
        "$2 AND version OPERATOR(pg_catalog.=) $3 AND event IN ('applied', 'recorded', 'adopted') "
        "ORDER BY log_id DESC LIMIT 1",
        &parameters);
    if (rows == 0)
        return {};
    const char *script = query_text(0, 1);
    const char *file = query_text(0, 2);
    if (script == nullptr || !is_intact(script, query_text(0, 3)) ||
        !may_run_script_of(query_text(0, 4)))
        return {};
    const char *owner = query_text(0, 4);
    return {script, file, owner, shows_entries_of(owner)};
}

} // namespace migrate::pg
