# shellcheck shell=bash
# shellcheck disable=SC2154 # top and jobs come from common.sh
# A PostgreSQL server for one script, gone when the script ends. Sourced, after common.sh:
#
#     throwaway_prepare "$PG_CONFIG"     a private, complete copy of that installation
#     throwaway_install                  builds the extension and installs it into the copy
#     throwaway_start fsync=off          initdb and start; arguments are settings
#     as_server psql -c 'SELECT 1'       any command, as the server's user, connected to it
#
# All of it is below $throwaway (private socket directory, no TCP) and is stopped and removed on
# exit, failure and Ctrl-C. Nothing of the system's installation or clusters is touched: PostgreSQL
# finds its files relative to its own binary, so a copy that keeps the layout below another root is
# an installation of its own, which `make install DESTDIR=` fills.

throwaway= # the directory of everything
throwaway_root=
throwaway_bin=
throwaway_user=
throwaway_running=

# PostgreSQL refuses to run as root: then everything of the server belongs to this user.
choose_server_user() {
    [ "$(id -u)" -eq 0 ] || return 0
    throwaway_user=nobody
    ! id postgres >/dev/null 2>&1 || throwaway_user=postgres
}

# Runs a command as the server's user, in a directory that this user can read.
as_server() {
    local drop=()
    if [ -n "$throwaway_user" ]; then
        drop=(setpriv --reuid "$throwaway_user" --regid "$(id -g "$throwaway_user")" --clear-groups)
    fi
    (cd "$throwaway" && exec ${drop[@]+"${drop[@]}"} env HOME="$throwaway" "$@")
}

throwaway_remove() {
    local status=$?
    trap - EXIT
    throwaway_stop || true
    [ -z "$throwaway" ] || rm -rf "$throwaway"
    exit $status
}

# The directory first, so that a failure at any later point is cleaned up. Socket paths hold at
# most 107 bytes, which a long TMPDIR would exceed.
throwaway_make_directory() {
    local parent=${TMPDIR:-/tmp}
    [ ${#parent} -le 50 ] || parent=/tmp
    trap throwaway_remove EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    throwaway=$(mktemp -d "$parent/migrate.XXXXXX")
    chmod 755 "$throwaway"
    mkdir "$throwaway/server"
    chmod 700 "$throwaway/server"
    [ -z "$throwaway_user" ] || chown "$throwaway_user" "$throwaway" "$throwaway/server"
}

# Copies an installation's directory to the same path below the private root, without the bitcode
# for the JIT compiler, which is most of its size.
throwaway_copy() {
    local directory=$1 entry
    mkdir -p "$throwaway_root$directory"
    for entry in "$directory"/*; do
        case ${entry##*/} in
            bitcode | man | doc | migrate*) ;;
            *) cp -a --no-preserve=ownership "$entry" "$throwaway_root$directory/" ;;
        esac
    done
}

throwaway_prepare() {
    local directory libraries
    throwaway_pg_config=$(command -v "$1") || die "no pg_config at \"$1\""
    throwaway_version=$("$throwaway_pg_config" --version | awk '{print $2}')
    choose_server_user
    throwaway_make_directory
    throwaway_root=$throwaway/root
    while read -r directory; do
        throwaway_copy "$directory"
    done < <("$throwaway_pg_config" --bindir --pkglibdir --sharedir)
    rm -f "$throwaway_root$("$throwaway_pg_config" --sharedir)"/extension/migrate*
    # Programs outside the system's own directories find libpq relative to themselves.
    libraries=$("$throwaway_pg_config" --libdir)
    case $libraries in
        /usr/lib/*-linux-gnu) ;;
        *)
            mkdir -p "$throwaway_root$libraries"
            cp -a "$libraries"/libpq.so* "$throwaway_root$libraries/"
            ;;
    esac
    throwaway_bin=$throwaway_root$("$throwaway_pg_config" --bindir)
    # shellcheck disable=SC2034 # the test programs are there
    throwaway_pgxs=$(dirname "$(dirname "$throwaway_root$("$throwaway_pg_config" --pgxs)")")
    chmod -R a+rX "$throwaway_root"
    [ "$(as_server "$throwaway_bin/pg_config" --sharedir)" = \
        "$throwaway_root$("$throwaway_pg_config" --sharedir)" ] ||
        die "the PostgreSQL of \"$throwaway_pg_config\" does not work from a copy"
}

# One build directory for each PostgreSQL and way it was built, kept between runs where the tree is
# writable.
throwaway_build_directory() {
    local key
    key=$("$throwaway_pg_config" --version --configure | cksum | cut -d' ' -f1)
    throwaway_build=$top/build/pg-$throwaway_version-$key
    if ! mkdir -p "$throwaway_build" 2>/dev/null || ! [ -w "$throwaway_build" ]; then
        throwaway_build=$throwaway/build
        mkdir -p "$throwaway_build"
    fi
}

throwaway_install() {
    throwaway_build_directory
    sub_make -s -C "$throwaway_build" -f "$top/Makefile" -j "$jobs" \
        PG_CONFIG="$throwaway_pg_config" all || return 1
    quietly sub_make -s -C "$throwaway_build" -f "$top/Makefile" \
        PG_CONFIG="$throwaway_pg_config" install DESTDIR="$throwaway_root" || return 1
    chmod -R a+rX "$throwaway_root"
}

throwaway_environment() {
    local name
    for name in $(compgen -e PG); do
        case $name in
            PG_CONFIG) ;;
            *) unset "$name" ;;
        esac
    done
    export PATH=$throwaway_bin:$PATH
    export PGHOST=$throwaway/server PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
    export PSQLRC=/dev/null PSQL_HISTORY=/dev/null PAGER=cat PGTZ=UTC
    unset LANGUAGE LC_ALL LC_CTYPE
    export LANG=C.UTF-8
}

throwaway_start() {
    local setting
    throwaway_environment
    quietly as_server initdb -D "$throwaway/server/data" -U postgres -A trust -E UTF8 \
        --locale=C.UTF-8 --no-sync
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$throwaway/server'"
        echo "log_line_prefix = '%m [%p] '"
        for setting in "$@"; do
            echo "${setting%%=*} = '${setting#*=}'"
        done
    } >>"$throwaway/server/data/postgresql.conf"
    if ! quietly as_server pg_ctl -D "$throwaway/server/data" -l "$throwaway/server/log" \
        -t 120 -w start; then
        cat "$throwaway/server/log" >&2
        return 1
    fi
    throwaway_running=1
}

throwaway_stop() {
    [ -n "$throwaway_running" ] || return 0
    throwaway_running=
    quietly as_server pg_ctl -D "$throwaway/server/data" -m fast -t 30 -w stop ||
        quietly as_server pg_ctl -D "$throwaway/server/data" -m immediate -w stop
}
