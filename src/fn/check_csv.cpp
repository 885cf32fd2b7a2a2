// migrate.check_csv: a rehearsal of import_csv that lists every record it would refuse.
#include "fn/csv_run.hpp"

#include "pg/error_bridge.hpp"
#include "pg/result_set.hpp"
#include "pg/sql.hpp"
#include "pg/subtransaction.hpp"
#include "pg/target_schema.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_type_d.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/inval.h"
}

namespace migrate::fn {
namespace {

using core::csv::LoadMode;

constexpr std::size_t kMostRawShown = 1024 * 1024;

// Constraints and triggers have their say where something may be written and then undone; a
// standby, a read-only transaction and the modes that empty or drop a table check the values alone.
bool may_rehearse(const CsvCall *call) {
    const LoadMode mode = call->state->options.mode;
    return !XactReadOnly && !RecoveryInProgress() && !IsInParallelMode() &&
           (mode == LoadMode::append || mode == LoadMode::create);
}

// Whoever may only read can still have the values checked.
bool may_make_table(const char *schema) {
    const Oid oid = pg::find_schema(schema);
    Oid type = OIDOID;
    Datum value = ObjectIdGetDatum(OidIsValid(oid) ? oid : MyDatabaseId);
    const char *sql = OidIsValid(oid)
                          ? "SELECT 1 WHERE pg_catalog.has_schema_privilege($1, 'CREATE')"
                          : "SELECT 1 WHERE pg_catalog.has_database_privilege($1, 'CREATE')";
    return pg::run_query(sql, 1, &type, &value) > 0;
}

// Whether there is a table to write to. One that another session makes meanwhile may have other
// columns than those that were planned, so it gets no rows.
bool prepare_table(CsvRun *run, CsvTable *table) {
    const char *schema = pg::server_text(table->schema.c_str());
    if (OidIsValid(table->relation))
        return run->call->state->options.mode == LoadMode::append;
    if (!may_make_table(schema))
        return false;
    pg::lock_target_schema(pg::server_text(table->display_name.c_str()));
    AcceptInvalidationMessages();
    // Not marked as created: its rows are to be refused one by one, such as are too large for a
    // page.
    if (!OidIsValid(pg::find_relation(pg::find_schema(schema), table->name.c_str())))
        make_table(run, table);
    return OidIsValid(table->relation);
}

void rehearse(void *argument) {
    auto *run = static_cast<CsvRun *>(argument);
    for (CsvTable &table : run->call->state->tables) {
        run->is_written = prepare_table(run, &table);
        load_table_files(run, &table);
    }
}

// A table that would be made anew is no target yet.
void forget_replaced(CsvCall *call) {
    if (call->state->options.mode == LoadMode::replace)
        for (CsvTable &table : call->state->tables)
            table.relation = InvalidOid;
}

// What keeps a new table from being made, such as too many columns, is no record's fault.
void check_new_tables(CsvCall *call) {
    pg::call_core([&] {
        for (const CsvTable &table : call->state->tables)
            if (!OidIsValid(table.relation))
                core::csv::create_statements(table.schema, table.name, table.columns,
                                             call->state->options.key);
    });
}

// How many bytes at `at` are a character that every client may be sent; 0 for a byte that is none.
// SQL_ASCII vouches for no byte beyond ASCII, and the client's encoding may refuse it.
int text_length(int encoding, const char *at, std::size_t room) {
    if (*at == '\0' || (encoding == PG_SQL_ASCII && IS_HIGHBIT_SET(*at)))
        return 0;
    const int length = pg_encoding_mblen(encoding, at);
    const bool is_text = static_cast<std::size_t>(length) <= room &&
                         pg_encoding_verifymbstr(encoding, at, length) == length;
    return is_text ? length : 0;
}

// The record as text of the server, with \xNN for bytes that are none; of a huge one its beginning.
const char *shown_raw(const pg::RejectRow &row) {
    StringInfoData text;
    initStringInfo(&text);
    const int encoding = GetDatabaseEncoding();
    const std::size_t end = Min(row.raw_size, kMostRawShown);
    for (std::size_t i = 0; i < end;) {
        const char *at = row.raw + i;
        const int length = text_length(encoding, at, row.raw_size - i);
        if (length > 0)
            appendBinaryStringInfo(&text, at, length);
        else
            appendStringInfo(&text, "\\x%02x", static_cast<unsigned char>(*at));
        i += Max(length, 1);
    }
    if (end < row.raw_size)
        appendStringInfoString(&text, "...");
    return text.data;
}

void return_problem(const pg::RejectRow &reject, void *argument) {
    auto *fcinfo = static_cast<FunctionCallInfo>(argument);
    const auto set = [](pg::ResultRow *row, const char *text) {
        if (text == nullptr)
            pg::set_null(row);
        else
            pg::set_datum(row, CStringGetTextDatum(text));
    };
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    set(&row, reject.source);
    pg::set_bigint(&row, reject.line_first);
    pg::set_bigint(&row, reject.line_last);
    set(&row, reject.column_name);
    set(&row, reject.sqlstate);
    set(&row, reject.reason);
    set(&row, reject.value);
    set(&row, shown_raw(reject));
    pg::finish_row(&row);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_check_csv);

PGDLLEXPORT Datum migrate_check_csv(PG_FUNCTION_ARGS) {
    using namespace migrate;
    pg::open_result(fcinfo);
    fn::CsvCall *call = fn::begin_csv_call(fcinfo, {1, 2});
    fn::CsvRun *run = fn::begin_csv_run(call, "check_csv");
    run->is_check = true;
    fn::find_targets(call);
    fn::forget_replaced(call);
    fn::survey_files(call);
    fn::infer_types(call);
    fn::check_new_tables(call);
    if (fn::may_rehearse(call)) {
        pg::set_setting("lock_timeout", call->state->options.lock_timeout.c_str());
        pg::run_and_undo(fn::rehearse, run);
    } else {
        run->is_written = false;
        fn::load_files(run);
    }
    pg::for_each_reject(run->rejects, fn::return_problem, fcinfo);
    pg::close_reject_store(run->rejects);
    fn::end_csv_call(call);
    return (Datum)0;
}
}
