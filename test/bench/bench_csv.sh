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
# shellcheck source-path=SCRIPTDIR source-path=SCRIPTDIR/../tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
. "$tools/throwaway_server.sh"
. "$(dirname "${BASH_SOURCE[0]}")/measure.sh"

rows=${ROWS:-3000000}
runs=${RUNS:-5}
keyed_runs=${KEYED_RUNS:-$((runs < 3 ? runs : 3))}
database=bench_csv

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

# Both must fill a table with the same rows; otherwise they do not run the same race.
table_digest() { sql "SELECT count(*), sum(hashtextextended(i::text, 0)) FROM $1.item AS i"; }
check_values() { # schema, contestant
    clear_target "$1" "CREATE SCHEMA $1"
    "$2" >/dev/null
    [ "$(table_digest "$1")" = "$wanted_digest" ] || die "$2 does not load what COPY loads"
    [ "$1" = detected ] || drop_target "$1"
}

memory_of() { # schema, options, what makes the schema
    local growth
    clear_target "$1" "$3"
    growth=$(memory_growth "SELECT migrate.options('import_csv')" \
        "SELECT * FROM migrate.import_csv('$csv', '$1.item', options => '$2')")
    check_rows "$1"
    drop_target "$1"
    echo "$growth"
}
columns_of() {
    sql "SELECT string_agg(format('%s %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
         FROM pg_attribute WHERE attrelid = '$1.item'::regclass AND attnum > 0"
}

"$tools/install_dependencies.sh" build
# shellcheck disable=SC2119
start_bench
csv=$throwaway/server/bench.csv
say "making a CSV file of $rows rows"
make_csv

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
    timed_load import_given given 'CREATE SCHEMA given'
    timed_load copy_freeze frozen 'CREATE SCHEMA frozen'
    timed_load import_detected detected 'CREATE SCHEMA detected'
    timed_load copy_plain plain "$(detected_table plain)"
    [ "$run" -le "$keyed_runs" ] || continue
    timed_load import_keyed keyed "$(keyed_table keyed)"
    timed_load copy_keyed copied "$(keyed_table copied)"
done
say 'memory, not timed'
memory_given=$(memory_of given "$given_options" 'CREATE SCHEMA given')
memory_detected=$(memory_of detected '{}' 'CREATE SCHEMA detected')
memory_keyed=$(memory_of keyed "$keyed_options" "$(keyed_table keyed)")

report_server
note "$rows rows of 8 columns, CSV file $(stat -c %s "$csv") bytes; medians, all runs in brackets"
note "detected: $detected_columns"
echo
line 'import_csv, types and dialect given' import_given "$rows" rows
line 'COPY FREEZE into a new table' copy_freeze "$rows" rows
line 'import_csv, all detected' import_detected "$rows" rows
line 'COPY into an empty table' copy_plain "$rows" rows
line 'import_csv, primary key and one index' import_keyed "$rows" rows
line 'COPY, primary key and one index' copy_keyed "$rows" rows
echo
verdict '(f) times as fast as COPY FREEZE, types given' "$(ratio copy_freeze import_given)" '>=' 1.5
verdict '(g) times as fast as COPY, all detected' "$(ratio copy_plain import_detected)" '>=' 0.9
figure 'times as fast as COPY into a table with key and index' "$(ratio copy_keyed import_keyed)"
verdict '(h) RssAnon growth while rows load, types given, MB' "$memory_given" '<' 64
verdict '    RssAnon growth while rows load, all detected, MB' "$memory_detected" '<' 64
verdict '    RssAnon growth into a table with key and index, MB' "$memory_keyed" '<' 64
