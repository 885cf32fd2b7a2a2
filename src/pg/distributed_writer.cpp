// The writer of tables that Citus distributes: a batch is a parameter, an array a column, of one
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
    int64 fill_arrays(const core::Batch &batch, std::size_t first, std::size_t end,
                      WriteContext *context);
    Written run_insert(int64 count);

    WriterTarget target_;
    DatumColumn *columns_;
    Oid *array_types_; // of the parameters, a column each
    Datum *arrays_;
    SPIPlanPtr insert_ = nullptr;
    MemoryContext batch_memory_;
};

DistributedWriter::DistributedWriter(const WriterTarget &target, Relation relation)
    : target_(target), columns_(make_datum_columns(RelationGetDescr(relation), target.kinds,
                                                   target.names, target.columns, target.types)),
      array_types_(static_cast<Oid *>(palloc0(sizeof(Oid) * (target.columns + 1)))),
      arrays_(static_cast<Datum *>(palloc0(sizeof(Datum) * (target.columns + 1)))),
      batch_memory_(AllocSetContextCreate(CurrentMemoryContext, "migrate distributed batch",
                                          ALLOCSET_DEFAULT_SIZES)) {
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

int64 DistributedWriter::fill_arrays(const core::Batch &batch, std::size_t first, std::size_t end,
                                     WriteContext *context) {
    int64 count = 0;
    for (int i = 0; i < target_.columns; i++) {
        const Oid type = get_element_type(array_types_[i]);
        ArrayBuildState *state = initArrayResult(type, batch_memory_, false);
        count = 0;
        for (std::size_t row = first; row < end; row++) {
            if (batch.is_rejected(row))
                continue;
            context->first_row = context->last_row = batch.row_id(row);
            bool is_null = false;
            Datum value = nullable_datum(batch.row(row)[i], columns_[i], &is_null);
            state = accumArrayResult(state, value, is_null, type, batch_memory_);
            count++;
        }
        arrays_[i] = makeArrayResult(state, batch_memory_);
    }
    context->first_row = batch.row_id(first);
    context->last_row = batch.row_id(end - 1);
    return count;
}

Written DistributedWriter::run_insert(int64 count) {
    int result = SPI_execute_plan(insert_, arrays_, nullptr, false, 0);
    if (result != SPI_OK_INSERT)
        elog(ERROR, "could not insert a batch: %s", SPI_result_code_string(result));
    int64 inserted = Min(static_cast<int64>(SPI_processed), count);
    return {inserted, 0, count - inserted};
}

Written DistributedWriter::write(const core::Batch &batch, std::size_t first, std::size_t end) {
    if (first == end)
        return {};
    WriteContext context;
    push_write_context(&context, &target_.origin, batch.row_id(first), batch.row_id(end - 1));
    // An error may have left the last call's values here.
    MemoryContextReset(batch_memory_);
    MemoryContext caller = MemoryContextSwitchTo(batch_memory_);
    int64 count = fill_arrays(batch, first, end, &context);
    MemoryContextSwitchTo(caller);
    int level = push_caller_settings(target_.caller_settings);
    Written written = count > 0 ? run_insert(count) : Written{};
    pop_settings(level);
    pop_write_context(&context);
    MemoryContextReset(batch_memory_);
    return written;
}

Written DistributedWriter::close() {
    SPI_freeplan(insert_);
    MemoryContextDelete(batch_memory_);
    return {};
}

} // namespace

Writer *open_distributed_writer(const WriterTarget &target, Relation relation) {
    return new (palloc(sizeof(DistributedWriter))) DistributedWriter(target, relation);
}

} // namespace migrate::pg
