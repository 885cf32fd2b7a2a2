// Lets a table's owner see all its rows where FORCE ROW LEVEL SECURITY would hide them from it too,
// as PostgreSQL's own checks of foreign keys do (ri_triggers.c). An owner may lift the force at any
// time, so this gives it nothing that it has not; to others the policies apply as ever.
//
//     OwnerView view = begin_owner_view();
//     … read …
//     end_owner_view(view);
//
// An error in between needs no end: the end of its (sub)transaction restores the context.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

struct OwnerView {
    Oid user;
    int context;
};

OwnerView begin_owner_view();
void end_owner_view(const OwnerView &view);

} // namespace migrate::pg
