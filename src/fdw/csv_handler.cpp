// The handler of foreign-data wrapper migrate_csv.
#include "fdw/csv_fdw.hpp"

extern "C" {
PG_FUNCTION_INFO_V1(migrate_csv_handler);

PGDLLEXPORT Datum migrate_csv_handler(PG_FUNCTION_ARGS) {
    using namespace migrate::fdw;
    (void)fcinfo;
    FdwRoutine *routine = makeNode(FdwRoutine);
    set_csv_planning(routine);
    set_csv_scanning(routine);
    set_csv_explaining(routine);
    set_csv_analyzing(routine);
    set_csv_importing(routine);
    PG_RETURN_POINTER(routine);
}
}
