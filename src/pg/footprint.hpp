// What statements do to the relations that are there already: the locks that they take and the
// tables that they write anew.
//
//     Footprint *start = begin_footprint(history);
//     … the statements …
//     FootprintReport report = end_footprint(start);
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

struct Footprint {
    Oid left_out;
    Datum relations; // oid[]
    Datum names;     // text[], qualified
    Datum files;     // oid[]: relfilenode
    Datum locks;     // text[]: what is held already
};

// "public.a: AccessExclusiveLock; public.b: ShareLock", the strongest lock of each relation, and
// "public.a (16 kB)"; NULL where there is none. A lock that was held before is not told again.
struct FootprintReport {
    const char *locks;
    const char *rewrites;
};

// `left_out` is a relation that does not count. Both stand between SPI_connect and SPI_finish, pin
// settings themselves, and allocate in the current memory context.
Footprint *begin_footprint(Oid left_out);
FootprintReport end_footprint(const Footprint *start);

} // namespace migrate::pg
