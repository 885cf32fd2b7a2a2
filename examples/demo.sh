#!/usr/bin/env bash
# `make demo`: from a fresh Debian machine to a verified import, in one command. It installs what is
# missing, builds, starts a throwaway server on a private socket directory, makes a sample SQLite
# shop and runs examples/demo.sql on it. Nothing of it is left running or installed in the system's
# PostgreSQL. Works as root and as an ordinary user.
# shellcheck source-path=SCRIPTDIR/../test/tools
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../test/tools/common.sh"
. "$tools/throwaway_server.sh"

"$tools/install_dependencies.sh" build
throwaway_prepare "${PG_CONFIG:-pg_config}"
say "building migrate for PostgreSQL $throwaway_version"
throwaway_install
say 'starting a throwaway server'
throwaway_start fsync=off log_min_messages=warning
say 'making a sample SQLite database, shop.db'
shop=$throwaway/shop.db
sqlite3 -batch -bail -init /dev/null "$shop" <"$top/test/data/shop.sql" >/dev/null
[ -z "$throwaway_user" ] || chown "$throwaway_user" "$shop"
cp "$top/examples/demo.sql" "$throwaway/demo.sql"
chmod a+r "$throwaway/demo.sql" "$shop"
say 'importing it'
as_server psql -X -q -v ON_ERROR_STOP=1 -v shop="$shop" -f "$throwaway/demo.sql"
say 'done; the server and its files are being removed'
