#!/usr/bin/env bash
# The third part of `make bench`: import_csv against COPY of the same file, on one server with
# PostgreSQL's default settings, runs interleaved, medians.
#
#     ROWS=3000000 RUNS=5 KEYED_RUNS=3 PG_CONFIG=/path/to/pg_config test/bench/bench_csv.sh
#
#   (f) import_csv, types and dialect given, new table     against COPY FREEZE into a table that
#                                                          the same transaction made
#   (g) import_csv, no option at all, new table            against COPY into an empty table of
#                                                          the types that were detected
#   (h) RssAnon growth of the importing backend, in runs of their own that are not timed
#
# and import_csv into an existing table with a primary key and an index against COPY into it.
# shellcheck source-path=SCRIPTDIR/../tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
. "$tools/throwaway_server.sh"

rows=${ROWS:-3000000}
runs=${RUNS:-5}
keyed_runs=${KEYED_RUNS:-$((runs < 3 ? runs : 3))}

sql() { as_server psql -X -q -A -t -v ON_ERROR_STOP=1 -d bench_csv -c "$1"; }

# --- input --------------------------------------------------------------------------------------

definition='id bigint, quantity integer, price numeric(10,2), weight double precision, title text,
    born date, changed timestamp, active boolean'

# Deterministic: every value is a function of the row number. Written by COPY, which quotes what has
# to be quoted: one title in ten, with quotes and a delimiter in it. One in ten is not ASCII, one
# in twenty is NULL.
make_csv() {
    sql "COPY (
        SELECT id,
               h % 1000 AS quantity,
               (h % 10000000 / 100.0)::numeric(10,2) AS price,
               h % 100000 / 64.0::float8 AS weight,
               CASE WHEN id % 20 = 0 THEN NULL
                    WHEN id % 10 = 3 THEN 'Bücher & Spiele, Größe ' || h % 500
                    WHEN id % 10 = 7 THEN 'a \"new\" article, with the number ' || h
                    ELSE 'an article with the number ' || h END AS title,
               date '1980-01-01' + (h % 14610)::integer AS born,
               timestamp '2020-01-01' + h % 157766400 * interval '1 second' AS changed,
               h % 3 = 0 AS active
        FROM (SELECT id, id * 2654435761 % 4294967296 AS h
              FROM generate_series(1::bigint, $rows) AS id) AS r
    ) TO '$csv' WITH (FORMAT csv, HEADER)"
}

# --- contestants --------------------------------------------------------------------------------

given_options='{"delimiter": ",", "quote": "\"", "header": true, "encoding": "UTF8", "types": {
    "id": "bigint", "quantity": "integer", "price": "numeric(10,2)", "weight": "double precision",
    "title": "text", "born": "date", "changed": "timestamp", "active": "boolean"}}'
# A second load of a file into a table would be passed over.
keyed_options='{"loaded_files": "load"}'

import() { # schema, options
    sql "SET client_min_messages = warning;
         SELECT sum(rows_loaded) FROM migrate.import_csv('$csv', '$1.item', options => '$2')"
}
import_given() { import given "$given_options"; }
import_detected() { import detected '{}'; }
import_keyed() { import keyed "$keyed_options"; }
copy_freeze() {
    sql "BEGIN;
         CREATE TABLE frozen.item ($definition);
         COPY frozen.item FROM '$csv' WITH (FORMAT csv, HEADER, FREEZE);
         COMMIT"
}
copy_plain() { sql "COPY plain.item FROM '$csv' WITH (FORMAT csv, HEADER)"; }
copy_keyed() { sql "COPY copied.item FROM '$csv' WITH (FORMAT csv, HEADER)"; }

