-- Generated columns: one that PostgreSQL computes the same way, one whose stored values differ, one
-- that does not translate; and checks that hold, that old rows break, that do not translate.
CREATE TABLE line (id INTEGER PRIMARY KEY, price REAL, quantity INTEGER,
    total REAL GENERATED ALWAYS AS (price * quantity) STORED,
    label TEXT AS (name || '!') VIRTUAL, name TEXT,
    quoted TEXT AS (quote(name)) VIRTUAL,
    shown TEXT AS (printf('%05d', quantity)) VIRTUAL, -- could be made of any size
    CHECK (quantity > 0), CONSTRAINT cheap CHECK (price < 100), CHECK (name GLOB '[a-z]*'));
PRAGMA ignore_check_constraints = ON;
INSERT INTO line (id, price, quantity, name) VALUES (1, 2.5, 2, 'a'), (2, 500, 1, 'b');
PRAGMA ignore_check_constraints = OFF;
-- A file may say one thing and hold another: the stored values were made by an older expression.
CREATE TABLE stale (id INTEGER PRIMARY KEY, a INTEGER, multiple INTEGER AS (a * 2) STORED);
INSERT INTO stale (id, a) VALUES (1, 5), (2, 7), (3, NULL);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'a * 2', 'a * 3') WHERE name = 'stale';
