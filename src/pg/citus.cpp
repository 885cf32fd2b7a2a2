#include "pg/citus.hpp"

#include "pg/settings.hpp"
#include "pg/sql.hpp"

extern "C" {
#include "catalog/pg_type_d.h"
#include "commands/extension.h"
}

namespace migrate::pg {
namespace {

bool has_citus() {
    return OidIsValid(get_extension_oid("citus", true));
}

} // namespace

void require_citus() {
    if (!has_citus())
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("option \"distribute\" needs the extension \"citus\""),
                        errdetail("It is not installed in this database."),
                        errhint("Install Citus, add its workers and run CREATE EXTENSION citus, or "
                                "leave the option out.")));
}

bool is_distributed(Oid relation) {
    if (!has_citus())
        return false;
    Oid types[] = {OIDOID};
    Datum values[] = {ObjectIdGetDatum(relation)};
    return run_query("SELECT FROM pg_catalog.pg_dist_partition "
                     "WHERE logicalrelid OPERATOR(pg_catalog.=) $1",
                     1, types, values) > 0;
}

void work_in_sequence() {
    set_setting("citus.multi_shard_modify_mode", "sequential");
}

} // namespace migrate::pg
