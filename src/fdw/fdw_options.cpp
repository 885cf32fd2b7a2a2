#include "fdw/fdw_options.hpp"

#include "core/error.hpp"
#include "core/fdw/epoch_words.hpp"
#include "core/import_options.hpp"
#include "core/option_reader.hpp"
#include "pg/cell_datum.hpp"
#include "pg/error_bridge.hpp"
#include "pg/permissions.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pg/postgres.hpp"

extern "C" {
#include "access/reloptions.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "commands/defrem.h"
#include "foreign/foreign.h"
#include "utils/lsyscache.h"
}

namespace migrate::fdw {
namespace {

using core::EpochUnit;
using namespace std::string_view_literals;

constexpr std::array kServerOptions = {"database"sv, "lock_timeout"sv, "max_value_size"sv,
                                       "timezone"sv};
constexpr std::array kTableOptions = {"table"sv};
constexpr std::array kColumnOptions = {"column_name"sv, "epoch"sv, "key"sv};
constexpr std::array kImportOptions = {"identifiers"sv, "timestamp_type"sv};
constexpr char kInvalidOptionName[] = "HV00D";
// As the import's options of these names.
constexpr int64 kLockTimeoutMs = 5000;
constexpr int64 kMaxValueSize = int64{256} << 20;

std::span<const std::string_view> valid_options(Oid catalog) {
    if (catalog == ForeignServerRelationId)
        return kServerOptions;
    if (catalog == ForeignTableRelationId)
        return kTableOptions;
    if (catalog == AttributeRelationId)
        return kColumnOptions;
    return {};
}

std::string hint_for(std::string_view name, std::span<const std::string_view> valid) {
    if (valid.empty())
        return "There are no valid options in this context.";
    const std::string nearest = core::nearest_name(name, valid);
    if (!nearest.empty())
        return "Perhaps you meant the option \"" + nearest + "\".";
    std::string list;
    for (const std::string_view each : valid)
        list += (list.empty() ? "" : ", ") + std::string(each);
    return "Valid options in this context are: " + list + ".";
}

void check_name(const DefElem *option, std::span<const std::string_view> valid) {
    pg::call_core([&] {
        for (const std::string_view each : valid)
            if (each == option->defname)
                return;
        throw core::Error(kInvalidOptionName,
                          "invalid option \"" + std::string(option->defname) + "\"")
            .with_hint(hint_for(option->defname, valid));
    });
}

[[noreturn]] void refuse_value(DefElem *option, const char *hint) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("invalid value for option \"%s\": \"%s\"", option->defname,
                           defGetString(option)),
                    errhint("%s", hint)));
    pg_unreachable();
}

bool find_epoch(const char *word, EpochUnit *unit) {
    std::optional<EpochUnit> found = core::fdw::epoch_of_word(word);
    *unit = found.value_or(EpochUnit::none);
    return found.has_value();
}

// Inside call_core.
core::OptionValue value_of(const char *text) {
    core::OptionValue value;
    value.kind = core::OptionKind::string;
    value.text = text;
    return value;
}

int64 duration_of(const char *option, const char *text) {
    return pg::call_core([&] { return core::read_duration_ms(option, value_of(text)); });
}

int64 size_of(const char *option, const char *text) {
    return pg::call_core([&] { return core::read_size(option, value_of(text)); });
}

void check_value(DefElem *option) {
    const char *name = option->defname;
    EpochUnit unit = EpochUnit::none;
    if (strcmp(name, "database") == 0) {
        pg::check_may_read_server_files();
        (void)pg::checked_path(defGetString(option), name, "option");
    } else if (strcmp(name, "lock_timeout") == 0) {
        (void)duration_of(name, defGetString(option));
    } else if (strcmp(name, "max_value_size") == 0) {
        (void)size_of(name, defGetString(option));
    } else if (strcmp(name, "timezone") == 0) {
        (void)pg::find_time_zone(defGetString(option));
    } else if (strcmp(name, "key") == 0) {
        (void)defGetBoolean(option);
    } else if (strcmp(name, "epoch") == 0 && !find_epoch(defGetString(option), &unit)) {
        refuse_value(option, "Valid values are: none, seconds, milliseconds, microseconds, "
                             "nanoseconds, julian, 2001.");
    } else if (defGetString(option)[0] == '\0') {
        refuse_value(option, "Give a name.");
    }
}

DefElem *find_option(List *options, const char *name) {
    ListCell *cell = nullptr;
    foreach (cell, options) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        if (strcmp(option->defname, name) == 0)
            return option;
    }
    return nullptr;
}

char *option_text(List *options, const char *name) {
    DefElem *option = find_option(options, name);
    return option == nullptr ? nullptr : defGetString(option);
}

} // namespace

void validate_options(List *options, Oid catalog) {
    ListCell *cell = nullptr;
    foreach (cell, options) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        check_name(option, valid_options(catalog));
        check_value(option);
    }
    if (catalog == ForeignServerRelationId && find_option(options, "database") == nullptr)
        ereport(ERROR, (errcode(ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED),
                        errmsg("option \"database\" is required"),
                        errhint("Name the SQLite file: OPTIONS (database '/path/to/file').")));
}

void check_import_option(const DefElem *option) {
    check_name(option, kImportOptions);
}

ServerOptions server_options(Oid server) {
    List *options = GetForeignServer(server)->options;
    char *database = option_text(options, "database");
    if (database == nullptr) // the validator can be taken off a wrapper
        ereport(ERROR, (errcode(ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED),
                        errmsg("option \"database\" is required")));
    ServerOptions result = {pg::checked_path(database, "database", "option"),
                            option_text(options, "timezone"), kLockTimeoutMs, kMaxValueSize};
    if (const char *timeout = option_text(options, "lock_timeout"))
        result.lock_timeout_ms = duration_of("lock_timeout", timeout);
    if (const char *size = option_text(options, "max_value_size"))
        result.max_value_size = size_of("max_value_size", size);
    return result;
}

char *source_table(Oid relation) {
    char *table = option_text(GetForeignTable(relation)->options, "table");
    return table != nullptr ? table : get_rel_name(relation);
}

ColumnOptions column_options(Oid relation, AttrNumber attribute) {
    List *options = GetForeignColumnOptions(relation, attribute);
    ColumnOptions result = {option_text(options, "column_name"), EpochUnit::none};
    if (const char *epoch = option_text(options, "epoch"))
        (void)find_epoch(epoch, &result.epoch);
    return result;
}

} // namespace migrate::fdw

extern "C" {
PG_FUNCTION_INFO_V1(migrate_sqlite_validator);

PGDLLEXPORT Datum migrate_sqlite_validator(PG_FUNCTION_ARGS) {
    migrate::fdw::validate_options(untransformRelOptions(PG_GETARG_DATUM(0)), PG_GETARG_OID(1));
    PG_RETURN_VOID();
}
}
