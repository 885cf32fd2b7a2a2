// migrate.check_csv: a rehearsal of import_csv that lists every record it would refuse.
#include "fn/csv_run.hpp"

#include "pg/error_bridge.hpp"
#include "pg/result_set.hpp"
#include "pg/subtransaction.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "access/xact.h"
#include "access/xlog.h"
#include "mb/pg_wchar.h"
}

namespace migrate::fn {
namespace {

void rehearse(void *argument) {
    load_files(static_cast<CsvRun *>(argument));
}

// Constraints and triggers have their say where something may be written and then undone; a
// standby and a read-only transaction check the values alone.
bool may_rehearse(const CsvCall *call) {
    if (XactReadOnly || RecoveryInProgress() || IsInParallelMode() ||
        call->state->options.mode != core::csv::LoadMode::append)
        return false;
    for (const CsvTable &table : call->state->tables)
        if (!OidIsValid(table.relation))
            return false;
    return true;
}

// A table that would be made anew is no target yet.
void forget_replaced(CsvCall *call) {
    if (call->state->options.mode == core::csv::LoadMode::replace)
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

// The record as text of the server, with \xNN for bytes that are none.
const char *shown_raw(const pg::RejectRow &row) {
    StringInfoData text;
    initStringInfo(&text);
    const int encoding = GetDatabaseEncoding();
    for (std::size_t i = 0; i < row.raw_size;) {
        const char *at = row.raw + i;
        const int length = pg_encoding_mblen(encoding, at);
        const bool is_text = *at != '\0' && i + length <= row.raw_size &&
                             pg_encoding_verifymbstr(encoding, at, length) == length;
        if (is_text)
            appendBinaryStringInfo(&text, at, length);
        else
            appendStringInfo(&text, "\\x%02x", static_cast<unsigned char>(*at));
        i += is_text ? length : 1;
    }
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
    run->is_written = fn::may_rehearse(call);
    if (run->is_written)
        pg::run_and_undo(fn::rehearse, run);
    else
        fn::load_files(run);
    pg::for_each_reject(run->rejects, fn::return_problem, fcinfo);
    pg::close_reject_store(run->rejects);
    fn::end_csv_call(call);
    return (Datum)0;
}
}
