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
};

constexpr Setting kPinned[] = {
    {"search_path", "pg_catalog, pg_temp"},
    {"standard_conforming_strings", "on"},
    {"transform_null_equals", "off"},
    {"quote_all_identifiers", "off"},
    {"DateStyle", "ISO"},
    {"IntervalStyle", "postgres"},
    {"TimeZone", "UTC"},
    {"extra_float_digits", "3"},
    {"bytea_output", "hex"},
    {"default_table_access_method", "heap"},
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

void pop_settings(int level) {
    AtEOXact_GUC(true, level);
}

} // namespace migrate::pg
