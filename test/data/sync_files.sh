#!/usr/bin/env bash
# States of tables, one after the other, as CSV files: sync_files.sh DIR fills DIR/sync.
set -euo pipefail
mkdir -p "$1/sync/halves"
cd "$1/sync"

# put FILE: standard input, unless the file is there.
put() { if [ -e "$1" ]; then cat >/dev/null; else cat >"$1.new" && mv "$1.new" "$1"; fi; }

put item_1.csv <<'CSV'
id,name,price
1,one,1.50
2,two,2.00
3,three,
CSV
# 1 and 2 exchange their names, 3 goes, and 4 takes its name.
put item_2.csv <<'CSV'
id,name,price
4,three,
1,two,1.50
2,one,2.00
CSV
put item_3.csv <<'CSV'
id,name,price
1,one,1.50
2,two,7.77
3,three,
5,five,5.00
CSV
put header.csv <<'CSV'
id,name,price
CSV
put twice.csv <<'CSV'
id,name,price
1,one,1.50
2,two,2.00
1,uno,1.50
CSV
put nokey.csv <<'CSV'
id,name,price
1,one,1.50
,two,2.00
CSV
put bad.csv <<'CSV'
id,name,price
1,one,1.50
2,two,cheap
CSV
put nameless.csv <<'CSV'
name,price
one,1.50
CSV
put prices.csv <<'CSV'
id,price
1,9.00
2,2.00
CSV
put halves/a.csv <<'CSV'
id,name,price
3,three,
4,four,4.00
CSV
put halves/b.csv <<'CSV'
id,name,price
1,one,1.50
2,two,2.00
CSV
put words.csv <<'CSV'
word,lang,hits
b,de,1
B,de,2
a,en,3
é,fr,4
CSV
put values.csv <<'CSV'
id,n,f,j,b,p,a,d
1,1.0,-0,"{""a"": 1}","{""b"":1,""a"":2}","(1,2)","{1,2}",t
2,1.00,NaN,"[1, 2]","[1, 2]","(0,0)","{}",f
3,,,,,,,
CSV
put parent.csv <<'CSV'
id,name
1,a
2,b
CSV
# 1 went, 3 came.
put parent_2.csv <<'CSV'
id,name
2,b
3,c
CSV
put log_1.csv <<'CSV'
id,at,what
1,2024-01-01 00:00:00+00,a
2,2024-01-02 00:00:00+00,b
3,2024-01-02 00:00:00+00,c
CSV
# What lies below the watermark is not looked at; what lies on it is.
put log_2.csv <<'CSV'
id,at,what
1,2024-01-01 00:00:00+00,unseen
2,2024-01-02 00:00:00+00,b
3,2024-01-02 00:00:00+00,seen
4,2024-01-02 00:00:00+00,late
5,2024-01-03 00:00:00+00,new
CSV

# A shop as SQLite database: database NAME, SQL on standard input.
database() {
    [ -e "$1" ] || { sqlite3 -batch -bail -init /dev/null "$1.new" >/dev/null && mv "$1.new" "$1"; }
}

schema='CREATE TABLE category (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES category, slug TEXT NOT NULL UNIQUE);
CREATE TABLE product (id INTEGER PRIMARY KEY, category INTEGER NOT NULL REFERENCES category, name TEXT, price REAL,
  tags TEXT, added DATETIME);
CREATE TABLE stock (product INTEGER REFERENCES product, place TEXT, pieces INTEGER, PRIMARY KEY (product, place));'
database shop_1.db <<SQL
$schema
INSERT INTO category VALUES (1, NULL, 'all'), (2, 1, 'tools'), (3, 1, 'toys'), (4, 3, 'games');
INSERT INTO product VALUES (1, 2, 'saw', 9.5, '["a","b"]', '2024-01-01 10:00:00'),
  (2, 3, 'ball', 1, '[]', '2024-01-02 10:00:00'), (3, 4, 'chess', 20, NULL, '2024-01-03 10:00:00');
