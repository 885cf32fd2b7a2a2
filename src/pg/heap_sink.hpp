// Where the bulk writer puts its tuples: two ways into a heap that nobody else sees.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "utils/rel.h"
}

namespace migrate::pg {

// Lives in the memory context that was current when it was opened; has no destructor.
class HeapSink {
  public:
    // Takes the tuple; its memory must last until end_batch.
    virtual void add(HeapTuple tuple) = 0;
    // Everything that was added is in its page, or on its way, and may be freed.
    virtual void end_batch() = 0;
    virtual void close() = 0;
};

// The two ways. Options are those of bulk_insert_options; the relation stays the caller's.
//
// Pages are filled here and written once (page_file.hpp): a third less work than the other way. For
// an empty relation that is not logically logged: a decoder would not find the tuples in its WAL.
HeapSink *open_heap_file(Relation relation, int options);
// table_multi_insert, as COPY; through the shared buffers. `most` tuples a batch.
HeapSink *open_multi_insert(Relation relation, int options, int most);

} // namespace migrate::pg
