#!/usr/bin/env bash
# Runs the parts that are named, in order, and ends with one line "N passed, N failed":
#
#     run_tests.sh deps        install missing Debian packages
#     run_tests.sh unit        Catch2 tests of src/core with ASan and UBSan
#     run_tests.sh tempcheck   pg_regress, isolation and TAP tests on a throwaway server
#     run_tests.sh lint        test/tools/lint.sh
#
# PG_CONFIG names the PostgreSQL to test with. MIGRATE_TEST_DATA is a folder of real databases for
# the tests that walk one. TESTS="import_sqlite 003_kill" runs only these SQL, isolation and TAP
# tests. What a failed test left is kept in build/results-VERSION.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$tools/throwaway_server.sh"

total_passed=0
total_failed=0
summary=()

# One line of the final table; a part that ran nothing and failed nothing is a failure of its own.
count() { # name passed failed
    total_passed=$((total_passed + $2))
    total_failed=$((total_failed + $3))
    summary+=("$(printf '%-34s %5d passed %5d failed' "$1" "$2" "$3")")
}

# grep -c that does not fail on none.
lines() { grep -cE "$1" "$2" || true; }

wanted() { # test name
    [ -z "${TESTS:-}" ] || [[ " $TESTS " == *" $1 "* ]]
}

# --- unit ---------------------------------------------------------------------------------------

run_unit() {
    local build=$top/build/unit log passed failed
    if ! mkdir -p "$build" 2>/dev/null || [ ! -w "$build" ]; then
        build=$(mktemp -d)
    fi
    log=$build/ctest.log
    say 'unit tests: building with AddressSanitizer and UBSan'
    if ! quietly cmake -S "$top" -B "$build" -DMIGRATE_WERROR="${WERROR:+ON}" ||
        ! sub_make -s -C "$build" -j "$jobs"; then
        count 'unit tests (do not build)' 0 1
        return 0
    fi
    say 'unit tests: running'
    (cd "$build" && ctest --output-on-failure --no-tests=error -j "$jobs") >"$log" 2>&1 || true
    passed=$(lines '^ *[0-9]+/[0-9]+ Test .* Passed' "$log")
    failed=$(lines '^ *[0-9]+/[0-9]+ Test .*\*\*\*' "$log")
    if [ "$passed" -eq 0 ] && [ "$failed" -eq 0 ]; then
        cat "$log"
        failed=1
    fi
    grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test .* Passed)|^ *$' "$log" || true
    count 'unit tests' "$passed" "$failed"
}

# --- tempcheck ----------------------------------------------------------------------------------

# The tests run from a copy that the server's user can read, whoever owns the project's folder.
stage_tree() {
    stage=$throwaway/tree
    results=$throwaway/results
    mkdir "$stage" "$results"
    for part in sql expected test examples doc; do
        [ ! -d "$top/$part" ] || cp -a --no-preserve=ownership "$top/$part" "$stage/"
    done
    export MIGRATE_FIXTURES=$throwaway/fixtures
    "$tools/make_fixtures.sh" "$MIGRATE_FIXTURES"
    chmod -R a+rX "$stage"
    [ -z "$throwaway_user" ] || chown -R "$throwaway_user" "$MIGRATE_FIXTURES" "$results"
    mkdir "$throwaway/tap"
    [ -z "$throwaway_user" ] || chown "$throwaway_user" "$throwaway/tap"
}

keep_results() {
    local keep=$top/build/results-$throwaway_version
    rm -rf "$keep" 2>/dev/null || true
    if mkdir -p "$keep" 2>/dev/null; then
        cp -r "$results/." "$throwaway/server/log" "$keep/" 2>/dev/null || true
        note "what they left is kept in $keep"
    fi
}

