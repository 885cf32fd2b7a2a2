// The end of a run of import_csv: its record, the notes, the NOTICE and the result rows.
#include "fn/csv_run.hpp"

#include "core/csv/effective_options.hpp"
#include "core/note_lines.hpp"
#include "core/plan/naming.hpp"
#include "pg/bookkeeping.hpp"
#include "pg/error_bridge.hpp"
#include "pg/loaded_files.hpp"
#include "pg/result_set.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/pg_class_d.h"
#include "tcop/tcopprot.h"
#include "utils/lsyscache.h"
}

namespace migrate::fn {
namespace {

using core::add_line;
using core::plan::Fate;
using core::plan::ObjectRecord;
using pg::call_core;

int64 skipped_of(const CsvFile &file) {
    return file.not_written + file.duplicates + file.statistics.blank_lines.count;
}

struct Totals {
    int64 files;
    int64 passed_over;
    int64 inserted;
    int64 updated;
    int64 skipped;
    int64 bytes;
    int64 mtime_ns; // of the file that was written last
};

Totals count_totals(const CsvRun *run) {
    Totals totals = {};
    for (const CsvTable &table : run->call->state->tables)
        for (const CsvFile &file : table.files) {
            totals.files++;
            totals.passed_over += file.loaded_by != 0 ? 1 : 0;
            totals.inserted += file.inserted;
            totals.updated += file.updated;
            totals.skipped += skipped_of(file);
            totals.bytes += file.bytes;
            totals.mtime_ns = Max(totals.mtime_ns, file.stamp.mtime_ns);
        }
    return totals;
}

std::string file_words(const CsvFile &file) {
    const core::csv::SniffedDialect &found = file.survey.found;
    std::string words = "read as delimiter " + core::csv::shown_mark(found.dialect.delimiter) +
                        ", quote " + core::csv::shown_mark(core::csv::quote_word(found.dialect)) +
                        ", " + found.newline + ", " + file.encoding + ", " +
                        (file.survey.has_header() ? "a header" : "no header");
    if (found.skip_lines > 0)
        words += ", " + std::to_string(found.skip_lines) +
                 (found.skip_lines == 1 ? " line" : " lines") + " above the table";
    return words;
}

std::string column_words(const core::csv::TableColumn &column,
                         const core::csv::InferredType &finding) {
    return "column \"" + column.name + "\" is " + finding.evidence;
}

// What was detected and why: in the notes of the first file of a table that was made.
void note_columns(const CsvTable &table, std::string &notes) {
    for (std::size_t i = 0; i < table.columns.columns.size(); i++) {
        const core::csv::TableColumn &column = table.columns.columns[i];
        if (!column.note.empty() && column.note != "folded to lower case")
            add_line(notes, "column \"" + column.name + "\" is \"" +
                                core::plan::replace_controls(column.original) +
                                "\" in the file: " + column.note);
        if (i < table.findings.size() && table.findings[i])
            add_line(notes, column_words(column, *table.findings[i]));
    }
}

// How a file writes the values of columns that have their types already, where that was found.
void note_formats(const CsvTable &table, const CsvFile &file, std::string &notes) {
    for (std::size_t i = 0; i < file.formats.size(); i++) {
        if (!file.formats[i])
            continue;
        const core::csv::TableColumn &column = table.columns.columns[i];
        const core::csv::ValueFormat &format = *file.formats[i];
        std::string words = std::string("decimal mark \"") + format.decimal + "\"";
        if (column.type.is_time_like())
            words = "date order " + std::string(core::csv::date_order_word(format.date_order));
        add_line(notes, "column \"" + column.name + "\" is read with " + words);
    }
}

void collect_notes(const core::csv::CsvOptions &options, CsvTable &table) {
    bool is_first = table.is_created;
    for (CsvFile &file : table.files) {
        if (file.loaded_by != 0)
            continue;
        std::string notes = file_words(file);
        for (const std::string &sentence : file.survey.evidence)
            add_line(notes, sentence);
        if (is_first)
            note_columns(table, notes);
        is_first = false;
        if (core::csv::is_plain(options.format))
            note_formats(table, file, notes);
        if (!file.notes.empty())
            add_line(notes, file.notes);
        file.notes = std::move(notes);
    }
}

// What the table had that this one takes the place of.
void note_losses(CsvTable *table) {
    if (table->replacement == nullptr)
        return;
    const char *lost = pg::lost_with(table->replacement, pg::server_text(table->name.c_str()));
    call_core([&] {
        std::string &notes = table->files.front().notes;
        add_line(notes, "keys, indexes and constraints of the table that was replaced are gone");
        if (lost != nullptr)
            add_line(notes, lost);
    });
}

ObjectRecord table_record(const CsvTable &table) {
    ObjectRecord record;
    record.object_type = table.is_created   ? "table"
                         : table.is_emptied ? "emptied table"
                                            : "existing table";
    record.source_name = table.files.front().path;
    record.target_name = table.display_name;
    return record;
}

ObjectRecord column_record(const CsvTable &table, std::size_t i) {
    const core::csv::TableColumn &column = table.columns.columns[i];
    ObjectRecord record;
    record.object_type = "column";
    record.source_name = column.original.empty() ? column.name : column.original;
    record.target_name = table.display_name + "." + core::plan::display_identifier(column.name);
    record.status = column.note.empty() ? Fate::imported : Fate::adapted;
    record.reason = column.note;
    if (i < table.findings.size() && table.findings[i])
        add_line(record.reason, table.findings[i]->evidence);
    return record;
}

// A dry run's table is gone by now.
Oid present(Oid relation) {
    return get_rel_name(relation) != nullptr ? relation : InvalidOid;
}

void record_table(CsvRun *run, int64 run_id, const CsvTable &table, int64 *object_id) {
    CsvState *state = run->call->state;
    const char *schema = pg::server_text(table.schema.c_str());
    call_core([&] { state->object = table_record(table); });
    pg::record_object(run_id, ++*object_id, state->object, schema, present(table.relation));
    for (std::size_t i = 0; table.is_created && i < table.columns.columns.size(); i++) {
        call_core([&] { state->object = column_record(table, i); });
        pg::record_object(run_id, ++*object_id, state->object, schema, InvalidOid);
    }
}

// What was found of the columns as this file writes them.
std::vector<core::csv::ColumnFinding> findings_of(const CsvTable &table, const CsvFile &file) {
    std::vector<core::csv::ColumnFinding> findings = table.findings;
    findings.resize(table.columns.columns.size());
    for (std::size_t i = 0; i < file.formats.size(); i++) {
        if (!file.formats[i])
            continue;
        findings[i] = core::csv::InferredType();
        findings[i]->format = *file.formats[i];
    }
    return findings;
}

void record_one_file(CsvRun *run, int64 run_id, const CsvTable &table, const CsvFile &file,
                     int64 object_id) {
    CsvState *state = run->call->state;
    const char *identity = pg::database_identity();
    // The next session's temporary table of the name is another one.
    const Oid relation = present(table.relation);
    const bool is_temporary =
        OidIsValid(relation) && get_rel_persistence(relation) == RELPERSISTENCE_TEMP;
    call_core([&] {
        state->text = core::csv::file_details(identity, file.survey, file.encoding, table.columns,
                                              file.match, findings_of(table, file));
    });
    const pg::FileRecord record = {
        pg::server_text(file.path.c_str()),
        pg::server_text(table.schema.c_str()),
        pg::server_text(table.display_name.c_str()),
        relation,
        file.loaded_by != 0 ? "skipped" : "imported",
        file.notes.empty() ? nullptr : pg::server_text(file.notes.c_str()),
        file.digest.empty() || is_temporary ? nullptr : file.digest.c_str(),
        pg::server_text(state->text.c_str())};
    pg::record_file(run_id, object_id, record);
}

void record_objects(CsvRun *run, int64 run_id) {
    int64 object_id = 0;
    for (const CsvTable &table : run->call->state->tables) {
        record_table(run, run_id, table, &object_id);
        for (const CsvFile &file : table.files)
            record_one_file(run, run_id, table, file, ++object_id);
    }
}

const char *counted(int64 count, const char *word) {
    return psprintf(INT64_FORMAT " %s%s", count, word, count == 1 ? "" : "s");
}

void warn_of_rejects(const CsvRun *run, int64 run_id) {
    const bool is_kept = run->call->state->options.on_error != core::csv::OnError::ignore;
    if (run->rejected == 0)
        return;
    ereport(
        WARNING,
        (errmsg("%s of " INT64_FORMAT " not loaded", counted(run->rejected, "record"), run->read),
         is_kept ? errhint("SELECT * FROM migrate.rejects WHERE run_id = " INT64_FORMAT ";", run_id)
                 : errhint("migrate.check_csv() lists them, and option \"on_error\" with "
                           "\"reject\" keeps them.")));
}

void announce(const CsvRun *run, int64 run_id, const Totals &totals) {
    const char *suffix = run->call->state->options.dry_run ? " (dry run, undone)" : "";
    const char *text =
        psprintf("run " INT64_FORMAT ": %s, %s, " INT64_FORMAT " updated, " INT64_FORMAT
                 " rejected; %s loaded before%s",
                 run_id, counted(totals.files, "file"), counted(totals.inserted, "row"),
                 totals.updated, run->rejected, counted(totals.passed_over, "file"), suffix);
    warn_of_rejects(run, run_id);
    ereport(NOTICE, (errmsg("%s", text),
                     errhint("SELECT * FROM migrate.report(" INT64_FORMAT ");", run_id)));
    ereport(LOG_SERVER_ONLY, (errmsg("migrate import of \"%s\": %s", run->call->path, text)));
}

} // namespace

int64 record_csv_run(CsvRun *run) {
    CsvState *state = run->call->state;
    const Totals totals = count_totals(run);
    for (CsvTable &table : state->tables)
        note_losses(&table);
    call_core([&] {
        for (CsvTable &table : state->tables)
            collect_notes(state->options, table);
    });
    const pg::RunRecord record = {
        run->function_name,
        debug_query_string != nullptr ? debug_query_string : "",
        run->call->path,
        totals.bytes,
        totals.mtime_ns,
        0,
        state->tables.empty() ? "" : pg::server_text(state->tables.front().schema.c_str()),
        run->call->options,
        state->options.dry_run,
        run->started_at,
        static_cast<int64>(state->tables.size()),
        run->read,
        totals.inserted,
        totals.updated,
        run->rejected,
        totals.skipped};
    const int64 run_id = pg::record_run(record);
    record_objects(run, run_id);
    if (state->options.on_error != core::csv::OnError::ignore)
        pg::record_rejects(run->rejects, run_id, run->call->path);
    announce(run, run_id, totals);
    return run_id;
}

void return_files(const CsvRun *run, FunctionCallInfo fcinfo) {
    for (const CsvTable &table : run->call->state->tables)
        for (const CsvFile &file : table.files) {
            pg::ResultRow row;
            pg::start_row(fcinfo, &row);
            pg::set_text(&row, file.path.c_str());
            pg::set_text(&row, table.display_name.c_str());
            pg::set_bigint(&row, file.statistics.rows_read);
            pg::set_bigint(&row, file.inserted);
            pg::set_bigint(&row, file.updated);
            pg::set_bigint(&row, file.statistics.rows_rejected);
            pg::set_bigint(&row, skipped_of(file));
            pg::set_bigint(&row, file.bytes);
            pg::set_seconds(&row, file.started_at, file.finished_at);
            pg::set_text_or_null(&row, file.notes.c_str());
            pg::finish_row(&row);
        }
}

} // namespace migrate::fn
