# shellcheck shell=bash
# What every script here shares; sourced after `set -euo pipefail`.

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this file
top=$(cd "$tools/../.." && pwd)
# shellcheck disable=SC2034
jobs=${JOBS:-$(nproc 2>/dev/null || echo 1)}

say() { printf '== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
warn() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }
die() {
    warn "$*"
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Runs a quiet command; shows its output only when it fails.
quietly() {
    local said status=0
    said=$("$@" 2>&1) || status=$?
    [ $status -eq 0 ] || printf '%s\n' "$said" >&2
    return $status
}

# make, called below another make: the variables of the outer command line stay, its job server
# and its flags do not.
sub_make() {
    local flags=${MAKEFLAGS:-}
    case $flags in
        *'-- '*) flags="-- ${flags#*-- }" ;;
        *) flags= ;;
    esac
    MAKEFLAGS=$flags MAKELEVEL='' MFLAGS='' make "$@"
}
