// Which files were loaded into which table: rows of migrate.run_objects with the file's digest, so
// that a glob can be imported every night and each file is loaded once.
//
// All calls stand between SPI_connect and SPI_finish, under pinned settings.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

// One file of a run; texts in the server's encoding.
struct FileRecord {
    const char *path;
    const char *target_schema;
    const char *target_name; // with its schema, quoted as needed
    Oid target;
    const char *status;  // "imported", or "skipped" for one that was loaded before
    const char *notes;   // NULL for none
    const char *digest;  // SHA-256, hexadecimal
    const char *details; // jsonb: how the file is written and where its fields went
};

// Tells this database from every other one, also from one that its dump is restored into, where
// oids are others; palloc'd.
char *database_identity();

void record_file(int64 run_id, int64 object_id, const FileRecord &file);

// The last run that loaded a file of this digest into the table since a run made or emptied it; 0
// for none. The table is told by its oid in the database where the run was made, so that one that
// was made anew by hand is another, and by its name in a restored one. Runs of all roles count: a
// file is in the table whoever loaded it.
int64 find_loaded_file(Oid target, const char *target_schema, const char *target_name,
                       const char *digest);

// Remembers that the rejects of a record were taken up by a later run.
void mark_retried(int64 run_id, const char *source, int64 line_first, int64 retried_by);

} // namespace migrate::pg
