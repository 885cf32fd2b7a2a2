#include "pg/settings.hpp"

#include <cstddef>

#include "pg/postgres.hpp"

extern "C" {
#include "utils/guc.h"
}

namespace migrate::pg {
namespace {

struct Setting {
    const char *name;
    const char *value;
    bool is_printing;
};

constexpr Setting kPinned[] = {
    {"search_path", "pg_catalog, pg_temp", false},
    {"standard_conforming_strings", "on", false},
    {"transform_null_equals", "off", false},
    {"quote_all_identifiers", "off", false},
    {"DateStyle", "ISO", true},
    {"IntervalStyle", "postgres", true},
    {"TimeZone", "UTC", false},
    {"extra_float_digits", "3", true},
    {"bytea_output", "hex", true},
    {"default_table_access_method", "heap", false},
};

} // namespace

struct CallerSettings {
    const char *values[lengthof(kPinned)];
};

CallerSettings *remember_settings() {
    auto *settings = static_cast<CallerSettings *>(palloc(sizeof(CallerSettings)));
    for (std::size_t i = 0; i < lengthof(kPinned); i++)
        settings->values[i] = pstrdup(GetConfigOption(kPinned[i].name, false, false));
    return settings;
}

int push_caller_settings(const CallerSettings *settings) {
    int level = NewGUCNestLevel();
    for (std::size_t i = 0; i < lengthof(kPinned); i++)
        set_setting(kPinned[i].name, settings->values[i]);
    return level;
}

int push_settings() {
    int level = NewGUCNestLevel();
    for (const Setting &setting : kPinned)
        set_setting(setting.name, setting.value);
    return level;
}

void set_setting(const char *name, const char *value) {
    (void)set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
                            false);
}

void pin_printing() {
    for (const Setting &setting : kPinned)
        if (setting.is_printing)
            set_setting(setting.name, setting.value);
}

void pop_settings(int level) {
    AtEOXact_GUC(true, level);
}

} // namespace migrate::pg
