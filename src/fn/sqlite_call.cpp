#include "fn/sqlite_call.hpp"

#include "core/error.hpp"
#include "core/plan/parent_fill.hpp"
#include "core/plan/tenancy.hpp"
#include "fn/arguments.hpp"
#include "pg/cell_datum.hpp"
#include "pg/error_bridge.hpp"
#include "pg/interrupts.hpp"
#include "pg/options.hpp"
#include "pg/owned.hpp"
#include "pg/permissions.hpp"
#include "pg/sql.hpp"
#include "pg/target_catalog.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "pg/compat.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
}

namespace migrate::fn {
namespace {

using pg::call_core;

const char *to_utf8(char *text) {
    return pg_server_to_any(text, static_cast<int>(strlen(text)), PG_UTF8);
}

void check_schema_name(const char *schema) {
    if (schema[0] == '\0')
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("invalid value for argument \"schema\": \"\""),
                        errdetail("The name is empty."),
                        errhint("Leave the argument out to import into current_schema().")));
    if (strlen(schema) >= NAMEDATALEN)
        ereport(ERROR,
                (errcode(ERRCODE_NAME_TOO_LONG), errmsg("schema name \"%s\" is too long", schema),
                 errdetail("A name of PostgreSQL has at most %d bytes.", NAMEDATALEN - 1)));
}

// current_schema() where the caller names none.
char *target_schema(FunctionCallInfo fcinfo) {
    char *schema = text_argument(fcinfo, 1);
    if (schema != nullptr) {
        check_schema_name(schema);
        return schema;
    }
    List *path = fetch_search_path(false);
    char *current = path != NIL ? get_namespace_name(linitial_oid(path)) : nullptr;
    if (current == nullptr)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
                        errmsg("no schema has been selected to import into"),
                        errhint("Name one in argument \"schema\".")));
    return current;
}

void read_patterns(FunctionCallInfo fcinfo, int number, std::vector<std::string> *patterns) {
    if (PG_NARGS() <= number || PG_ARGISNULL(number))
        return;
    Datum *elements = nullptr;
    bool *nulls = nullptr;
    int count = 0;
    deconstruct_array(PG_GETARG_ARRAYTYPE_P(number), TEXTOID, -1, false, TYPALIGN_INT, &elements,
                      &nulls, &count);
    for (int i = 0; i < count; i++) {
        if (nulls[i])
            ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                            errmsg("argument \"%s\" must not hold null",
                                   number == 2 ? "tables" : "exclude")));
        const char *pattern = to_utf8(TextDatumGetCString(elements[i]));
        call_core([&] { patterns->emplace_back(pattern); });
    }
}

// inspect_sqlite has none.
Datum given_options(FunctionCallInfo fcinfo) {
    if (PG_NARGS() <= 4)
        return DirectFunctionCall1(jsonb_in, CStringGetDatum("{}"));
    return options_argument(fcinfo, 4);
}

// The types that option "types" names, as PostgreSQL reads them under the caller's search_path.
void resolve_types(SqliteState *state) {
    for (const auto &rule : state->options.types) {
        Oid type = InvalidOid;
        int32 typmod = -1;
        pg::parse_type(
            pg_any_to_server(rule.value.c_str(), static_cast<int>(rule.value.size()), PG_UTF8),
            &type, &typmod);
        char *formatted = format_type_extended(
            type, typmod, FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
        const char *name = to_utf8(formatted);
        if (strncmp(name, "pg_catalog.", 11) == 0)
            name += 11;
        call_core([&] { state->request.resolved_types.emplace_back(rule.value, name); });
    }
}

// Where the extension citext lives, quoted; "" when it is not installed.
void find_citext(SqliteState *state) {
    if (state->options.nocase != core::Nocase::citext)
        return;
    uint64 rows = pg::run_query("SELECT pg_catalog.quote_ident(n.nspname) "
                                "FROM pg_catalog.pg_extension e "
                                "JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace "
                                "WHERE e.extname = 'citext'");
    if (rows == 0)
        ereport(ERROR,
                (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("extension \"citext\" is not installed"),
                 errdetail("Option \"nocase\" asks for it."),
                 errhint("Run CREATE EXTENSION citext, or use \"lower_index\".")));
    const char *schema = pg::query_text(0, 1);
    call_core([&] { state->request.citext_schema = schema; });
}

void read_options(SqliteCall *call) {
    SqliteState *state = call->state;
    core::OptionValue *value = pg::read_options(call->memory, call->options);
    call_core([&] { state->options = core::parse_import_options(*value); });
    call->zone = pg::find_time_zone(state->options.timezone.c_str());
    check_owner(state->options.owner);
    resolve_types(state);
}

void complete_request(SqliteCall *call) {
    SqliteState *state = call->state;
    const char *schema = to_utf8(call->schema);
    int encoding = GetDatabaseEncoding();
    call_core([&] {
        state->request.target_schema = schema;
        state->request.options = state->options;
        state->request.is_utf8_server = encoding == PG_UTF8;
        state->request.is_utf8_checked = encoding != PG_SQL_ASCII;
    });
}

} // namespace

