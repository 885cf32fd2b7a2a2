// Creates the tables and fills them: the optimistic load of types.md, with one re-plan at most.
#include "fn/import_run.hpp"

#include "pg/error_bridge.hpp"
#include "pg/sql.hpp"
#include "pg/target_schema.hpp"

#include <algorithm>

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using core::plan::Phase;
using pg::call_core;

constexpr char kWideRowHint[] = "Split the table, or leave it out with argument \"exclude\".";

void create_schema(ImportRun *run) {
    if (!run->is_schema_new)
        return;
    for (const auto &statement : run->call->state->script.statements)
        if (statement.phase == Phase::schema)
            pg::run_definition(statement.sql.c_str(), Phase::schema);
}

// Remembers what the table is made of, for the writer and for the comparison after a re-plan.
void describe_table(ImportRun *run, std::size_t table) {
    const core::plan::TablePlan &plan = run->call->state->plan->tables()[table];
    TableResult &result = run->state->tables[table];
    const char *source_name = pg::server_text(plan.source->name.c_str());
    call_core([&] {
        result.definition.clear();
        for (const auto &statement : run->call->state->script.statements)
            if (statement.phase == Phase::table && statement.table == static_cast<int>(table))
                result.definition.push_back(statement.sql);
        result.kinds.clear();
        result.names.clear();
        for (const auto &column : plan.columns) {
            result.kinds.push_back(column.type.kind);
            result.names.push_back(column.name.c_str());
        }
        result.source_name = source_name;
        result.display_name =
            core::plan::display_name(run->call->state->request.target_schema, plan.name);
    });
}

void create_table(ImportRun *run, std::size_t table) {
    TableResult &result = run->state->tables[table];
    describe_table(run, table);
    for (const std::string &sql : result.definition)
        pg::run_definition(sql.c_str(), Phase::table);
    result.relation = pg::find_relation(pg::find_schema(run->call->schema),
                                        run->call->state->plan->tables()[table].name.c_str());
    if (!OidIsValid(result.relation))
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("table \"%s\" was not created",
                               pg::server_text(result.display_name.c_str())),
                        errhint("An event trigger may have dropped or renamed it.")));
    result.is_created = true;
}

// A table that is planned again is emptied first: in place and at once, as it is new in this
// subtransaction, while DROP alone would keep its file until commit. Then it is made anew.
void drop_table(ImportRun *run, std::size_t table) {
    TableResult &result = run->state->tables[table];
    const char *name = pg::server_text(result.display_name.c_str());
    pg::run_utility(psprintf("TRUNCATE %s", name));
    pg::run_utility(psprintf("DROP TABLE %s", name));
    pg::forget_rejects(run->rejects, result.source_name.c_str());
    run->rejected -= result.rows_rejected;
    result.is_created = result.is_loaded = false;
}

bool load_table(ImportRun *run, std::size_t table) {
    TableResult *result = &run->state->tables[table];
    const pg::WriterTarget target = {
        result->relation,
        {"SQLite table", result->source_name.c_str(), "row", kWideRowHint},
        result->kinds.data(),
        result->names.data(),
        static_cast<int>(result->kinds.size()),
        run->call->state->options.freeze,
        run->call->caller_settings};
    return load_rows(run, table, target);
}

// Reads the tables that are decided together with this one for their profile, decides again, and
// makes anew those whose definition changed.
void plan_again(ImportRun *run, std::size_t table) {
    SqliteState *state = run->call->state;
    if (state->plan->tables()[table].is_decided)
        elog(ERROR, "table \"%s\" does not fit its own profile",
             run->state->tables[table].source_name.c_str());
    call_core([&] {
        state->reader.reset();
        state->scratch = state->plan->replan_set(table);
    });
    profile_tables(run->call, state->scratch);
    call_core([&] { state->script = core::plan::write_script(*state->plan); });
    for (std::size_t other : state->scratch) {
        TableResult &result = run->state->tables[other];
        bool is_same = call_core([&] {
            std::vector<std::string> definition;
            for (const auto &statement : state->script.statements)
                if (statement.phase == Phase::table && statement.table == static_cast<int>(other))
                    definition.push_back(statement.sql);
            return definition == result.definition;
        });
        if (is_same && other != table)
            continue;
        drop_table(run, other);
        create_table(run, other);
    }
}

} // namespace

void load_tables(ImportRun *run) {
    std::size_t count = run->state->tables.size();
    create_schema(run);
    for (std::size_t table = 0; table < count; table++)
        create_table(run, table);
    for (std::size_t table = 0; table < count;) {
        CHECK_FOR_INTERRUPTS();
        if (run->state->tables[table].is_loaded || load_table(run, table)) {
            table++;
            continue;
        }
        plan_again(run, table);
        table = 0;
    }
}

} // namespace migrate::fn
