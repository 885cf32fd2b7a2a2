// How an UPDATE or DELETE names the row that a scan found: by the rowid where the table has one, in
// a column that is the rowid or else in ctid; by the columns with option "key" in a WITHOUT ROWID
// table.
#pragma once

#include "fdw/foreign_source.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/pathnodes.h"
#include "nodes/pg_list.h"
#include "storage/itemptr.h"
}

namespace migrate::fdw {

struct RowIdentity {
    List *columns;  // attribute numbers; NIL: ctid
    bool has_rowid; // what names the row is its rowid
};

// Throws Error 0A000 where nothing can name a row of the table, 42809 for a view.
RowIdentity row_identity(const ForeignSource *source);

// The name of the junk column of a plan that holds an attribute; 0 for ctid. Palloc'd. One name is
// one type, as the partitions of a table share the names.
char *identity_name(TupleDesc descriptor, AttrNumber attribute);
// Adds the junk columns to the plan.
void add_identity(PlannerInfo *root, Index relation, TupleDesc descriptor, RowIdentity identity);

// A rowid in a ctid. What does not fit becomes an invalid one.
void store_row_id(int64 row_id, ItemPointer tid);
// 54000 for an invalid one.
int64 stored_row_id(ItemPointer tid);

} // namespace migrate::fdw
