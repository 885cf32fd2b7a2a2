#include "fn/sync_run.hpp"

#include "core/note_lines.hpp"

#include "pg/bookkeeping.hpp"
#include "pg/error_bridge.hpp"
#include "pg/key_sequences.hpp"
#include "pg/owned.hpp"
#include "pg/result_set.hpp"
#include "pg/sql.hpp"
#include "pg/sync_apply.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "tcop/tcopprot.h"
}

namespace migrate::fn {
namespace {

using core::plan::ObjectRecord;
using pg::call_core;

void move_sequences(SyncedTable *table) {
    if (table->counts.inserted == 0)
        return;
    const char *notes =
        pg::advance_sequences(table->relation, pg::server_text(table->display_name.c_str()));
    if (notes != nullptr)
        add_sync_note(table, pg::utf8_text(notes));
}

struct Totals {
    int64 read;
    int64 inserted;
    int64 updated;
    int64 deleted;
    int64 unchanged;
    int64 rejected;
};

Totals count_totals(const std::vector<SyncedTable> &tables) {
    Totals totals = {};
    for (const SyncedTable &table : tables) {
        totals.read += table.read;
        totals.inserted += table.counts.inserted;
        totals.updated += table.counts.updated;
        totals.deleted += table.deleted();
        totals.unchanged += table.unchanged();
        totals.rejected += table.rejected;
    }
    return totals;
}

void record_table(int64 run_id, int64 object_id, const SyncedTable &table, ObjectRecord *record) {
    call_core([&] {
        *record = ObjectRecord();
        record->object_type = "synced table";
        record->source_name = table.source_name;
        record->target_name = table.display_name;
        record->reason = std::to_string(table.counts.inserted) + " inserted, " +
                         std::to_string(table.counts.updated) + " updated, " +
                         std::to_string(table.deleted()) + " deleted, " +
                         std::to_string(table.unchanged()) + " unchanged";
        if (!table.notes.empty())
            record->reason += "\n" + table.notes;
    });
    pg::record_object(run_id, object_id, *record, pg::server_text(table.schema.c_str()),
                      table.relation);
}

void announce(const SyncSource &source, int64 run_id, std::size_t tables, const Totals &totals) {
    const char *text = psprintf("run " INT64_FORMAT ": %zu table%s, " INT64_FORMAT
                                " inserted, " INT64_FORMAT " updated, " INT64_FORMAT
                                " deleted, " INT64_FORMAT " unchanged, " INT64_FORMAT " rejected%s",
                                run_id, tables, tables == 1 ? "" : "s", totals.inserted,
                                totals.updated, totals.deleted, totals.unchanged, totals.rejected,
                                source.is_dry_run ? " (dry run, undone)" : "");
    if (totals.rejected > 0)
        ereport(WARNING, (errmsg(INT64_FORMAT " of " INT64_FORMAT " rows could not be read",
                                 totals.rejected, totals.read),
                          errhint("SELECT * FROM migrate.rejects WHERE run_id = " INT64_FORMAT ";",
                                  run_id)));
    ereport(NOTICE, (errmsg("%s", text),
                     errhint("SELECT * FROM migrate.report(" INT64_FORMAT ");", run_id)));
    ereport(LOG_SERVER_ONLY, (errmsg("migrate sync of \"%s\": %s", source.path, text)));
}

void record_sync(const SyncSource &source, const std::vector<SyncedTable> &tables,
                 pg::RejectStore *rejects) {
    const Totals totals = count_totals(tables);
    const int64 written = totals.inserted + totals.updated + totals.rejected;
    const pg::RunRecord record = {source.function_name,
                                  debug_query_string != nullptr ? debug_query_string : "",
                                  source.path,
                                  source.size,
                                  source.mtime_ns,
                                  source.change_counter,
                                  source.schema,
                                  source.options,
                                  source.is_dry_run,
                                  source.started_at,
                                  static_cast<int64>(tables.size()),
                                  totals.read,
                                  totals.inserted,
                                  totals.updated,
                                  totals.rejected,
                                  totals.read - written};
    const int64 run_id = pg::record_run(record);
    auto *object = pg::own<ObjectRecord>(CurrentMemoryContext,
                                         [] { return std::make_unique<ObjectRecord>(); });
    int64 object_id = 0;
    for (const SyncedTable &table : tables)
        record_table(run_id, ++object_id, table, object);
    pg::record_rejects(rejects, run_id, source.path);
    announce(source, run_id, tables.size(), totals);
}

void return_tables(FunctionCallInfo fcinfo, const std::vector<SyncedTable> &tables) {
    for (const SyncedTable &table : tables) {
        pg::ResultRow row;
        pg::start_row(fcinfo, &row);
        pg::set_text(&row, table.display_name.c_str());
        pg::set_bigint(&row, table.counts.inserted);
        pg::set_bigint(&row, table.counts.updated);
        pg::set_bigint(&row, table.deleted());
        pg::set_bigint(&row, table.unchanged());
        pg::set_seconds(&row, table.started_at, table.finished_at);
        pg::set_text_or_null(&row, table.notes.c_str());
        pg::finish_row(&row);
    }
}

} // namespace

void add_sync_note(SyncedTable *table, const char *note) {
    call_core([&] { core::add_line(table->notes, note); });
}

void lock_synced_table(const char *display_name) {
    pg::run_utility(
        psprintf("LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE", pg::server_text(display_name)));
}

void apply_to_tables(pg::TableSync *const *syncs, std::vector<SyncedTable> *tables,
                     const core::DeleteLimit &limit, bool is_dry_run) {
    const auto count = static_cast<int>(tables->size());
    const pg::SyncNotes *notes = pg::apply_syncs(syncs, count, limit);
    for (int i = 0; i < notes->count; i++)
        add_sync_note(&(*tables)[static_cast<std::size_t>(notes->notes[i].sync)],
                      pg::utf8_text(notes->notes[i].text));
    for (int i = 0; i < count; i++) {
        SyncedTable *table = &(*tables)[static_cast<std::size_t>(i)];
        table->counts = pg::sync_counts(syncs[i]);
        if (!is_dry_run)
            move_sequences(table);
    }
}

void finish_sync(FunctionCallInfo fcinfo, const SyncSource &source,
                 const std::vector<SyncedTable> &tables, pg::RejectStore *rejects) {
    record_sync(source, tables, rejects);
    pg::close_reject_store(rejects);
    return_tables(fcinfo, tables);
}

} // namespace migrate::fn
