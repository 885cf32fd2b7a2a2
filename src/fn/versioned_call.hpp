// One call of a versioned function: its arguments, the files, the history, and what the two say of
// each other.
//
//     VersionedCall *call = begin_versioned(fcinfo, 2);  // rights, options
//     read_files(call, fcinfo);                          // the folder or the jsonb
//     read_state(call);                                  // the history and the statuses
//     … end_versioned(call);
#pragma once

#include "core/versioned/migration_set.hpp"
#include "core/versioned/migration_status.hpp"
#include "core/versioned/script_splitter.hpp"
#include "core/versioned/versioned_options.hpp"

#include <optional>
#include <string>
#include <vector>

#include "pg/history_table.hpp"

#include "pg/postgres.hpp"

namespace migrate::fn {

// The C++ side of a call, owned by its memory context.
struct VersionedState {
    core::versioned::VersionedOptions options;
    std::vector<core::versioned::SourceFile> files;
    core::versioned::MigrationSet set;
    std::vector<core::versioned::Digests> digests; // one a migration
    std::vector<core::versioned::HistoryRow> history;
    std::vector<core::versioned::MigrationStatus> statuses;
    std::vector<std::size_t> places; // what is to run, in statuses
    std::optional<std::string> target;
    // The script at work:
    std::vector<core::versioned::ScriptPiece> pieces;
    std::string text; // of a stored script
    std::string notes;
    std::vector<std::string> enum_places; // where a transaction added values to enum types
    std::string enum_hint;                // the same in words
    LocalTransactionId enum_transaction = 0;
};

struct VersionedCall {
    MemoryContext memory; // everything of the call; deleted by end_versioned or by an error
    MemoryContext caller_memory;
    MemoryContext file_memory; // of one migration at a time, see begin_file
    const char *search_path;   // the caller's
    bool is_nonatomic;         // transactions end between files
    pg::HistoryTable *history;
    VersionedState *state;
};

// Checks argument 0 (a folder: the right to read server files; a jsonb of files), reads the options
// of argument `options`, and connects to SPI; `is_nonatomic` for a procedure that commits.
VersionedCall *begin_versioned(FunctionCallInfo fcinfo, int options, bool is_nonatomic = false);
void end_versioned(VersionedCall *call);

// Forgets what the last migration left in memory, SPI's results with it, and makes file_memory
// current: a call does not grow with the number of its files.
void begin_file(VersionedCall *call);

// 22023 for an option that would mean the opposite of what the function does.
void refuse_direction(const VersionedCall *call, const char *function);
void refuse_record_only(const VersionedCall *call, const char *function);

// Text argument `argument` into state->target, unless it is NULL. 22023 when it begins with "{".
void read_target(VersionedCall *call, FunctionCallInfo fcinfo, int argument);

void read_files(VersionedCall *call, FunctionCallInfo fcinfo);

// One WARNING for each file that looks like a migration and is none.
void warn_of_problems(const VersionedCall *call);

// Finds the history and compares it with the files. Settings are pinned inside.
void read_state(VersionedCall *call);
// The same behind the lock of a runner.
void lock_and_read_state(VersionedCall *call);
// After files ran: the history may have been made, dropped or moved on the path.
void find_history_again(VersionedCall *call);

// Checksums are those of core::versioned::Digests::body.
const char *checksum_of(const VersionedCall *call, std::size_t place);

} // namespace migrate::fn
