// The first stage that writes: the target schema is locked, and nothing in it is overwritten.
#include "fn/import_run.hpp"

#include "pg/closed_sources.hpp"
#include "pg/error_bridge.hpp"
#include "pg/sql.hpp"
#include "pg/target_schema.hpp"

extern "C" {
#include "commands/trigger.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
}

namespace migrate::fn {
namespace {

[[noreturn]] void refuse_existing(const char *schema, Oid relation) {
    ereport(ERROR, (errcode(ERRCODE_DUPLICATE_TABLE),
                    errmsg("relation \"%s.%s\" already exists", schema, get_rel_name(relation)),
                    errhint("Import into another schema, or use the option \"mode\" with "
                            "\"replace\" to drop what an earlier import made.")));
    pg_unreachable();
}

// Existing relations under the planned names are an error, or dropped in mode replace.
void clear_name(ImportRun *run, Oid schema, const std::string &name) {
    Oid relation = pg::find_relation(schema, name.c_str());
    if (!OidIsValid(relation))
        return;
    if (run->replacement == nullptr)
        refuse_existing(run->call->schema, relation);
    pg::add_replaced(run->replacement, relation);
}

} // namespace

// Triggers and foreign keys would not be looked at.
void check_replication_role() {
    if (SessionReplicationRole == SESSION_REPLICATION_ROLE_ORIGIN)
        return;
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("cannot fill existing tables while session_replication_role is \"%s\"",
                           GetConfigOption("session_replication_role", false, false)),
                    errdetail("Foreign keys would not be checked."),
                    errhint("Run SET session_replication_role = 'origin'.")));
}

namespace {

// Switching triggers off is for the table's owner; said before anything is done.
void check_ownership(const core::plan::TablePlan &table) {
    if (table.target->is_owned || table.target->triggers.empty())
        return;
    ereport(ERROR,
            (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
             errmsg("must be owner of table \"%s\"", pg::server_text(table.name.c_str())),
             errdetail("The option \"triggers\" with false switches the table's triggers off."),
             errhint("Leave the option out, or run the import as the owner.")));
}

void note_tool_tables(const SqliteState *state) {
    for (const core::plan::ToolTable &left_out : state->plan->tool_tables())
        ereport(NOTICE, (errmsg("table \"%s\" is left out: %s keeps it for itself",
                                pg::server_text(left_out.table->name.c_str()), left_out.tool),
                         errhint("Name it in the argument \"tables\" to load it.")));
}

void prepare_existing(const ImportRun *run) {
    SqliteState *state = run->call->state;
    pg::set_setting("lock_timeout", state->options.lock_timeout.c_str());
    pg::check_source_open(run->call->path, run->call->schema);
    check_replication_role();
    if (!state->options.triggers)
        for (const auto &table : state->plan->tables())
            check_ownership(table);
    note_tool_tables(state);
}

} // namespace

void prepare_target(ImportRun *run) {
    SqliteState *state = run->call->state;
    if (state->options.fills_existing())
        return prepare_existing(run);
    pg::check_lock_budget(static_cast<int64>(state->plan->tables().size()));
    pg::lock_target_schema(run->call->schema);
    pg::check_source_open(run->call->path, run->call->schema);
    pg::set_setting("lock_timeout", state->options.lock_timeout.c_str());
    Oid schema = pg::find_schema(run->call->schema);
    run->is_schema_new = !OidIsValid(schema);
    if (state->options.mode == core::Mode::replace)
        run->replacement = pg::begin_replacement(run->call->schema);
    for (const auto &table : state->plan->tables())
        clear_name(run, schema, table.name);
    for (const auto &view : state->plan->views())
        clear_name(run, schema, view.name);
    if (run->replacement != nullptr)
        pg::drop_replaced(run->replacement);
}

} // namespace migrate::fn
