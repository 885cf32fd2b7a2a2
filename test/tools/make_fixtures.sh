#!/usr/bin/env bash
# Makes the SQLite files that the tests read: DIR/NAME.db from each test/data/NAME.sql, and what
# each test/data/NAME.sh, called with DIR, makes of its own.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ $# -eq 1 ] || die 'usage: make_fixtures.sh DIR'
directory=$1
mkdir -p "$directory"
directory=$(cd "$directory" && pwd)
for script in "$top"/test/data/*.sql; do
    [ -e "$script" ] || continue
    database=$directory/$(basename "$script" .sql).db
    [ ! "$database" -nt "$script" ] || continue
    rm -f "$database" "$database.new"
    sqlite3 -batch -bail -init /dev/null "$database.new" <"$script" >/dev/null
    mv "$database.new" "$database"
done
for script in "$top"/test/data/*.sh; do
    [ ! -e "$script" ] || bash "$script" "$directory"
done
chmod -R a+rX "$directory"
