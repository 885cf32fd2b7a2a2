// The sql writer: batches in a tuplestore that one prepared INSERT reads as an ephemeral named
// relation, so that whatever a relation carries (indexes, triggers, rules, policies, partitions,
// another access method) works as for any INSERT, with the caller's rights.
#include "pg/writer.hpp"

#include <new>

#include "pg/insert_text.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "access/table.h"
#include "executor/spi.h"
#include "parser/parser.h"
#include "utils/guc.h"
#include "utils/queryenvironment.h"
#include "utils/resowner.h"
#include "utils/tuplestore.h"
}

namespace migrate::pg {
namespace {

class SqlWriter final : public Writer {
  public:
    SqlWriter(const WriterTarget &target, Relation relation);
    Written write(const core::Batch &batch, std::size_t first, std::size_t end) override;
    void set_origin(const WriteOrigin &origin) override { target_.origin = origin; }
    Written close() override;
    const char *name() const override { return "sql"; }

  private:
    TupleDesc make_descriptor(TupleDesc relation);
    void register_batch();
    void prepare(Relation relation);
    void renew_store();
    Written run_batch(int64 count);
    int64 fill_store(const core::Batch &batch, std::size_t first, std::size_t end,
                     WriteContext *context);
    Written run_insert(int64 count);

