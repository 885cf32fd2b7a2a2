#include "pg/session_settings.hpp"

#include "pg/compat.hpp"

#include <cstddef>
#include <initializer_list>

extern "C" {
#include "utils/guc_tables.h"
}

namespace migrate::pg {

// Lists of the same length, the roles first.
struct SessionSettings {
    int count;
    char **names;
    char **values;
    bool *are_session; // set by SET, not by a file, the role or the default
};

struct SettingChanges {
    int count;
    const char **names;
    const char **values;
};

namespace {

constexpr const char *kRoles[] = {"session_authorization", "role"};
constexpr int kRoleCount = 2;

// With all rights: the session had each of these values already, but it may have got it under
// another role than the one that is in force now.
void set_option(const char *name, const char *value) {
    (void)set_config_option(name, value, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SET, true, 0, false);
}

bool is_role(const char *name) {
    for (const char *role : kRoles)
        if (strcmp(name, role) == 0)
            return true;
    return false;
}

// Not the transaction's own, nor the seed of random(), which cannot be read.
bool is_of_session(const config_generic *option) {
    constexpr const char *kOthers[] = {"transaction_isolation", "transaction_read_only",
                                       "transaction_deferrable", "seed"};
    for (const char *name : kOthers)
        if (strcmp(option->name, name) == 0)
            return false;
    return !is_role(option->name) &&
           (option->context == PGC_USERSET || option->context == PGC_SUSET);
}

void remember(SessionSettings *settings, const char *name, bool is_session) {
    const char *value = GetConfigOption(name, true, false);
    settings->names[settings->count] = pstrdup(name);
    settings->values[settings->count] = pstrdup(value != nullptr ? value : "");
    settings->are_session[settings->count++] = is_session;
}

} // namespace

SessionSettings *remember_session() {
    int count = 0;
    config_generic **options = all_settings(&count);
    auto room = static_cast<std::size_t>(count + kRoleCount);
    auto *settings = static_cast<SessionSettings *>(palloc0(sizeof(SessionSettings)));
    settings->names = static_cast<char **>(palloc(room * sizeof(char *)));
    settings->values = static_cast<char **>(palloc(room * sizeof(char *)));
    settings->are_session = static_cast<bool *>(palloc(room * sizeof(bool)));
    for (const char *name : kRoles)
        remember(settings, name, true);
    for (int i = 0; i < count; i++)
        if (is_of_session(options[i]))
            remember(settings, options[i]->name, options[i]->source == PGC_S_SESSION);
    return settings;
}

SettingChanges *restore_session(const SessionSettings *before) {
    SessionSettings *now = remember_session();
    auto *changes = static_cast<SettingChanges *>(palloc(sizeof(SettingChanges)));
    changes->count = 0;
    changes->names = static_cast<const char **>(palloc(now->count * sizeof(char *)));
    changes->values = static_cast<const char **>(palloc(now->count * sizeof(char *)));
    for (int i = 0; i < now->count; i++) {
        int known = 0;
        while (known < before->count && strcmp(before->names[known], now->names[i]) != 0)
            known++;
        bool is_known = known < before->count;
        // A library that was loaded meanwhile brings settings of its own.
        if (is_known ? strcmp(before->values[known], now->values[i]) == 0 : !now->are_session[i])
            continue;
        changes->names[changes->count] = now->names[i];
        changes->values[changes->count++] = now->values[i];
        bool is_reset = !is_known || !before->are_session[known];
        set_option(now->names[i], is_reset ? nullptr : before->values[known]);
    }
    return changes;
}

// The roles last, in their own order: some settings are checked against the role that is in force,
// which was the old one.
void apply_changes(const SettingChanges *changes) {
    for (bool is_role_turn : {false, true})
        for (int i = 0; i < changes->count; i++)
            if (is_role(changes->names[i]) == is_role_turn)
                set_option(changes->names[i], changes->values[i]);
}

} // namespace migrate::pg
