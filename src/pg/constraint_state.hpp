// Deferrable constraints of some tables: deferred while their rows change, checked before the
// function ends.
//
//     DeferredConstraints *deferred = defer_constraints(relations, count);
//     … statements …
//     check_constraints(deferred);   // 23503, 23505, … here and not at COMMIT
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

struct DeferredConstraints {
    const char *all;      // names, "" for none
    const char *deferred; // of those, the ones that are INITIALLY DEFERRED
    const Oid *relations; // the caller's
    int count;
};

// The constraints of the tables and those that point to them; palloc'd.
DeferredConstraints *defer_constraints(const Oid *relations, int count);
// Those that are INITIALLY DEFERRED are so again afterwards.
void check_constraints(const DeferredConstraints *constraints);

} // namespace migrate::pg
