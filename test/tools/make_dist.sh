#!/usr/bin/env bash
# Writes migrate-VERSION.zip of the committed tree, as PGXN wants it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" "$top/migrate.control")
git -C "$top" diff --quiet HEAD -- || warn 'changes that are not committed are left out'
git -C "$top" archive --format=zip --prefix="migrate-$version/" \
    -o "$top/migrate-$version.zip" HEAD
say "migrate-$version.zip"
