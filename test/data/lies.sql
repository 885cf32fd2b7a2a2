-- A file that says one thing and holds another, as any editor of bytes can make it.
CREATE TABLE strict_lie (a INTEGER NOT NULL, b REAL);
INSERT INTO strict_lie VALUES (5, 1.5), ('abc', x'ff00'), (x'ff00', 'x');
CREATE TABLE not_null_lie (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO not_null_lie VALUES (1, 'a'), (2, NULL);
CREATE TABLE bomb (id INTEGER PRIMARY KEY, big BLOB AS (zeroblob(900000000)), name TEXT);
INSERT INTO bomb (id, name) VALUES (1, 'small'), (2, NULL);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = sql || ' STRICT' WHERE name = 'strict_lie';
UPDATE sqlite_schema SET sql = replace(sql, 'a TEXT', 'a TEXT NOT NULL') WHERE name = 'not_null_lie';
