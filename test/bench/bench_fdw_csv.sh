#!/usr/bin/env bash
# The fifth part of `make bench`: foreign tables of migrate_csv, on one server with PostgreSQL's
# default settings, runs interleaved, medians.
#
#     ROWS=3000000 RUNS=5 PG_CONFIG=/path/to/pg_config test/bench/bench_fdw_csv.sh
#
#   (m) a scan of two columns by one process     against file_fdw
#   (n) by the leader and one worker             against the leader alone
#
# The foreign table is what IMPORT FOREIGN SCHEMA makes: its dialect is known. Beside the two, without
# a bar: all columns by each, and a table whose options say nothing.
# shellcheck source-path=SCRIPTDIR source-path=SCRIPTDIR/../tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
. "$tools/throwaway_server.sh"
. "$(dirname "${BASH_SOURCE[0]}")/measure.sh"

rows=${ROWS:-3000000}
runs=${RUNS:-5}
# shellcheck disable=SC2034 # read by measure.sh
database=bench_fdw_csv

# Deterministic: every value is a function of the row number. One title in four is in quotes.
make_file() {
    sql "COPY (SELECT i AS id, i * 7 % 1000 AS quantity, i % 1000 + 0.25 AS price, i / 64.0::float8 AS weight,
            CASE WHEN i % 4 = 0 THEN 'an article, with the number ' ELSE 'an article with the number ' END || i AS title,
            date '1980-01-01' + i % 14610 AS born, timestamp '2020-01-01' + i * interval '1 second' AS changed, i % 3 = 0 AS active
        FROM generate_series(1, $rows) i) TO '$folder/item.csv' (FORMAT csv, HEADER)"
}

columns='id bigint, quantity bigint, price numeric, weight double precision, title text, born date,
    changed timestamp, active boolean'
make_tables() {
    sql "CREATE EXTENSION file_fdw;
         CREATE SERVER ours FOREIGN DATA WRAPPER migrate_csv OPTIONS (directory '$folder');
         CREATE SERVER theirs FOREIGN DATA WRAPPER file_fdw;
         CREATE SCHEMA ours;
         IMPORT FOREIGN SCHEMA main FROM SERVER ours INTO ours;
         ALTER FOREIGN TABLE ours.item ALTER COLUMN weight TYPE double precision;
         CREATE SCHEMA theirs;
         CREATE FOREIGN TABLE theirs.item ($columns) SERVER theirs OPTIONS (filename '$folder/item.csv', format 'csv', header 'true');
         CREATE SCHEMA guessed;
         CREATE FOREIGN TABLE guessed.item ($columns) SERVER ours OPTIONS (filename '$folder/item.csv');
         ANALYZE ours.item; ANALYZE theirs.item; ANALYZE guessed.item"
}

two_columns() { sql "SET max_parallel_workers_per_gather = $2; SELECT count(quantity), count(title) FROM $1.item"; }
all_columns() { sql "SET max_parallel_workers_per_gather = 0; COPY $1 TO '/dev/null'"; }
scan_ours() { two_columns ours 0; }
scan_with_worker() { two_columns ours 1; }
scan_file_fdw() { two_columns theirs 0; }
scan_guessed() { two_columns guessed 0; }
whole_ours() { all_columns '(SELECT * FROM ours.item)'; }
whole_file_fdw() { all_columns '(SELECT * FROM theirs.item)'; }

"$tools/install_dependencies.sh" build
# shellcheck disable=SC2119
start_bench
folder=$throwaway/server/csv
as_server mkdir "$folder"
say "making a CSV file of $rows rows"
make_file
make_tables

wanted="$rows|$rows"
for each in scan_ours scan_with_worker scan_file_fdw scan_guessed; do
    [ "$("$each" | tail -n 1)" = "$wanted" ] || die "$each does not find $rows rows"
done
for run in $(seq "$runs"); do
    say "run $run of $runs"
    for each in scan_file_fdw scan_ours scan_with_worker scan_guessed whole_file_fdw whole_ours; do
        timed "$each"
    done
done

report_server
note "$rows rows of 8 columns, CSV file $(megabytes "$folder/item.csv") MB; medians, all runs in brackets"
echo
line 'two columns of a foreign table' scan_ours "$rows" rows
line 'the same by the leader and a worker' scan_with_worker "$rows" rows
line 'two columns by file_fdw' scan_file_fdw "$rows" rows
line 'two columns, nothing said of the file' scan_guessed "$rows" rows
line 'all columns by COPY TO /dev/null' whole_ours "$rows" rows
line 'the same by file_fdw' whole_file_fdw "$rows" rows
echo
verdict '(m) times as fast as file_fdw' "$(ratio scan_file_fdw scan_ours)" '>=' 1.6
verdict '(n) times as fast as the leader alone' "$(ratio scan_ours scan_with_worker)" '>=' 1.4
