-- Tables that the foreign-data wrapper writes to; the tests work on copies.
CREATE TABLE item (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, price DECIMAL(10, 2) CHECK (price >= 0),
    made DATETIME DEFAULT '2024-01-02 03:04:05', twice AS (price * 2));
INSERT INTO item (id, code, price) VALUES (1, 'one', 1.5), (2, 'two', 2.5), (3, 'three', 3.5);
CREATE TABLE part (id INTEGER PRIMARY KEY, item_id INTEGER REFERENCES item (id),
    late_id INTEGER REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE step (id INTEGER PRIMARY KEY, part_id INTEGER REFERENCES part (id) ON DELETE CASCADE);
CREATE TABLE plain (a INTEGER, b TEXT);
CREATE TABLE other (a INTEGER, b TEXT);
CREATE TABLE pair (k TEXT COLLATE NOCASE, n INTEGER, v TEXT, PRIMARY KEY (k, n)) WITHOUT ROWID;
CREATE TABLE day (d TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID;
INSERT INTO day VALUES ('2024-01-02', 'plain'), ('2024-01-03 00:00:00', 'long');
CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
CREATE TABLE every (id INTEGER PRIMARY KEY, i INTEGER, r REAL, n NUMERIC, t TEXT, b BLOB, x, flag BOOLEAN, da DATE,
    ti TIME, ts DATETIME, ms INTEGER, js JSON, u UUID, ub BLOB, big NUMERIC);
CREATE TABLE sure (id INTEGER PRIMARY KEY, n INT, t TEXT, x ANY) STRICT;
CREATE TABLE hidden (rowid TEXT, _rowid_ TEXT, oid TEXT);
CREATE TABLE far (v TEXT);
INSERT INTO far (rowid, v) VALUES (-5, 'below'), (7, 'near'), (1152921504606846976, 'beyond');
CREATE VIEW cheap AS SELECT id, code FROM item WHERE price < 3;

-- Triggers: ones that may run, one that refuses, one that ignores, and ones that reach too far.
CREATE TABLE logged (id INTEGER PRIMARY KEY, v TEXT, at TEXT);
CREATE TABLE log (what TEXT);
CREATE TRIGGER logged_insert AFTER INSERT ON logged BEGIN INSERT INTO log VALUES ('insert ' || new.v); END;
CREATE TRIGGER logged_set AFTER INSERT ON logged BEGIN UPDATE logged SET at = 'then' WHERE id = new.id; END;
CREATE TRIGGER logged_delete AFTER DELETE ON logged BEGIN INSERT INTO log VALUES ('delete ' || old.v); END;
CREATE TRIGGER logged_refuse BEFORE INSERT ON logged WHEN new.v = 'no' BEGIN SELECT RAISE(ABORT, 'not that one'); END;
CREATE TRIGGER logged_ignore BEFORE INSERT ON logged WHEN new.v = 'skip' BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER logged_roll BEFORE INSERT ON logged WHEN new.v = 'roll' BEGIN SELECT RAISE(ROLLBACK, 'all of it'); END;
CREATE VIRTUAL TABLE words USING fts5(v);
CREATE TABLE indexed (id INTEGER PRIMARY KEY, v TEXT);
CREATE TRIGGER indexed_insert AFTER INSERT ON indexed BEGIN INSERT INTO words (rowid, v) VALUES (new.id, new.v); END;
CREATE TABLE greedy (v);
CREATE TRIGGER greedy_insert AFTER INSERT ON greedy BEGIN UPDATE greedy SET v = zeroblob(1000000) WHERE rowid = new.rowid; END;
