// The writer of tables that Citus distributes: rows are parameters, an array a column, of one
// prepared INSERT … SELECT, which Citus carries out as a COPY to the shards. It plans neither an
// ephemeral named relation nor rows that go past the planner.
#include "pg/writer.hpp"

#include <new>

#include "pg/citus.hpp"
#include "pg/insert_text.hpp"

extern "C" {
#include "access/table.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
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
    char *batch_clause(TupleDesc relation);
    void prepare(Relation relation);
    int64 gather(const core::Batch &batch, std::size_t first, std::size_t end,
                 WriteContext *context);
    int64 insert_gathered();
    void forget_gathered();
    void insert_in_context();

    WriterTarget target_;
    DatumColumn *columns_;
    Oid *array_types_;         // of the parameters, a column each
    ArrayBuildState **states_; // of the arrays, NULL before the first row
    Datum *arrays_;
    SPIPlanPtr insert_ = nullptr;
    MemoryContext gathered_memory_;
    int64 gathered_ = 0; // rows
    int64 first_row_ = 0;
    int64 last_row_ = 0;
    bool may_gather_; // rows of many batches go as one; else a batch at a time
};

// A statement opens a COPY to each shard it reaches, however few its rows are.
constexpr int64 kMaxGathered = 50000;
constexpr Size kMaxGatheredBytes = Size{16} << 20;

DistributedWriter::DistributedWriter(const WriterTarget &target, Relation relation)
    : target_(target), columns_(make_datum_columns(RelationGetDescr(relation), target.kinds,
                                                   target.names, target.columns, target.types)),
      array_types_(static_cast<Oid *>(palloc0(sizeof(Oid) * (target.columns + 1)))),
      states_(static_cast<ArrayBuildState **>(
          palloc0(sizeof(ArrayBuildState *) * (target.columns + 1)))),
      arrays_(static_cast<Datum *>(palloc0(sizeof(Datum) * (target.columns + 1)))),
      gathered_memory_(AllocSetContextCreate(CurrentMemoryContext, "migrate distributed rows",
                                             ALLOCSET_DEFAULT_SIZES)),
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

// WITH migrate_batch (a, b) AS (SELECT * FROM ROWS FROM (unnest($1), unnest($2))): what the sql
// writer's statement reads. ROWS FROM, as unnest(…, …) cannot be written with its schema.
char *DistributedWriter::batch_clause(TupleDesc relation) {
    StringInfoData names;
    StringInfoData rows;
    initStringInfo(&names);
    initStringInfo(&rows);
    for (int i = 0; i < target_.columns; i++) {
        Form_pg_attribute attribute = TupleDescAttr(relation, columns_[i].attribute);
        array_types_[i] = get_array_type(attribute->atttypid);
        if (!OidIsValid(array_types_[i]))
            ereport(ERROR,
                    (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                     errmsg("cannot load column \"%s\" of type %s into a distributed table",
                            NameStr(attribute->attname), format_type_be(attribute->atttypid)),
                     errdetail("The type has no arrays.")));
        appendStringInfo(&names, "%s%s", i > 0 ? ", " : "",
                         quote_identifier(NameStr(attribute->attname)));
        appendStringInfo(&rows, "%spg_catalog.unnest($%d)", i > 0 ? ", " : "", i + 1);
    }
    return psprintf("WITH %s (%s) AS (SELECT * FROM ROWS FROM (%s) AS r) ", kBatchName, names.data,
                    rows.data);
}

void DistributedWriter::prepare(Relation relation) {
    if (target_.where != nullptr)
        check_condition(target_.where);
    char *sql = psprintf("%s%s", batch_clause(RelationGetDescr(relation)),
                         insert_statement(target_, relation, columns_));
    insert_ = SPI_prepare(sql, target_.columns, array_types_);
    if (insert_ == nullptr)
        elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
}

// Values are copied: the batch is filled again before they are sent.
int64 DistributedWriter::gather(const core::Batch &batch, std::size_t first, std::size_t end,
                                WriteContext *context) {
    MemoryContext caller = MemoryContextSwitchTo(gathered_memory_);
    int64 count = 0;
    for (std::size_t row = first; row < end; row++) {
        if (batch.is_rejected(row))
            continue;
        const core::Cell *cells = batch.row(row);
        context->first_row = context->last_row = batch.row_id(row);
        for (int i = 0; i < target_.columns; i++) {
            bool is_null = false;
            Datum value = nullable_datum(cells[i], columns_[i], &is_null);
            states_[i] =
                accumArrayResult(states_[i], value, is_null, columns_[i].type, gathered_memory_);
        }
        count++;
    }
    MemoryContextSwitchTo(caller);
    if (gathered_ == 0)
        first_row_ = batch.row_id(first);
    last_row_ = batch.row_id(end - 1);
    gathered_ += count;
    return count;
}

// Returns how many of the rows gathered were inserted.
int64 DistributedWriter::insert_gathered() {
    int64 inserted = 0;
    if (gathered_ > 0) {
        MemoryContext caller = MemoryContextSwitchTo(gathered_memory_);
        for (int i = 0; i < target_.columns; i++)
            arrays_[i] = makeArrayResult(states_[i], gathered_memory_);
        MemoryContextSwitchTo(caller);
        int level = push_caller_settings(target_.caller_settings);
        int result = SPI_execute_plan(insert_, arrays_, nullptr, false, 0);
        pop_settings(level);
        if (result != SPI_OK_INSERT)
            elog(ERROR, "could not insert a batch: %s", SPI_result_code_string(result));
        inserted = Min(static_cast<int64>(SPI_processed), gathered_);
    }
    forget_gathered();
    return inserted;
}

void DistributedWriter::forget_gathered() {
    gathered_ = 0;
    MemoryContextReset(gathered_memory_);
    for (int i = 0; i < target_.columns; i++)
        states_[i] = nullptr;
}

void DistributedWriter::insert_in_context() {
    WriteContext context;
    push_write_context(&context, &target_.origin, first_row_, last_row_);
    int64 expected = gathered_;
    if (insert_gathered() != expected)
        ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
                        errmsg("not all rows were inserted into the distributed table"),
                        errhint("A trigger or a rule may have kept them out.")));
    pop_write_context(&context);
}

Written DistributedWriter::write(const core::Batch &batch, std::size_t first, std::size_t end) {
    if (first == end)
        return {};
    // An error may have left rows of the last call here, whole or in part.
    if (!may_gather_)
        forget_gathered();
    WriteContext context;
    push_write_context(&context, &target_.origin, batch.row_id(first), batch.row_id(end - 1));
    int64 count = gather(batch, first, end, &context);
    context.first_row = batch.row_id(first);
    context.last_row = batch.row_id(end - 1);
    int64 inserted = may_gather_ ? count : insert_gathered();
    pop_write_context(&context);
    if (may_gather_ && (gathered_ >= kMaxGathered ||
                        MemoryContextMemAllocated(gathered_memory_, true) >= kMaxGatheredBytes))
        insert_in_context();
    return {inserted, 0, count - inserted};
}

Written DistributedWriter::close() {
    insert_in_context();
    SPI_freeplan(insert_);
    MemoryContextDelete(gathered_memory_);
    return {};
}

} // namespace

Writer *open_distributed_writer(const WriterTarget &target, Relation relation) {
    return new (palloc(sizeof(DistributedWriter))) DistributedWriter(target, relation);
}

} // namespace migrate::pg
