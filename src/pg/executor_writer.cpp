// The executor writer: rows of an existing heap table go into the heap many at a time, then get
// their index entries and queue their AFTER triggers one by one, as COPY does it. What the table
// demands (rights, NOT NULL, CHECK, generated columns, defaults, partition bounds) is the
// executor's own code.
#include "pg/writer.hpp"

#include <new>

#include "pg/insert_state.hpp"

#include "pg/compat.hpp"
#include "pg/executor_compat.hpp"

extern "C" {
#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "commands/trigger.h"
#include "executor/nodeModifyTable.h"
}

namespace migrate::pg {
namespace {

// Rows after which the AFTER triggers run, foreign keys among them: a queued event takes memory.
constexpr int64 kPortionRows = 100000;
// Of the batch's memory, kept from batch to batch.
constexpr Size kBatchMemory = Size{1} << 20;

// The rows whose AFTER triggers wait.
struct Portion {
    bool is_open;
    int64 rows;
    int64 first_id;
    int64 last_id;
    CommandId command;
};

class ExecutorWriter final : public Writer {
  public:
    ExecutorWriter(const WriterTarget &target, Relation relation);
    Written write(const core::Batch &batch, std::size_t first, std::size_t end) override;
    void set_origin(const WriteOrigin &origin) override;
    Written close() override;
    const char *name() const override { return "executor"; }

  private:
    void begin_portion(int64 row_id);
    void end_portion();
    int read_cells(const core::Batch &batch, std::size_t first, std::size_t end,
                   WriteContext *context);
    void form_rows(int count, WriteContext *context);
    void form_row(int row);
    void check_row();
    void insert_rows(int count, WriteContext *context);
    void add_entries(int row);
    TupleTableSlot *slot(int row);

