// The last stage: the run's record, the notes, the NOTICE and the result rows.
#include "fn/import_run.hpp"

#include "core/note_lines.hpp"
#include "pg/bookkeeping.hpp"
#include "pg/error_bridge.hpp"
#include "pg/result_set.hpp"
#include "pg/target_schema.hpp"

#include <string>

#include "pg/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
#include "tcop/tcopprot.h"
}

namespace migrate::fn {
namespace {

using core::add_line;
using core::plan::Fate;
using pg::call_core;

struct Totals {
    int64 tables;
    int64 rows_read;
    int64 rows_loaded;
    int64 rows_updated;
    int64 rows_rejected;
    int64 rows_skipped;
    int64 not_imported;
};

Totals count_totals(const ImportRun *run) {
    Totals totals = {};
    for (const TableResult &table : run->state->tables) {
        totals.tables++;
        totals.rows_read += table.rows_read;
        totals.rows_loaded += table.rows_loaded;
        totals.rows_updated += table.rows_updated;
        totals.rows_rejected += table.rows_rejected;
        totals.rows_skipped += table.rows_skipped;
    }
    for (const auto &record : run->call->state->script.records)
        totals.not_imported += record.status == Fate::skipped ? 1 : 0;
    return totals;
}

std::string repeated_note(const TableResult &table, const core::ImportOptions &options) {
    return std::to_string(table.rows_repeated) +
           (table.rows_repeated == 1 ? " row has" : " rows have") +
           " a key that another row of the file has too: of each key the " +
           (options.on_conflict == core::OnConflict::update ? "last" : "first") + " one counts";
}

// ", 3 updated" where there are any: only rows of existing tables are.
const char *if_any(int64 count, const char *what) {
    return count > 0 ? psprintf(", " INT64_FORMAT " %s", count, what) : "";
}

const char *counted(int64 count, const char *noun) {
    return psprintf(INT64_FORMAT " %s%s", count, noun, count == 1 ? "" : "s");
}

// All notes of a table: the plan's, the load's, and what the data broke.
void collect_notes(ImportRun *run, std::size_t index) {
    SqliteState *state = run->call->state;
    TableResult &table = run->state->tables[index];
    const core::plan::TablePlan &plan = state->plan->tables()[index];
    const char *lost = run->replacement != nullptr
                           ? pg::lost_with(run->replacement, pg::server_text(plan.name.c_str()))
                           : nullptr;
    call_core([&] {
        for (const std::string &note : state->script.table_notes[index])
            add_line(table.notes, note);
        for (const std::string &note :
             core::plan::load_notes(plan, table.statistics, table.rows_rejected))
            add_line(table.notes, note);
        if (table.rows_repeated > 0)
            add_line(table.notes, repeated_note(table, state->options));
        for (const std::string &note : table.finish_notes)
            add_line(table.notes, note);
        if (lost != nullptr)
            add_line(table.notes, lost);
        if (index == 0)
            for (const std::string &note : state->source->database().notes())
                add_line(table.notes, note);
    });
}

// The target's own name of a table or view of the source; NULL for other objects and for what was
// not imported.
const char *relation_name(const core::plan::Plan &plan, const core::plan::ObjectRecord &record) {
    if (record.target_name.empty())
        return nullptr;
    if (record.object_type == "table") {
        int table = plan.find_table(record.source_name);
        return table < 0 ? nullptr : plan.tables()[static_cast<std::size_t>(table)].name.c_str();
    }
    if (record.object_type == "view")
        for (const core::plan::ViewPlan &view : plan.views())
            if (view.source->name == record.source_name)
                return view.name.c_str();
    return nullptr;
}

void record_objects(ImportRun *run, int64 run_id) {
    SqliteState *state = run->call->state;
    Oid schema = pg::find_schema(run->call->schema);
    int64 object_id = 0;
    for (const auto &record : state->script.records) {
        // Mode "replace" drops what an earlier run made, and is told so by the relation.
        const char *name = state->options.fills_existing()
                               ? nullptr
                               : call_core([&] { return relation_name(*state->plan, record); });
        Oid relation = name != nullptr ? pg::find_relation(schema, name) : InvalidOid;
        pg::record_object(run_id, ++object_id, record, run->call->schema, relation);
    }
}

const char *call_text() {
    return debug_query_string != nullptr ? debug_query_string : "";
}

void announce(const ImportRun *run, int64 run_id, const Totals &totals) {
    const char *text =
        psprintf("run " INT64_FORMAT ": %s, %s%s%s, " INT64_FORMAT " rejected; %s not imported",
                 run_id, counted(totals.tables, "table"), counted(totals.rows_loaded, "row"),
                 if_any(totals.rows_updated, "updated"), if_any(totals.rows_skipped, "skipped"),
                 totals.rows_rejected, counted(totals.not_imported, "object"));
    const char *suffix = run->call->state->options.dry_run ? " (dry run, undone)" : "";
    if (run->call->state->script.is_folded)
        ereport(NOTICE,
                (errmsg("names were folded to lower case"),
                 errhint("Use the option \"identifiers\" with \"preserve\" to keep them.")));
    ereport(NOTICE, (errmsg("%s%s", text, suffix),
                     errhint("SELECT * FROM migrate.report(" INT64_FORMAT ");", run_id)));
    ereport(LOG_SERVER_ONLY, (errmsg("migrate import of \"%s\" into schema \"%s\": %s%s",
                                     run->call->path, run->call->schema, text, suffix)));
}

} // namespace

int64 record_import(ImportRun *run) {
    SqliteState *state = run->call->state;
    Totals totals = count_totals(run);
    const core::sqlite::FileState &file = state->source->database().state();
    for (std::size_t i = 0; i < run->state->tables.size(); i++)
        collect_notes(run, i);
    pg::RunRecord record = {
        "import_sqlite",    call_text(),         run->call->path,
        file.size,          file.mtime_ns,       static_cast<int64>(file.change_counter),
        run->call->schema,  run->call->options,  state->options.dry_run,
        run->started_at,    totals.tables,       totals.rows_read,
        totals.rows_loaded, totals.rows_updated, totals.rows_rejected,
        totals.rows_skipped};
    int64 run_id = pg::record_run(record);
    record_objects(run, run_id);
    pg::record_rejects(run->rejects, run_id, run->call->path);
    announce(run, run_id, totals);
    return run_id;
}

void return_results(ImportRun *run, FunctionCallInfo fcinfo) {
    for (const TableResult &table : run->state->tables) {
        pg::ResultRow row;
        pg::start_row(fcinfo, &row);
        pg::set_text(&row, table.display_name.c_str());
        pg::set_bigint(&row, table.rows_read);
        pg::set_bigint(&row, table.rows_loaded);
        pg::set_bigint(&row, table.rows_updated);
        pg::set_bigint(&row, table.rows_rejected);
        pg::set_bigint(&row, table.rows_skipped);
        pg::set_seconds(&row, table.started_at, table.finished_at);
        pg::set_text_or_null(&row, table.notes.c_str());
        pg::finish_row(&row);
    }
}

} // namespace migrate::fn
