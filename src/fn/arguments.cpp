#include "fn/arguments.hpp"

#include "pg/compat.hpp"
#include "pg/error_bridge.hpp"

extern "C" {
#include "tcop/utility.h"
#include "utils/builtins.h"
}

namespace migrate::fn {

char *text_argument(FunctionCallInfo fcinfo, int number) {
    if (number < 0 || PG_NARGS() <= number || PG_ARGISNULL(number))
        return nullptr;
    return text_to_cstring(PG_GETARG_TEXT_PP(number));
}

Datum options_argument(FunctionCallInfo fcinfo, int number) {
    if (PG_ARGISNULL(number))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("argument \"options\" must not be null")));
    return PG_GETARG_DATUM(number);
}

int64 run_argument(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("argument \"run_id\" must not be null")));
    return PG_GETARG_INT64(0);
}

void check_may_write(const char *function) {
    PreventCommandIfReadOnly(function);
    PreventCommandIfParallelMode(function);
    PreventCommandDuringRecovery(function);
}

void check_owner(const std::string &owner) {
    if (!owner.empty())
        pg::check_may_set_role(get_role_oid(pg::server_text(owner.c_str()), false));
}

} // namespace migrate::fn
