// migrate.report and migrate.forget_run: the record of a run, and its end.
#include "fn/arguments.hpp"
#include "pg/bookkeeping.hpp"
#include "pg/result_set.hpp"
#include "pg/settings.hpp"
#include "pg/sql.hpp"

#include "pg/postgres.hpp"

extern "C" {
#include "executor/spi.h"
}

namespace migrate::fn {
namespace {

void check_run(int64 run_id) {
    Oid type = INT8OID;
    Datum value = Int64GetDatum(run_id);
    if (pg::run_query("SELECT FROM migrate.runs WHERE run_id OPERATOR(pg_catalog.=) $1", 1, &type,
                      &value) == 0)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
                        errmsg("run " INT64_FORMAT " does not exist", run_id),
                        errhint("The view migrate.runs shows the runs that you may see.")));
}

void return_objects(FunctionCallInfo fcinfo, int64 run_id) {
    Oid type = INT8OID;
    Datum value = Int64GetDatum(run_id);
    uint64 rows = pg::run_query(
        "SELECT object_type, source_name, target_name, status, reason, source_sql "
        "FROM migrate.run_objects WHERE run_id OPERATOR(pg_catalog.=) $1 ORDER BY object_id",
        1, &type, &value);
    for (uint64 i = 0; i < rows; i++) {
        pg::ResultRow row;
        pg::start_row(fcinfo, &row);
        for (int column = 1; column <= 6; column++) {
            const char *text = pg::query_text(i, column);
            if (text == nullptr)
                pg::set_null(&row);
            else
                pg::set_datum(&row, CStringGetTextDatum(text));
        }
        pg::finish_row(&row);
    }
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_report);
PG_FUNCTION_INFO_V1(migrate_forget_run);

PGDLLEXPORT Datum migrate_report(PG_FUNCTION_ARGS) {
    using namespace migrate;
    int64 run_id = fn::run_argument(fcinfo);
    pg::open_result(fcinfo);
    SPI_connect();
    int level = pg::push_settings();
    fn::check_run(run_id);
    fn::return_objects(fcinfo, run_id);
    pg::pop_settings(level);
    SPI_finish();
    return (Datum)0;
}

PGDLLEXPORT Datum migrate_forget_run(PG_FUNCTION_ARGS) {
    using namespace migrate;
    int64 run_id = fn::run_argument(fcinfo);
    fn::check_may_write("migrate.forget_run()");
    SPI_connect();
    int level = pg::push_settings();
    bool is_forgotten = pg::forget_run(run_id);
    pg::pop_settings(level);
    SPI_finish();
    PG_RETURN_BOOL(is_forgotten);
}
}