    WriterTarget target_;
    DatumColumn *columns_; // attributes of the batch's descriptor, in order
    TupleDesc descriptor_;
    MemoryContext home_;  // of the store
    ResourceOwner owner_; // of its temporary file, older than the subtransactions of a guarded load
    Tuplestorestate *store_ = nullptr; // of the batch at hand
    EphemeralNamedRelation batch_relation_;
    int64 waiting_ = 0; // rows in the store that close() writes
    SPIPlanPtr insert_ = nullptr;
    SPIPlanPtr matches_ = nullptr; // how many rows will meet theirs, where that updates
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

SqlWriter::SqlWriter(const WriterTarget &target, Relation relation)
    : target_(target), columns_(make_datum_columns(RelationGetDescr(relation), target.kinds,
                                                   target.names, target.columns, target.types)),
      descriptor_(make_descriptor(RelationGetDescr(relation))), home_(CurrentMemoryContext),
      owner_(CurrentResourceOwner), batch_relation_(static_cast<EphemeralNamedRelation>(
                                        palloc0(sizeof(EphemeralNamedRelationData)))),
      values_(static_cast<Datum *>(palloc0(sizeof(Datum) * (target.columns + 1)))),
      nulls_(static_cast<bool *>(palloc0(sizeof(bool) * (target.columns + 1)))),
      batch_memory_(AllocSetContextCreate(CurrentMemoryContext, "migrate sql batch",
                                          ALLOCSET_DEFAULT_SIZES)) {
    register_batch();
    // As it will run: the names in a condition are the caller's.
    int level = push_caller_settings(target.caller_settings);
    prepare(relation);
    pop_settings(level);
    // The plan has its own locks; a reference kept here would stop a trigger that alters the table.
    table_close(relation, NoLock);
}

void SqlWriter::register_batch() {
    batch_relation_->md.name = const_cast<char *>(kBatchName);
    batch_relation_->md.reliddesc = InvalidOid;
    batch_relation_->md.tupdesc = descriptor_;
    batch_relation_->md.enrtype = ENR_NAMED_TUPLESTORE;
    batch_relation_->md.enrtuples = static_cast<double>(core::Batch::kMaxRows);
    if (SPI_register_relation(batch_relation_) != SPI_OK_REL_REGISTER)
        elog(ERROR, "could not register the batch relation");
}

SPIPlanPtr prepare_statement(const char *sql) {
    SPIPlanPtr plan = SPI_prepare(sql, 0, nullptr);
    if (plan == nullptr)
        elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
    return plan;
}

// The condition was checked alone; in its place, too, it must leave one INSERT.
void check_statement(const char *sql, NodeTag wanted) {
    List *parsed = raw_parser(sql, RAW_PARSE_DEFAULT);
    if (list_length(parsed) != 1 || nodeTag(linitial_node(RawStmt, parsed)->stmt) != wanted)
        elog(ERROR, "the statement of a batch is not one: %s", sql);
}

void SqlWriter::prepare(Relation relation) {
    if (target_.where != nullptr)
        check_condition(target_.where);
    char *insert = target_.updates_only() ? update_statement(target_, relation, columns_)
                                          : insert_statement(target_, relation, columns_);
    check_statement(insert, target_.updates_only() ? T_UpdateStmt : T_InsertStmt);
    insert_ = prepare_statement(insert);
    char *matches = matches_query(target_, relation, columns_);
    if (matches != nullptr)
        matches_ = prepare_statement(matches);
}

// A store for every batch: each execution of the plan leaves a read pointer in its store, which
// each row that is put there would have to look at.
void SqlWriter::renew_store() {
    if (store_ != nullptr)
        tuplestore_end(store_);
    store_ = nullptr;
    MemoryContext caller = MemoryContextSwitchTo(home_);
    ResourceOwner owner = CurrentResourceOwner;
    CurrentResourceOwner = owner_;
    store_ = tuplestore_begin_heap(false, false, work_mem);
    CurrentResourceOwner = owner;
    MemoryContextSwitchTo(caller);
    batch_relation_->reldata = store_;
}

int64 SqlWriter::fill_store(const core::Batch &batch, std::size_t first, std::size_t end,
                            WriteContext *context) {
    // An error may have left the last call's values here.
    MemoryContextReset(batch_memory_);
    MemoryContext caller = MemoryContextSwitchTo(batch_memory_);
    int64 count = 0;
    if (waiting_ == 0)
        renew_store();
    for (std::size_t row = first; row < end; row++) {
        if (batch.is_rejected(row))
            continue;
        const core::Cell *cells = batch.row(row);
        context->first_row = context->last_row = batch.row_id(row);
        for (int i = 0; i < target_.columns; i++)
            values_[i] = nullable_datum(cells[i], columns_[i], &nulls_[i]);
        tuplestore_putvalues(store_, descriptor_, values_, nulls_);
        count++;
    }
    MemoryContextSwitchTo(caller);
    MemoryContextReset(batch_memory_);
    context->first_row = batch.row_id(first);
    context->last_row = batch.row_id(end - 1);
    batch_relation_->md.enrtuples = static_cast<double>(count);
    return count;
}

struct Matches {
    int64 passed;  // the condition
    int64 present; // of those, in the relation already
};

// The relation grows while the plan is kept: one that was made while it was small, and reads all of
// it, would make the load quadratic.
Matches count_matches(SPIPlanPtr plan) {
    int level = NewGUCNestLevel();
    set_setting("enable_seqscan", "off");
    set_setting("enable_hashjoin", "off");
    set_setting("enable_mergejoin", "off");
    int result = SPI_execute_plan(plan, nullptr, nullptr, false, 0);
    pop_settings(level);
    if (result != SPI_OK_SELECT || SPI_processed != 1)
        elog(ERROR, "could not count the rows of a batch: %s", SPI_result_code_string(result));
    bool is_null = false;
    HeapTuple row = SPI_tuptable->vals[0];
    Matches matches = {DatumGetInt64(SPI_getbinval(row, SPI_tuptable->tupdesc, 1, &is_null)),
                       DatumGetInt64(SPI_getbinval(row, SPI_tuptable->tupdesc, 2, &is_null))};
    SPI_freetuptable(SPI_tuptable);
    return matches;
}

Written SqlWriter::run_insert(int64 count) {
    Matches matches = matches_ != nullptr ? count_matches(matches_) : Matches{count, 0};
    int result = SPI_execute_plan(insert_, nullptr, nullptr, false, 0);
    // A rule made something else of it: no row was inserted here.
    if (result == SPI_OK_REWRITTEN)
        return {0, 0, count};
    if (result == SPI_OK_UPDATE)
        return {0, static_cast<int64>(SPI_processed), count - static_cast<int64>(SPI_processed)};
    if (result != SPI_OK_INSERT)
        elog(ERROR, "could not insert a batch: %s", SPI_result_code_string(result));
    int64 processed = Min(static_cast<int64>(SPI_processed), count);
    // Without matches_ nothing is updated and all that was processed is inserted.
    int64 inserted = Min(processed, matches.passed - matches.present);
    return {inserted, processed - inserted, count - processed};
}

Written SqlWriter::write(const core::Batch &batch, std::size_t first, std::size_t end) {
    if (first == end)
        return {};
    WriteContext context;
    push_write_context(&context, &target_.origin, batch.row_id(first), batch.row_id(end - 1));
    int level = 0;
    if (target_.reads_as_caller)
        level = push_caller_settings(target_.caller_settings);
    const int64 count = fill_store(batch, first, end, &context);
    if (target_.reads_as_caller)
        pop_settings(level);
    const Written written = target_.is_one_statement ? Written{} : run_batch(count);
    waiting_ += target_.is_one_statement ? count : 0;
    pop_write_context(&context);
    return written;
}

// User's triggers run under the caller's settings.
Written SqlWriter::run_batch(int64 count) {
    const int level = push_caller_settings(target_.caller_settings);
    const Written written = run_insert(count);
    pop_settings(level);
    return written;
}

Written SqlWriter::close() {
    Written written = {};
    if (waiting_ > 0) {
        batch_relation_->md.enrtuples = static_cast<double>(waiting_);
        written = run_batch(waiting_);
    }
    SPI_unregister_relation(kBatchName);
    SPI_freeplan(insert_);
    if (matches_ != nullptr)
        SPI_freeplan(matches_);
    if (store_ != nullptr)
        tuplestore_end(store_);
    MemoryContextDelete(batch_memory_);
    return written;
}

} // namespace

Writer *open_sql_writer(const WriterTarget &target, Relation relation) {
    return new (palloc(sizeof(SqlWriter))) SqlWriter(target, relation);
}

} // namespace migrate::pg
