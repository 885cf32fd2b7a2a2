// What of the executor's interface differs between PostgreSQL 15 and 18, each behind one name.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_relation.h"
#include "utils/rel.h"
}

namespace migrate::pg {

// Gives the executor a range table of the one relation, for INSERT into `columns` (attribute
// numbers less FirstLowInvalidHeapAttributeNumber); reports 42501 unless the current user may do
// that.
inline void init_insert_range(EState *estate, Relation relation, Bitmapset *columns) {
    ParseState *parse = make_parsestate(nullptr);
    ParseNamespaceItem *item =
        addRangeTableEntryForRelation(parse, relation, RowExclusiveLock, nullptr, false, false);
#if PG_VERSION_NUM >= 160000
    item->p_perminfo->requiredPerms = ACL_INSERT;
    item->p_perminfo->insertedCols = columns;
    (void)ExecCheckPermissions(parse->p_rtable, parse->p_rteperminfos, true);
#else
    item->p_rte->requiredPerms = ACL_INSERT;
    item->p_rte->insertedCols = columns;
    (void)ExecCheckRTPerms(parse->p_rtable, true);
#endif
#if PG_VERSION_NUM >= 180000
    ExecInitRangeTable(estate, parse->p_rtable, parse->p_rteperminfos, bms_make_singleton(1));
#elif PG_VERSION_NUM >= 160000
    ExecInitRangeTable(estate, parse->p_rtable, parse->p_rteperminfos);
#else
    ExecInitRangeTable(estate, parse->p_rtable);
#endif
}

// The index entries of a new row; returns the indexes whose uniqueness is still to be checked.
inline List *insert_index_entries(ResultRelInfo *result, TupleTableSlot *slot, EState *estate) {
#if PG_VERSION_NUM >= 160000
    return ExecInsertIndexTuples(result, slot, estate, false, false, nullptr, NIL, false);
#else
    return ExecInsertIndexTuples(result, slot, estate, false, false, nullptr, NIL);
#endif
}

// Calls `walker` for the children of a node until it says true.
inline bool walk_expression(Node *node, bool (*walker)(Node *, void *), void *context) {
#if PG_VERSION_NUM >= 160000
    return expression_tree_walker(node, walker, context);
#else
    return expression_tree_walker(
        node, reinterpret_cast<bool (*)()>(reinterpret_cast<void *>(walker)), context);
#endif
}

} // namespace migrate::pg