INSERT INTO stock VALUES (1, 'north', 5), (1, 'south', 0), (2, 'north', 7), (3, 'east', 1);
SQL
# Games go and their product moves to a category that is new and takes the name of the old one; tools
# and toys exchange theirs; the ball goes with its stock.
database shop_2.db <<SQL
$schema
INSERT INTO category VALUES (1, NULL, 'all'), (2, 1, 'toys'), (3, 1, 'tools'), (5, 2, 'board');
INSERT INTO product VALUES (1, 2, 'saw', 9.5, '["a","b"]', '2024-01-01 10:00:00'),
  (3, 5, 'chess', 21, NULL, '2024-01-03 10:00:00'), (4, 5, 'go', 30, '["x"]', '2024-01-04 10:00:00');
INSERT INTO stock VALUES (1, 'north', 5), (1, 'south', 2), (3, 'east', 1), (4, 'east', 3);
SQL
# What goes leaves its slug to a new row, while its product moves there; a cycle of two tables.
database reuse_1.db <<SQL
$schema
INSERT INTO category VALUES (1, NULL, 'all'), (2, 1, 'games');
INSERT INTO product VALUES (1, 2, 'chess', 1, NULL, NULL), (2, 1, 'go', 2, NULL, NULL);
CREATE TABLE team (id INTEGER PRIMARY KEY, lead INT REFERENCES person (id));
CREATE TABLE person (id INTEGER PRIMARY KEY, team INT REFERENCES team (id));
INSERT INTO person VALUES (1, NULL), (2, 1);
INSERT INTO team VALUES (1, NULL), (2, NULL);
SQL
database reuse_2.db <<SQL
$schema
INSERT INTO category VALUES (1, NULL, 'all'), (3, 1, 'games');
INSERT INTO product VALUES (1, 3, 'chess', 1, NULL, NULL), (2, 1, 'go', 2, NULL, NULL);
CREATE TABLE team (id INTEGER PRIMARY KEY, lead INT REFERENCES person (id));
CREATE TABLE person (id INTEGER PRIMARY KEY, team INT REFERENCES team (id));
INSERT INTO person VALUES (1, 2), (2, 1);
INSERT INTO team VALUES (1, 2), (2, 1);
SQL
# A value that is no number.
database shop_3.db <<SQL
$schema
INSERT INTO category VALUES (1, NULL, 'all'), (2, 1, 'toys'), (3, 1, 'tools'), (5, 2, 'board');
INSERT INTO product VALUES (1, 2, 'saw', 'cheap', '["a","b"]', '2024-01-01 10:00:00'),
  (3, 5, 'chess', 22, NULL, '2024-01-03 10:00:00');
SQL
schema='CREATE TABLE box (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE thing (id INTEGER PRIMARY KEY, box INTEGER REFERENCES box, weight INTEGER);'
database boxes_1.db <<SQL
$schema
INSERT INTO box VALUES (1, 'a'), (2, 'b'), (3, 'c');
INSERT INTO thing VALUES (1, 1, 1), (2, 3, 2), (3, 3, 3), (4, 3, 4);
SQL
# A box goes with its things; one that is left cannot be read.
database boxes_2.db <<SQL
$schema
INSERT INTO box VALUES (1, 'a'), (2, 'b');
INSERT INTO thing VALUES (1, 1, 'heavy');
SQL
schema='CREATE TABLE list (id INTEGER PRIMARY KEY);
CREATE TABLE entry (id INTEGER PRIMARY KEY, list INTEGER NOT NULL REFERENCES list, place INTEGER NOT NULL);
INSERT INTO list VALUES (1), (2);'
database lists_1.db <<SQL
$schema
INSERT INTO entry VALUES (1, 1, 1), (2, 1, 2), (3, 2, 1);
SQL
# All three move on; then two exchange nothing but their lists.
database lists_2.db <<SQL
$schema
INSERT INTO entry VALUES (1, 1, 2), (2, 2, 1), (3, 1, 1);
SQL
database lists_3.db <<SQL
$schema
INSERT INTO entry VALUES (1, 1, 2), (2, 1, 1), (3, 2, 1);
SQL
