// The differences between PostgreSQL 15 and 18 that planning a foreign scan meets.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "access/stratnum.h"
#include "catalog/pg_collation.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "utils/lsyscache.h"
#include "utils/pg_locale.h"
}

namespace migrate::pg {

// A path of a foreign table.
inline ForeignPath *make_foreign_path(PlannerInfo *root, RelOptInfo *rel, double rows, Cost startup,
                                      Cost total, List *pathkeys, Relids required_outer) {
#if PG_VERSION_NUM >= 180000
    return create_foreignscan_path(root, rel, nullptr, rows, 0, startup, total, pathkeys,
                                   required_outer, nullptr, NIL, NIL);
#elif PG_VERSION_NUM >= 170000
    return create_foreignscan_path(root, rel, nullptr, rows, startup, total, pathkeys,
                                   required_outer, nullptr, NIL, NIL);
#else
    return create_foreignscan_path(root, rel, nullptr, rows, startup, total, pathkeys,
                                   required_outer, nullptr, NIL);
#endif
}

// A path that gives the one row of an ungrouped aggregation.
inline ForeignPath *make_upper_path(PlannerInfo *root, RelOptInfo *rel, Cost startup, Cost total) {
#if PG_VERSION_NUM >= 180000
    return create_foreign_upper_path(root, rel, rel->reltarget, 1, 0, startup, total, NIL, nullptr,
                                     NIL, NIL);
#elif PG_VERSION_NUM >= 170000
    return create_foreign_upper_path(root, rel, rel->reltarget, 1, startup, total, NIL, nullptr,
                                     NIL, NIL);
#else
    return create_foreign_upper_path(root, rel, rel->reltarget, 1, startup, total, NIL, nullptr,
                                     NIL);
#endif
}

inline bool is_descending(const PathKey *key) {
#if PG_VERSION_NUM >= 180000
    return key->pk_cmptype == COMPARE_GT;
#else
    return key->pk_strategy == BTGreaterStrategyNumber;
#endif
}

// The path key of an expression that an operator sorts, if anything asks for it; NIL if not.
inline List *make_pathkey(PlannerInfo *root, Expr *expression, Oid operation, Relids relids) {
#if PG_VERSION_NUM >= 160000
    return build_expression_pathkey(root, expression, operation, relids, false);
#else
    return build_expression_pathkey(root, expression, nullptr, operation, relids, false);
#endif
}

// Whether the collation orders text by its bytes.
inline bool is_bytewise_order(Oid collation) {
#if PG_VERSION_NUM >= 180000
    return OidIsValid(collation) && pg_newlocale_from_collation(collation)->collate_is_c;
#else
    return OidIsValid(collation) && lc_collate_is_c(collation);
#endif
}

// Whether texts are equal by the collation only when their bytes are.
inline bool is_bytewise_equality(Oid collation) {
    return OidIsValid(collation) && get_collation_isdeterministic(collation);
}

} // namespace migrate::pg
