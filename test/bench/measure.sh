# shellcheck shell=bash disable=SC2154 # throwaway and its functions come from throwaway_server.sh
# What the benchmarks have in common: to be read by `.` behind throwaway_server.sh. The caller sets
# `database`, and `rows` for line() and check_rows().

sql() { as_server psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$database" -c "$1"; }
setting() { sql "SHOW $1"; }
megabytes() { awk -v bytes="$(stat -c %s "$1")" 'BEGIN { printf "%.1f", bytes / 1e6 }'; }

# --- measuring ----------------------------------------------------------------------------------

# Every timed run begins with an empty database and nothing left to write back: autovacuum would
# come for what another contestant left behind.
drop_target() { sql "SET client_min_messages = warning; DROP SCHEMA IF EXISTS $1 CASCADE"; }
settle() {
    sql CHECKPOINT
    sync -f "$throwaway" 2>/dev/null || true
}
clear_target() { # schema, what makes it
    drop_target "$1"
    sql "$2"
    settle
}
check_rows() { # schema
    local found
    found=$(sql "SELECT count(*) FROM $1.item")
    [ "$found" = "$rows" ] || die "$1.item has $found rows instead of $rows"
}
timed() { # contestant: one run of the function of that name
    local start
    start=${EPOCHREALTIME/./}
    "$1" >"$throwaway/said" 2>&1 || {
        cat "$throwaway/said"
        die "$1 failed"
    }
    echo $((${EPOCHREALTIME/./} - start)) >>"$throwaway/times.$1"
    note "$1: $(tail -n 1 "$throwaway/times.$1" | awk '{ printf "%.3f s", $1 / 1e6 }')"
}
timed_load() { # contestant, schema, what makes the schema: a run that fills schema.item
    clear_target "$2" "$3"
    timed "$1"
    check_rows "$2"
    drop_target "$2"
}
# Microseconds.
median() { sort -n "$throwaway/times.$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

# RssAnon in kB of a process, empty when it is gone: shared buffers count in the plain RSS.
rss_anon() { awk '$1 == "RssAnon:" { print $2 }' "/proc/$1/status" 2>/dev/null || true; }

# Growth of a backend's anonymous memory in MB over a statement, sampled every 20 ms. Another
# statement is run first, so that what is loaded and cached once does not count.
memory_growth() { # the first statement, the one to watch
    local pid='' base peak now client
    local file=$throwaway/server/pid
    rm -f "$file"
    as_server psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$database" >/dev/null <<SQL &
SET client_min_messages = warning;
$1 \\g /dev/null
SELECT pg_backend_pid() \\g $file
SELECT pg_sleep(0.5);
$2;
SQL
    client=$!
    while [ -z "$pid" ] && [ -d "/proc/$client" ]; do
        sleep 0.02
        pid=$(cat "$file" 2>/dev/null || true)
    done
    base=$(rss_anon "$pid")
    peak=$base
    while now=$(rss_anon "$pid") && [ -n "$now" ]; do
        [ "$now" -le "$peak" ] || peak=$now
        sleep 0.02
    done
    wait "$client" || die "this failed: $2"
    awk -v base="$base" -v peak="$peak" 'BEGIN { printf "%.1f", (peak - base) / 1024 }'
}

# --- report -------------------------------------------------------------------------------------

report_server() {
    say "PostgreSQL $throwaway_version, $(nproc) cores; fsync = $(setting fsync), wal_level = $(setting wal_level), shared_buffers = $(setting shared_buffers), max_wal_size = $(setting max_wal_size)"
}
line() { # label, contestant, how many units it handles, their name
    awk -v label="$1" -v time="$(median "$2")" -v units="$3" -v unit="$4" \
        -v all="$(sort -n "$throwaway/times.$2" | awk '{ printf "%s%.3f", (NR > 1 ? " " : ""), $1 / 1e6 }')" \
        'BEGIN { s = time / 1e6; printf "   %-44s %8.3f s %10.0f %s/s   (%s)\n", label, s, units / s, unit, all }'
}
verdict() { # text, value, comparison of awk, bar
    awk -v text="$1" -v value="$2" -v bar="$4" \
        "BEGIN { printf \"   %-56s %7.2f   bar %s %-6s %s\n\", text, value, \"$3\", bar, (value $3 bar) ? \"met\" : \"MISSED\" }"
}
figure() { awk -v text="$1" -v value="$2" 'BEGIN { printf "   %-56s %7.2f   no bar\n", text, value }'; }
ratio() { awk -v a="$(median "$1")" -v b="$(median "$2")" 'BEGIN { print a / b }'; }

# Starts a server with PostgreSQL's default settings but for those given, and the extension in
# `database`.
start_bench() { # settings
    throwaway_prepare "${PG_CONFIG:-pg_config}"
    say "building migrate for PostgreSQL $throwaway_version"
    throwaway_install
    throwaway_start "$@"
    as_server createdb "$database"
    sql 'CREATE EXTENSION migrate'
}
