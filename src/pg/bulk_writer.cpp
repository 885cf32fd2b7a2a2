// The bulk writer: rows of a table that this call created go straight into its heap, a batch at a
// time.
#include "pg/writer.hpp"

#include <new>

#include "pg/heap_sink.hpp"

extern "C" {
#include "access/heaptoast.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/catalog.h"
#include "storage/bufmgr.h"
}

namespace migrate::pg {
namespace {

// A toasted value leaves a pointer of this size in the row.
constexpr Size kToastPointer = 18;
// Of the batch's memory, kept from batch to batch: what a reset gives back to the system, the next
// batch takes again page fault by page fault.
constexpr Size kBatchMemory = Size{1} << 20;

class BulkWriter final : public Writer {
  public:
    BulkWriter(const WriterTarget &target, Relation relation);
    Written write(const core::Batch &batch, std::size_t first, std::size_t end) override;
    void set_origin(const WriteOrigin &origin) override { target_.origin = origin; }
    Written close() override;
    const char *name() const override { return "bulk"; }

  private:
    int64 form_tuples(const core::Batch &batch, std::size_t first, std::size_t end,
                      WriteContext *context);
    HeapTuple form_tuple(const core::Batch &batch, std::size_t row);
    void check_null(int attribute) const;
    void check_row_size(const core::Cell *cells, int64 row_id) const;

    WriterTarget target_;
    Relation relation_;
    TupleDesc descriptor_;
    bool is_wide_; // rows might not fit a page even when all that can be toasted is
    DatumColumn *columns_;
    bool has_input_functions_; // whose results may hang on the caller's settings
    Datum *values_;
    bool *nulls_;
    MemoryContext batch_memory_; // the tuples of one batch
    HeapSink *sink_;
};

// An event trigger may have put rows into the new table; then its pages are in the shared buffers.
HeapSink *open_sink(Relation relation, bool may_freeze) {
    int options = bulk_insert_options(relation, may_freeze);
    if (RelationIsLogicallyLogged(relation) || RelationGetNumberOfBlocks(relation) > 0)
        return open_multi_insert(relation, options, core::Batch::kMaxRows);
    return open_heap_file(relation, options);
}

bool has_input_functions(const DatumColumn *columns, int count) {
    for (int i = 0; i < count; i++)
        if (columns[i].kind == core::TypeKind::other)
            return true;
    return false;
}

BulkWriter::BulkWriter(const WriterTarget &target, Relation relation)
    : target_(target), relation_(relation), descriptor_(RelationGetDescr(relation)),
      is_wide_(static_cast<Size>(descriptor_->natts) * kToastPointer > MaxHeapTupleSize / 2),
      columns_(make_datum_columns(descriptor_, target.kinds, target.names, target.columns,
                                  target.types)),
      has_input_functions_(has_input_functions(columns_, target.columns)),
      values_(static_cast<Datum *>(palloc0(sizeof(Datum) * (descriptor_->natts + 1)))),
      nulls_(static_cast<bool *>(palloc0(sizeof(bool) * (descriptor_->natts + 1)))),
      batch_memory_(GenerationContextCreate(CurrentMemoryContext, "migrate bulk batch",
                                            kBatchMemory, kBatchMemory, 8 * kBatchMemory)),
      sink_(open_sink(relation, target.may_freeze)) {
    memset(nulls_, true, descriptor_->natts);
}

// The server would say "row is too big" without the row, or "invalid memory alloc request size".
void BulkWriter::check_row_size(const core::Cell *cells, int64 row_id) const {
    const WriteOrigin &origin = target_.origin;
    Size whole = 0;
    Size smallest = SizeofHeapTupleHeader + BITMAPLEN(descriptor_->natts);
    for (int i = 0; i < target_.columns; i++) {
        const core::Cell &cell = cells[i];
        if (cell.is_null())
            continue;
        int16 length = TupleDescAttr(descriptor_, columns_[i].attribute)->attlen;
        Size size = length > 0 ? static_cast<Size>(length)
                    : cell.storage == core::StorageClass::integer ||
                            cell.storage == core::StorageClass::real
                        ? sizeof(int64)
                        : cell.size + VARHDRSZ;
        whole += size;
        smallest += length > 0 ? size : Min(size, kToastPointer);
    }
    if (whole > MaxAllocSize - BLCKSZ)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("%s " INT64_FORMAT " of %s \"%s\" is too large", origin.unit, row_id,
                               origin.kind, origin.name),
                        errdetail("The row has %zu bytes, PostgreSQL's limit for a row is %zu.",
                                  whole, static_cast<Size>(MaxAllocSize))));
    if (smallest > MaxHeapTupleSize)
        ereport(
            ERROR,
            (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
             errmsg("%s " INT64_FORMAT " of %s \"%s\" does not fit a page", origin.unit, row_id,
                    origin.kind, origin.name),
             errdetail("The row needs at least %zu bytes outside of TOAST storage, a page holds "
                       "%zu.",
                       smallest, static_cast<Size>(MaxHeapTupleSize)),
             origin.wide_row_hint != nullptr ? errhint("%s", origin.wide_row_hint) : 0));
}

