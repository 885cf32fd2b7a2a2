#!/usr/bin/env bash
# The rules that a machine can check, one line each: "ok NAME" or "FAILED NAME" with the places.
# With --format it formats the sources instead.
# shellcheck disable=SC2317 # the checks are called by name
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$top"

# elog(ERROR) is for what cannot happen: SPI result codes, our own invariants. Only these files
# have such cases; everything a user can bring about is an ereport with a code.
elog_allowed=(
    src/fn/csv_load.cpp
    src/fn/load_rows.cpp
    src/fn/load_tables.cpp
    src/fn/sync_csv.cpp
    src/fn/sync_sqlite.cpp
    src/pg/cell_locale.cpp
    src/pg/distributed_writer.cpp
    src/pg/file_digest.cpp
    src/pg/heap_file.cpp
    src/pg/history_table.cpp
    src/pg/key_store.cpp
    src/pg/parameters.cpp
    src/pg/reject_store.cpp
    src/pg/row_cursor.cpp
    src/pg/script_copy.cpp
    src/pg/script_runner.cpp
    src/pg/sql.cpp
    src/pg/sql_writer.cpp
    src/pg/sync_arrays.cpp
    src/pg/sync_compare.cpp
)

sources() { find src test -name '*.[ch]pp' | sort; }

# Formatting depends on the version; only this one counts.
clang_format() {
    local program
    for program in clang-format-14 clang-format; do
        if have "$program" && "$program" --version | grep -q 'version 14\.'; then
            printf '%s\n' "$program"
            return 0
        fi
    done
    return 1
}

failures=0
# Runs a check that prints what it objects to; no output is agreement.
check() { # name, function
    local objections
    objections=$("$2" 2>&1) || true
    if [ -z "$objections" ]; then
        echo "ok $1"
        return 0
    fi
    echo "FAILED $1"
    printf '%s\n' "$objections" | head -n 40 | sed 's/^/    /'
    failures=$((failures + 1))
}

formatting() { sources | xargs -r "$formatter" --dry-run -Werror 2>&1 | grep -E 'error:' || true; }

# Each header alone, as its first includer would meet it.
compile_header() { # header, further flags
    local header=$1
    shift
    echo "#include \"$header\"" |
        "${CXX:-g++}" -std=c++20 -fsyntax-only -Wall -Wextra -I src -I test/core "$@" -x c++ - 2>&1 |
        head -n 5
}
export -f compile_header
headers_alone() {
    local server flags=()
    find src/core test/core -name '*.hpp' -printf '%p\n' | sed 's,^src/,,' | sort |
        xargs -r -P "$jobs" -I{} bash -c 'compile_header "{}"'
    server=$("${PG_CONFIG:-pg_config}" --includedir-server 2>/dev/null || true)
    if [ -n "$server" ] && [ -e "$server/postgres.h" ]; then
        flags=(-isystem "$server")
        find src -path src/core -prune -o -name '*.hpp' -printf '%P\n' | sort |
            xargs -r -P "$jobs" -I{} bash -c "compile_header '{}' ${flags[*]}"
    fi
}

core_is_clean() {
    grep -rnE '#include *[<"](postgres|fmgr|utils/|access/|catalog/|executor/|miscadmin|pg/|fn/|fdw/)' \
        src/core || true
    find src/core -name '*.cpp' | sort | while read -r file; do
        [ "$(grep '^#include' "$file" | tail -n 1)" = '#include "core/core_only.hpp"' ] ||
            echo "$file: the last include is not core/core_only.hpp"
    done
}

# The arrows of architecture.md: fn and fdw use pg and core, pg uses core, nothing points back.
layers() { grep -rnE '#include "(fn|fdw)/' src/pg || true; }

no_elog_error() {
    grep -rnE '\belog\( *(ERROR|FATAL|PANIC)' src | while IFS= read -r line; do
        for allowed in "${elog_allowed[@]}"; do
            [ "${line%%:*}" != "$allowed" ] || continue 2
        done
        echo "$line"
    done
}

# A database of any encoding runs the install script.
scripts_are_ascii() { LC_ALL=C grep -nP '[^\x00-\x7F]' sql/*--*.sql; }

tests_have_answers() {
    local test
    for test in sql/*.sql; do
        case $test in *--* | 'sql/*.sql') continue ;; esac
        [ -e "expected/$(basename "$test" .sql).out" ] || echo "$test has no expected/ file"
    done
    for test in test/isolation/specs/*.spec; do
        [ -e "$test" ] || continue
        [ -e "test/isolation/expected/$(basename "$test" .spec).out" ] ||
            echo "$test has no expected/ file"
    done
    for test in expected/*.out; do
        [ -e "$test" ] || continue
        [ -e "sql/$(basename "$test" .out).sql" ] || echo "$test has no sql/ file"
    done
}

versions_agree() {
    local version
    version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" migrate.control)
    grep -q '"version": "'"$version"'",\{0,1\}$' META.json || echo "META.json is not at $version"
    perl -MJSON::PP -0777 -ne '
        my $meta = JSON::PP->new->decode($_);
        my ($top, $provided) = ($meta->{version}, $meta->{provides}{migrate}{version});
        print "META.json has the versions $top and $provided\n" if $top ne $provided;
        print "META.json: no file $meta->{provides}{migrate}{file}\n"
            unless -e $meta->{provides}{migrate}{file};' META.json
    [[ "$(grep -m1 '^## ' CHANGELOG.md)" == "## $version"* ]] ||
        echo "CHANGELOG.md does not begin with $version"
}

file_sizes() {
    sources | grep '\.cpp$' | xargs -r wc -l | awk '$2 != "total" && $1 > 400 { print $2 ": " $1 " lines, at most 400" }'
}
long_headers() {
    sources | grep '\.hpp$' | xargs -r wc -l | awk '$2 != "total" && $1 > 120 { print $2 ": " $1 " lines, over 120" }'
}

# Traces and PGXS dependency files use the base name alone.
names_unique() { find src test -name '*.cpp' -printf '%f\n' | sort | uniq -d; }

scripts_are_clean() {
    git ls-files --cached --others --exclude-standard -- '*.sh' .ci/run 2>/dev/null | sort |
        xargs -r shellcheck -x -P SCRIPTDIR -f gcc 2>&1
}

if [ "${1:-}" = --format ]; then
    formatter=$(clang_format) || die 'clang-format 14 is needed'
    sources | xargs -r "$formatter" -i
    exit 0
fi
if formatter=$(clang_format); then
    check 'formatting (clang-format 14)' formatting
else
    echo 'skipped: formatting, there is no clang-format 14'
fi
check 'every header compiles alone' headers_alone
check 'src/core is free of PostgreSQL' core_is_clean
check 'includes follow the layers' layers
check 'no elog(ERROR) outside the list' no_elog_error
check 'every test has its expected output' tests_have_answers
check 'install scripts are ASCII' scripts_are_ascii
check 'versions agree' versions_agree
check 'source files have at most 400 lines' file_sizes
check 'file names are unique' names_unique
if have shellcheck; then
    check 'scripts are clean (shellcheck)' scripts_are_clean
else
    echo 'skipped: scripts, there is no shellcheck'
fi
long_headers | sed 's/^/warning: /'
exit $((failures > 0))
