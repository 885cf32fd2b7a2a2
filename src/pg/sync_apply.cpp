#include "pg/sync_apply.hpp"

#include "pg/constraint_state.hpp"
#include "pg/key_sequences.hpp"
#include "pg/sql.hpp"
#include "pg/subtransaction.hpp"
#include "pg/sync_arrays.hpp"
#include "pg/sync_delete.hpp"
#include "pg/sync_update.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "utils/lsyscache.h"
}

namespace migrate::pg {
namespace {

struct Application {
    TableSync *const *syncs;
    int count;
    core::DeleteLimit limit;
    SyncNotes *notes;
    MemoryContext memory;
};

// SPI leaves its own memory context behind: what is made here must not go with it.
void add_note(Application *work, int sync, const char *text) {
    MemoryContext caller = MemoryContextSwitchTo(work->memory);
    SyncNotes *notes = work->notes;
    notes->notes = static_cast<SyncNote *>(
        notes->count == 0
            ? palloc(sizeof(SyncNote))
            : repalloc(notes->notes,
                       sizeof(SyncNote) * (static_cast<std::size_t>(notes->count) + 1)));
    notes->notes[notes->count++] = {sync, pstrdup(text)};
    MemoryContextSwitchTo(caller);
}

const char *counted(int64 count) {
    return psprintf(INT64_FORMAT " row%s", count, count == 1 ? "" : "s");
}

// --- what may go --------------------------------------------------------------------------------

const char *limit_words(const core::DeleteLimit &limit) {
    return limit.rows ? counted(*limit.rows) : psprintf("%g%% of the rows", limit.percent);
}

[[noreturn]] void fail_limit(const Application *work, const char *table, int64 deleted,
                             int64 present) {
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("sync would delete " INT64_FORMAT " of " INT64_FORMAT " rows of table %s",
                    deleted, present, table),
             errdetail("The option \"delete_limit\" allows %s.", limit_words(work->limit)),
             errhint("Raise the limit if these rows are to go.")));
    pg_unreachable();
}

void check_limit(const Application *work, const TableSync *sync) {
    const SyncCounts &counts = sync->counts;
    if (sync->missing.count == 0)
        return;
    if (counts.missing == counts.present)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("sync would delete all " INT64_FORMAT " rows of table %s%s",
                               counts.present, sync->table,
                               sync->scope != nullptr ? " that are of the source's tenants" : ""),
                        errdetail("The source has none of them."),
                        errhint("A sync never empties a table: if that is meant, delete the rows "
                                "first.")));
    if (!work->limit.allows(counts.missing, counts.present))
        fail_limit(work, sync->table, counts.missing, counts.present);
}

int find_sync(const Application *work, Oid relation) {
    for (int i = 0; i < work->count; i++)
        if (work->syncs[i]->relation == relation)
            return i;
    return -1;
}

// Rows that went along are within the limit too, with those that the table itself was to lose.
void check_taken(const Application *work, const TableSync *sync) {
    const SyncCounts &counts = sync->counts;
    const int64 gone = counts.deleted + counts.taken_along;
    if (!work->limit.allows(gone, counts.present))
        fail_limit(work, sync->table, gone, counts.present);
}

// Rows of a table that no source speaks of are counted as those of the source's tables are.
void judge_taken(Application *work, int sync, Oid relation, int64 taken) {
    const char *name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
                                                  get_rel_name(relation));
    const int other = find_sync(work, relation);
    if (other >= 0) {
        work->syncs[other]->counts.taken_along += taken;
        check_taken(work, work->syncs[other]);
    } else {
        (void)run_query(psprintf("SELECT pg_catalog.count(*) FROM %s", name));
        const int64 present = query_bigint(0, 1) + taken;
        if (!work->limit.allows(taken, present))
            fail_limit(work, name, taken, present);
    }
    add_note(work, sync,
             psprintf("%s of table %s went along (ON DELETE CASCADE)", counted(taken), name));
}

void delete_and_count(Application *work, int index, const char *guard) {
    TableSync *sync = work->syncs[index];
    if (sync->missing.count == 0)
        return;
    Cascade *cascade = watch_cascade(sync);
    const int64 deleted = delete_missing(sync, guard);
    if (cascade->count == 0)
        return;
    if (!cascade->is_counted)
        return add_note(work, index,
                        "rows that ON DELETE CASCADE took along were not counted: track_counts is "
                        "off");
    count_cascade(sync, cascade);
    for (int i = 0; i < cascade->count; i++) {
        const bool is_self = cascade->tables[i] == sync->relation;
        const int64 taken = cascade->deleted[i] - (is_self ? deleted : 0);
        if (taken > 0)
            judge_taken(work, index, cascade->tables[i], taken);
    }
}