# Both programs print "test NAME ... ok" (15) or "ok 1 - NAME" (16 and later) for each test.
run_pg_regress() { # title, program, input directory, file pattern of its tests
    local title=$1 program=$2 input=$3 name names=() output passed failed
    for name in "$input"/$4; do
        name=$(basename "${name%.*}")
        case $name in *--* | '*') continue ;; esac
        ! wanted "$name" || names+=("$name")
    done
    if [ ${#names[@]} -eq 0 ]; then
        note "$title: there are none"
        return 0
    fi
    if [ ! -x "$program" ]; then
        note "$title: skipped, this PostgreSQL has no $(basename "$program")"
        return 0
    fi
    say "$title: ${#names[@]} on PostgreSQL $throwaway_version"
    output=$results/$(basename "$program")
    as_server mkdir -p "$output"
    as_server "$program" --inputdir="$input" --outputdir="$output" --bindir="$throwaway_bin" \
        --host="$PGHOST" --port="$PGPORT" --user="$PGUSER" --dbname=contrib_regression \
        --encoding=UTF8 "${names[@]}" 2>&1 | tee "$throwaway/regress.log" |
        grep -E '^ *(test |not ok|ok)|\.\.\. ' || true
    passed=$(lines '^ok |\.\.\. ok' "$throwaway/regress.log")
    failed=$((${#names[@]} - passed))
    if [ $failed -gt 0 ]; then
        grep -vE '^ok |\.\.\. ok' "$throwaway/regress.log" || true
        cat "$output/regression.diffs" 2>/dev/null || true
    fi
    count "$title, $throwaway_version" "$passed" "$failed"
}

# PostgreSQL's Perl test modules: this installation's own, else Debian's.
tap_library() {
    local place
    for place in "$throwaway_pgxs/test/perl" /usr/lib/postgresql/*/lib/pgxs/src/test/perl; do
        if [ -e "$place/PostgreSQL/Test/Cluster.pm" ]; then
            printf '%s\n' "$place"
            return 0
        fi
    done
    return 1
}

run_tap_file() { # file, library
    local name
    name=$(basename "$1" .pl)
    as_server mkdir -p "$throwaway/tap/$name"
    as_server env TESTDIR="$throwaway/tap/$name" TESTDATADIR="$throwaway/tap/$name" \
        TESTLOGDIR="$throwaway/tap/$name/log" top_builddir="$throwaway/tap" \
        PG_REGRESS="$throwaway_pgxs/test/regress/pg_regress" MIGRATE_TREE="$stage" \
        prove --verbose -I "$2" -I "$stage/test/t" "$1" >"$throwaway/tap/$name.log" 2>&1
}

report_tap_file() { # name, 0 when it passed
    local log=$throwaway/tap/$1.log passed failed
    passed=$(lines '^ok [0-9]+' "$log")
    failed=$(lines '^not ok [0-9]+' "$log")
    if [ "$2" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
    fi
    note "$1: $passed passed, $failed failed"
    tap_passed=$((tap_passed + passed))
    tap_failed=$((tap_failed + failed))
    [ "$failed" -eq 0 ] || cat "$log"
    grep -h '^ok .*# SKIP\|^1\.\.0 # SKIP' "$log" || true
}

run_tap() {
    local library file name files=() pids=() status running=0
    tap_passed=0
    tap_failed=0
    for file in "$stage"/test/t/*.pl; do
        name=$(basename "$file" .pl)
        ! [ -e "$file" ] || ! wanted "$name" || files+=("$file")
    done
    if [ ${#files[@]} -eq 0 ]; then
        note 'TAP tests: there are none'
        return 0
    fi
    if ! library=$(tap_library); then
        count 'TAP tests (no PostgreSQL::Test)' 0 1
        return 0
    fi
    say "TAP tests: ${#files[@]} on PostgreSQL $throwaway_version, $jobs at a time"
    for file in "${files[@]}"; do
        if [ $running -ge "$jobs" ]; then
            wait -n || true
            running=$((running - 1))
        fi
        (
            trap - EXIT INT TERM HUP
            run_tap_file "$file" "$library" && status=0 || status=$?
            echo $status >"$throwaway/tap.status.$(basename "$file" .pl)"
        ) &
        pids+=($!)
        running=$((running + 1))
    done
    wait "${pids[@]}" || true
    for file in "${files[@]}"; do
        name=$(basename "$file" .pl)
        report_tap_file "$name" "$(cat "$throwaway/tap.status.$name" 2>/dev/null || echo 1)"
        cp -r "$throwaway/tap/$name.log" "$results/" 2>/dev/null || true
    done
    count "TAP tests, $throwaway_version" "$tap_passed" "$tap_failed"
}

# A crash restarts the server, and tests that run after it may all pass.
check_server_log() {
    local crashes
    crashes=$(lines 'was terminated by signal|PANIC: |TRAP: ' "$throwaway/server/log")
    if [ "$crashes" -gt 0 ]; then
        grep -E -A 3 'was terminated by signal|PANIC: |TRAP: ' "$throwaway/server/log"
        count "server crashes, $throwaway_version" 0 "$crashes"
    fi
}

run_tempcheck() {
    local before=$total_failed
    throwaway_prepare "${PG_CONFIG:-pg_config}"
    say "building for PostgreSQL $throwaway_version ($throwaway_pg_config)"
    if ! throwaway_install; then
        count "build for $throwaway_version" 0 1
        return 0
    fi
    stage_tree
    [ -n "${MIGRATE_TEST_DATA:-}" ] ||
        note 'MIGRATE_TEST_DATA is not set: tests on real databases are skipped'
    throwaway_start fsync=off full_page_writes=off max_connections=40 max_prepared_transactions=4 \
        log_min_messages=warning test.fixtures="$MIGRATE_FIXTURES"
    run_pg_regress 'SQL tests' "$throwaway_pgxs/test/regress/pg_regress" "$stage" 'sql/*.sql'
    run_pg_regress 'isolation tests' "$throwaway_pgxs/test/isolation/pg_isolation_regress" \
        "$stage/test/isolation" 'specs/*.spec'
    run_tap
    check_server_log
    [ "$total_failed" -eq "$before" ] || keep_results
}

# --- lint ---------------------------------------------------------------------------------------

run_lint() {
    local log
    log=$(mktemp)
    say 'lint'
    "$tools/lint.sh" 2>&1 | tee "$log" || true
    count lint "$(lines '^ok ' "$log")" "$(lines '^FAILED ' "$log")"
    rm -f "$log"
}

[ $# -gt 0 ] || set -- deps unit tempcheck lint
started=$SECONDS
for part in "$@"; do
    case $part in
        deps) "$tools/install_dependencies.sh" build test ;;
        unit | tempcheck | lint) "run_$part" ;;
        *) die "unknown part \"$part\": deps, unit, tempcheck and lint are known" ;;
    esac
done
if [ $((total_passed + total_failed)) -eq 0 ]; then
    count 'tests (none ran)' 0 1
fi
say "summary, after $((SECONDS - started)) seconds"
[ ${#summary[@]} -eq 0 ] || printf '   %s\n' "${summary[@]}"
echo "$total_passed passed, $total_failed failed"
[ "$total_failed" -eq 0 ]
