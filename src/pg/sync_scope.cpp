#include "pg/sync_scope.hpp"

#include "core/tenant_rows.hpp"
#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/sync_state.hpp"

#include <memory>

#include "pg/postgres.hpp"

extern "C" {
#include "executor/tuptable.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
}

namespace migrate::pg {

// The rows at hand are often of the tenant of the row before.
struct LastTenant {
    core::TenantRows *rows = nullptr;
    Datum value = 0;
};

struct SyncScope {
    int column = -1;
    Oid output = InvalidOid;
    core::RowsByTenant tenants;
    LastTenant in_source;
    LastTenant in_target;
};

namespace {

core::TenantRows *rows_of(TableSync *sync, Datum value) {
    SyncScope *scope = sync->scope;
    const char *text = OidOutputFunctionCall(scope->output, value);
    return call_core([&] { return &scope->tenants[text]; });
}

// NULL for a row without a tenant.
core::TenantRows *find_tenant(TableSync *sync, LastTenant *last, const Datum *values,
                              const bool *nulls) {
    const int column = sync->scope->column;
    if (nulls[column])
        return nullptr;
    const bool by_value = sync->by_value[column];
    const int16 length = sync->lengths[column];
    if (last->rows != nullptr && datum_image_eq(last->value, values[column], by_value, length))
        return last->rows;
    core::TenantRows *rows = rows_of(sync, values[column]);
    MemoryContext caller = MemoryContextSwitchTo(sync->memory);
    if (last->rows != nullptr && !by_value)
        pfree(DatumGetPointer(last->value));
    last->value = datumCopy(values[column], by_value, length);
    last->rows = rows;
    MemoryContextSwitchTo(caller);
    return rows;
}

// A tenant that any table of the source speaks of is one for all of them.
void join_tenants(TableSync *const *syncs, int count) {
    call_core([&] {
        for (int from = 0; from < count; from++) {
            if (syncs[from]->scope == nullptr)
                continue;
            for (const auto &[tenant, rows] : syncs[from]->scope->tenants)
                for (int to = 0; rows.is_in_source && to < count; to++)
                    if (syncs[to]->scope != nullptr)
                        syncs[to]->scope->tenants[tenant].is_in_source = true;
        }
    });
}

// Whether rows of others were taken for missing.
bool count_own_rows(TableSync *sync) {
    return call_core([&] {
        std::int64_t others = 0;
        sync->counts.present = sync->counts.missing = 0;
        for (const auto &[tenant, rows] : sync->scope->tenants) {
            sync->counts.present += rows.is_in_source ? rows.present : 0;
            sync->counts.missing += rows.is_in_source ? rows.missing : 0;
            others += rows.is_in_source ? 0 : rows.missing;
        }
        sync->counts.others = others;
        return others > 0;
    });
}

// Behind the key of a missing row stands its tenant.
void keep_own(TableSync *sync, const RowStore &all) {
    TupleTableSlot *slot = MakeSingleTupleTableSlot(all.descriptor, &TTSOpsMinimalTuple);
    MemoryContext row_memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate missing row", ALLOCSET_SMALL_SIZES);
    while (tuplestore_gettupleslot(all.rows, true, false, slot)) {
        slot_getallattrs(slot);
        MemoryContext caller = MemoryContextSwitchTo(row_memory);
        const bool is_own = !slot->tts_isnull[sync->keys] &&
                            rows_of(sync, slot->tts_values[sync->keys])->is_in_source;
        MemoryContextSwitchTo(caller);
        if (is_own)
            put_row(&sync->missing, slot->tts_values, slot->tts_isnull);
        MemoryContextReset(row_memory);
    }
    MemoryContextDelete(row_memory);
    ExecDropSingleTupleTableSlot(slot);
}

void drop_others(TableSync *sync) {
    const RowStore all = sync->missing;
    sync->missing.rows = tuplestore_begin_heap(false, false, work_mem);
    sync->missing.count = 0;
    keep_own(sync, all);
    tuplestore_end(all.rows);
}

} // namespace

void open_scope(TableSync *sync) {
    sync->scope = own<SyncScope>(sync->memory, [] { return std::make_unique<SyncScope>(); });
    sync->scope->column = find_sync_column(sync, sync->request.tenant);
    bool is_varlena = false;
    getTypeOutputInfo(sync->columns[sync->scope->column].type, &sync->scope->output, &is_varlena);
}

int scope_column(const TableSync *sync) {
    return sync->scope != nullptr ? sync->scope->column : -1;
}

void note_source_tenant(TableSync *sync, const Datum *values, const bool *nulls) {
    core::TenantRows *rows = find_tenant(sync, &sync->scope->in_source, values, nulls);
    if (rows != nullptr)
        rows->is_in_source = true;
}

void note_target_tenant(TableSync *sync, bool is_missing) {
    const RowCursor *cursor = sync->target_rows;
    core::TenantRows *rows =
        find_tenant(sync, &sync->scope->in_target, cursor->values, cursor->nulls);
    if (rows == nullptr)
        return;
    rows->present++;
    rows->missing += is_missing ? 1 : 0;
}

void forget_tenants(TableSync *sync) {
    call_core([&] {
        for (auto &[tenant, rows] : sync->scope->tenants)
            rows.present = rows.missing = 0;
    });
}

void scope_syncs(TableSync *const *syncs, int count) {
    join_tenants(syncs, count);
    for (int i = 0; i < count; i++)
        if (syncs[i]->scope != nullptr && count_own_rows(syncs[i]) && syncs[i]->missing.count > 0)
            drop_others(syncs[i]);
}

} // namespace migrate::pg
