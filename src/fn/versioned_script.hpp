// One script of a migration: checked as a whole before anything runs, and run statement by
// statement.
#pragma once

#include "fn/versioned_call.hpp"

namespace migrate::fn {

// Cuts the script into state->pieces. Errors: 42601 with file and line.
void split(VersionedCall *call, const char *file, const std::string &text);

// What each piece is, before the first one runs. Errors, each with file, line and statement: 42601
// of the parser, 0A000 for a psql command or a transaction command that has no meaning here, 25001
// for a statement that needs a transaction of its own, unless option non_transactional relaxes it.
// `assurance` is the second line of an error's context.
void check_script(VersionedCall *call, const char *file, const std::string &text,
                  const char *assurance);

// Runs the script as the caller, under option role and lock_timeout; every setting that it leaves
// is undone, deferred constraints are checked. Returns how many statements ran; what is worth a
// word is in state->notes.
int run_script(VersionedCall *call, const char *file, const std::string &text,
               const char *assurance);

} // namespace migrate::fn
