// The statements of a sync: DELETE, UPDATE and INSERT of what the comparison found.
//
//     apply_syncs(syncs, count, limit);
#pragma once

#include "core/delete_limit.hpp"
#include "pg/table_sync.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

// What went well, but not without more ado; the texts are palloc'd, in the server's encoding.
struct SyncNote {
    int sync; // index into the syncs
    const char *text;
};

struct SyncNotes {
    int count;
    SyncNote *notes;
};

// `syncs` stand with parents before children. First what is missing in the sources is deleted,
// children first; then each table is updated and filled, parents first; then go the missing rows
// that others still pointed to. Deferrable constraints are deferred and checked at the end.
// Nothing is written when more rows of a table would go than the limit says, or all (55000).
SyncNotes *apply_syncs(TableSync *const *syncs, int count, const core::DeleteLimit &limit);

} // namespace migrate::pg
