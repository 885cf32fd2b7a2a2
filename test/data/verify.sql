-- Tables to change after the import, each in a way that a verification must find.
CREATE TABLE keyed (id INTEGER PRIMARY KEY, name TEXT, amount NUMERIC, moment DATETIME, data BLOB, flag BOOLEAN);
INSERT INTO keyed VALUES (1, 'Ann', 1.10, '2024-01-01 00:00:00.000001', x'00ff', 1),
    (2, 'Bob', 2.20, '2024-01-02 00:00:00', x'', 0), (3, '', NULL, NULL, NULL, NULL),
    (4, 'Dee ', 1e10, '2024-01-01 00:00:00', x'20', 1), (5, NULL, -1, '2024-01-02 00:00:00', x'5c', 0);
CREATE TABLE paired (a TEXT, b INTEGER, c TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
INSERT INTO paired VALUES ('x', 1, 'one'), ('x', 2, 'two'), ('y', 1, 'three');
CREATE TABLE loose (a TEXT, b INTEGER);
INSERT INTO loose VALUES ('twice', 1), ('twice', 1), ('once', 2), (NULL, NULL);
CREATE TABLE without_rows (id INTEGER PRIMARY KEY, a TEXT);
