// migrate.inspect_sqlite: what a file declares, what it really stores, and what it would become.
#include "fn/sqlite_call.hpp"

#include "core/plan/naming.hpp"
#include "core/plan/type_choice.hpp"
#include "pg/error_bridge.hpp"
#include "pg/result_set.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "lib/stringinfo.h"
#include "utils/fmgrprotos.h"
}

namespace migrate::fn {
namespace {

using core::StorageClass;
using core::plan::ColumnProfile;
using pg::call_core;

// {"integer": 998, "text": 2}: the classes that occur, as jsonb.
Datum storage_classes(const ColumnProfile &profile) {
    StringInfoData json;
    initStringInfo(&json);
    for (StorageClass storage : {StorageClass::null, StorageClass::integer, StorageClass::real,
                                 StorageClass::text, StorageClass::blob}) {
        if (profile.count(storage) > 0)
            appendStringInfo(&json, "%s\"%s\": " INT64_FORMAT, json.len > 0 ? ", " : "{",
                             core::storage_class_name(storage).data(), profile.count(storage));
    }
    appendStringInfoString(&json, json.len > 0 ? "}" : "{}");
    return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}

void return_column(SqliteCall *call, FunctionCallInfo fcinfo, std::size_t table,
                   std::size_t column) {
    SqliteState *state = call->state;
    const core::plan::TablePlan &plan = state->plan->tables()[table];
    const core::plan::ColumnPlan &planned = plan.columns[column];
    const core::Column &source = plan.source->columns[static_cast<std::size_t>(planned.source)];
    const ColumnProfile &profile = state->profile->columns[column];
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_text(&row, plan.source->name.c_str());
    pg::set_bigint(&row, state->profile->rows);
    pg::set_text(&row, source.name.c_str());
    pg::set_text(&row, source.declared_type.c_str());
    pg::set_datum(&row, storage_classes(profile));
    call_core([&] { state->note = planned.type.sql(); });
    pg::set_text(&row, state->note.c_str());
    call_core([&] { state->note = core::plan::suggest_type(planned.type, profile); });
    pg::set_text_or_null(&row, state->note.c_str());
    pg::set_boolean(&row, !planned.is_not_null);
    call_core([&] {
        core::plan::TypeChoice choice = core::plan::decide_type(
            source.name, planned.proposal, profile, state->options, state->options.epoch);
        state->note.clear();
        for (const std::string &note : choice.notes)
            state->note += (state->note.empty() ? "" : "\n") + core::plan::replace_controls(note);
    });
    pg::set_text_or_null(&row, state->note.c_str());
    pg::finish_row(&row);
}

void return_table(SqliteCall *call, FunctionCallInfo fcinfo, std::size_t table) {
    read_profile(call, table);
    for (std::size_t i = 0; i < call->state->plan->tables()[table].columns.size(); i++)
        return_column(call, fcinfo, table, i);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_inspect_sqlite);

PGDLLEXPORT Datum migrate_inspect_sqlite(PG_FUNCTION_ARGS) {
    using namespace migrate;
    pg::open_result(fcinfo);
    fn::SqliteCall *call = fn::begin_call(fcinfo);
    fn::open_source(call);
    fn::make_plan(call);
    pg::call_core([&] {
        call->state->scratch.clear();
        for (std::size_t i = 0; i < call->state->plan->tables().size(); i++)
            if (!call->state->plan->tables()[i].is_decided)
                call->state->scratch.push_back(i);
    });
    fn::profile_tables(call, call->state->scratch);
    for (std::size_t table = 0; table < call->state->plan->tables().size(); table++)
        fn::return_table(call, fcinfo, table);
    pg::call_core([&] { call->state->source->finish(); });
    fn::end_call(call);
    return (Datum)0;
}
}
