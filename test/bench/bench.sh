#!/usr/bin/env bash
# `make bench`: the import against COPY, psql and pgloader, on one server with PostgreSQL's default
# settings, the same rows for all, runs interleaved, medians.
#
#     ROWS=3000000 RUNS=5 PGLOADER_RUNS=3 PG_CONFIG=/path/to/pg_config make bench
#
#   (a) import_sqlite without keys and indexes      against COPY ... FROM a CSV file, FREEZE
#   (b) import_sqlite with primary key and index    against pgloader with the same
#   (c) (a)                                         against sqlite3 -csv | psql \copy
#
# Then the memory of the importing backend, in runs of their own that are not timed: RssAnon, as
# shared buffers count in the plain RSS. At the end the other benchmarks, each with a server of its
# own.
# shellcheck source-path=SCRIPTDIR source-path=SCRIPTDIR/../tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
. "$tools/throwaway_server.sh"
. "$(dirname "${BASH_SOURCE[0]}")/measure.sh"

rows=${ROWS:-3000000}
runs=${RUNS:-5}
pgloader_runs=${PGLOADER_RUNS:-$((runs < 3 ? runs : 3))}
columns='id, quantity, title, code, weight, price, changed, born'
database=bench

# --- input --------------------------------------------------------------------------------------

# Deterministic: every value is a function of the row number. A title in ten is not ASCII, one in
# twenty is NULL.
make_database() {
    sqlite3 -batch -bail -init /dev/null "$throwaway/bench.db" >/dev/null <<SQL
PRAGMA journal_mode = off;
CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    quantity INTEGER NOT NULL,
    title TEXT,
    code VARCHAR(12) NOT NULL,
    weight REAL,
    price DECIMAL(10,2) NOT NULL,
    changed TIMESTAMP NOT NULL,
    born DATE
);
WITH RECURSIVE
    n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < $rows),
    r(id, h) AS (SELECT id, (id * 2654435761) & 4294967295 FROM n)
INSERT INTO item
SELECT id,
       h % 1000,
       CASE WHEN id % 20 = 0 THEN NULL
            WHEN id % 10 = 3 THEN 'Bücher & Spiele, Größe ' || (h % 500)
            ELSE 'an article with the number ' || h END,
       printf('C-%08x', h),
       (h % 100000) / 64.0,
       (h % 10000000) / 100.0,
       datetime(1577836800 + h % 157766400, 'unixepoch'),
       date(315532800 + h % 1262304000, 'unixepoch')
FROM r;
CREATE INDEX item_changed ON item (changed);
SQL
    sqlite3 -batch -csv -init /dev/null "$throwaway/bench.db" \
        "SELECT $columns FROM item ORDER BY id" >"$throwaway/bench.csv"
    chmod a+r "$throwaway/bench.db" "$throwaway/bench.csv"
}

# --- contestants --------------------------------------------------------------------------------

plain_options='{"indexes": false, "constraints": false, "foreign_keys": false, "analyze": false, "verify": "counts"}'
keyed_options='{"analyze": false, "verify": "counts"}'

import() { # schema, options
    sql "SELECT sum(rows_loaded) FROM migrate.import_sqlite('$throwaway/bench.db', schema => '$1', options => '$2')"
}
import_plain() { import plain "$plain_options"; }
import_keyed() { import keyed "$keyed_options"; }
copy_freeze() {
    sql "BEGIN;
         CREATE TABLE copied.item (LIKE model.item);
         COPY copied.item ($columns) FROM '$throwaway/bench.csv' WITH (FORMAT csv, FREEZE);
         COMMIT"
}
# Quoted for the shell that the server's user runs.
psql_copy() {
    as_server bash -c "
        set -euo pipefail
        psql -X -q -d bench -c 'CREATE TABLE piped.item (LIKE model.item)'
        sqlite3 -batch -csv -init /dev/null '$throwaway/bench.db' 'SELECT $columns FROM item' |
            psql -X -q -v ON_ERROR_STOP=1 -d bench -c '\copy piped.item ($columns) FROM STDIN CSV'"
}
pgloader_load() { as_server pgloader --quiet --root-dir "$throwaway/loader" "$throwaway/loader.load"; }

prepare_pgloader() {
    mkdir -p "$throwaway/loader"
    [ -z "$throwaway_user" ] || chown "$throwaway_user" "$throwaway/loader"
    cat >"$throwaway/loader.load" <<END
LOAD DATABASE
    FROM sqlite://$throwaway/bench.db
    INTO pgsql://postgres@unix:$PGHOST:$PGPORT/bench
    WITH include drop, create tables, create indexes, reset sequences
    CAST type decimal to numeric keep typemod using float-to-string,
         type varchar to varchar keep typemod, type timestamp to timestamptz;
END
}

"$tools/install_dependencies.sh" build bench
# shellcheck disable=SC2119
start_bench
say "making a SQLite file and a CSV file of $rows rows"
make_database
prepare_pgloader

say 'one import for the model of the table, not timed'
import model '{}' >/dev/null
check_rows model
sql 'TRUNCATE model.item'
for run in $(seq "$runs"); do
    say "run $run of $runs"
    timed_load import_plain plain 'SELECT'
    timed_load copy_freeze copied 'CREATE SCHEMA copied'
    timed_load psql_copy piped 'CREATE SCHEMA piped'
    timed_load import_keyed keyed 'SELECT'
    [ "$run" -gt "$pgloader_runs" ] || timed_load pgloader_load public 'CREATE SCHEMA public'
done
say 'memory, not timed'
memory_of() { # schema, options
    memory_growth "SELECT migrate.options('import_sqlite')" \
        "SELECT * FROM migrate.import_sqlite('$throwaway/bench.db', schema => '$1', options => '$2')"
}
memory_plain=$(memory_of plain "$plain_options")
memory_keyed=$(memory_of keyed '{}')
maintenance=$(sql "SELECT setting::bigint / 1024 FROM pg_settings WHERE name = 'maintenance_work_mem'")

report_server
note "$rows rows of 8 columns; SQLite file $(megabytes "$throwaway/bench.db") MB, CSV file $(megabytes "$throwaway/bench.csv") MB; maintenance_work_mem = ${maintenance}MB; medians, all runs in brackets"
note "$(sql "SELECT string_agg(format('%s %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'model.item'::regclass AND attnum > 0")"
echo
line 'import_sqlite, no keys' import_plain "$rows" rows
line 'COPY FROM csv, FREEZE' copy_freeze "$rows" rows
line 'sqlite3 -csv | psql \copy' psql_copy "$rows" rows
line 'import_sqlite, primary key and one index' import_keyed "$rows" rows
line 'pgloader, primary key and one index' pgloader_load "$rows" rows
echo
verdict '(a) times as fast as COPY FREEZE (aim 1.7)' "$(ratio copy_freeze import_plain)" '>=' 1.5
verdict '(b) times as fast as pgloader' "$(ratio pgloader_load import_keyed)" '>=' 5
verdict '(c) times as fast as sqlite3 | psql' "$(ratio psql_copy import_plain)" '>=' 2
verdict 'RssAnon growth while rows load, MB' "$memory_plain" '<' 64
verdict 'RssAnon growth over a whole call with indexes, MB' "$memory_keyed" '<' $((maintenance + 32))
throwaway_stop
for part in versioned csv append sync fdw fdw_csv; do
    echo
    PG_CONFIG=$throwaway_pg_config "$(dirname "${BASH_SOURCE[0]}")/bench_$part.sh"
done
