// Before a file is read: the targets are locked, option "mode" has its say, and files that an
// earlier run loaded are told.
#include "fn/csv_run.hpp"

#include "pg/closed_sources.hpp"
#include "pg/error_bridge.hpp"
#include "pg/file_digest.hpp"
#include "pg/loaded_files.hpp"
#include "pg/sql.hpp"
#include "pg/target_schema.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/table.h"
#include "utils/inval.h"
#include "utils/rel.h"
}

namespace migrate::fn {
namespace {

using core::csv::LoadedFiles;
using core::csv::LoadMode;
using pg::call_core;

// One import into a table at a time: two that run the same glob must not both find that a file is
// not loaded yet, nor both make the table.
void lock_target(CsvTable *table) {
    pg::lock_target_schema(pg::server_text(table->display_name.c_str()));
    AcceptInvalidationMessages();
    Oid schema = pg::find_schema(pg::server_text(table->schema.c_str()));
    table->relation = pg::find_relation(schema, table->name.c_str());
}

void refuse_existing(const CsvTable &table) {
    ereport(ERROR,
            (errcode(ERRCODE_DUPLICATE_TABLE),
             errmsg("relation \"%s\" already exists", pg::server_text(table.display_name.c_str())),
             errhint("Use the option \"mode\" with \"append\" to load into it, with "
                     "\"truncate\" to empty it first, or with \"replace\" to make it anew "
                     "when an earlier import made it.")));
}

// Grants are carried over to the new table: they must not show rows that policies hid.
void check_row_security(const CsvTable &table) {
    Relation relation = table_open(table.relation, AccessShareLock);
    const bool has_security = relation->rd_rel->relrowsecurity;
    table_close(relation, NoLock);
    if (has_security)
        ereport(ERROR,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                 errmsg("table %s has row security", pg::server_text(table.display_name.c_str())),
                 errdetail("Mode \"replace\" makes a table without policies."),
                 errhint("Use the option \"mode\" with \"truncate\" to keep the table.")));
}

void apply_mode(const CsvRun *run, CsvTable *table) {
    if (!OidIsValid(table->relation))
        return;
    switch (run->call->state->options.mode) {
    case LoadMode::append:
        return;
    case LoadMode::create:
        return refuse_existing(*table);
    case LoadMode::truncate:
        table->is_emptied = true;
        return;
    case LoadMode::replace:
        check_row_security(*table);
        table->replacement = pg::begin_replacement(pg::server_text(table->schema.c_str()));
        pg::add_replaced(table->replacement, table->relation);
        table->relation = InvalidOid;
    }
}

void refuse_loaded(const CsvTable &table, const CsvFile &file) {
    ereport(ERROR, (errcode(ERRCODE_DUPLICATE_FILE),
                    errmsg("file \"%s\" was loaded into table %s already",
                           pg::server_text(file.path.c_str()),
                           pg::server_text(table.display_name.c_str())),
                    errdetail("Run " INT64_FORMAT " loaded it.", file.loaded_by),
                    errhint("Use the option \"loaded_files\" with \"skip\" or \"load\".")));
}

void find_loaded(const CsvRun *run, const CsvTable &table, CsvFile *file) {
    const char *digest = pg::file_sha256(file->path.c_str());
    const LoadedFiles answer = run->call->state->options.loaded_files;
    call_core([&] { file->digest = digest; });
    if (!OidIsValid(table.relation) || table.is_emptied || answer == LoadedFiles::load)
        return;
    file->loaded_by = pg::find_loaded_file(table.relation, pg::server_text(table.schema.c_str()),
                                           pg::server_text(table.display_name.c_str()), digest);
    if (file->loaded_by == 0)
        return;
    if (answer == LoadedFiles::error)
        refuse_loaded(table, *file);
    call_core([&] {
        file->notes = "run " + std::to_string(file->loaded_by) +
                      " loaded this file: passed over (option loaded_files)";
    });
}

// A path that cannot be opened is told in core's words, before its digest is taken. The digest, the
// survey and the load must be of one and the same file.
void probe_file(CsvCall *call, CsvFile *file) {
    open_scan(call, *file);
    call_core([&] { file->stamp = call->state->scan->stream().stamp(); });
    close_scan(call);
}

} // namespace

CsvRun *begin_csv_run(CsvCall *call, const char *function_name) {
    auto *run = static_cast<CsvRun *>(palloc0(sizeof(CsvRun)));
    run->call = call;
    run->function_name = function_name;
    run->is_written = true;
    run->started_at = GetCurrentTimestamp();
    run->rejects = pg::open_reject_store();
    run->batch_memory =
        AllocSetContextCreate(call->memory, "migrate csv batch", ALLOCSET_DEFAULT_SIZES);
    return run;
}

void prepare_targets(CsvRun *run) {
    CsvCall *call = run->call;
    find_targets(call);
    pg::set_setting("lock_timeout", call->state->options.lock_timeout.c_str());
    for (CsvTable &table : call->state->tables) {
        lock_target(&table);
        apply_mode(run, &table);
        for (CsvFile &file : table.files) {
            pg::check_source_open(pg::server_text(file.path.c_str()),
                                  pg::server_text(table.schema.c_str()));
            probe_file(call, &file);
            find_loaded(run, table, &file);
        }
    }
}

} // namespace migrate::fn
