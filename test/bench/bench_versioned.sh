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
# shellcheck source-path=SCRIPTDIR/../tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
. "$tools/throwaway_server.sh"

migrations=${MIGRATIONS:-1000}
runs=${VERSIONED_RUNS:-7}

sql() { as_server psql -X -q -A -t -v ON_ERROR_STOP=1 -d bench_versioned -c "$1"; }

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
    sql CHECKPOINT
    sync -f "$throwaway" 2>/dev/null || true
}
timed() { # contestant
    local contestant=$1 start
    start=${EPOCHREALTIME/./}
    "$contestant" >"$throwaway/said" 2>&1 || {
        cat "$throwaway/said"
        die "$contestant failed"
    }
    echo $((${EPOCHREALTIME/./} - start)) >>"$throwaway/times.$contestant"
}
check_tables() {
    local found
    found=$(sql "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'made_%'")
    [ "$found" = "$migrations" ] || die "there are $found tables instead of $migrations"
}
median() { sort -n "$throwaway/times.$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

# --- report -------------------------------------------------------------------------------------

line() { # label, contestant
    awk -v label="$1" -v time="$(median "$2")" -v files="$migrations" \
        -v all="$(sort -n "$throwaway/times.$2" | awk '{ printf "%s%.3f", (NR > 1 ? " " : ""), $1 / 1e6 }')" \
        'BEGIN { printf "   %-44s %7.3f s %10.3f ms a file   (%s)\n", label, time / 1e6, time / 1e3 / files, all }'
}
verdict() { # text, value, comparison of awk, bar
    awk -v text="$1" -v value="$2" -v bar="$4" \
        "BEGIN { printf \"   %-56s %7.2f   bar %s %-6s %s\n\", text, value, \"$3\", bar, (value $3 bar) ? \"met\" : \"MISSED\" }"
}

"$tools/install_dependencies.sh" build
throwaway_prepare "${PG_CONFIG:-pg_config}"
say "building migrate for PostgreSQL $throwaway_version"
throwaway_install
# Default settings, but for the locks that a thousand new tables in one transaction need.
throwaway_start max_locks_per_transaction=$((migrations * 4 / 100 + 64))
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

say "PostgreSQL $throwaway_version, $(nproc) cores; $migrations migrations, in one transaction; medians, all runs in brackets"
echo
line 'one psql script, no bookkeeping' one_script
line 'apply_versioned' apply_folder
line 'list_versioned, all applied' list_folder
echo
verdict '(d) times the cost of one psql script' \
    "$(awk -v a="$(median apply_folder)" -v b="$(median one_script)" 'BEGIN { print a / b }')" '<=' 1.3
verdict "(e) listing $migrations applied files, ms" \
    "$(awk -v a="$(median list_folder)" 'BEGIN { print a / 1e3 }')" '<' 200
