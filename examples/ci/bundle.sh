#!/bin/sh
# A folder of migrations as one JSON object, names (relative to the folder) and texts:
#
#     bundle.sh FOLDER >migrations.json
#
# It takes what the server takes when it reads a folder itself: *.sql, *.conf, *.toml and
# sqitch.plan, in sub-folders too, nothing that begins with a dot. Texts stay as they are to the
# byte, so that checksums are those of the files. Needs a POSIX shell and awk, nothing else.
set -eu
LC_ALL=C # bytes, whatever the locale calls a character
export LC_ALL

# What comes in, up to the dot that the caller puts behind its end, which shows whether there was a
# last line end.
# shellcheck disable=SC2016 # the dollar is awk's
escape='
function escaped(text, code) {
    gsub(/[\\"]/, "\\\\&", text)
    if (text ~ /[\001-\037]/)
        for (code = 1; code < 32; code++)
            gsub(sprintf("%c", code), sprintf("\\u%04x", code), text)
    return text
}
BEGIN { ORS = "" }
NR > 1 { print escaped(last) "\\n" }
{ last = $0 }
END { print escaped(substr(last, 1, length(last) - 1)) }'

die() {
    printf '%s: %s\n' "$0" "$1" >&2
    exit 1
}

separator='{'
bundle_file() { # path, name
    [ -r "$1" ] || die "file \"$2\" cannot be read"
    [ "$(tr -dc '\000' <"$1" | wc -c)" -eq 0 ] || die "file \"$2\" is not UTF-8: it has NUL bytes"
    printf '%s\n"%s": "' "$separator" "$(printf '%s.' "$2" | awk "$escape")"
    { cat "$1" && printf .; } | awk "$escape"
    printf '"'
    separator=,
}

bundle_folder() { # path, prefix of its names
    for entry in "$1"/*; do
        set -- "$1" "$2" "$entry" "$2${entry##*/}"
        if [ -d "$3" ] && [ ! -L "$3" ]; then
            bundle_folder "$3" "$4/"
        elif [ -f "$3" ]; then
            case $4 in
                *.[sS][qQ][lL] | *.[cC][oO][nN][fF] | *.[tT][oO][mM][lL] | *sqitch.plan)
                    bundle_file "$3" "$4"
                    ;;
            esac
        fi
    done
}

[ $# -eq 1 ] || die 'one argument is needed: the folder of the migrations'
[ -d "$1" ] || die "\"$1\" is not a folder"
bundle_folder "${1%/}" ''
[ "$separator" = , ] || die "there is no migration in \"$1\""
printf '\n}\n'
