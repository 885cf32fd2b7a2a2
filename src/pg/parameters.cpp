#include "pg/parameters.hpp"

#include "pg/error_bridge.hpp"

extern "C" {
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "executor/spi.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
}

namespace migrate::pg {
namespace {

Oid owner_of_tables() {
    Oid schema = get_namespace_oid("migrate", false);
    HeapTuple tuple =
        SearchSysCache2(RELNAMENSP, CStringGetDatum("runs_data"), ObjectIdGetDatum(schema));
    if (!HeapTupleIsValid(tuple))
        elog(ERROR, "table migrate.runs_data does not exist");
    Oid owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner;
    ReleaseSysCache(tuple);
    return owner;
}

uint64 run_switched(Oid owner, int restriction, const char *sql, Parameters *parameters,
                    bool is_read_only) {
    Oid caller = InvalidOid;
    int security = 0;
    GetUserIdAndSecContext(&caller, &security);
    SetUserIdAndSecContext(owner, security | restriction | SECURITY_LOCAL_USERID_CHANGE);
    int result = SPI_execute_with_args(sql, parameters->count, parameters->types,
                                       parameters->values, parameters->nulls, is_read_only, 0);
    SetUserIdAndSecContext(caller, security);
    if (result < 0)
        elog(ERROR, "could not run \"%s\": %s", sql, SPI_result_code_string(result));
    return SPI_processed;
}

} // namespace

void add_value(Parameters *parameters, Oid type, Datum value) {
    Assert(parameters->count < Parameters::kMost);
    parameters->types[parameters->count] = type;
    parameters->values[parameters->count] = value;
    parameters->nulls[parameters->count++] = ' ';
}

void add_null(Parameters *parameters, Oid type) {
    add_value(parameters, type, Datum{0});
    parameters->nulls[parameters->count - 1] = 'n';
}

void add_bigint(Parameters *parameters, int64 value) {
    add_value(parameters, INT8OID, Int64GetDatum(value));
}

void add_text(Parameters *parameters, const char *text) {
    if (text == nullptr)
        return add_null(parameters, TEXTOID);
    add_value(parameters, TEXTOID, CStringGetTextDatum(text));
}

void add_core_text(Parameters *parameters, const char *utf8) {
    add_text(parameters, utf8[0] != '\0' ? server_text(utf8) : nullptr);
}

uint64 run_as_role(Oid owner, int restriction, const char *sql, Parameters *parameters) {
    return run_switched(owner, restriction, sql, parameters, false);
}

uint64 run_as_extension(const char *sql, Parameters *parameters) {
    return run_as_role(owner_of_tables(), SECURITY_NOFORCE_RLS, sql, parameters);
}

uint64 read_latest_as_extension(const char *sql, Parameters *parameters) {
    CommandCounterIncrement();
    PushActiveSnapshot(GetLatestSnapshot());
    uint64 rows = run_switched(owner_of_tables(), SECURITY_NOFORCE_RLS, sql, parameters, true);
    PopActiveSnapshot();
    return rows;
}

} // namespace migrate::pg
