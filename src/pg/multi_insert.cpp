#include "pg/heap_sink.hpp"

#include <new>

extern "C" {
#include "access/heapam.h"
#include "access/tableam.h"
#include "executor/tuptable.h"
}

namespace migrate::pg {
namespace {

class MultiInsert final : public HeapSink {
  public:
    MultiInsert(Relation relation, int options, int most);
    void add(HeapTuple tuple) override { ExecStoreHeapTuple(tuple, slots_[count_++], false); }
    void end_batch() override;
    void close() override;

  private:
    Relation relation_;
    int options_;
    int most_;
    int count_ = 0;
    CommandId command_;
    BulkInsertState state_;
    TupleTableSlot **slots_;
};

MultiInsert::MultiInsert(Relation relation, int options, int most)
    : relation_(relation), options_(options), most_(most), command_(GetCurrentCommandId(true)),
      state_(GetBulkInsertState()),
      slots_(static_cast<TupleTableSlot **>(palloc(sizeof(TupleTableSlot *) * most))) {
    for (int i = 0; i < most; i++)
        slots_[i] = MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsHeapTuple);
}

void MultiInsert::end_batch() {
    if (count_ > 0)
        table_multi_insert(relation_, slots_, count_, command_, options_, state_);
    for (int i = 0; i < count_; i++)
        ExecClearTuple(slots_[i]);
    count_ = 0;
}

void MultiInsert::close() {
    for (int i = 0; i < most_; i++)
        ExecDropSingleTupleTableSlot(slots_[i]);
    FreeBulkInsertState(state_);
    table_finish_bulk_insert(relation_, options_);
}

} // namespace

HeapSink *open_multi_insert(Relation relation, int options, int most) {
    return new (palloc(sizeof(MultiInsert))) MultiInsert(relation, options, most);
}

} // namespace migrate::pg
