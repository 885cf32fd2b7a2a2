// The first stage that writes: the target schema is locked, and nothing in it is overwritten.
#include "fn/import_run.hpp"

#include "pg/error_bridge.hpp"
#include "pg/sql.hpp"
#include "pg/target_schema.hpp"

extern "C" {
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

void prepare_target(ImportRun *run) {
    SqliteState *state = run->call->state;
    pg::check_lock_budget(static_cast<int64>(state->plan->tables().size()));
    pg::lock_target_schema(run->call->schema);
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