plain_table() { echo "CREATE SCHEMA $1; CREATE TABLE $1.item ($definition)"; }
detected_table() { echo "CREATE SCHEMA $1; CREATE TABLE $1.item (LIKE model.item)"; }
keyed_table() {
    echo "$(plain_table "$1");
        ALTER TABLE $1.item ADD PRIMARY KEY (id); CREATE INDEX ON $1.item (changed)"
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
check_rows() { # schema
    local found
    found=$(sql "SELECT count(*) FROM $1.item")
    [ "$found" = "$rows" ] || die "$1.item has $found rows instead of $rows"
}
timed() { # contestant, schema, what makes the schema
    local contestant=$1 start
    clear_target "$2" "$3"
    start=${EPOCHREALTIME/./}
    "$contestant" >"$throwaway/said" 2>&1 || {
        cat "$throwaway/said"
        die "$contestant failed"
    }
    echo $((${EPOCHREALTIME/./} - start)) >>"$throwaway/times.$contestant"
    check_rows "$2"
    drop_target "$2"
    note "$contestant: $(tail -n 1 "$throwaway/times.$contestant" | awk '{ printf "%.2f s", $1 / 1e6 }')"
}
median() { sort -n "$throwaway/times.$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

# Both must fill a table with the same rows; otherwise they do not run the same race.
table_digest() { sql "SELECT count(*), sum(hashtextextended(i::text, 0)) FROM $1.item AS i"; }
check_values() { # schema, contestant
    clear_target "$1" "CREATE SCHEMA $1"
    "$2" >/dev/null
    [ "$(table_digest "$1")" = "$wanted_digest" ] || die "$2 does not load what COPY loads"
    [ "$1" = detected ] || drop_target "$1"
}

# RssAnon in kB of a process, empty when it is gone.
rss_anon() { awk '$1 == "RssAnon:" { print $2 }' "/proc/$1/status" 2>/dev/null || true; }

# Growth of the importing backend's anonymous memory in MB, sampled every 20 ms.
memory_growth() { # schema, options, what makes the schema
    local pid='' base peak now client
    clear_target "$1" "$3"
    rm -f "$throwaway/server/pid"
    as_server psql -X -q -A -t -v ON_ERROR_STOP=1 -d bench_csv >/dev/null <<SQL &
SET client_min_messages = warning;
SELECT migrate.options('import_csv') \\g /dev/null
SELECT pg_backend_pid() \\g $throwaway/server/pid
SELECT pg_sleep(0.5);
SELECT * FROM migrate.import_csv('$csv', '$1.item', options => '$2');
SQL
    client=$!
    while [ -z "$pid" ] && [ -d "/proc/$client" ]; do
        sleep 0.02
        pid=$(cat "$throwaway/server/pid" 2>/dev/null || true)
    done
    base=$(rss_anon "$pid")
    peak=$base
    while now=$(rss_anon "$pid") && [ -n "$now" ]; do
        [ "$now" -le "$peak" ] || peak=$now
        sleep 0.02
    done
    wait "$client" || die "the import into schema $1 failed"
    check_rows "$1" >&2
    drop_target "$1"
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
figure() { awk -v text="$1" -v value="$2" 'BEGIN { printf "   %-56s %7.2f   no bar\n", text, value }'; }
ratio() { awk -v a="$(median "$1")" -v b="$(median "$2")" 'BEGIN { print a / b }'; }
setting() { sql "SHOW $1"; }
columns_of() {
    sql "SELECT string_agg(format('%s %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
         FROM pg_attribute WHERE attrelid = '$1.item'::regclass AND attnum > 0"
}

"$tools/install_dependencies.sh" build
throwaway_prepare "${PG_CONFIG:-pg_config}"
say "building migrate for PostgreSQL $throwaway_version"
throwaway_install
# No settings of ours: what PostgreSQL comes with.
# shellcheck disable=SC2119
throwaway_start
as_server createdb bench_csv
sql 'CREATE EXTENSION migrate'
csv=$throwaway/server/bench.csv
say "making a CSV file of $rows rows"
make_csv
csv_mb=$(awk -v bytes="$(stat -c %s "$csv")" 'BEGIN { printf "%.1f", bytes / 1e6 }')

say 'each import once against COPY, value by value, not timed'
clear_target plain "$(plain_table plain)"
copy_plain
wanted_digest=$(table_digest plain)
drop_target plain
check_values given import_given
check_values detected import_detected
detected_columns=$(columns_of detected)
sql 'CREATE SCHEMA model; CREATE TABLE model.item (LIKE detected.item)'
drop_target detected
for run in $(seq "$runs"); do
    say "run $run of $runs"
    timed import_given given 'CREATE SCHEMA given'
    timed copy_freeze frozen 'CREATE SCHEMA frozen'
    timed import_detected detected 'CREATE SCHEMA detected'
    timed copy_plain plain "$(detected_table plain)"
    [ "$run" -le "$keyed_runs" ] || continue
    timed import_keyed keyed "$(keyed_table keyed)"
    timed copy_keyed copied "$(keyed_table copied)"
done
say 'memory, not timed'
memory_given=$(memory_growth given "$given_options" 'CREATE SCHEMA given')
memory_detected=$(memory_growth detected '{}' 'CREATE SCHEMA detected')
memory_keyed=$(memory_growth keyed "$keyed_options" "$(keyed_table keyed)")

say "PostgreSQL $throwaway_version, $(nproc) cores; fsync = $(setting fsync), wal_level = $(setting wal_level), shared_buffers = $(setting shared_buffers), max_wal_size = $(setting max_wal_size)"
note "$rows rows of 8 columns, CSV file $(stat -c %s "$csv") bytes; medians, all runs in brackets"
note "detected: $detected_columns"
echo
line 'import_csv, types and dialect given' import_given
line 'COPY FREEZE into a new table' copy_freeze
line 'import_csv, all detected' import_detected
line 'COPY into an empty table' copy_plain
line 'import_csv, primary key and one index' import_keyed
line 'COPY, primary key and one index' copy_keyed
echo
verdict '(f) times as fast as COPY FREEZE, types given' "$(ratio copy_freeze import_given)" '>=' 1.5
verdict '(g) times as fast as COPY, all detected' "$(ratio copy_plain import_detected)" '>=' 0.9
figure 'times as fast as COPY into a table with key and index' "$(ratio copy_keyed import_keyed)"
verdict '(h) RssAnon growth while rows load, types given, MB' "$memory_given" '<' 64
verdict '    RssAnon growth while rows load, all detected, MB' "$memory_detected" '<' 64
verdict '    RssAnon growth into a table with key and index, MB' "$memory_keyed" '<' 64
