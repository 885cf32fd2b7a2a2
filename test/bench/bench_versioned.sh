#!/usr/bin/env bash
# The second part of `make bench`: versioned migrations, on one server with PostgreSQL's default
# settings, runs interleaved, medians.
#
#     MIGRATIONS=1000 VERSIONED_RUNS=7 PG_CONFIG=/path/to/pg_config test/bench/bench_versioned.sh
#
#   (d) apply_versioned of many small migrations    against psql with the same statements, nothing
#                                                   else, in one file and one transaction
#   (e) list_versioned of the same when all are applied
#
# Each of them makes a table of three columns with a primary key and puts a row into it. The
# files are read from the disk, as psql reads its own.
# shellcheck source-path=SCRIPTDIR source-path=SCRIPTDIR/../tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
. "$tools/throwaway_server.sh"
. "$(dirname "${BASH_SOURCE[0]}")/measure.sh"

migrations=${MIGRATIONS:-1000}
runs=${VERSIONED_RUNS:-7}
database=bench_versioned

# --- input --------------------------------------------------------------------------------------

make_migrations() {
    local number
    mkdir "$throwaway/migrations"
    for number in $(seq -f '%04g' "$migrations"); do
        cat >"$throwaway/migrations/${number}_make_UP.sql" <<SQL
CREATE TABLE made_$number (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    changed timestamptz NOT NULL DEFAULT now()
);
INSERT INTO made_$number (id, title) VALUES (1, 'the first row of table $number');
SQL
        echo "DROP TABLE made_$number;" >"$throwaway/migrations/${number}_make_DOWN.sql"
    done
    cat "$throwaway"/migrations/*_UP.sql >"$throwaway/script.sql"
    chmod -R a+rX "$throwaway/migrations" "$throwaway/script.sql"
}

# --- contestants --------------------------------------------------------------------------------

one_script() {
    as_server psql -X -q -v ON_ERROR_STOP=1 -1 -d bench_versioned -f "$throwaway/script.sql"
}
apply_folder() { sql "SELECT count(*) FROM migrate.apply_versioned('$throwaway/migrations')"; }
list_folder() { sql "SELECT count(*) FROM migrate.list_versioned('$throwaway/migrations')"; }

# --- measuring ----------------------------------------------------------------------------------

# Every timed run begins with a database of its own and nothing left to write back.
begin_database() {
    as_server psql -X -q -v ON_ERROR_STOP=1 -d postgres \
        -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS bench_versioned' \
        -c 'CREATE DATABASE bench_versioned'
    sql 'CREATE EXTENSION migrate'
    settle
}
check_tables() {
    local found
    found=$(sql "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'made_%'")
    [ "$found" = "$migrations" ] || die "there are $found tables instead of $migrations"
}

"$tools/install_dependencies.sh" build
# Default settings, but for the locks that a thousand new tables in one transaction need.
start_bench max_locks_per_transaction=$((migrations * 4 / 100 + 64))
say "making $migrations migrations"
make_migrations
for run in $(seq "$runs"); do
    say "run $run of $runs"
    begin_database
    timed one_script
    check_tables
    begin_database
    timed apply_folder
    check_tables
    timed list_folder
done

report_server
note "$migrations migrations, in one transaction; medians, all runs in brackets"
echo
line 'one psql script, no bookkeeping' one_script "$migrations" files
line 'apply_versioned' apply_folder "$migrations" files
line 'list_versioned, all applied' list_folder "$migrations" files
echo
verdict '(d) times the cost of one psql script' \
    "$(ratio apply_folder one_script)" '<=' 1.3
verdict "(e) listing $migrations applied files, ms" \
    "$(awk -v a="$(median list_folder)" 'BEGIN { print a / 1e3 }')" '<' 200
