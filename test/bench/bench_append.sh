#!/usr/bin/env bash
# The fourth part of `make bench`: import_sqlite in mode append against COPY of the same rows as CSV
# into the same table, which has a primary key, an index and a foreign key; on one server with
# PostgreSQL's default settings, runs interleaved, medians.
#
#     ROWS=1000000 RUNS=5 PG_CONFIG=/path/to/pg_config test/bench/bench_append.sh
#
# shellcheck source-path=SCRIPTDIR source-path=SCRIPTDIR/../tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
. "$tools/throwaway_server.sh"
. "$(dirname "${BASH_SOURCE[0]}")/measure.sh"

rows=${ROWS:-1000000}
runs=${RUNS:-5}
database=bench_append

# --- input --------------------------------------------------------------------------------------

# Deterministic: every value is a function of the row number. One title in ten is not ASCII, one
# in twenty is NULL.
make_sqlite() {
    sqlite3 -batch -bail -init /dev/null "$source" >/dev/null <<SQL
PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;
BEGIN;
CREATE TABLE item (id INTEGER PRIMARY KEY, shelf_id INTEGER NOT NULL, price DECIMAL(10,2),
    title TEXT, changed DATETIME, active BOOLEAN);
WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < $rows),
    r AS (SELECT id, id * 2654435761 % 4294967296 AS h FROM n)
INSERT INTO item SELECT id, h % 1000 + 1, h % 10000000 / 100.0,
    CASE WHEN id % 20 = 0 THEN NULL WHEN id % 10 = 3 THEN 'Bücher & Spiele, Größe ' || h % 500
         ELSE 'an article with the number ' || h END,
    strftime('%Y-%m-%d %H:%M:%S', 1577836800 + h % 157766400, 'unixepoch'), h % 3 = 0
FROM r;
COMMIT;
SQL
    chmod a+r "$source"
}
make_csv() {
    sqlite3 -batch -csv -init /dev/null "$source" 'SELECT * FROM item' >"$csv"
    chmod a+r "$csv"
}

# --- contestants --------------------------------------------------------------------------------

append() {
    sql "SET client_min_messages = warning;
         SELECT sum(rows_loaded) FROM migrate.import_sqlite('$source', 'bench',
             options => '{\"mode\": \"append\", \"analyze\": false}')"
}
copy() { sql "SET TimeZone = 'UTC'; COPY bench.item FROM '$csv' WITH (FORMAT csv)"; }

make_target() {
    sql "SET client_min_messages = warning;
         DROP SCHEMA IF EXISTS bench CASCADE;
         CREATE SCHEMA bench;
         CREATE TABLE bench.shelf (id integer PRIMARY KEY);
         INSERT INTO bench.shelf SELECT generate_series(1, 1000);
         CREATE TABLE bench.item (id bigserial PRIMARY KEY, shelf_id integer NOT NULL REFERENCES bench.shelf,
             price numeric(10,2), title text, changed timestamptz, active boolean);
         CREATE INDEX ON bench.item (shelf_id)"
    sql 'VACUUM ANALYZE bench.shelf'
    settle
}

# --- measuring ----------------------------------------------------------------------------------

timed_append() { # contestant
    make_target
    timed "$1"
    check_rows bench
}
digest() { sql "SELECT count(*), sum(hashtextextended(i::text, 0)) FROM bench.item AS i"; }

"$tools/install_dependencies.sh" build
# shellcheck disable=SC2119
start_bench
source=$throwaway/server/bench_append.db
csv=$throwaway/server/bench_append.csv
say "making a SQLite file of $rows rows"
make_sqlite
make_csv

say 'each once, value by value, not timed'
make_target
copy >/dev/null
wanted=$(digest)
make_target
append >/dev/null
[ "$(digest)" = "$wanted" ] || die 'append does not load what COPY loads'
for run in $(seq "$runs"); do
    say "run $run of $runs"
    timed_append append
    timed_append copy
done

report_server
note "$rows rows of 6 columns into a table with a primary key, an index and a foreign key; medians, all runs in brackets"
echo
line 'import_sqlite, mode append' append "$rows" rows
line 'COPY of the same rows as CSV' copy "$rows" rows
echo
verdict '(i) times as fast as COPY into the same table' "$(ratio copy append)" '>=' 1.0