// Children first; what rows of the sources still point to stays for now.
void delete_early(Application *work) {
    for (int i = work->count - 1; i >= 0; i--) {
        if (work->syncs[i]->missing.count == 0)
            continue;
        MemoryContext caller = MemoryContextSwitchTo(work->memory);
        const char *guard = reference_guard(work->syncs[i], work->syncs, work->count);
        MemoryContextSwitchTo(caller);
        if (guard != nullptr)
            delete_and_count(work, i, guard);
        work->syncs[i]->has_spared = guard == nullptr || guard[0] != '\0';
    }
}

void delete_late(Application *work) {
    for (int i = work->count - 1; i >= 0; i--)
        if (work->syncs[i]->has_spared &&
            work->syncs[i]->counts.deleted < work->syncs[i]->missing.count)
            delete_and_count(work, i, "");
}

// --- what is written ----------------------------------------------------------------------------

void run_insert(void *argument) {
    auto *sync = static_cast<TableSync *>(argument);
    const int level = push_caller_settings(sync->request.target.caller_settings);
    sync->counts.inserted = run_on_rows(sync, sync->added, insert_added_statement(sync));
    pop_settings(level);
}

// True where rows that go later had to give up unique values for it.
bool insert_added(TableSync *sync) {
    if (sync->added.count == 0)
        return false;
    bool is_parked = false;
    share_rows(sync->added);
    if (sync->has_spared && sync->counts.deleted < sync->missing.count) {
        ErrorData *error = try_in_subtransaction(run_insert, sync, kDataErrors);
        is_parked =
            error != nullptr && error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION && park_spared(sync);
        if (error != nullptr && !is_parked)
            ReThrowError(error);
        if (is_parked)
            run_insert(sync);
    } else {
        run_insert(sync);
    }
    unshare_rows(sync->added);
    return is_parked;
}

void write_table(Application *work, int index) {
    TableSync *sync = work->syncs[index];
    const SyncUpdate update = update_changed(sync);
    sync->counts.updated = update.rows;
    const bool is_parked = insert_added(sync) || update.is_parked;
    if (is_parked)
        add_note(work, index,
                 "rows exchanged values of a unique key: those had other values in between");
}

// Triggers and policies may keep rows from being written; that is theirs to do, and told.
void note_kept_rows(Application *work, int index) {
    const TableSync *sync = work->syncs[index];
    const SyncCounts &counts = sync->counts;
    const int64 kept_out = counts.added - counts.inserted;
    const int64 kept = counts.changed - counts.updated;
    const int64 stayed = sync->missing.count - counts.deleted;
    if (kept_out > 0)
        add_note(work, index,
                 psprintf("%s not inserted: kept out by a trigger", counted(kept_out)));
    if (kept > 0)
        add_note(
            work, index,
            psprintf("%s not updated: left as they are by a trigger or a policy", counted(kept)));
    if (stayed > 0)
        add_note(work, index,
                 psprintf("%s not deleted: kept by a trigger or a policy", counted(stayed)));
    if (!sync->request.deletes && counts.missing > 0)
        add_note(work, index,
                 psprintf("%s not in the source: left as they are (option %s)",
                          counted(counts.missing), sync->request.keeping_option));
    if (counts.others > 0)
        add_note(work, index,
                 psprintf("%s of tenants that the source does not hold", counted(counts.others)));
}

DeferredConstraints *defer_all(const Application *work) {
    auto *relations = static_cast<Oid *>(palloc(sizeof(Oid) * (work->count + 1)));
    for (int i = 0; i < work->count; i++)
        relations[i] = work->syncs[i]->relation;
    return defer_constraints(relations, work->count);
}

} // namespace

SyncNotes *apply_syncs(TableSync *const *syncs, int count, const core::DeleteLimit &limit) {
    auto *notes = static_cast<SyncNotes *>(palloc0(sizeof(SyncNotes)));
    Application work = {syncs, count, limit, notes, CurrentMemoryContext};
    for (int i = 0; i < count; i++)
        check_limit(&work, syncs[i]);
    const DeferredConstraints *deferred = defer_all(&work);
    delete_early(&work);
    for (int i = 0; i < count; i++)
        write_table(&work, i);
    delete_late(&work);
    check_constraints(deferred);
    for (int i = 0; i < count; i++)
        note_kept_rows(&work, i);
    MemoryContextSwitchTo(work.memory);
    return notes;
}

} // namespace migrate::pg
