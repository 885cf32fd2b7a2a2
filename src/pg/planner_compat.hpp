// The differences between PostgreSQL 15 and 18 that planning a foreign scan meets.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/pg_collation.h"
#include "optimizer/pathnode.h"
#include "utils/lsyscache.h"
#include "utils/pg_locale.h"
}

namespace migrate::pg {

// A path of a foreign table without order.
inline ForeignPath *make_foreign_path(PlannerInfo *root, RelOptInfo *rel, double rows, Cost startup,
                                      Cost total, Relids required_outer) {
#if PG_VERSION_NUM >= 180000
    return create_foreignscan_path(root, rel, nullptr, rows, 0, startup, total, NIL, required_outer,
                                   nullptr, NIL, NIL);
#elif PG_VERSION_NUM >= 170000
    return create_foreignscan_path(root, rel, nullptr, rows, startup, total, NIL, required_outer,
                                   nullptr, NIL, NIL);
#else
    return create_foreignscan_path(root, rel, nullptr, rows, startup, total, NIL, required_outer,
                                   nullptr, NIL);
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
