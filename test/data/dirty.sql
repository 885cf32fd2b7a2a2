-- Values that their declared types cannot hold, each in a table of its own.
CREATE TABLE item (id INTEGER PRIMARY KEY, price INTEGER NOT NULL, name TEXT);
INSERT INTO item VALUES (1, 10, 'a'), (2, 'ten', 'b'), (3, 30, 'c'), (4, 'forty', 'd');
CREATE TABLE day (id INTEGER PRIMARY KEY, born DATE);
INSERT INTO day VALUES (1, '2024-02-29'), (2, ''), (3, '2024-02-30'), (4, NULL);
CREATE TABLE code (id INTEGER PRIMARY KEY, code VARCHAR(3), amount DECIMAL(5, 2));
INSERT INTO code VALUES (1, 'abc', 1.25), (2, 'abcd', 1234.5), (3, 'ü€x', 0.125);
CREATE TABLE flag (id INTEGER PRIMARY KEY, is_on BOOLEAN, na INTEGER);
INSERT INTO flag VALUES (1, 1, 'n/a'), (2, 'yes', 5), (3, 'F', 'NULL'), (4, NULL, NULL);
