// migrate.retry_rejects: loads the records of a run that somebody mended in migrate.rejects, as the
// file that they come from was loaded.
#include "fn/csv_run.hpp"

#include "core/csv/kept_details.hpp"
#include "core/error.hpp"
#include "core/plan/script.hpp"
#include "fn/arguments.hpp"
#include "pg/closed_sources.hpp"
#include "pg/error_bridge.hpp"
#include "pg/loaded_files.hpp"
#include "pg/options.hpp"
#include "pg/result_set.hpp"
#include "pg/sql.hpp"
#include "pg/target_schema.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
}

namespace migrate::fn {
namespace {

using core::csv::ColumnOrigin;
using core::csv::MendedRecord;
using pg::call_core;

uint64 query_run(const char *sql, int64 run_id) {
    Oid type = INT8OID;
    Datum value = Int64GetDatum(run_id);
    return pg::run_query(sql, 1, &type, &value);
}

// A condition and types that another role wrote must not run with this caller's rights.
void check_own_run(int64 run_id, const char *run_by) {
    if (strcmp(run_by, GetUserNameFromId(GetUserId(), false)) != 0)
        ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                        errmsg("permission denied for run " INT64_FORMAT, run_id),
                        errdetail("Role \"%s\" ran it, and only that role may retry it: the "
                                  "options of the run are used again.",
                                  run_by)));
}

// The options of the run, in the caller's memory.
Datum options_of_run(int64 run_id) {
    MemoryContext caller = CurrentMemoryContext;
    SPI_connect();
    const int level = pg::push_settings();
    const uint64 rows =
        query_run("SELECT options::pg_catalog.text, function_name, run_by, is_dry_run "
                  "FROM migrate.runs WHERE run_id OPERATOR(pg_catalog.=) $1",
                  run_id);
    if (rows == 0)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
                        errmsg("run " INT64_FORMAT " does not exist", run_id),
                        errhint("The view migrate.runs shows the runs that you may see.")));
    check_own_run(run_id, pg::query_text(0, 3));
    if (strcmp(pg::query_text(0, 4), "t") == 0)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("run " INT64_FORMAT " was a dry run", run_id),
                        errhint("Import the file first.")));
    const char *function = pg::query_text(0, 2);
    if (strcmp(function, "import_csv") != 0 && strcmp(function, "retry_rejects") != 0)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("run " INT64_FORMAT " is a run of %s, not of import_csv", run_id,
                               function)));
    char *text = MemoryContextStrdup(caller, pg::query_text(0, 1));
    pg::pop_settings(level);
    SPI_finish();
    return DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
}

// Files of the run with mended records, each as a table of its own with one file.
void find_files(CsvCall *call, int64 run_id) {
    CsvState *state = call->state;
    const uint64 rows = query_run(
        "SELECT o.source_name, n.nspname, c.relname, c.oid::pg_catalog.int8, "
        "       o.details::pg_catalog.text, o.target_name "
        "FROM migrate.run_objects o "
        "LEFT JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
        "           ON n.oid OPERATOR(pg_catalog.=) c.relnamespace) "
        "  ON n.nspname OPERATOR(pg_catalog.=) o.target_schema "
        "  AND pg_catalog.replace(o.target_name, '\"', '') OPERATOR(pg_catalog.=) "
        "      pg_catalog.replace(pg_catalog.concat(n.nspname, '.', c.relname), '\"', '') "
        "WHERE o.run_id OPERATOR(pg_catalog.=) $1 AND o.object_type OPERATOR(pg_catalog.=) 'file' "
        "AND EXISTS (SELECT FROM migrate.rejects j WHERE j.run_id OPERATOR(pg_catalog.=) $1 "
        "  AND j.source OPERATOR(pg_catalog.=) o.source_name AND j.mended IS NOT NULL "
        "  AND j.retried_by IS NULL) ORDER BY o.object_id",
        run_id);
    for (uint64 i = 0; i < rows; i++) {
        if (pg::query_text(i, 3) == nullptr)
            ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
                            errmsg("table %s of run " INT64_FORMAT " does not exist any more",
                                   pg::query_text(i, 6), run_id)));
        const char *path = pg::utf8_text(pg::query_text(i, 1));
        const char *schema = pg::utf8_text(pg::query_text(i, 2));
        const char *name = pg::utf8_text(pg::query_text(i, 3));
        const char *details = pg::query_text(i, 5);
        const auto relation = static_cast<Oid>(pg::query_bigint(i, 4));
        call_core([&] {
            CsvTable &table = state->tables.emplace_back();
            table.schema = schema;
            table.name = name;
            table.display_name = core::plan::display_name(table.schema, table.name);
            table.relation = relation;
            table.files.emplace_back().path = path;
            state->texts.emplace_back(details);
        });
    }
}

// The columns whose values are no fields of the record, by the options of the run.
void set_origins(const CsvState &state, core::csv::TableColumns &columns,
                 const std::string &table_name) {
    core::csv::add_origin_columns(columns, state.options, table_name);
    if (!state.options.raw)
        return;
    for (core::csv::TableColumn &column : columns.columns)
        for (const core::csv::TableColumn &raw : core::csv::raw_columns().columns)
            if (raw.name == column.name)
                column.origin = raw.origin;
}

