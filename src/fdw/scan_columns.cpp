#include "fdw/scan_columns.hpp"

extern "C" {
#include "access/sysattr.h"
#include "catalog/pg_proc_d.h"
#include "catalog/pg_type_d.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
}

namespace migrate::fdw {

List *all_columns(TupleDesc descriptor) {
    List *columns = NIL;
    for (int i = 1; i <= descriptor->natts; i++)
        if (!TupleDescAttr(descriptor, i - 1)->attisdropped)
            columns = lappend_int(columns, i);
    return columns;
}

List *needed_columns(RelOptInfo *rel, List *conditions, Oid relation) {
    Bitmapset *attributes = nullptr;
    pull_varattnos(reinterpret_cast<Node *>(rel->reltarget->exprs), rel->relid, &attributes);
    pull_varattnos(reinterpret_cast<Node *>(conditions), rel->relid, &attributes);
    List *columns = NIL;
    bool is_whole = bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, attributes);
    for (AttrNumber i = 1; i <= rel->max_attr; i++)
        if ((is_whole && get_attname(relation, i, true) != nullptr) ||
            bms_is_member(i - FirstLowInvalidHeapAttributeNumber, attributes))
            columns = lappend_int(columns, i);
    return columns;
}

bool has_parallel_safe_input(Oid type) {
    Oid input = InvalidOid;
    Oid parameter = InvalidOid;
    getTypeInputInfo(type, &input, &parameter);
    return get_typtype(type) != TYPTYPE_DOMAIN && func_parallel(input) == PROPARALLEL_SAFE;
}

} // namespace migrate::fdw
