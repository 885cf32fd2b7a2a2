// What apply_versioned and apply_versioned_each share: which migrations are due, and one of them
// run and recorded.
#pragma once

#include "fn/versioned_call.hpp"

extern "C" {
#include "utils/timestamp.h"
}

namespace migrate::fn {

// What one migration did. Texts in the server's encoding.
struct AppliedStep {
    const core::versioned::MigrationStatus *status;
    const char *version;
    const char *name;
    const char *file;
    const char *checksum;
    const char *action; // applied; recorded: by the file itself, or by option record_only
    int statements;
    int64 milliseconds;
    int64 wal_bytes; // of its statements
    TimestampTz started;
};

// The pending migrations up to the target into state->places. Errors: those of check_before_run and
// pending_up_to (core/versioned/migration_status.hpp).
void choose_pending(VersionedCall *call);

// Reads all their scripts to the end, before the first one runs; the script of one of them.
void check_pending(VersionedCall *call);
void check_step(VersionedCall *call, std::size_t index);

// Runs one, writes its row of the history and of the log; notes are in state->notes.
AppliedStep apply_step(VersionedCall *call, std::size_t index);

} // namespace migrate::fn
