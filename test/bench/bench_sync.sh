#!/usr/bin/env bash
# The part of `make bench` about what follows a load: sync_csv of a file of which one row in a
# thousand changed, against loading the file again into the same table, which has a primary key and
# two indexes. One server with PostgreSQL's default settings, runs interleaved, medians.
#
#     ROWS=1000000 RUNS=5 PG_CONFIG=/path/to/pg_config test/bench/bench_sync.sh
#
# Also: the rows that were written by the table's own statistics, a file whose rows come in no
# order, and the growth of the backend's memory (RssAnon).
# shellcheck source-path=SCRIPTDIR/../tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
. "$tools/throwaway_server.sh"

rows=${ROWS:-1000000}
runs=${RUNS:-5}

sql() { as_server psql -X -q -A -t -v ON_ERROR_STOP=1 -d bench_sync -c "$1"; }

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

# --- contestants --------------------------------------------------------------------------------

load_again() { sql "SET client_min_messages = warning;
    SELECT rows_loaded FROM migrate.import_csv('$first', 'item', '{\"mode\": \"truncate\"}')"; }
copy_again() { sql "BEGIN; TRUNCATE item; COPY item FROM '$first' WITH (FORMAT csv, HEADER); COMMIT"; }
sync_file() { sql "SET client_min_messages = warning;
    SELECT inserted, updated, deleted, unchanged FROM migrate.sync_csv('$1', 'item', '{id}', '{\"delete\": true}')"; }
sync_changed() { sync_file "$second"; }
sync_shuffled() { sync_file "$shuffled"; }

timed() { # contestant, what it says
    local contestant=$1 start said
    sql CHECKPOINT
    sync -f "$throwaway" 2>/dev/null || true
    start=${EPOCHREALTIME/./}
    said=$("$contestant") || die "$contestant failed"
    echo $((${EPOCHREALTIME/./} - start)) >>"$throwaway/times.$contestant"
    [ -z "$2" ] || [ "$said" = "$2" ] || die "$contestant says $said instead of $2"
    note "$contestant: $(tail -n 1 "$throwaway/times.$contestant" | awk '{ printf "%.2f s", $1 / 1e6 }')"
}
median() { sort -n "$throwaway/times.$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }
line() { # label, contestant
    awk -v label="$1" -v time="$(median "$2")" -v rows="$rows" \
        -v all="$(sort -n "$throwaway/times.$2" | awk '{ printf "%s%.2f", (NR > 1 ? " " : ""), $1 / 1e6 }')" \
        'BEGIN { s = time / 1e6; printf "   %-44s %7.2f s %10.0f rows/s   (%s)\n", label, s, rows / s, all }'
}
verdict() { # text, value, comparison of awk, bar
    awk -v text="$1" -v value="$2" -v bar="$4" \
        "BEGIN { printf \"   %-56s %7.2f   bar %s %-6s %s\n\", text, value, \"$3\", bar, (value $3 bar) ? \"met\" : \"MISSED\" }"
}
figure() { awk -v text="$1" -v value="$2" 'BEGIN { printf "   %-56s %7.2f   no bar\n", text, value }'; }
ratio() { awk -v a="$(median "$1")" -v b="$(median "$2")" 'BEGIN { print a / b }'; }

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

# Growth of the backend's anonymous memory at the end of a sync, in MB.
memory_growth() { # file
    local status="SELECT 'kb', substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s+(\d+)')"
    sql "SET client_min_messages = warning; SELECT count(*) FROM migrate.options('sync_csv'); $status;
         SELECT count(*) FROM migrate.sync_csv('$1', 'item', '{id}'); $status" |
        awk -F '|' '$1 == "kb" { v[n++] = $2 } END { printf "%.1f", (v[1] - v[0]) / 1024 }'
}

"$tools/install_dependencies.sh" build
throwaway_prepare "${PG_CONFIG:-pg_config}"
say "building migrate for PostgreSQL $throwaway_version"
throwaway_install
# No settings of ours: what PostgreSQL comes with.
# shellcheck disable=SC2119
throwaway_start
as_server createdb bench_sync
sql 'CREATE EXTENSION migrate'
first=$throwaway/server/first.csv
second=$throwaway/server/second.csv
shuffled=$throwaway/server/shuffled.csv
say "making CSV files of $rows rows"
make_csv "$first" 1 id
make_csv "$second" 2 id
make_csv "$shuffled" 2 h
sql 'CREATE TABLE item (id bigint PRIMARY KEY, customer integer, name text, price numeric(10,2),
         ordered_at timestamptz, note text);
     CREATE INDEX ON item (customer); CREATE INDEX ON item (ordered_at)'
changed=$(((rows + 993) / 1000))
for run in $(seq "$runs"); do
    say "run $run of $runs"
    timed copy_again ''
    timed load_again "$rows"
    sql 'VACUUM ANALYZE item'
    timed sync_changed "0|$changed|0|$((rows - changed))"
    timed sync_shuffled "0|0|0|$rows"
done
say 'rows written, and memory, not timed'
written=$(written_rows "$first")
growth=$(memory_growth "$second")

say "PostgreSQL $throwaway_version, $(nproc) cores; fsync = $(sql 'SHOW fsync'), shared_buffers = $(sql 'SHOW shared_buffers'), work_mem = $(sql 'SHOW work_mem')"
note "$rows rows of 6 columns, CSV file $(stat -c %s "$first") bytes; primary key and two indexes; medians, all runs in brackets"
echo
line 'import_csv, mode truncate' load_again
line 'TRUNCATE and COPY' copy_again
line "sync_csv, $changed rows changed" sync_changed
line 'sync_csv, rows in no order' sync_shuffled
echo
verdict '(s) times as fast as loading again' "$(ratio load_again sync_changed)" '>=' 5
verdict '    times as fast as TRUNCATE and COPY' "$(ratio copy_again sync_changed)" '>=' 5
figure '    rows in no order, times as fast as loading again' "$(ratio load_again sync_shuffled)"
verdict '(t) rows written' "$written" '==' "$changed"
verdict '(u) RssAnon growth, MB' "$growth" '<' 64
