#!/usr/bin/env bash
# The fourth part of `make bench`: foreign tables of migrate_sqlite, on one server with PostgreSQL's
# default settings, runs interleaved, medians.
#
#     ROWS=3000000 RUNS=5 PG_CONFIG=/path/to/pg_config test/bench/bench_fdw.sh
#
#   (k) a scan of two columns, alone  against the sqlite3 CLI, which prints them to /dev/null
#   (l) the same, as it is planned    against sqlite_fdw, where it is installed
#   (m) the leader and one worker     against the leader alone
#
# Beside them, without a bar: the scan by one process against sqlite_fdw, the same two columns by
# COPY (SELECT …) TO, a count, a look-up by key and a nested loop over SQLite's index.
# shellcheck source-path=SCRIPTDIR source-path=SCRIPTDIR/../tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
. "$tools/throwaway_server.sh"
. "$(dirname "${BASH_SOURCE[0]}")/measure.sh"

rows=${ROWS:-3000000}
runs=${RUNS:-5}
# shellcheck disable=SC2034 # read by measure.sh
database=bench_fdw

# --- input --------------------------------------------------------------------------------------

# Deterministic: every value is a function of the row number.
make_database() {
    as_server sqlite3 -batch -init /dev/null "$file" >/dev/null <<SQL
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE item (id INTEGER PRIMARY KEY, quantity INTEGER, price DECIMAL(10, 2), weight REAL,
    title TEXT, born DATE, changed DATETIME, active BOOLEAN);
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < $rows)
INSERT INTO item SELECT i, i * 7 % 1000, i % 1000 + 0.25, i / 64.0, 'an article with the number ' || i,
    date(315532800 + i % 14610 * 86400, 'unixepoch'), datetime(1577836800 + i, 'unixepoch'), i % 3 = 0 FROM s;
SQL
}

columns='id bigint, quantity bigint, price numeric(10,2), weight double precision, title text,
    born date, changed timestamptz, active boolean'
make_tables() { # schema, wrapper
    sql "CREATE SCHEMA $1;
         CREATE SERVER $1 FOREIGN DATA WRAPPER $2 OPTIONS (database '$file');
         CREATE FOREIGN TABLE $1.item ($columns) SERVER $1"
}

# --- contestants --------------------------------------------------------------------------------

scan() { sql "SELECT count(quantity), count(title) FROM $1.item"; }
scan_ours() { scan ours; }
scan_alone() { sql "SET max_parallel_workers_per_gather = 0; SELECT count(quantity), count(title) FROM ours.item"; }
scan_shared() { sql "SET max_parallel_workers_per_gather = 1; SELECT count(quantity), count(title) FROM ours.item"; }
count_ours() { sql "SELECT count(*) FROM ours.item"; }
scan_sqlite_fdw() {
    # Without a filter it would have SQLite count: the scan is what is compared.
    sql "SET enable_hashagg = on; SELECT count(quantity), count(title) FROM (SELECT quantity, title FROM theirs.item OFFSET 0) s"
}
scan_cli() { as_server sqlite3 -batch -init /dev/null -readonly "$file" 'SELECT quantity, title FROM item' >/dev/null; }
copy_ours() { sql "COPY (SELECT quantity, title FROM ours.item) TO '/dev/null'"; }
look_up() { sql "SELECT count(*) FROM ours.item WHERE id = $((rows / 2))"; }
nested_loop() {
    sql "SET enable_hashjoin = off; SET enable_mergejoin = off;
         SELECT count(i.title) FROM generate_series(1, $rows, $((rows / 10000))) g JOIN ours.item i ON i.id = g"
}

"$tools/install_dependencies.sh" build
# shellcheck disable=SC2119
start_bench
file=$throwaway/server/bench.db
say "making a SQLite file of $rows rows"
make_database
make_tables ours migrate_sqlite
sql 'ANALYZE ours.item'
has_sqlite_fdw=false
if sql 'CREATE EXTENSION sqlite_fdw' >/dev/null 2>&1; then
    has_sqlite_fdw=true
    make_tables theirs sqlite_fdw
fi

wanted="$rows|$rows"
[ "$(scan_ours)" = "$wanted" ] || die "the scan does not find $rows rows"
for run in $(seq "$runs"); do
    say "run $run of $runs"
    timed scan_alone
    timed scan_cli
    timed scan_shared
    timed scan_ours
    if "$has_sqlite_fdw"; then timed scan_sqlite_fdw; fi
    timed copy_ours
    timed count_ours
    timed look_up
    timed nested_loop
done

report_server
note "$rows rows of 8 columns, SQLite file $(megabytes "$file") MB; medians, all runs in brackets"
echo
line 'two columns of a foreign table, as planned' scan_ours "$rows" rows
line 'the same by the leader alone' scan_alone "$rows" rows
line 'the same by the leader and one worker' scan_shared "$rows" rows
line 'the same, printed by sqlite3 to /dev/null' scan_cli "$rows" rows
if "$has_sqlite_fdw"; then line 'two columns by sqlite_fdw' scan_sqlite_fdw "$rows" rows; fi
line 'two columns by COPY TO /dev/null' copy_ours "$rows" rows
line 'the count of its rows' count_ours "$rows" rows
line 'one row by its key, with the session' look_up 1 row
line 'nested loop of 10,000 look-ups' nested_loop 10000 rows
echo
verdict '(k) times the time of the sqlite3 CLI' "$(ratio scan_alone scan_cli)" '<=' 1.7
if "$has_sqlite_fdw"; then
    verdict '(l) times as fast as sqlite_fdw' "$(ratio scan_sqlite_fdw scan_ours)" '>=' 1.4
    note "by one process: $(ratio scan_sqlite_fdw scan_alone) times as fast as sqlite_fdw"
else
    note '(l) sqlite_fdw is not installed'
fi
verdict '(m) times as fast with one worker as alone' "$(ratio scan_alone scan_shared)" '>=' 1.4
