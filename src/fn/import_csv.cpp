// migrate.import_csv: files into tables, in the caller's transaction.
#include "fn/csv_run.hpp"

#include "fn/arguments.hpp"

#include "pg/result_set.hpp"
#include "pg/sql.hpp"
#include "pg/subtransaction.hpp"

#include "pg/postgres.hpp"

extern "C" {}

namespace migrate::fn {
namespace {

// What a dry run undoes.
void transfer(void *argument) {
    auto *run = static_cast<CsvRun *>(argument);
    load_files(run);
    if (run->call->state->options.dry_run)
        pg::run_utility("SET CONSTRAINTS ALL IMMEDIATE");
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_import_csv);

PGDLLEXPORT Datum migrate_import_csv(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.import_csv()");
    pg::open_result(fcinfo);
    fn::CsvCall *call = fn::begin_csv_call(fcinfo, {1, 2});
    fn::CsvRun *run = fn::begin_csv_run(call, "import_csv");
    fn::prepare_targets(run);
    fn::survey_files(call);
    fn::infer_types(call);
    if (call->state->options.dry_run)
        pg::run_and_undo(fn::transfer, run);
    else
        fn::transfer(run);
    fn::record_csv_run(run);
    pg::close_reject_store(run->rejects);
    fn::return_files(run, fcinfo);
    fn::end_csv_call(call);
    return (Datum)0;
}
}
