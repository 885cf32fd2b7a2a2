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
# shared buffers count in the plain RSS. At the end bench_versioned.sh, bench_csv.sh,
# bench_append.sh and bench_sync.sh, each with a server of its own.
# shellcheck source-path=SCRIPTDIR/../tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
. "$tools/throwaway_server.sh"

rows=${ROWS:-3000000}
runs=${RUNS:-5}
pgloader_runs=${PGLOADER_RUNS:-$((runs < 3 ? runs : 3))}
columns='id, quantity, title, code, weight, price, changed, born'

sql() { as_server psql -X -q -A -t -v ON_ERROR_STOP=1 -d bench -c "$1"; }

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

megabytes() { awk -v bytes="$(stat -c %s "$1")" 'BEGIN { printf "%.1f", bytes / 1e6 }'; }

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

# --- measuring ----------------------------------------------------------------------------------

# Every timed run begins with an empty database and nothing left to write back: autovacuum would
# come for what another contestant left behind.
drop_target() { sql "SET client_min_messages = warning; DROP SCHEMA IF EXISTS $1 CASCADE"; }
clear_target() { # schema, what makes it
    drop_target "$1"
    sql "$2"
    sql CHECKPOINT
    sync -f "$throwaway" 2>/dev/null || true
}
check_rows() { # table
    local found
    found=$(sql "SELECT count(*) FROM $1") || return 1
    [ "$found" = "$rows" ] && return 0
    warn "$1 has $found rows instead of $rows"
    return 1
}
timed() { # contestant, schema, what makes the schema
    local contestant=$1 start
    clear_target "$2" "$3"
    start=${EPOCHREALTIME/./}
    "$contestant" >"$throwaway/said" 2>&1 || { cat "$throwaway/said"; die "$contestant failed"; }
    echo $((${EPOCHREALTIME/./} - start)) >>"$throwaway/times.$contestant"
    check_rows "$2.item" || { cat "$throwaway/said"; exit 1; }
    drop_target "$2"
    note "$contestant: $(tail -n 1 "$throwaway/times.$contestant" | awk '{ printf "%.2f s", $1 / 1e6 }')"
}
median() { sort -n "$throwaway/times.$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

# RssAnon in kB of a process, empty when it is gone.
rss_anon() { awk '$1 == "RssAnon:" { print $2 }' "/proc/$1/status" 2>/dev/null || true; }

# Growth of the importing backend's anonymous memory in MB, sampled every 20 ms.
memory_growth() { # schema, options
    local pid='' base peak now client
    clear_target "$1" 'SELECT'
    rm -f "$throwaway/loader/pid"
    as_server psql -X -q -A -t -v ON_ERROR_STOP=1 -d bench >/dev/null <<SQL &
SELECT migrate.options('import_sqlite') \\g /dev/null
SELECT pg_backend_pid() \\g $throwaway/loader/pid
SELECT pg_sleep(0.5);
SELECT * FROM migrate.import_sqlite('$throwaway/bench.db', schema => '$1', options => '$2');
SQL
    client=$!
    while [ -z "$pid" ] && [ -d "/proc/$client" ]; do
        sleep 0.02
        pid=$(cat "$throwaway/loader/pid" 2>/dev/null || true)
    done
    base=$(rss_anon "$pid")
    peak=$base
    while now=$(rss_anon "$pid") && [ -n "$now" ]; do
        [ "$now" -le "$peak" ] || peak=$now
        sleep 0.02
    done
    wait "$client"
    awk -v base="$base" -v peak="$peak" 'BEGIN { printf "%.1f", (peak - base) / 1024 }'
}

# --- report -------------------------------------------------------------------------------------

line() { # label, contestant
    awk -v label="$1" -v time="$(median "$2")" -v rows="$rows" -v mb="$csv_mb" \
        -v all="$(sort -n "$throwaway/times.$2" | awk '{ printf "%s%.2f", (NR > 1 ? " " : ""), $1 / 1e6 }')" \
        'BEGIN { s = time / 1e6; printf "   %-44s %7.2f s %10.0f rows/s %7.1f MB/s   (%s)\n", label, s, rows / s, mb / s, all }'
}
verdict() { # text, value, comparison of awk, bar
    awk -v text="$1" -v value="$2" -v bar="$4" \
        "BEGIN { printf \"   %-56s %7.2f   bar %s %-6s %s\n\", text, value, \"$3\", bar, (value $3 bar) ? \"met\" : \"MISSED\" }"
}
ratio() { awk -v a="$(median "$1")" -v b="$(median "$2")" 'BEGIN { print a / b }'; }
setting() { sql "SHOW $1"; }

"$tools/install_dependencies.sh" build bench
throwaway_prepare "${PG_CONFIG:-pg_config}"
say "building migrate for PostgreSQL $throwaway_version"
throwaway_install
# No settings of ours: what PostgreSQL comes with.
# shellcheck disable=SC2119
throwaway_start
as_server createdb bench
sql 'CREATE EXTENSION migrate'
say "making a SQLite file and a CSV file of $rows rows"
make_database
prepare_pgloader
csv_mb=$(megabytes "$throwaway/bench.csv")

say 'one import for the model of the table, not timed'
import model '{}' >/dev/null
check_rows model.item
sql 'TRUNCATE model.item'
for run in $(seq "$runs"); do
    say "run $run of $runs"
    timed import_plain plain 'SELECT'
    timed copy_freeze copied 'CREATE SCHEMA copied'
    timed psql_copy piped 'CREATE SCHEMA piped'
    timed import_keyed keyed 'SELECT'
    [ "$run" -gt "$pgloader_runs" ] || timed pgloader_load public 'CREATE SCHEMA public'
done
say 'memory, not timed'
memory_plain=$(memory_growth plain "$plain_options")
memory_keyed=$(memory_growth keyed '{}')
maintenance=$(sql "SELECT setting::bigint / 1024 FROM pg_settings WHERE name = 'maintenance_work_mem'")

say "PostgreSQL $throwaway_version, $(nproc) cores; fsync = $(setting fsync), wal_level = $(setting wal_level), shared_buffers = $(setting shared_buffers), max_wal_size = $(setting max_wal_size), maintenance_work_mem = ${maintenance}MB"
note "$rows rows of 8 columns; SQLite file $(megabytes "$throwaway/bench.db") MB, CSV file $csv_mb MB (MB/s is of the CSV); medians, all runs in brackets"
note "$(sql "SELECT string_agg(format('%s %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'model.item'::regclass AND attnum > 0")"
echo
line 'import_sqlite, no keys' import_plain
line 'COPY FROM csv, FREEZE' copy_freeze
line 'sqlite3 -csv | psql \copy' psql_copy
line 'import_sqlite, primary key and one index' import_keyed
line 'pgloader, primary key and one index' pgloader_load
echo
verdict '(a) times as fast as COPY FREEZE (aim 1.7)' "$(ratio copy_freeze import_plain)" '>=' 1.5
verdict '(b) times as fast as pgloader' "$(ratio pgloader_load import_keyed)" '>=' 5
verdict '(c) times as fast as sqlite3 | psql' "$(ratio psql_copy import_plain)" '>=' 2
verdict 'RssAnon growth while rows load, MB' "$memory_plain" '<' 64
verdict 'RssAnon growth over a whole call with indexes, MB' "$memory_keyed" '<' $((maintenance + 32))
throwaway_stop
echo
PG_CONFIG=$throwaway_pg_config "$(dirname "${BASH_SOURCE[0]}")/bench_versioned.sh"
echo
PG_CONFIG=$throwaway_pg_config "$(dirname "${BASH_SOURCE[0]}")/bench_csv.sh"
echo
PG_CONFIG=$throwaway_pg_config "$(dirname "${BASH_SOURCE[0]}")/bench_append.sh"
echo
PG_CONFIG=$throwaway_pg_config "$(dirname "${BASH_SOURCE[0]}")/bench_sync.sh"
