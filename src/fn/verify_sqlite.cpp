// migrate.verify_sqlite: every value of the file against what the tables hold now.
#include "fn/verify_tables.hpp"

#include "pg/error_bridge.hpp"
#include "pg/owned.hpp"
#include "pg/owner_view.hpp"
#include "pg/result_set.hpp"
#include "pg/settings.hpp"
#include "pg/sql.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "executor/spi.h"
}

namespace migrate::fn {
namespace {

// The options of the last run of a SQLite file into this schema, which say what was agreed to,
// under the caller's own. A sync fills tables that are there, whatever mode its options name.
void adopt_run_options(SqliteCall *call) {
    Oid types[] = {TEXTOID, JSONBOID};
    Datum values[] = {CStringGetTextDatum(call->schema), call->options};
    uint64 rows =
        pg::run_query("SELECT r.options OPERATOR(pg_catalog.||) "
                      "CASE WHEN r.function_name OPERATOR(pg_catalog.=) 'sync_sqlite' "
                      "THEN CAST('{\"mode\": \"append\"}' AS pg_catalog.jsonb) "
                      "ELSE CAST('{}' AS pg_catalog.jsonb) END OPERATOR(pg_catalog.||) $2 "
                      "FROM migrate.runs r "
                      "WHERE r.target_schema OPERATOR(pg_catalog.=) $1 AND NOT r.is_dry_run "
                      "AND r.function_name OPERATOR(pg_catalog.=) ANY "
                      "(ARRAY['import_sqlite', 'sync_sqlite']) "
                      "ORDER BY r.run_id DESC LIMIT 1",
                      2, types, values);
    if (rows == 0)
        return;
    bool is_null = false;
    set_options(call, SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
}

void return_verdict(FunctionCallInfo fcinfo, const TableVerdict &verdict) {
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_text(&row, verdict.display_name.c_str());
    pg::set_bigint(&row, verdict.source_rows);
    pg::set_bigint(&row, verdict.target_rows);
    pg::set_text_or_null(&row, verdict.source_digest.c_str());
    pg::set_text_or_null(&row, verdict.target_digest.c_str());
    pg::set_boolean(&row, verdict.matches);
    pg::set_text_or_null(&row, verdict.detail.c_str());
    pg::finish_row(&row);
}

void verify_all(SqliteCall *call, FunctionCallInfo fcinfo) {
    // Rows that a policy hides would look lost: an error instead. What is forced on the owner alone
    // is no such policy: option "row_security" of the import made it.
    pg::set_setting("row_security", "off");
    pg::OwnerView view = pg::begin_owner_view();
    for (std::size_t table = 0; table < call->state->plan->tables().size(); table++) {
        auto *verdict =
            pg::own<TableVerdict>(call->memory, [] { return std::make_unique<TableVerdict>(); });
        verify_table(call, table, verdict);
        return_verdict(fcinfo, *verdict);
    }
    pg::end_owner_view(view);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_verify_sqlite);

PGDLLEXPORT Datum migrate_verify_sqlite(PG_FUNCTION_ARGS) {
    using namespace migrate;
    pg::open_result(fcinfo);
    fn::SqliteCall *call = fn::begin_call(fcinfo);
    fn::adopt_run_options(call);
    fn::open_source(call);
    fn::start_plan(call);
    fn::verify_all(call, fcinfo);
    pg::call_core([&] { call->state->source->finish(); });
    fn::end_call(call);
    return (Datum)0;
}
}
