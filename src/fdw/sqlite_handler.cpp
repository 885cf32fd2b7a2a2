// The handler of foreign-data wrapper migrate_sqlite.
#include "fdw/sqlite_fdw.hpp"

extern "C" {
PG_FUNCTION_INFO_V1(migrate_sqlite_handler);

PGDLLEXPORT Datum migrate_sqlite_handler(PG_FUNCTION_ARGS) {
    using namespace migrate::fdw;
    (void)fcinfo;
    FdwRoutine *routine = makeNode(FdwRoutine);
    set_planning(routine);
    set_scanning(routine);
    set_sharing(routine);
    set_aggregating(routine);
    set_explaining(routine);
    set_analyzing(routine);
    set_modify_planning(routine);
    set_modifying(routine);
    set_importing(routine);
    PG_RETURN_POINTER(routine);
}
}
