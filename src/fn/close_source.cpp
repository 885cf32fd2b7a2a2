// migrate.close_source: after the cut-over a file is not read into its schema any more.
#include "fn/arguments.hpp"
#include "pg/closed_sources.hpp"
#include "pg/permissions.hpp"
#include "pg/settings.hpp"
#include "pg/target_schema.hpp"

#include <cerrno>
#include <unistd.h>

#include "pg/compat.hpp"

extern "C" {
#include "executor/spi.h"
}

namespace migrate::fn {
namespace {

const char *schema_argument(FunctionCallInfo fcinfo) {
    const char *schema = text_argument(fcinfo, 1);
    if (schema == nullptr)
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("argument \"schema\" must not be null")));
    return schema;
}

// Who may make tables there may say that no more come.
void check_schema(const char *schema) {
    const Oid oid = pg::find_schema(schema);
    if (!OidIsValid(oid))
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
                        errmsg("schema \"%s\" does not exist", schema)));
    if (!pg::may_create_in_schema(oid))
        aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_SCHEMA, schema);
}

} // namespace
} // namespace migrate::fn

extern "C" {
PG_FUNCTION_INFO_V1(migrate_close_source);

PGDLLEXPORT Datum migrate_close_source(PG_FUNCTION_ARGS) {
    using namespace migrate;
    fn::check_may_write("migrate.close_source()");
    pg::check_may_read_server_files();
    const char *path = pg::checked_path(fn::text_argument(fcinfo, 0), "path");
    const char *schema = fn::schema_argument(fcinfo);
    fn::check_schema(schema);
    if (access(path, F_OK) != 0 && errno == ENOENT)
        ereport(NOTICE, (errmsg("file \"%s\" does not exist", path),
                         errdetail("Its path is closed all the same.")));
    SPI_connect();
    const int level = pg::push_settings();
    const bool is_new = pg::close_source(path, schema);
    pg::pop_settings(level);
    SPI_finish();
    PG_RETURN_BOOL(is_new);
}
}