void set_options(SqliteCall *call, Datum options) {
    call->options = options;
    call_core([&] { call->state->request.resolved_types.clear(); });
    int level = pg::push_caller_settings(call->caller_settings);
    read_options(call);
    pg::pop_settings(level);
    find_citext(call->state);
    complete_request(call);
}

SqliteCall *begin_call(FunctionCallInfo fcinfo) {
    MemoryContext memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate call", ALLOCSET_DEFAULT_SIZES);
    MemoryContext caller_memory = MemoryContextSwitchTo(memory);
    auto *call = static_cast<SqliteCall *>(palloc0(sizeof(SqliteCall)));
    call->caller_memory = caller_memory;
    call->memory = memory;
    char *path = text_argument(fcinfo, 0);
    pg::check_may_read_server_files();
    call->path = pg::checked_path(path, "path");
    call->schema = target_schema(fcinfo);
    call->options = given_options(fcinfo);
    call->state = pg::own<SqliteState>(memory, [] { return std::make_unique<SqliteState>(); });
    read_patterns(fcinfo, 2, &call->state->request.tables);
    read_patterns(fcinfo, 3, &call->state->request.exclude);
    read_options(call);
    call->caller_settings = pg::remember_settings();
    SPI_connect();
    MemoryContextSwitchTo(memory);
    call->settings_level = pg::push_settings();
    find_citext(call->state);
    complete_request(call);
    return call;
}

void end_call(SqliteCall *call) {
    pg::pop_settings(call->settings_level);
    SPI_finish();
    MemoryContextSwitchTo(call->caller_memory);
    MemoryContextDelete(call->memory);
}

void open_source(SqliteCall *call) {
    SqliteState *state = call->state;
    const char *os_user = pg::os_user_name();
    call_core([&] {
        core::sqlite::OpenOptions options;
        options.is_interrupted = pg::is_stop_requested;
        options.busy_timeout_ms = state->options.lock_timeout_ms;
        options.max_value_size = state->options.max_value_size;
        options.os_user = os_user;
        state->source = core::sqlite::SqliteSource::open(call->path, options);
        if (state->options.tenant_key.empty())
            return;
        core::Schema &schema = state->source->mutable_schema();
        const auto chosen =
            core::plan::select_relations(schema, state->request.tables, state->request.exclude);
        core::plan::apply_tenancy(schema, chosen, state->options);
    });
}

void read_profile(SqliteCall *call, std::size_t table) {
    SqliteState *state = call->state;
    call_core([&] {
        state->profile =
            std::make_unique<core::plan::TableProfile>(state->plan->make_profile(table));
        const std::vector<int> columns = state->plan->source_columns(table);
        state->reader = state->source->read(*state->plan->tables()[table].source, columns);
        state->batch = std::make_unique<core::Batch>(columns.size());
    });
    core::Fetch fetch = core::Fetch::rows;
    while (fetch != core::Fetch::end) {
        CHECK_FOR_INTERRUPTS();
        fetch = call_core([&] {
            core::Fetch result = state->reader->fetch(*state->batch);
            state->profile->add(*state->batch);
            return result;
        });
    }
    call_core([&] { state->reader.reset(); });
}

void profile_tables(SqliteCall *call, const std::vector<std::size_t> &tables) {
    SqliteState *state = call->state;
    for (std::size_t table : tables) {
        read_profile(call, table);
        call_core([&] { state->plan->set_profile(table, std::move(*state->profile)); });
    }
    call_core([&] { state->plan->decide(); });
}

void start_plan(SqliteCall *call) {
    SqliteState *state = call->state;
    const bool fills_existing = state->options.fills_existing();
    if (fills_existing)
        pg::read_target_tables(get_namespace_oid(call->schema, false), &state->targets);
    call_core([&] {
        if (fills_existing)
            core::plan::fill_from_parents(state->source->mutable_schema(), state->targets,
                                          state->options);
        state->plan = std::make_unique<core::plan::Plan>(
            state->source->schema(), state->request, fills_existing ? &state->targets : nullptr);
    });
}

namespace {

// Of an existing table only what numbers in a column of times count has to be known before.
bool has_unknown_numbers(SqliteState *state, std::size_t table) {
    const core::plan::TablePlan &planned = state->plan->tables()[table];
    return std::any_of(planned.columns.begin(), planned.columns.end(),
                       [&](const core::plan::ColumnPlan &column) {
                           return column.type.is_time_like() &&
                                  state->source->number_range(*planned.source, column.source);
                       });
}

} // namespace

void make_plan(SqliteCall *call) {
    SqliteState *state = call->state;
    call_core([&] { core::plan::check_mode(state->options); });
    call_core([&] { state->source->check_tenants(); });
    start_plan(call);
    call_core([&] {
        state->plan->check_targets();
        state->scratch = state->plan->tables_to_profile();
        if (state->options.fills_existing())
            std::erase_if(state->scratch,
                          [&](std::size_t table) { return !has_unknown_numbers(state, table); });
    });
    profile_tables(call, state->scratch);
}

} // namespace migrate::fn
