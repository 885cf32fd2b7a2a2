-- Tables for the foreign-data wrapper: keys, indexes, mixed classes, a view.
CREATE TABLE item (id INTEGER PRIMARY KEY, code TEXT UNIQUE, name TEXT, quantity INTEGER, price DECIMAL(10, 2),
    weight REAL, active BOOLEAN, born DATE, changed DATETIME, seen DATETIME, loose);
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000)
INSERT INTO item SELECT i, 'c' || i, CASE WHEN i % 10 = 0 THEN NULL ELSE 'item ' || i END, i % 7, i + 0.25, i / 4.0, i % 2,
    date(1577836800 + i * 86400, 'unixepoch'), datetime(1577836800 + i * 3600, 'unixepoch'), 1577836800000 + i * 1000,
    CASE WHEN i % 2 = 0 THEN i ELSE 'odd ' || i END FROM s;
CREATE TABLE part (id INTEGER PRIMARY KEY, item_id INTEGER REFERENCES item (id), label TEXT);
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 200)
INSERT INTO part SELECT i, i * 14 + 1, 'part ' || i FROM s;
CREATE VIEW cheap AS SELECT id, name, price * 2 AS twice, upper(name) AS shout FROM item WHERE price < 20;
