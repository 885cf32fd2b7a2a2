// The sql writer: batches in a tuplestore that one prepared INSERT reads as an ephemeral named
// relation, so that whatever a relation carries (indexes, triggers, rules, policies, partitions,
// another access method) works as for any INSERT, with the caller's rights.
#include "pg/writer.hpp"

#include <new>

#include "pg/error_bridge.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "access/table.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
#include "utils/queryenvironment.h"
#include "utils/tuplestore.h"
}

namespace migrate::pg {
namespace {

constexpr char kBatchName[] = "migrate_batch";

class SqlWriter final : public Writer {
  public:
    SqlWriter(const WriterTarget &target, Relation relation);
    int64 write(const core::Batch &batch) override;
    void close() override;
    const char *name() const override { return "sql"; }

  private:
    TupleDesc make_descriptor(TupleDesc relation);
    char *insert_text(Relation relation);
    int64 fill_store(const core::Batch &batch);

    WriterTarget target_;
    DatumColumn *columns_; // attributes of the batch's descriptor, in order
    TupleDesc descriptor_;
    Tuplestorestate *store_;
    EphemeralNamedRelation batch_relation_;
    SPIPlanPtr plan_;
    Datum *values_;
    bool *nulls_;
    MemoryContext batch_memory_;
};

// The columns that an INSERT may name: all but generated ones, which PostgreSQL computes itself.
TupleDesc SqlWriter::make_descriptor(TupleDesc relation) {
    TupleDesc descriptor = CreateTemplateTupleDesc(target_.columns);
    for (int i = 0; i < target_.columns; i++) {
        Form_pg_attribute attribute = TupleDescAttr(relation, columns_[i].attribute);
        TupleDescInitEntry(descriptor, static_cast<AttrNumber>(i + 1), NameStr(attribute->attname),
                           attribute->atttypid, attribute->atttypmod, 0);
        TupleDescInitEntryCollation(descriptor, static_cast<AttrNumber>(i + 1),
                                    attribute->attcollation);
    }
    return descriptor;
}

char *SqlWriter::insert_text(Relation relation) {
    StringInfoData names;
    initStringInfo(&names);
    for (int i = 0; i < target_.columns; i++) {
        Form_pg_attribute attribute =
            TupleDescAttr(RelationGetDescr(relation), columns_[i].attribute);
        if (attribute->attgenerated == '\0')
            appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "",
                             quote_identifier(NameStr(attribute->attname)));
    }
    return psprintf("INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s",
                    quote_qualified_identifier(get_namespace_name(RelationGetNamespace(relation)),
                                               RelationGetRelationName(relation)),
                    names.data, names.data, kBatchName);
}

SqlWriter::SqlWriter(const WriterTarget &target, Relation relation)
    : target_(target), columns_(make_datum_columns(RelationGetDescr(relation), target.kinds,
                                                   target.names, target.columns)),
      descriptor_(make_descriptor(RelationGetDescr(relation))),
      store_(tuplestore_begin_heap(false, false, work_mem)),
      batch_relation_(
          static_cast<EphemeralNamedRelation>(palloc0(sizeof(EphemeralNamedRelationData)))),
      values_(static_cast<Datum *>(palloc0(sizeof(Datum) * (target.columns + 1)))),
      nulls_(static_cast<bool *>(palloc0(sizeof(bool) * (target.columns + 1)))),
      batch_memory_(AllocSetContextCreate(CurrentMemoryContext, "migrate sql batch",
                                          ALLOCSET_DEFAULT_SIZES)) {
    batch_relation_->md.name = const_cast<char *>(kBatchName);
    batch_relation_->md.reliddesc = InvalidOid;
    batch_relation_->md.tupdesc = descriptor_;
    batch_relation_->md.enrtype = ENR_NAMED_TUPLESTORE;
    batch_relation_->reldata = store_;
    if (SPI_register_relation(batch_relation_) != SPI_OK_REL_REGISTER)
        elog(ERROR, "could not register the batch relation");
    plan_ = SPI_prepare(insert_text(relation), 0, nullptr);
    if (plan_ == nullptr)
        elog(ERROR, "could not prepare the insert: %s", SPI_result_code_string(SPI_result));
    // The plan has its own locks; a reference kept here would stop a trigger that alters the table.
    table_close(relation, NoLock);
}

int64 SqlWriter::fill_store(const core::Batch &batch) {
    MemoryContext caller = MemoryContextSwitchTo(batch_memory_);
    int64 count = 0;
    tuplestore_clear(store_);
    for (std::size_t row = 0; row < batch.rows(); row++) {
        if (batch.is_rejected(row))
            continue;
        const core::Cell *cells = batch.row(row);
        for (int i = 0; i < target_.columns; i++) {
            nulls_[i] = cells[i].is_null();
            values_[i] = nulls_[i] ? Datum{0} : cell_datum(cells[i], columns_[i]);
        }
        tuplestore_putvalues(store_, descriptor_, values_, nulls_);
        count++;
    }
    MemoryContextSwitchTo(caller);
    MemoryContextReset(batch_memory_);
    return count;
}

int64 SqlWriter::write(const core::Batch &batch) {
    WriteContext context;
    push_write_context(&context, target_.source_name, batch);
    int64 count = fill_store(batch);
    batch_relation_->md.enrtuples = static_cast<double>(count);
    int level = push_caller_settings(target_.caller_settings);
    int result = SPI_execute_plan(plan_, nullptr, nullptr, false, 0);
    pop_settings(level);
    // A rule may have made something else of it; whether all rows arrived is counted in the end.
    if (result != SPI_OK_INSERT && result != SPI_OK_REWRITTEN)
        elog(ERROR, "could not insert a batch: %s", SPI_result_code_string(result));
    pop_write_context(&context);
    return count;
}

void SqlWriter::close() {
    SPI_unregister_relation(kBatchName);
    SPI_freeplan(plan_);
    tuplestore_end(store_);
    MemoryContextDelete(batch_memory_);
}

} // namespace

Writer *open_sql_writer(const WriterTarget &target, Relation relation) {
    return new (palloc(sizeof(SqlWriter))) SqlWriter(target, relation);
}

} // namespace migrate::pg
