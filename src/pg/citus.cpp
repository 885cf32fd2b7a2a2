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

Placement placement_of(Oid relation) {
    if (!has_citus())
        return Placement::local;
    Oid types[] = {OIDOID};
    Datum values[] = {ObjectIdGetDatum(relation)};
    MemoryContext caller = CurrentMemoryContext;
    const uint64 rows = run_query("SELECT partmethod::pg_catalog.text, "
                                  "repmodel::pg_catalog.text "
                                  "FROM pg_catalog.pg_dist_partition "
                                  "WHERE logicalrelid OPERATOR(pg_catalog.=) $1",
                                  1, types, values);
    Placement placement = Placement::local;
    if (rows > 0)
        placement = query_text(0, 1)[0] != 'n'   ? Placement::by_column
                    : query_text(0, 2)[0] == 't' ? Placement::everywhere
                                                 : Placement::one_node;
    MemoryContextSwitchTo(caller);
    return placement;
}

bool is_distributed(Oid relation) {
    return placement_of(relation) != Placement::local;
}

void work_in_sequence() {
    set_setting("citus.multi_shard_modify_mode", "sequential");
}

} // namespace migrate::pg
