// The settings under which migrate runs its own SQL, and the way back to the caller's.
//
//     int level = push_settings();
//     … own statements …
//     pop_settings(level);
//
// An error needs no pop: the abort of the (sub)transaction restores them.
#pragma once

namespace migrate::pg {

// Pins search_path, standard_conforming_strings and the others that change what a statement means
// or how a value prints (architecture.md, "Writing rows"). Returns the level for pop_settings.
int push_settings();
// Sets one more setting until the level is popped.
void set_setting(const char *name, const char *value);
void pop_settings(int level);
// DateStyle and the others that change how a value prints, to the end of the level: what is sent to
// other servers as text must mean the same there.
void pin_printing();

// The caller's own values of the pinned settings, palloc'd, to be taken before push_settings.
struct CallerSettings;
CallerSettings *remember_settings();
// Puts the caller's values back for as long as a user's triggers run; ended by pop_settings.
int push_caller_settings(const CallerSettings *settings);

} // namespace migrate::pg
