// What SQL functions share of reading their arguments and of asking whether they may write.
#pragma once

#include <string>

#include "pg/postgres.hpp"

namespace migrate::fn {

// The text of an argument in the server's encoding, palloc'd; NULL for SQL's NULL and for one that
// the function does not have.
char *text_argument(FunctionCallInfo fcinfo, int number);

// Argument "options", jsonb; 22004 for NULL.
Datum options_argument(FunctionCallInfo fcinfo, int number);

// Argument "run_id", the first; 22004 for NULL.
int64 run_argument(FunctionCallInfo fcinfo);

// 25006 in a read-only transaction, 25000 in a parallel one, and during recovery. `function` as in
// "migrate.import_csv()".
void check_may_write(const char *function);

// Option "owner": a role that the caller can give things to, or empty for the caller; PostgreSQL
// says so in its own words. UTF-8.
void check_owner(const std::string &owner);

} // namespace migrate::fn
