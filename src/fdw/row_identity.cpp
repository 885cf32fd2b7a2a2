#include "fdw/row_identity.hpp"

#include "core/fdw/write_query.hpp"
#include "core/sqlite/row_reader.hpp"
#include "fdw/fdw_options.hpp"
#include "pg/error_bridge.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/sysattr.h"
#include "catalog/pg_type_d.h"
#include "nodes/makefuncs.h"
#include "optimizer/appendinfo.h"
}

namespace migrate::fdw {
namespace {

using pg::call_core;

constexpr int64 kRowIdLimit = int64{1} << 48;

// The column that is the rowid and shows all of it; 0 for none.
AttrNumber rowid_column(const ForeignSource *source) {
    const int alias = source->found->table->rowid_alias;
    for (int i = 0; alias >= 0 && i < source->count; i++)
        if (source->columns[i].source == alias &&
            source->columns[i].type.kind == core::TypeKind::bigint)
            return static_cast<AttrNumber>(i + 1);
    return 0;
}

List *key_columns(const ForeignSource *source) {
    List *columns = NIL;
    for (int i = 1; i <= source->count; i++)
        if (!TupleDescAttr(source->descriptor, i - 1)->attisdropped &&
            is_key_column(source->relation, static_cast<AttrNumber>(i)))
            columns = lappend_int(columns, i);
    return columns;
}

Var *identity_var(Index relation, TupleDesc descriptor, AttrNumber attribute) {
    if (attribute == 0)
        return makeVar(static_cast<int>(relation), SelfItemPointerAttributeNumber, TIDOID, -1,
                       InvalidOid, 0);
    Form_pg_attribute form = TupleDescAttr(descriptor, attribute - 1);
    return makeVar(static_cast<int>(relation), attribute, form->atttypid, form->atttypmod,
                   form->attcollation, 0);
}

void add_one(PlannerInfo *root, Index relation, TupleDesc descriptor, AttrNumber attribute) {
    add_row_identity_var(root, identity_var(relation, descriptor, attribute), relation,
                         identity_name(descriptor, attribute));
}

} // namespace

RowIdentity row_identity(const ForeignSource *source) {
    const core::fdw::Relation *found = source->found;
    const bool has_rowid = call_core(
        [&] { return !found->is_view && !core::sqlite::rowid_name(*found->table).empty(); });
    RowIdentity identity = {NIL, has_rowid};
    AttrNumber column = has_rowid ? rowid_column(source) : 0;
    if (column != 0)
        identity.columns = list_make1_int(column);
    else if (!has_rowid)
        identity.columns = key_columns(source);
    const bool by_rowid = identity.columns == NIL;
    call_core([&] { core::fdw::check_target(*found, by_rowid); });
    return identity;
}

char *identity_name(TupleDesc descriptor, AttrNumber attribute) {
    if (attribute == 0)
        return pstrdup("ctid");
    Form_pg_attribute form = TupleDescAttr(descriptor, attribute - 1);
    return psprintf("migrate_key_%d_%u_%d_%u", attribute, form->atttypid, form->atttypmod,
                    form->attcollation);
}

void add_identity(PlannerInfo *root, Index relation, TupleDesc descriptor, RowIdentity identity) {
    if (identity.columns == NIL)
        add_one(root, relation, descriptor, 0);
    ListCell *cell = nullptr;
    foreach (cell, identity.columns)
        add_one(root, relation, descriptor, static_cast<AttrNumber>(lfirst_int(cell)));
}

// The last of 48 bits' numbers is the invalid ctid's.
void store_row_id(int64 row_id, ItemPointer tid) {
    if (row_id < 0 || row_id >= kRowIdLimit - (1 << 16))
        ItemPointerSetInvalid(tid);
    else
        ItemPointerSet(tid, static_cast<BlockNumber>(row_id >> 16),
                       static_cast<OffsetNumber>(row_id & 0xffff));
}

int64 stored_row_id(ItemPointer tid) {
    const BlockNumber high = ItemPointerGetBlockNumberNoCheck(tid);
    if (high == InvalidBlockNumber)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("cannot name a row of the SQLite table by its rowid"),
                        errdetail("Its rowid is negative or needs more than 47 bits."),
                        errhint("Make a foreign column of the table's INTEGER PRIMARY KEY.")));
    return static_cast<int64>(high) << 16 | ItemPointerGetOffsetNumberNoCheck(tid);
}

} // namespace migrate::fdw
