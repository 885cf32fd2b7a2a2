// migrate.versioned_log: what was applied and undone, by whom, with the DOWN text.
//
// All calls stand between SPI_connect and SPI_finish, under pinned settings.
#pragma once

#include "pg/history_table.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

// One row. Texts in the server's encoding; NULL where there is nothing.
struct VersionedLogEntry {
    const char *event; // applied, recorded, rolled_back, baseline, repaired, adopted
    const char *version;
    const char *name;
    const char *file;
    const char *checksum;
    const char *down_file;
    const char *down_script;
    int64 execution_time_ms; // below zero: none
    const char *message;
};
// Gives the entry a DOWN script (UTF-8). Where the server's encoding cannot hold it, none is kept,
// and the message says so: a damaged one would run.
void set_down(VersionedLogEntry *entry, const char *file, const char *utf8);
void log_migration(const HistoryTable *history, const VersionedLogEntry &entry);

// The DOWN script that was stored when the version was applied; script NULL when there is none that
// the caller may trust: stored by the caller, a superuser or a role the caller is an explicit
// member of, for this very history table, with its SHA-256 intact.
struct StoredDown {
    const char *script;
    const char *file;
    const char *owner; // who stored it
    bool is_shown;     // whether migrate.versioned_log shows it to the caller
};
StoredDown find_stored_down(const HistoryTable *history, const char *version);

} // namespace migrate::pg
