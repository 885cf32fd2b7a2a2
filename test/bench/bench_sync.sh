#!/usr/bin/env bash
# The part of `make bench` about what follows a load: sync_csv and sync_sqlite of a file of which one
# row in a thousand changed, against loading the file again into the same table, which has a primary
# key and two indexes. One server with PostgreSQL's default settings, runs interleaved, medians.
#
#     ROWS=1000000 RUNS=5 PG_CONFIG=/path/to/pg_config test/bench/bench_sync.sh
#
# Also: the rows that were written by the table's own statistics, a file whose rows come in no
# order, and the growth of the backend's memory (RssAnon).
# shellcheck source-path=SCRIPTDIR source-path=SCRIPTDIR/../tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
. "$tools/throwaway_server.sh"
. "$(dirname "${BASH_SOURCE[0]}")/measure.sh"

rows=${ROWS:-1000000}
runs=${RUNS:-5}
database=bench_sync

# --- input --------------------------------------------------------------------------------------

# State 1 or 2 of the rows: in 2 one row in a thousand has another name.
make_csv() { # file, state, order
    sql "COPY (
        SELECT id, h % 5000 AS customer,
               CASE WHEN $2 = 2 AND id % 1000 = 7 THEN 'changed ' ELSE 'the name ' END || id AS name,
               (h % 10000000 / 100.0)::numeric(10,2) AS price,
               timestamptz '2020-01-01' + h % 157766400 * interval '1 second' AS ordered_at,
               'note ' || h AS note
        FROM (SELECT id, id * 2654435761 % 4294967296 AS h
              FROM generate_series(1::bigint, $rows) AS id) AS r
        ORDER BY $3
    ) TO '$1' WITH (FORMAT csv, HEADER)"
}

# The same rows in a SQLite database.
make_lite() { # file, CSV file
    as_server sqlite3 -batch -init /dev/null "$1" >/dev/null <<SQL
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE item (id INTEGER PRIMARY KEY, customer INTEGER, name TEXT, price DECIMAL(10, 2), ordered_at DATETIME, note TEXT);
.mode csv
.import --skip 1 $2 item
SQL
}

# --- contestants --------------------------------------------------------------------------------

load_again() { sql "SET client_min_messages = warning;
    SELECT rows_loaded FROM migrate.import_csv('$first', 'item', '{\"mode\": \"truncate\"}')"; }
copy_again() { sql "BEGIN; TRUNCATE item; COPY item FROM '$first' WITH (FORMAT csv, HEADER); COMMIT"; }
sync_file() { sql "SET client_min_messages = warning;
    SELECT inserted, updated, deleted, unchanged FROM migrate.sync_csv('$1', 'item', '{id}', '{\"delete\": true}')"; }
sync_changed() { sync_file "$second"; }
sync_shuffled() { sync_file "$shuffled"; }

lite() { sql "SET client_min_messages = warning; $1 migrate.$2('$3', 'lite', options => '{$4}')"; }
load_again_lite() { lite 'SELECT rows_loaded FROM' import_sqlite "$first_lite" '"mode": "truncate"'; }
sync_lite() {
    lite 'SELECT inserted, updated, deleted, unchanged FROM' sync_sqlite "$second_lite" '"delete": true'
}

timed_sync() { # contestant, what it says
    settle
    timed "$1"
    [ -z "$2" ] || [ "$(cat "$throwaway/said")" = "$2" ] || die "$1 says $(cat "$throwaway/said") instead of $2"
}

# The rows that a sync writes, as the statistics of its own transaction count them.
written_rows() { # file
    sql "SET client_min_messages = warning;
        BEGIN;
        SELECT FROM migrate.sync_csv('$1', 'item', '{id}');
        SELECT pg_stat_get_xact_tuples_inserted(c) + pg_stat_get_xact_tuples_updated(c)
               + pg_stat_get_xact_tuples_deleted(c)
        FROM (SELECT 'item'::regclass::oid) AS t (c);
        COMMIT" | tail -n 1
}

"$tools/install_dependencies.sh" build
# shellcheck disable=SC2119
start_bench
first=$throwaway/server/first.csv
second=$throwaway/server/second.csv
shuffled=$throwaway/server/shuffled.csv
first_lite=$throwaway/server/first.db
second_lite=$throwaway/server/second.db
say "making CSV files and SQLite databases of $rows rows"
make_csv "$first" 1 id
make_csv "$second" 2 id
make_csv "$shuffled" 2 h
make_lite "$first_lite" "$first"
make_lite "$second_lite" "$second"
sql 'CREATE TABLE item (id bigint PRIMARY KEY, customer integer, name text, price numeric(10,2),
         ordered_at timestamptz, note text);
     CREATE INDEX ON item (customer); CREATE INDEX ON item (ordered_at);
     CREATE SCHEMA lite;
     CREATE TABLE lite.item (LIKE item INCLUDING INDEXES)'
changed=$(((rows + 993) / 1000))
for run in $(seq "$runs"); do
    say "run $run of $runs"
    timed_sync copy_again ''
    timed_sync load_again "$rows"
    sql 'VACUUM ANALYZE item'
    timed_sync sync_changed "0|$changed|0|$((rows - changed))"
    timed_sync sync_shuffled "0|0|0|$rows"
    timed_sync load_again_lite "$rows"
    sql 'VACUUM ANALYZE lite.item'
    timed_sync sync_lite "0|$changed|0|$((rows - changed))"
done
say 'rows written, and memory, not timed'
written=$(written_rows "$first")
growth=$(memory_growth "SELECT migrate.options('sync_csv')" \
    "SELECT * FROM migrate.sync_csv('$second', 'item', '{id}')")

report_server
note "$rows rows of 6 columns, CSV file $(stat -c %s "$first") bytes; primary key and two indexes; medians, all runs in brackets"
echo
line 'import_csv, mode truncate' load_again "$rows" rows
line 'TRUNCATE and COPY' copy_again "$rows" rows
line "sync_csv, $changed rows changed" sync_changed "$rows" rows
line 'sync_csv, rows in no order' sync_shuffled "$rows" rows
line 'import_sqlite, mode truncate' load_again_lite "$rows" rows
line "sync_sqlite, $changed rows changed" sync_lite "$rows" rows
echo
verdict '(s) times as fast as loading again' "$(ratio load_again sync_changed)" '>=' 5
verdict '    times as fast as TRUNCATE and COPY' "$(ratio copy_again sync_changed)" '>=' 5
verdict '    sync_sqlite, times as fast as loading again' "$(ratio load_again_lite sync_lite)" '>=' 5
figure '    rows in no order, times as fast as loading again' "$(ratio load_again sync_shuffled)"
verdict '(t) rows written' "$written" '==' "$changed"
verdict '(u) RssAnon growth, MB' "$growth" '<' 64