void check_fields(const CsvTable &table, const core::csv::KeptDetails &kept) {
    for (const core::csv::KeptField &field : kept.fields) {
        bool is_found = field.column.empty();
        for (const core::csv::TableColumn &column : table.columns.columns)
            is_found = is_found || column.name == field.column;
        if (!is_found)
            throw core::Error("42703", "column \"" + field.column + "\" of table " +
                                           table.display_name + " does not exist any more")
                .with_detail("The run loaded a field of the file into it.");
    }
}

void match_details(CsvTable &table, const core::csv::KeptDetails &kept) {
    check_fields(table, kept);
    CsvFile &file = table.files.front();
    file.survey.found.dialect = kept.dialect;
    file.survey.found.newline = "mended";
    file.survey.width = kept.fields.size();
    file.encoding = "UTF8";
    file.match.fields.assign(table.columns.columns.size(), -1);
    table.findings.resize(table.columns.columns.size());
    for (std::size_t i = 0; i < table.columns.columns.size(); i++) {
        core::csv::TableColumn &column = table.columns.columns[i];
        for (std::size_t field = 0; field < kept.fields.size(); field++) {
            if (kept.fields[field].column != column.name || column.origin != ColumnOrigin::field)
                continue;
            file.match.fields[i] = static_cast<int>(field);
            table.findings[i] = core::csv::InferredType();
            table.findings[i]->format = kept.fields[field].format;
        }
    }
}

void plan_file(CsvCall *call, CsvTable *table, const std::string &details) {
    CsvState *state = call->state;
    read_target_columns(table);
    const Datum jsonb = DirectFunctionCall1(jsonb_in, CStringGetDatum(details.c_str()));
    core::OptionValue *value = pg::read_options(call->memory, jsonb);
    call_core([&] {
        set_origins(*state, table->columns, table->display_name);
        match_details(*table, core::csv::read_details(*value));
    });
}

// A record has a reject for each of its bad columns: the first text counts.
void find_mended(CsvRun *run, int64 run_id, const CsvFile &file) {
    Oid types[] = {INT8OID, TEXTOID};
    Datum values[] = {Int64GetDatum(run_id),
                      CStringGetTextDatum(pg::server_text(file.path.c_str()))};
    const uint64 rows = pg::run_query(
        "SELECT DISTINCT ON (line_first) line_first, line_last, mended FROM migrate.rejects "
        "WHERE run_id OPERATOR(pg_catalog.=) $1 AND source OPERATOR(pg_catalog.=) $2 "
        "AND mended IS NOT NULL AND retried_by IS NULL ORDER BY line_first, reject_id",
        2, types, values);
    CsvState *state = run->call->state;
    call_core([&] { state->mended_records.clear(); });
    for (uint64 i = 0; i < rows; i++) {
        const char *text = pg::utf8_text(pg::query_text(i, 3));
        const int64 first = pg::query_bigint(i, 1);
        const int64 last = pg::query_bigint(i, 2);
        call_core([&] { state->mended_records.push_back({text, first, last}); });
    }
}

void load_mended(CsvRun *run, int64 run_id) {
    CsvState *state = run->call->state;
    for (std::size_t i = 0; i < state->tables.size(); i++) {
        CsvTable *table = &state->tables[i];
        pg::check_source_open(pg::server_text(table->files.front().path.c_str()),
                              pg::server_text(table->schema.c_str()));
        pg::lock_target_schema(pg::server_text(table->display_name.c_str()));
        plan_file(run->call, table, state->texts[i]);
        find_mended(run, run_id, table->files.front());
        call_core([&] {
            for (const MendedRecord &record : state->mended_records)
                state->retried.emplace_back(table->files.front().path, record.first_line);
            state->mended = std::make_unique<core::csv::MendedRecords>(
                table->files.front().survey.found.dialect, std::move(state->mended_records));
        });
        load_table_files(run, table);
    }
}

void retry(CsvRun *run, int64 run_id) {
    pg::set_setting("lock_timeout", run->call->state->options.lock_timeout.c_str());
    load_mended(run, run_id);
    check_reject_share(run);
    const int64 new_run = record_csv_run(run);
    for (const auto &[path, line] : run->call->state->retried)
        pg::mark_retried(run_id, pg::server_text(path.c_str()), line, new_run);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_retry_rejects);

PGDLLEXPORT Datum migrate_retry_rejects(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.retry_rejects()");
    const int64 run_id = fn::run_argument(fcinfo);
    pg::open_result(fcinfo);
    fn::CsvCall *call = fn::begin_call_with_options(fn::options_of_run(run_id));
    call->path = psprintf("migrate.rejects of run " INT64_FORMAT, run_id);
    fn::CsvRun *run = fn::begin_csv_run(call, "retry_rejects");
    fn::find_files(call, run_id);
    if (call->state->tables.empty())
        ereport(NOTICE, (errmsg("run " INT64_FORMAT " has no mended records", run_id),
                         errhint("Write a mended record into column \"mended\" of "
                                 "migrate.rejects.")));
    else
        fn::retry(run, run_id);
    pg::close_reject_store(run->rejects);
    fn::return_files(run, fcinfo);
    fn::end_csv_call(call);
    return (Datum)0;
}
}
