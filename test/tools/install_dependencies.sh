#!/usr/bin/env bash
# Installs the Debian packages that are missing for what is named; nothing when all is there.
#
#     install_dependencies.sh [build] [test] [bench]
#
# A server package that is installed here makes no "main" cluster, and existing ones stay as they
# are. PG_CONFIG names the PostgreSQL to build for; only where it leads nowhere is Debian's taken.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

missing=()
need() { # package, then a command that succeeds when it is not needed
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}
has_header() { [ -n "$(find /usr/include /usr/local/include -maxdepth 2 -name "$1" -print -quit)" ]; }
has_catch2() { has_header catch.hpp || has_header catch_all.hpp; }
has_perl() { perl -M"$1" -e 1; }
# Debian has it where only root looks.
has_pgbouncer() { have pgbouncer || [ -x /usr/sbin/pgbouncer ]; }
has_server() { [ -x "$("${PG_CONFIG:-pg_config}" --bindir)/postgres" ]; }
has_pgxs() { [ -e "$("${PG_CONFIG:-pg_config}" --pgxs)" ]; }
# PostgreSQL's Perl test modules come with Debian's server-dev packages and with few others.
has_tap() {
    local pgxs
    pgxs=$("${PG_CONFIG:-pg_config}" --pgxs) || return 1
    [ -e "$(dirname "$pgxs")/../test/perl/PostgreSQL/Test/Cluster.pm" ] ||
        compgen -G '/usr/lib/postgresql/*/lib/pgxs/src/test/perl/PostgreSQL/Test/Cluster.pm'
}

find_missing() {
    local part
    for part in "$@"; do
        case $part in
            build)
                need make have make
                need g++ have "${CXX:-g++}"
                need sqlite3 have sqlite3
                need libsqlite3-dev has_header sqlite3.h
                need libxxhash-dev has_header xxhash.h
                need libcsv-dev has_header csv.h
                need zlib1g-dev has_header zlib.h
                need postgresql-NN has_server
                need postgresql-server-dev-NN has_pgxs
                ;;
            test)
                need cmake have cmake
                need catch2 has_catch2
                need clang-format have clang-format
                need perl have prove
                need libipc-run-perl has_perl IPC::Run
                need pgbouncer has_pgbouncer
                need postgresql-server-dev-NN has_tap
                ;;
            bench) need pgloader have pgloader ;;
            *) die "unknown part \"$part\": build, test and bench are known" ;;
        esac
    done
}

# The version that NN stands for: what is installed, else the newest that apt offers.
server_version() {
    local installed
    installed=$(find /usr/lib/postgresql -maxdepth 3 -path '*/bin/postgres' 2>/dev/null |
        cut -d/ -f5 | sort -n | tail -n 1)
    [ -n "$installed" ] || installed=$(apt-cache search --names-only '^postgresql-[0-9]+$' |
        sed -n 's/^postgresql-\([0-9]*\) .*/\1/p' | sort -n | tail -n 1)
    printf '%s\n' "${installed:-15}"
}

become_root=()
choose_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    if have sudo && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; then
        become_root=(sudo)
        return 0
    fi
    warn "these packages are missing: ${missing[*]}"
    warn "an administrator can install them: apt-get update && apt-get install -y ${missing[*]}"
    exit 1
}

as_root() { ${become_root[@]+"${become_root[@]}"} "$@"; }
apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# Debian starts a cluster with every new server package; this setting, there for the time of the
# installation only, prevents it.
no_cluster=/etc/postgresql-common/createcluster.d/migrate-tests.conf
forbid_cluster() {
    case " ${missing[*]} " in *' postgresql-'[0-9]*) ;; *) return 0 ;; esac
    as_root mkdir -p "$(dirname $no_cluster)"
    echo 'create_main_cluster = false' | as_root tee $no_cluster >/dev/null
}
allow_cluster() {
    [ -e $no_cluster ] || return 0
    as_root rm -f $no_cluster
    as_root rmdir --ignore-fail-on-non-empty "$(dirname $no_cluster)"
}

resolve_version() {
    local version package resolved=()
    version=$(server_version)
    for package in "${missing[@]}"; do
        resolved+=("${package/%-NN/-$version}")
    done
    mapfile -t missing < <(printf '%s\n' "${resolved[@]}" | sort -u)
}

install_missing() {
    local attempt
    trap allow_cluster EXIT
    forbid_cluster
    for attempt in 1 2 3; do
        if quietly apt install -y --no-install-recommends "${missing[@]}"; then
            return 0
        fi
        [ "$attempt" -eq 3 ] || note "trying again"
        sleep $((attempt * 5))
        quietly apt update || true
    done
    die "could not install ${missing[*]}"
}

find_missing "${@:-build}"
[ ${#missing[@]} -gt 0 ] || exit 0
have apt-get || die "no apt-get on this machine; please install what gives: ${missing[*]}"
choose_root
if ! apt-cache show postgresql sqlite3 >/dev/null 2>&1; then
    say 'reading the list of packages (apt-get update)'
    quietly apt update || warn 'apt-get update failed; going on with the list that is there'
fi
resolve_version
say "installing ${missing[*]}"
install_missing
