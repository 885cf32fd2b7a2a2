// migrate.backup_sqlite: SQLite's online backup of a file that is in use, with its digest.
#include "core/sqlite/sqlite_source.hpp"

#include "pg/error_bridge.hpp"
#include "pg/file_digest.hpp"
#include "pg/interrupts.hpp"
#include "pg/permissions.hpp"
#include "pg/result_set.hpp"

#include "pg/postgres.hpp"

namespace migrate::fn {
namespace {

const char *path_argument(FunctionCallInfo fcinfo, int number, const char *name) {
    const char *path = PG_ARGISNULL(number) ? nullptr : text_to_cstring(PG_GETARG_TEXT_PP(number));
    return pg::checked_path(path, name);
}

core::sqlite::BackupResult make_backup(const char *path, const char *backup_path) {
    const char *os_user = pg::os_user_name();
    core::sqlite::BackupResult result = pg::call_core([&] {
        core::sqlite::OpenOptions options;
        options.is_interrupted = pg::is_stop_requested;
        options.os_user = os_user;
        return core::sqlite::backup_database(path, backup_path, options);
    });
    CHECK_FOR_INTERRUPTS();
    if (!result.is_done)
        ereport(ERROR, (errcode(ERRCODE_QUERY_CANCELED), errmsg("the backup was interrupted")));
    return result;
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_backup_sqlite);

PGDLLEXPORT Datum migrate_backup_sqlite(PG_FUNCTION_ARGS) {
    using namespace migrate;
    pg::check_may_read_server_files();
    pg::check_may_write_server_files();
    const char *path = fn::path_argument(fcinfo, 0, "path");
    const char *backup_path = fn::path_argument(fcinfo, 1, "backup_path");
    pg::open_result(fcinfo);
    core::sqlite::BackupResult result = fn::make_backup(path, backup_path);
    pg::ResultRow row;
    pg::start_row(fcinfo, &row);
    pg::set_bigint(&row, result.bytes);
    pg::set_bigint(&row, result.pages);
    pg::set_text(&row, pg::file_sha256(backup_path));
    pg::finish_row(&row);
    return (Datum)0;
}
}
