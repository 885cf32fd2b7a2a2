#include "fn/csv_call.hpp"

#include "core/csv/file_list.hpp"
#include "fn/arguments.hpp"
#include "pg/cell_datum.hpp"
#include "pg/column_type.hpp"
#include "pg/error_bridge.hpp"
#include "pg/options.hpp"
#include "pg/owned.hpp"
#include "pg/permissions.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "utils/jsonb.h"
}

namespace migrate::fn {
namespace {

using pg::call_core;

// A text that begins so is options that PostgreSQL took for a table's name.
char *target_argument(FunctionCallInfo fcinfo, int number) {
    char *target = text_argument(fcinfo, number);
    if (target != nullptr && target[0] == '{')
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("invalid value for argument \"target\": it looks like JSON"),
                        errhint("Name the argument: options => '{…}'.")));
    return target;
}

// The types that option "types" names, under the caller's search_path: 42704 before a file is read.
void resolve_types(CsvState *state) {
    for (const auto &option : state->options.types) {
        Oid type = InvalidOid;
        int32 typmod = -1;
        pg::parse_type(pg::server_text(option.second.c_str()), &type, &typmod);
        const char *sql = pg::type_sql(type, typmod);
        call_core([&] { state->type_names.emplace_back(option.second, sql); });
    }
}

void read_options(CsvCall *call) {
    CsvState *state = call->state;
    core::OptionValue *value = pg::read_options(call->memory, call->options);
    call_core([&] { state->options = core::csv::parse_csv_options(*value); });
    check_owner(state->options.owner);
    resolve_types(state);
}

} // namespace

CsvCall *begin_call_with_options(Datum options) {
    MemoryContext memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate csv call", ALLOCSET_DEFAULT_SIZES);
    MemoryContext caller_memory = MemoryContextSwitchTo(memory);
    auto *call = static_cast<CsvCall *>(palloc0(sizeof(CsvCall)));
    call->caller_memory = caller_memory;
    call->memory = memory;
    call->options = options;
    call->zone = session_timezone;
    call->is_utf8_server = GetDatabaseEncoding() == PG_UTF8;
    call->state = pg::own<CsvState>(memory, [] { return std::make_unique<CsvState>(); });
    read_options(call);
    call->caller_settings = pg::remember_settings();
    SPI_connect();
    MemoryContextSwitchTo(memory);
    call->settings_level = pg::push_settings();
    return call;
}

CsvCall *begin_csv_call(FunctionCallInfo fcinfo, const CsvArguments &arguments) {
    pg::check_may_read_server_files();
    char *path = pg::checked_path(text_argument(fcinfo, 0), "path");
    char *target = target_argument(fcinfo, arguments.target);
    CsvCall *call = begin_call_with_options(options_argument(fcinfo, arguments.options));
    call->path = path;
    call->target = target;
    call_core([&] { call->state->texts = core::csv::list_csv_files(call->path); });
    return call;
}

void end_csv_call(CsvCall *call) {
    pg::pop_settings(call->settings_level);
    SPI_finish();
    MemoryContextSwitchTo(call->caller_memory);
    MemoryContextDelete(call->memory);
}

} // namespace migrate::fn