// An event trigger may have set a column NOT NULL that the conversion lets be NULL.
void BulkWriter::check_null(int attribute) const {
    Form_pg_attribute form = TupleDescAttr(descriptor_, attribute);
    if (form->attnotnull)
        ereport(ERROR, (errcode(ERRCODE_NOT_NULL_VIOLATION),
                        errmsg("null value in column \"%s\" of relation \"%s\" violates not-null "
                               "constraint",
                               NameStr(form->attname), RelationGetRelationName(relation_)),
                        errtablecol(relation_, form->attnum)));
}

HeapTuple BulkWriter::form_tuple(const core::Batch &batch, std::size_t row) {
    const core::Cell *cells = batch.row(row);
    if (unlikely(is_wide_ || batch.bytes() > MaxAllocSize / 4))
        check_row_size(cells, batch.row_id(row));
    for (int i = 0; i < target_.columns; i++) {
        const DatumColumn &column = columns_[i];
        values_[column.attribute] = nullable_datum(cells[i], column, &nulls_[column.attribute]);
        if (nulls_[column.attribute])
            check_null(column.attribute);
    }
    return heap_form_tuple(descriptor_, values_, nulls_);
}

int64 BulkWriter::form_tuples(const core::Batch &batch, std::size_t first, std::size_t end,
                              WriteContext *context) {
    const bool is_as_caller = target_.reads_as_caller && has_input_functions_;
    const int level = is_as_caller ? push_caller_settings(target_.caller_settings) : 0;
    int64 count = 0;
    for (std::size_t row = first; row < end; row++) {
        if (batch.is_rejected(row))
            continue;
        context->first_row = context->last_row = batch.row_id(row);
        sink_->add(form_tuple(batch, row));
        count++;
    }
    if (is_as_caller)
        pop_settings(level);
    return count;
}

Written BulkWriter::write(const core::Batch &batch, std::size_t first, std::size_t end) {
    if (first == end)
        return {};
    WriteContext context;
    push_write_context(&context, &target_.origin, batch.row_id(first), batch.row_id(end - 1));
    MemoryContext caller = MemoryContextSwitchTo(batch_memory_);
    const int64 count = form_tuples(batch, first, end, &context);
    context.first_row = batch.row_id(first);
    context.last_row = batch.row_id(end - 1);
    sink_->end_batch();
    MemoryContextSwitchTo(caller);
    MemoryContextReset(batch_memory_);
    pop_write_context(&context);
    return {count, 0, 0};
}

Written BulkWriter::close() {
    sink_->close();
    table_close(relation_, NoLock);
    MemoryContextDelete(batch_memory_);
    return {};
}

} // namespace

Writer *open_bulk_writer(const WriterTarget &target, Relation relation) {
    return new (palloc(sizeof(BulkWriter))) BulkWriter(target, relation);
}

} // namespace migrate::pg
