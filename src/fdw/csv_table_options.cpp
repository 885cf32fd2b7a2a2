#include "fdw/csv_table_options.hpp"

#include "core/csv/effective_options.hpp"
#include "core/csv/encoding.hpp"
#include "core/csv/foreign_options.hpp"
#include "fdw/fdw_options.hpp"
#include "pg/error_bridge.hpp"
#include "pg/options.hpp"
#include "pg/owned.hpp"
#include "pg/permissions.hpp"
#include "pg/text_conversion.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "pg/postgres.hpp"

extern "C" {
#include "access/reloptions.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "commands/defrem.h"
#include "foreign/foreign.h"
#include "utils/fmgrprotos.h"
}

namespace migrate::fdw {
namespace {

using core::OptionDescription;
using core::OptionValue;
using pg::call_core;

std::span<const std::string_view> valid_names(Oid catalog) {
    if (catalog == ForeignServerRelationId)
        return core::csv::server_option_names();
    if (catalog == ForeignTableRelationId)
        return core::csv::table_option_names();
    if (catalog == AttributeRelationId)
        return core::csv::column_option_names();
    return {};
}

bool is_named(const DefElem *option, const char *name) {
    return strcmp(option->defname, name) == 0;
}

// A list is written in JSON, and read as the argument "options" of a function is.
void add_list(OptionValue *object, const DefElem *option, const char *json) {
    Datum jsonb = DirectFunctionCall1(
        jsonb_in, CStringGetDatum(psprintf("{\"%s\": %s}", option->defname, json)));
    OptionValue *read = pg::read_options(CurrentMemoryContext, jsonb);
    call_core([&] { object->members.push_back(std::move(read->members.front())); });
}

void add_option(OptionValue *object, DefElem *option) {
    const OptionDescription *row =
        call_core([&] { return core::csv::find_option(option->defname); });
    if (row == nullptr)
        return;
    const char *text = pg::utf8_text(defGetString(option));
    call_core([&] {
        object->kind = core::OptionKind::object;
        std::erase_if(object->members,
                      [&](const core::OptionMember &each) { return each.first == row->name; });
    });
    if (core::csv::is_list_text(*row, text))
        return add_list(object, option, defGetString(option));
    call_core([&] {
        object->members.push_back({row->name, core::csv::option_of_text(*row, text)});
    });
}

void check_file(DefElem *option) {
    pg::check_may_read_server_files();
    (void)pg::checked_path(defGetString(option), option->defname, "option");
}

void check_column_option(DefElem *option) {
    if (!is_named(option, "column_name"))
        (void)defGetBoolean(option);
    else if (defGetString(option)[0] == '\0')
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("invalid value for option \"column_name\": \"\""),
                        errhint("Give a name.")));
}

void check_values(List *options) {
    auto *object =
        pg::own<OptionValue>(CurrentMemoryContext, [] { return std::make_unique<OptionValue>(); });
    add_csv_options(object, options);
    const bool is_servers = call_core([&] {
        const core::csv::CsvOptions read = core::csv::parse_csv_options(*object);
        core::csv::check_for_queries(read);
        return read.encoding != "auto" &&
               core::csv::named_encoding(read.encoding, "").charset == core::csv::Charset::other;
    });
    if (is_servers)
        pg::check_encoding_name(csv_option_text(options, "encoding"));
}

void require_filename(List *options) {
    if (csv_option_text(options, "filename") == nullptr)
        ereport(ERROR, (errcode(ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED),
                        errmsg("option \"filename\" is required"),
                        errhint("Name a CSV file, a glob or a directory: "
                                "OPTIONS (filename '/path/to/file.csv').")));
}

} // namespace

void validate_csv_options(List *options, Oid catalog) {
    ListCell *cell = nullptr;
    foreach (cell, options) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        check_option_name(option, valid_names(catalog));
        if (is_named(option, "filename") || is_named(option, "directory"))
            check_file(option);
        if (catalog == AttributeRelationId)
            check_column_option(option);
    }
    if (catalog == AttributeRelationId)
        return;
    check_values(options);
    if (catalog == ForeignTableRelationId)
        require_filename(options);
}

void validate_csv_schema_options(List *options) {
    ListCell *cell = nullptr;
    foreach (cell, options)
        check_option_name(static_cast<DefElem *>(lfirst(cell)), core::csv::schema_option_names());
    check_values(options);
}

void add_csv_options(OptionValue *object, List *options) {
    ListCell *cell = nullptr;
    foreach (cell, options)
        add_option(object, static_cast<DefElem *>(lfirst(cell)));
}

char *csv_option_text(List *options, const char *name) {
    ListCell *cell = nullptr;
    foreach (cell, options) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        if (is_named(option, name))
            return defGetString(option);
    }
    return nullptr;
}

CsvColumnOptions csv_column_options(Oid relation, AttrNumber attribute) {
    CsvColumnOptions result = {nullptr, false, false};
    ListCell *cell = nullptr;
    foreach (cell, GetForeignColumnOptions(relation, attribute)) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        if (is_named(option, "column_name"))
            result.name = defGetString(option);
        else if (is_named(option, "force_null"))
            result.force_null = defGetBoolean(option);
        else if (is_named(option, "force_not_null"))
            result.force_not_null = defGetBoolean(option);
    }
    return result;
}

} // namespace migrate::fdw

extern "C" {
PG_FUNCTION_INFO_V1(migrate_csv_validator);

PGDLLEXPORT Datum migrate_csv_validator(PG_FUNCTION_ARGS) {
    migrate::fdw::validate_csv_options(untransformRelOptions(PG_GETARG_DATUM(0)), PG_GETARG_OID(1));
    PG_RETURN_VOID();
}
}
