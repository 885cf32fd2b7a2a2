// The writer of tables that Citus distributes: rows are parameters, an array a column, of one
// prepared INSERT … SELECT, which Citus carries out as a COPY to the shards. It plans neither an
// ephemeral named relation nor rows that go past the planner.
#include "pg/writer.hpp"

#include <new>

#include "pg/citus.hpp"
#include "pg/insert_text.hpp"
#include "pg/row_arrays.hpp"

extern "C" {
#include "access/table.h"
#include "executor/spi.h"
}

namespace migrate::pg {
namespace {

class DistributedWriter final : public Writer {
  public:
    DistributedWriter(const WriterTarget &target, Relation relation);
    Written write(const core::Batch &batch, std::size_t first, std::size_t end) override;
    void set_origin(const WriteOrigin &origin) override { target_.origin = origin; }
    Written close() override;
    const char *name() const override { return "distributed"; }

  private:
    void prepare(Relation relation);
    int64 gather(const core::Batch &batch, std::size_t first, std::size_t end,
                 WriteContext *context);
    int64 run_plan();
    Written write_gathered();
    void forget_gathered();
    bool is_full() const;
    Written write_in_context();

    WriterTarget target_;
    DatumColumn *columns_;
    RowArrays *rows_;
    SPIPlanPtr plan_ = nullptr;
    int expected_;       // result of the plan
    int64 gathered_ = 0; // rows
    int64 first_row_ = 0;
    int64 last_row_ = 0;
    bool may_gather_; // rows of many batches go as one; else a batch at a time
};

// A statement opens a COPY to each shard it reaches, however few its rows are.
constexpr int64 kMaxGathered = 50000;
constexpr Size kMaxGatheredBytes = Size{16} << 20;
// Of an UPDATE each shard gets a copy of all rows, as text.
constexpr int64 kMaxSent = 10000;
constexpr Size kMaxSentBytes = Size{2} << 20;

DistributedWriter::DistributedWriter(const WriterTarget &target, Relation relation)
    : target_(target), columns_(make_datum_columns(RelationGetDescr(relation), target.kinds,
                                                   target.names, target.columns, target.types)),
      rows_(make_row_arrays(kBatchName, target.columns)),
      may_gather_(!target.is_guarded && target.where == nullptr &&
                  target.on_conflict == Conflict::error) {
    if (target.on_conflict == Conflict::update)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("cannot update rows of distributed table \"%s\" while loading it",
                               RelationGetRelationName(relation)),
                        errhint("Use the option \"on_conflict\" with \"nothing\".")));
    int level = push_caller_settings(target.caller_settings);
    prepare(relation);
    pop_settings(level);
    table_close(relation, NoLock);
}

void DistributedWriter::prepare(Relation relation) {
    if (target_.where != nullptr)
        check_condition(target_.where);
    for (int i = 0; i < target_.columns; i++) {
        Form_pg_attribute attribute =
            TupleDescAttr(RelationGetDescr(relation), columns_[i].attribute);
        add_array(rows_, NameStr(attribute->attname), attribute->atttypid, attribute->atttypmod);
    }
    char *statement = target_.updates_only() ? update_statement(target_, relation, columns_)
                                             : insert_statement(target_, relation, columns_);
    char *sql = psprintf("%s%s", arrays_clause(rows_), statement);
    plan_ = SPI_prepare(sql, rows_->count, rows_->types);
    if (plan_ == nullptr)
        elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
}

// Values are copied: the batch is filled again before they are sent.
int64 DistributedWriter::gather(const core::Batch &batch, std::size_t first, std::size_t end,
                                WriteContext *context) {
    int64 count = 0;
    for (std::size_t row = first; row < end; row++) {
        if (batch.is_rejected(row))
            continue;
        const core::Cell *cells = batch.row(row);
        context->first_row = context->last_row = batch.row_id(row);
        for (int i = 0; i < target_.columns; i++) {
            bool is_null = false;
            Datum value = nullable_datum(cells[i], columns_[i], &is_null);
            add_value(rows_, i, value, is_null);
        }
        count++;
    }
    if (gathered_ == 0)
        first_row_ = batch.row_id(first);
    last_row_ = batch.row_id(end - 1);
    gathered_ += count;
    return count;
}

int64 DistributedWriter::run_plan() {
    int result = SPI_execute_plan(plan_, rows_->values, nullptr, false, 0);
    if (result != (target_.updates_only() ? SPI_OK_UPDATE : SPI_OK_INSERT))
        elog(ERROR, "could not write a batch: %s", SPI_result_code_string(result));
    return static_cast<int64>(SPI_processed);
}

Written DistributedWriter::write_gathered() {
    const int64 count = gathered_;
    int64 processed = 0;
    if (count > 0) {
        make_arrays(rows_);
        int level = push_caller_settings(target_.caller_settings);
        pin_printing();
        processed = Min(run_plan(), count);
        pop_settings(level);
    }
    forget_gathered();
    if (target_.updates_only())
        return {0, processed, count - processed};
    return {processed, 0, count - processed};
}

void DistributedWriter::forget_gathered() {
    gathered_ = 0;
    clear_arrays(rows_);
}

// Rows of one statement wait for all others.
bool DistributedWriter::is_full() const {
    if (target_.is_one_statement)
        return false;
    if (target_.updates_only())
        return gathered_ >= kMaxSent || arrays_size(rows_) >= kMaxSentBytes;
    return gathered_ >= kMaxGathered || arrays_size(rows_) >= kMaxGatheredBytes;
}

// What was told of as inserted has to be.
Written DistributedWriter::write_in_context() {
    WriteContext context;
    push_write_context(&context, &target_.origin, first_row_, last_row_);
    const Written written = write_gathered();
    if (may_gather_ && !target_.updates_only() && written.skipped > 0)
        ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
                        errmsg("not all rows were inserted into the distributed table"),
                        errhint("A trigger or a rule may have kept them out.")));
    pop_write_context(&context);
    return written;
}

Written DistributedWriter::write(const core::Batch &batch, std::size_t first, std::size_t end) {
    if (first == end)
        return {};
    const bool waits = may_gather_ || target_.is_one_statement;
    // An error may have left rows of the last call here, whole or in part.
    if (!waits)
        forget_gathered();
    WriteContext context;
    push_write_context(&context, &target_.origin, batch.row_id(first), batch.row_id(end - 1));
    int level = 0;
    if (target_.reads_as_caller)
        level = push_caller_settings(target_.caller_settings);
    const int64 count = gather(batch, first, end, &context);
    if (target_.reads_as_caller)
        pop_settings(level);
    context.first_row = batch.row_id(first);
    context.last_row = batch.row_id(end - 1);
    Written written = {may_gather_ ? count : 0, 0, 0};
    if (!waits)
        written = write_gathered();
    pop_write_context(&context);
    if (waits && is_full())
        (void)write_in_context();
    return written;
}

Written DistributedWriter::close() {
    const Written last = write_in_context();
    SPI_freeplan(plan_);
    forget_gathered();
    return may_gather_ ? Written{} : last;
}

} // namespace

Writer *open_distributed_writer(const WriterTarget &target, Relation relation) {
    return new (palloc(sizeof(DistributedWriter))) DistributedWriter(target, relation);
}

} // namespace migrate::pg
