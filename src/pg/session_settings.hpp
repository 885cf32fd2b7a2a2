// The settings of the session before a script, and the way back when a COMMIT inside the script
// made its own ones stay.
//
//     SessionSettings *before = remember_session();
//     … statements, a COMMIT among them …
//     SettingChanges *changes = restore_session(before);   // the session is as it was
//     apply_changes(changes);                              // and for the rest of the script again
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

struct SessionSettings; // role, session authorization and whatever a user may set
struct SettingChanges;  // what was another value than remembered

// Both allocate in the current memory context.
SessionSettings *remember_session();
SettingChanges *restore_session(const SessionSettings *before);

// At the current level of settings: ended with it.
void apply_changes(const SettingChanges *changes);

} // namespace migrate::pg
