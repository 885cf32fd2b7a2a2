// The parameters of one statement of ours. Values are evaluated before the statement runs, so that
// what runs as another role sees constants only.
#pragma once

#include "pg/postgres.hpp"

namespace migrate::pg {

struct Parameters {
    static constexpr int kMost = 24;

    int count = 0;
    Oid types[kMost];
    Datum values[kMost];
    char nulls[kMost];
};

void add_value(Parameters *parameters, Oid type, Datum value);
void add_null(Parameters *parameters, Oid type);
void add_bigint(Parameters *parameters, int64 value);
void add_text(Parameters *parameters, const char *text);      // server encoding; NULL is SQL's
void add_core_text(Parameters *parameters, const char *utf8); // UTF-8 from core; "" is NULL

// Runs one constant statement through SPI as `owner`: what it may set off has the owner's rights at
// most. `restriction` adds SECURITY_RESTRICTED_OPERATION or SECURITY_NOFORCE_RLS. An error leaves
// the switch to the abort of the (sub)transaction, which restores the caller. Returns the rows.
uint64 run_as_role(Oid owner, int restriction, const char *sql, Parameters *parameters);

// The same as the owner of the extension's tables.
uint64 run_as_extension(const char *sql, Parameters *parameters);

// A query as that owner, of all that is committed by now, whatever snapshot the transaction has.
uint64 read_latest_as_extension(const char *sql, Parameters *parameters);

} // namespace migrate::pg
