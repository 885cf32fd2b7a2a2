// migrate.list_versioned and migrate.verify_versioned: every migration with its status; creates
// nothing.
#include "fn/versioned_call.hpp"

#include "pg/error_bridge.hpp"
#include "pg/result_set.hpp"

extern "C" {
#include "utils/timestamp.h"
}

namespace migrate::fn {
namespace {

using core::versioned::FileProblem;
using core::versioned::HistoryRow;
using core::versioned::MigrationStatus;

const char *checksum_of(const MigrationStatus &status) {
    if (status.row != nullptr && status.row->checksum)
        return status.row->checksum->c_str();
    return status.row == nullptr && status.digests != nullptr ? status.digests->body.c_str()
                                                              : nullptr;
}

void set_recorded(pg::ResultRow *row, const HistoryRow *recorded) {
    if (recorded != nullptr && recorded->applied_at)
        pg::set_datum(row, TimestampTzGetDatum(*recorded->applied_at));
    else
        pg::set_null(row);
    if (recorded != nullptr && recorded->execution_time_ms)
        pg::set_bigint(row, *recorded->execution_time_ms);
    else
        pg::set_null(row);
}

void return_status(FunctionCallInfo fcinfo, const MigrationStatus &status) {
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_text(&row, status.version.c_str());
    pg::set_text(&row, status.name.c_str());
    pg::set_text(&row, core::versioned::status_name(status.status).data());
    set_recorded(&row, status.row);
    pg::set_text(&row, checksum_of(status));
    pg::set_boolean(&row, status.migration != nullptr && status.migration->down.has_value());
    pg::set_text_or_null(&row, status.problem.c_str());
    pg::finish_row(&row);
}

// A file that was meant to be a migration, perhaps: it has no version.
void return_problem(FunctionCallInfo fcinfo, const FileProblem &problem) {
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_null(&row);
    pg::set_text(&row, problem.file.c_str());
    for (int i = 0; i < 4; i++)
        pg::set_null(&row);
    pg::set_boolean(&row, false);
    pg::set_text(&row, problem.reason.c_str());
    pg::finish_row(&row);
}

void list(FunctionCallInfo fcinfo, bool only_problems) {
    pg::open_result(fcinfo);
    VersionedCall *call = begin_versioned(fcinfo, 1);
    read_files(call, fcinfo);
    read_state(call);
    for (const MigrationStatus &status : call->state->statuses)
        if (!only_problems || !status.problem.empty())
            return_status(fcinfo, status);
    for (const FileProblem &problem : call->state->set.problems)
        return_problem(fcinfo, problem);
    end_versioned(call);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_list_versioned);
PG_FUNCTION_INFO_V1(migrate_verify_versioned);

PGDLLEXPORT Datum migrate_list_versioned(PG_FUNCTION_ARGS) {
    migrate::fn::list(fcinfo, false);
    return (Datum)0;
}

PGDLLEXPORT Datum migrate_verify_versioned(PG_FUNCTION_ARGS) {
    migrate::fn::list(fcinfo, true);
    return (Datum)0;
}
}