    WriterTarget target_;
    DatumColumn *columns_;
    InsertState *state_;
    Relation relation_; // the executor's reference
    TupleDesc descriptor_;
    BulkInsertState bulk_;
    int options_;
    Portion portion_ = {};
    bool has_constraints_;
    bool has_stored_;
    bool has_triggers_;
    TupleTableSlot *row_;    // the row that is checked
    TupleTableSlot **slots_; // the rows of a batch as tuples; made when first needed
    int slot_count_ = 0;
    MemoryContext batch_memory_; // values and tuples of one batch
    // Of the batch at hand, in its memory: cells as Datums row by row, and the rows' ids.
    Datum *values_ = nullptr;
    bool *nulls_ = nullptr;
    int64 *ids_ = nullptr;
};

// Space in an existing table is looked for; a table that is new in this transaction has none.
int insert_options(Relation relation) {
    bool is_new = relation->rd_createSubid != InvalidSubTransactionId ||
                  new_file_subtransaction(relation) != InvalidSubTransactionId;
    return is_new ? TABLE_INSERT_SKIP_FSM : 0;
}

ExecutorWriter::ExecutorWriter(const WriterTarget &target, Relation relation)
    : target_(target), columns_(make_datum_columns(RelationGetDescr(relation), target.kinds,
                                                   target.names, target.columns, target.types)),
      state_(open_insert_state(target, relation, columns_)),
      relation_(state_->result->ri_RelationDesc), descriptor_(RelationGetDescr(relation_)),
      bulk_(GetBulkInsertState()), options_(insert_options(relation)),
      has_constraints_(descriptor_->constr != nullptr),
      has_stored_(has_constraints_ && descriptor_->constr->has_generated_stored),
      has_triggers_(state_->result->ri_TrigDesc != nullptr &&
                    state_->result->ri_TrigDesc->trig_insert_after_row),
      row_(ExecInitExtraTupleSlot(state_->estate, descriptor_, &TTSOpsVirtual)),
      slots_(
          static_cast<TupleTableSlot **>(palloc(sizeof(TupleTableSlot *) * core::Batch::kMaxRows))),
      batch_memory_(GenerationContextCreate(CurrentMemoryContext, "migrate executor batch",
                                            kBatchMemory, kBatchMemory, 8 * kBatchMemory)) {
    table_close(relation, NoLock);
}

void ExecutorWriter::begin_portion(int64 row_id) {
    AfterTriggerBeginQuery();
    portion_ = {true, 0, row_id, row_id, GetCurrentCommandId(true)};
}

// What was queued runs now, under the caller's settings, as at the end of a statement.
void ExecutorWriter::end_portion() {
    if (!portion_.is_open)
        return;
    WriteContext context;
    push_write_context(&context, &target_.origin, portion_.first_id, portion_.last_id);
    int level = push_caller_settings(target_.caller_settings);
    AfterTriggerEndQuery(state_->estate);
    pop_settings(level);
    pop_write_context(&context);
    portion_.is_open = false;
    CommandCounterIncrement();
}

int ExecutorWriter::read_cells(const core::Batch &batch, std::size_t first, std::size_t end,
                               WriteContext *context) {
    std::size_t most = end - first;
    values_ = static_cast<Datum *>(palloc(sizeof(Datum) * most * target_.columns + 1));
    nulls_ = static_cast<bool *>(palloc(sizeof(bool) * most * target_.columns + 1));
    ids_ = static_cast<int64 *>(palloc(sizeof(int64) * most));
    int count = 0;
    for (std::size_t row = first; row < end; row++) {
        if (batch.is_rejected(row))
            continue;
        ids_[count] = context->first_row = context->last_row = batch.row_id(row);
        const core::Cell *cells = batch.row(row);
        Datum *values = values_ + static_cast<std::size_t>(count) * target_.columns;
        bool *nulls = nulls_ + static_cast<std::size_t>(count) * target_.columns;
        for (int i = 0; i < target_.columns; i++)
            values[i] = nullable_datum(cells[i], columns_[i], &nulls[i]);
        count++;
    }
    return count;
}

TupleTableSlot *ExecutorWriter::slot(int row) {
    if (row == slot_count_) {
        MemoryContext batch = MemoryContextSwitchTo(state_->estate->es_query_cxt);
        slots_[slot_count_++] =
            ExecInitExtraTupleSlot(state_->estate, descriptor_, &TTSOpsHeapTuple);
        MemoryContextSwitchTo(batch);
    }
    return slots_[row];
}

// The row in row_ as the table demands it.
void ExecutorWriter::check_row() {
    EState *estate = state_->estate;
    if (has_stored_)
        ExecComputeStoredGenerated(state_->result, estate, row_, CMD_INSERT);
    if (has_constraints_)
        ExecConstraints(state_->result, row_, estate);
    if (relation_->rd_rel->relispartition)
        ExecPartitionCheck(state_->result, row_, estate, true);
}

void ExecutorWriter::form_row(int row) {
    const Datum *values = values_ + static_cast<std::size_t>(row) * target_.columns;
    const bool *nulls = nulls_ + static_cast<std::size_t>(row) * target_.columns;
    ResetPerTupleExprContext(state_->estate);
    ExecClearTuple(row_);
    memset(row_->tts_isnull, true, descriptor_->natts);
    for (int i = 0; i < target_.columns; i++) {
        row_->tts_values[columns_[i].attribute] = values[i];
        row_->tts_isnull[columns_[i].attribute] = nulls[i];
    }
    fill_defaults(state_, row_->tts_values, row_->tts_isnull);
    ExecStoreVirtualTuple(row_);
    row_->tts_tableOid = RelationGetRelid(relation_);
    check_row();
    HeapTuple tuple = heap_form_tuple(descriptor_, row_->tts_values, row_->tts_isnull);
    // The slot's own tuple: one that is not would be copied before it is inserted.
    ExecStoreHeapTuple(tuple, slot(row), true);
}

void ExecutorWriter::form_rows(int count, WriteContext *context) {
    for (int row = 0; row < count; row++) {
        context->first_row = context->last_row = ids_[row];
        form_row(row);
    }
    ExecClearTuple(row_);
}

void ExecutorWriter::add_entries(int row) {
    ResultRelInfo *result = state_->result;
    List *recheck = NIL;
    if (result->ri_NumIndices > 0)
        recheck = insert_index_entries(result, slots_[row], state_->estate);
    if (has_triggers_)
        ExecARInsertTriggers(state_->estate, result, slots_[row], recheck, nullptr);
    ResetPerTupleExprContext(state_->estate);
}

void ExecutorWriter::insert_rows(int count, WriteContext *context) {
    context->first_row = ids_[0];
    context->last_row = ids_[count - 1];
    table_multi_insert(relation_, slots_, count, portion_.command, options_, bulk_);
    if (state_->result->ri_NumIndices > 0 || has_triggers_)
        for (int row = 0; row < count; row++) {
            context->first_row = context->last_row = ids_[row];
            add_entries(row);
        }
    for (int row = 0; row < count; row++)
        ExecClearTuple(slots_[row]);
}

Written ExecutorWriter::write(const core::Batch &batch, std::size_t first, std::size_t end) {
    if (first == end)
        return {};
    WriteContext context;
    push_write_context(&context, &target_.origin, batch.row_id(first), batch.row_id(end - 1));
    MemoryContext caller = MemoryContextSwitchTo(batch_memory_);
    int level = 0;
    if (target_.reads_as_caller)
        level = push_caller_settings(target_.caller_settings);
    int count = read_cells(batch, first, end, &context);
    if (!target_.reads_as_caller)
        level = push_caller_settings(target_.caller_settings);
    if (count > 0) {
        if (!portion_.is_open)
            begin_portion(ids_[0]);
        form_rows(count, &context);
        insert_rows(count, &context);
        portion_.rows += count;
        portion_.last_id = ids_[count - 1];
    }
    pop_settings(level);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(batch_memory_);
    pop_write_context(&context);
    if (portion_.rows >= kPortionRows && !target_.is_one_statement)
        end_portion();
    return {count, 0, 0};
}

// An error of a trigger names rows of one origin.
void ExecutorWriter::set_origin(const WriteOrigin &origin) {
    end_portion();
    target_.origin = origin;
}

Written ExecutorWriter::close() {
    end_portion();
    FreeBulkInsertState(bulk_);
    table_finish_bulk_insert(relation_, options_);
    close_insert_state(state_);
    MemoryContextDelete(batch_memory_);
    return {};
}

} // namespace

Writer *open_executor_writer(const WriterTarget &target, Relation relation) {
    return new (palloc(sizeof(ExecutorWriter))) ExecutorWriter(target, relation);
}

} // namespace migrate::pg
