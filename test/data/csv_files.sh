#!/usr/bin/env bash
# CSV files of every kind: csv_files.sh DIR fills DIR/csv.
set -euo pipefail
mkdir -p "$1/csv/nightly" "$1/csv/mixed" "$1/csv/empty" "$1/csv/bytes in names"
cd "$1/csv"

# put FILE: standard input, unless the file is there.
put() { if [ -e "$1" ]; then cat >/dev/null; else cat >"$1.new" && mv "$1.new" "$1"; fi; }
# bytes FILE FORMAT: what printf makes of it.
# shellcheck disable=SC2059 # the format is what the bytes are
bytes() { printf "$2" | put "$1"; }

put orders.csv <<'CSV'
id,customer,amount,ordered,paid,note
1,Ann,10.50,2024-01-05,true,
2,"Bob ""the"" Builder",20,2024-02-29,false,"two
lines"
3,Çelik,0.99,2024-03-01,true,""
CSV
put semicolon.csv <<'CSV'
Artikel;Preis;Datum;Menge
Schraube;1.234,50;31.12.2023;007
Mutter;0,99;01.02.2024;012
CSV
put pipes.txt <<'CSV'
a report of the warehouse
made on Monday

item|stock
bolt|5
nut|7
CSV
put comments.csv <<'CSV'
# exported
a,b
1,2
# a comment
3,4
CSV
put numbers.csv <<'CSV'
1,2,3
4,5,6
7,8,9
CSV
put ambiguous.csv <<'CSV'
day,hour
03/04/2024,10:00
05/06/2024,11:30
CSV
put names.csv <<'CSV'
Order ID,order id,,xmin,a_name_that_is_longer_than_the_sixty_three_bytes_that_postgresql_keeps,select
1,2,3,4,5,6
CSV
put ragged.csv <<'CSV'
a,b,c
1,2,3
4,5
6,7,8,9
10,11,12
CSV
put bad.csv <<'CSV'
id,amount,day
1,10.5,2024-01-01
x,20,2024-01-02
3,abc,2024-02-30
4,30,2024-01-04
CSV
[ -e too_wide.csv ] || awk 'BEGIN {
    for (line = 1; line <= 4; line++)
        for (i = 1; i <= 1500; i++)
            printf "%s%s", line == 1 ? "c" i : line == 3 ? "1234567890123" : line == 4 && i == 1 ? "7" : "", i < 1500 ? "," : "\n"
}' >too_wide.csv
put keys.csv <<'CSV'
id,name
1,one
2,two
2,two again
3,three
CSV
put priced.csv <<'CSV'
id,n,s
1,10,ok
1,bad,ok
2,20,ok
2,30,no
3,5,ok
3,6,ok
CSV
put trailing.csv <<'CSV'
a,b
1,2,
3,4,
CSV
put blank_lines.csv <<'CSV'
a,b
1,2

3,4

CSV
put end_marker.csv <<'CSV'
a,b
1,x
\.,y
3,z
CSV
put header_only.csv <<'CSV'
alpha,beta
CSV
put quote_open.csv <<'CSV'
a,b
1,"open
2,x
3,y
CSV
put nightly/2024-01.csv <<'CSV'
id,name
1,January
CSV
put nightly/2024-02.csv <<'CSV'
name,id
February,2
CSV
put mixed/a.csv <<'CSV'
id,a
1,x
CSV
put mixed/b.csv <<'CSV'
id,b
2,y
CSV
bytes nothing.csv ''
bytes bom.csv '\357\273\277id,name\n1,Zoë\n'
bytes latin1.csv 'id,name\n1,Zo\353\n2,caf\351\n'
bytes utf16le.csv '\377\376i\0d\0,\0n\0\n\0001\0,\0\344\0\n\0'
bytes utf32.csv '\377\376\0\0i\0\0\0'
bytes cr.csv 'a,b\r1,2\r3,4\r'
bytes crlf.csv 'a,b\r\n1,2\r\n3,4\r\n'
bytes no_newline.csv 'a,b\n1,2'
bytes nul.csv 'a,b\n1,x\0y\n2,z\n'
bytes bad_utf8.csv 'a,b\n1,x\303(\n2,z\n'
bytes sjis.csv 'id,name\n1,\203\134\203\174\n'
[ -e packed.csv.gz ] || gzip -n <orders.csv >packed.csv.gz
[ -e damaged.csv.gz ] || head -c 60 packed.csv.gz >damaged.csv.gz
[ -e fifo.csv ] || mkfifo fifo.csv
# A name whose bytes are no text.
bytes 'bytes in names/fine.csv' 'a,b\n1,2\n'
bytes $'bytes in names/bad\377.csv' 'a,b\n1,2\n'
