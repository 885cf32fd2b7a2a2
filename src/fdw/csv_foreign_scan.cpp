// The executor's callbacks of migrate_csv, alone and in a parallel query.
#include "fdw/csv_fdw.hpp"
#include "fdw/csv_parallel.hpp"
#include "pg/error_bridge.hpp"

extern "C" {
#include "access/parallel.h"
#include "executor/executor.h"
#include "nodes/plannodes.h"
#include "utils/rel.h"
}

namespace migrate::fdw {
namespace {

CsvExecution *execution_of(ForeignScanState *node) {
    return static_cast<CsvExecution *>(node->fdw_state);
}

void begin_scan(ForeignScanState *node, int) {
    EState *executor = node->ss.ps.state;
    auto *plan = reinterpret_cast<ForeignScan *>(node->ss.ps.plan);
    auto *execution = static_cast<CsvExecution *>(
        MemoryContextAllocZero(executor->es_query_cxt, sizeof(CsvExecution)));
    execution->scan =
        open_csv_scan(executor->es_query_cxt, RelationGetRelid(node->ss.ss_currentRelation),
                      static_cast<List *>(linitial(plan->fdw_private)), CsvPurpose::query);
    node->fdw_state = execution;
}

TupleTableSlot *iterate_scan(ForeignScanState *node) {
    TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
    ExecClearTuple(slot);
    memset(slot->tts_isnull, true, sizeof(bool) * slot->tts_tupleDescriptor->natts);
    if (next_csv_row(execution_of(node)->scan, slot->tts_values, slot->tts_isnull))
        ExecStoreVirtualTuple(slot);
    return slot;
}

void remember_loss(CsvExecution *execution) {
    const CsvLoss loss = csv_loss(execution->scan);
    execution->loss.rows = Max(execution->loss.rows, loss.rows);
    execution->loss.values = Max(execution->loss.values, loss.values);
}

void rescan(ForeignScanState *node) {
    remember_loss(execution_of(node));
    restart_csv_scan(execution_of(node)->scan);
}

// What the query did not see is told once, however often the files were read.
void tell_loss(CsvExecution *execution) {
    remember_loss(execution);
    const char *table = pg::server_text(execution->scan->table->state->name.c_str());
    const CsvLoss &loss = execution->loss;
    if (loss.rows > 0)
        ereport(NOTICE, (errmsg_plural(INT64_FORMAT " row of foreign table \"%s\" was left out",
                                       INT64_FORMAT " rows of foreign table \"%s\" were left out",
                                       static_cast<unsigned long>(loss.rows), loss.rows, table),
                         errhint("migrate.check_csv() lists the rows that do not fit, and why.")));
    if (loss.values > 0)
        ereport(NOTICE, (errmsg_plural(INT64_FORMAT " value of foreign table \"%s\" became NULL",
                                       INT64_FORMAT " values of foreign table \"%s\" became NULL",
                                       static_cast<unsigned long>(loss.values), loss.values, table),
                         errhint("migrate.check_csv() lists the rows that do not fit, and why.")));
}

void end_scan(ForeignScanState *node) {
    CsvExecution *execution = execution_of(node);
    if (execution == nullptr)
        return;
    tell_loss(execution);
    close_csv_scan(execution->scan);
}

// --- parallel scan ------------------------------------------------------------------------------

Size estimate_memory(ForeignScanState *node, ParallelContext *context) {
    return estimate_shared_scan(execution_of(node)->scan, context->nworkers);
}

void init_memory(ForeignScanState *node, ParallelContext *context, void *memory) {
    init_shared_scan(execution_of(node)->scan, memory, context->nworkers);
}

void reinit_memory(ForeignScanState *node, ParallelContext *, void *) {
    reset_shared_scan(execution_of(node)->scan);
}

void init_worker(ForeignScanState *node, shm_toc *, void *memory) {
    join_shared_scan(execution_of(node)->scan, memory);
}

} // namespace

void set_csv_scanning(FdwRoutine *routine) {
    routine->BeginForeignScan = begin_scan;
    routine->IterateForeignScan = iterate_scan;
    routine->ReScanForeignScan = rescan;
    routine->EndForeignScan = end_scan;
    routine->EstimateDSMForeignScan = estimate_memory;
    routine->InitializeDSMForeignScan = init_memory;
    routine->ReInitializeDSMForeignScan = reinit_memory;
    routine->InitializeWorkerForeignScan = init_worker;
}

} // namespace migrate::fdw
