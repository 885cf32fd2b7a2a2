// migrate.plan_sqlite: every statement that import_sqlite would run, and why.
#include "fn/sqlite_call.hpp"

#include "core/plan/script.hpp"
#include "pg/citus.hpp"
#include "pg/error_bridge.hpp"
#include "pg/result_set.hpp"
#include "pg/target_schema.hpp"

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

using core::plan::Phase;
using core::plan::Statement;
using pg::call_core;

// Reads every value of every table, so that the plan and the import agree.
void profile_all(SqliteCall *call) {
    auto *tables = call->state;
    call_core([&] {
        tables->scratch.clear();
        for (std::size_t i = 0; i < tables->plan->tables().size(); i++)
            if (!tables->plan->tables()[i].is_decided)
                tables->scratch.push_back(i);
    });
    profile_tables(call, tables->scratch);
}

// What happens instead of a foreign key, a check or a generated column that the rows break: SQLite
// does not always enforce these, and only the server can tell.
std::string fallback_of(const Statement &statement) {
    const bool is_unsure = statement.phase == Phase::foreign_key || statement.phase == Phase::check;
    if (!is_unsure || statement.fallback_note.empty())
        return "";
    return "if rows break it: " + statement.fallback_note;
}

// The notes of a table stand beside its rows.
const char *note_of(SqliteCall *call, const Statement &statement) {
    SqliteState *state = call->state;
    call_core([&] {
        state->note = statement.note.empty() ? fallback_of(statement) : statement.note;
        if (statement.phase != Phase::data || statement.table < 0)
            return;
        for (const std::string &note :
             state->script.table_notes[static_cast<std::size_t>(statement.table)])
            state->note += (state->note.empty() ? "" : "\n") + note;
    });
    return state->note.c_str();
}

void return_statements(SqliteCall *call, FunctionCallInfo fcinfo) {
    bool is_schema_new = !OidIsValid(pg::find_schema(call->schema));
    int32 step = 0;
    for (const Statement &statement : call->state->script.statements) {
        if (statement.phase == Phase::schema && !is_schema_new)
            continue;
        pg::ResultRow row;
        pg::start_row(fcinfo, &row);
        pg::set_datum(&row, Int32GetDatum(++step));
        pg::set_text(&row, core::plan::phase_name(statement.phase).data());
        pg::set_text(&row, statement.object.c_str());
        pg::set_text_or_null(&row, statement.sql.c_str());
        pg::set_text_or_null(&row, note_of(call, statement));
        pg::finish_row(&row);
    }
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_plan_sqlite);

PGDLLEXPORT Datum migrate_plan_sqlite(PG_FUNCTION_ARGS) {
    using namespace migrate;
    pg::open_result(fcinfo);
    fn::SqliteCall *call = fn::begin_call(fcinfo);
    if (call->state->options.distribute)
        pg::require_citus();
    fn::open_source(call);
    fn::make_plan(call);
    // Types that are given take no reading.
    if (!call->state->options.fills_existing())
        fn::profile_all(call);
    pg::call_core([&] {
        call->state->source->finish();
        call->state->script = core::plan::write_script(*call->state->plan);
    });
    fn::return_statements(call, fcinfo);
    fn::end_call(call);
    return (Datum)0;
}
}
