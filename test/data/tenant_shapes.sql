-- Shapes of tenancy: a cycle of children, two ways to the tenant, a chain of six levels, keys that
-- are not unique, a column that only looks alike, and values compared as SQLite compares them.
CREATE TABLE shop (shop_id TEXT PRIMARY KEY);
CREATE TABLE shelf (id INTEGER PRIMARY KEY, shop_id TEXT NOT NULL REFERENCES shop (shop_id), code);
CREATE TABLE box (id INTEGER PRIMARY KEY, shelf_id TEXT REFERENCES shelf (id), lid_id INTEGER REFERENCES lid (id));
CREATE TABLE lid (id INTEGER PRIMARY KEY, box_id INTEGER REFERENCES box (id));
CREATE TABLE l1 (id INTEGER PRIMARY KEY, lid_id INTEGER NOT NULL REFERENCES lid);
CREATE TABLE l2 (id INTEGER PRIMARY KEY, l1_id INTEGER NOT NULL REFERENCES l1);
CREATE TABLE l3 (id INTEGER PRIMARY KEY, l2_id INTEGER NOT NULL REFERENCES l2, box_id INTEGER REFERENCES box);
CREATE TABLE loose (id INTEGER PRIMARY KEY, code REFERENCES shelf (code), missing REFERENCES nowhere (id));
CREATE TABLE no_key (shop_id TEXT, x INTEGER);
CREATE TABLE lookup (shop_ids TEXT PRIMARY KEY, text TEXT);
INSERT INTO shop VALUES ('n'), ('s');
INSERT INTO shelf VALUES (1, 'n', 'x'), (2, 's', 'x');
INSERT INTO box VALUES (10, '1', 100), (11, ' 2 ', 101), (12, '2', NULL);
INSERT INTO lid VALUES (100, 10), (101, 11);
INSERT INTO l1 VALUES (1, 100), (2, 101), (3, 101);
INSERT INTO l2 VALUES (1, 1), (2, 2), (3, 3);
INSERT INTO l3 VALUES (1, 1, 10), (2, 2, NULL), (3, 3, 12);
INSERT INTO loose VALUES (1, 'x', 5);
INSERT INTO no_key VALUES ('n', 1), ('s', 2), ('s', 2);
INSERT INTO lookup VALUES ('a', 'b');
