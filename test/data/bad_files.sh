#!/usr/bin/env bash
# Files that are no SQLite database, or one at a limit: bad_files.sh DIR.
set -euo pipefail
cd "$1"

# make FILE COMMAND…: the command's output, unless the file is there.
make() {
    local file=$1
    shift
    [ -e "$file" ] || { "$@" >"$file.new" && mv "$file.new" "$file"; }
}

# columns N: c1 INTEGER, … cN INTEGER
columns() { seq -s , -f 'c%g INTEGER' 1 "$1"; }

database() { # FILE, SQL
    [ -e "$1" ] || { sqlite3 -batch -bail -init /dev/null "$1.new" "PRAGMA synchronous = OFF; BEGIN; $2 COMMIT;" >/dev/null && mv "$1.new" "$1"; }
}

make empty.db true
make dump.db printf 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t (a);\nCOMMIT;\n'
make gzip.db sh -c 'echo data | gzip -n'
make zip.db printf 'PK\003\004\024\000\000\000\000\000'
# shellcheck disable=SC2016 # the inner shell expands them
make random.db sh -c 'i=0; while [ $i -lt 400 ]; do printf "%b" "\\0$((i * 7 % 256 / 64))$((i * 7 % 64 / 8))$((i * 3 % 8))x"; i=$((i + 1)); done'
make html.db printf '<!DOCTYPE html>\n<html><body>404 Not Found</body></html>\n'
make lfs.db printf 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'
[ -e fifo.db ] || mkfifo fifo.db

database whole.db "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
    INSERT INTO t SELECT i, 'text ' || i FROM n;"
make truncated.db head -c 20480 whole.db

# A database in WAL mode as a crash leaves it without its -shm: its -wal holds frames.
if [ ! -e wal_no_shm.db ]; then
    rm -f wal.db*
    sqlite3 -batch -init /dev/null wal.db \
        "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1);" \
        ".shell cp wal.db wal_no_shm.db.new && cp wal.db-wal wal_no_shm.db-wal" >/dev/null
    mv wal_no_shm.db.new wal_no_shm.db
    rm -f wal.db*
fi

database wide_1601.db "CREATE TABLE wide ($(columns 1601));"
database wide_1600.db "CREATE TABLE wide ($(columns 1600));
    INSERT INTO wide VALUES ($(seq -s , 1 1600));"
# A row that no tuple holds: five times 250 MB.
database huge_row.db "CREATE TABLE huge (id INTEGER PRIMARY KEY, a BLOB, b BLOB AS (a), c BLOB AS (a), d BLOB AS (a), e BLOB AS (a));
    INSERT INTO huge (id, a) VALUES (1, x'00'), (2, zeroblob(250000000));"
database big_cell.db "CREATE TABLE big (id INTEGER PRIMARY KEY, body BLOB);
    INSERT INTO big VALUES (1, zeroblob(10)), (2, zeroblob(5000));"
database many_tables.db "$(for i in $(seq 1 3000); do echo "CREATE TABLE t$i (a INTEGER PRIMARY KEY);"; done)"
