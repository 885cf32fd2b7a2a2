// Our own SQL through SPI: one statement a call, under pinned settings (pg/settings.hpp), between
// SPI_connect and SPI_finish of the caller.
#pragma once

#include "core/plan/script.hpp"

#include "pg/postgres.hpp"

namespace migrate::pg {

// Runs one DDL statement of a script (UTF-8). It must raw-parse to exactly one statement of a kind
// that its phase may hold; anything else is an internal error, never run (types.md, rule 3).
void run_definition(const char *utf8, core::plan::Phase phase);

// Runs one utility statement of our own making (server encoding).
void run_utility(const char *sql);

// Runs a query and checks that it gives at least one row; results are in SPI_tuptable. Reads see
// what this transaction did before; `is_read_only` queries take no new snapshot of their own work.
// Returns the number of rows.
uint64 run_query(const char *sql, int arguments = 0, Oid *types = nullptr, Datum *values = nullptr,
                 const char *nulls = nullptr);

// Column `column` (from 1) of row `row` of the last query, as text palloc'd in the SPI context, or
// NULL.
char *query_text(uint64 row, int column);
int64 query_bigint(uint64 row, int column); // NULL is 0

// Runs a script's probe: how many rows, and up to ten of their keys (palloc'd, "" for none). The
// statement must be one SELECT.
struct ProbeResult {
    int64 count;
    const char *keys;
};
ProbeResult run_probe(const char *utf8);

} // namespace migrate::pg
