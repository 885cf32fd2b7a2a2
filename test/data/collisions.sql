-- Keys that hold in SQLite and not in PostgreSQL: texts that are one time, letters that are one
-- letter in lower case; and foreign keys between columns of different types.
CREATE TABLE moment (id INTEGER PRIMARY KEY, happened DATETIME UNIQUE);
INSERT INTO moment VALUES (1, '2024-01-01 00:00:00'), (2, '2024-01-01T00:00:00Z'), (3, '2024-01-02 00:00:00'), (4, NULL), (5, NULL);
CREATE TABLE day (day DATE PRIMARY KEY, v INTEGER);
INSERT INTO day VALUES ('2024-01-01', 1), ('2024-01-01 00:00:00', 2);
CREATE TABLE word (id INTEGER PRIMARY KEY, w TEXT COLLATE NOCASE UNIQUE);
INSERT INTO word VALUES (1, 'ÉCOLE'), (2, 'école'), (3, 'Ecole');
CREATE TABLE to_day (id INTEGER PRIMARY KEY, day DATE REFERENCES day (day));
INSERT INTO to_day VALUES (1, '2024-01-01');
CREATE TABLE thing (code INTEGER PRIMARY KEY);
INSERT INTO thing VALUES (1), (2);
CREATE TABLE use (id INTEGER PRIMARY KEY, thing_code TEXT REFERENCES thing (code));
INSERT INTO use VALUES (1, '1'), (2, '2'), (3, NULL);
CREATE TABLE label (code VARCHAR(2) PRIMARY KEY);
INSERT INTO label VALUES ('a'), ('long');
CREATE TABLE labelled (id INTEGER PRIMARY KEY, code VARCHAR(2) REFERENCES label);
INSERT INTO labelled VALUES (1, 'a');
CREATE TABLE emptied (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
INSERT INTO emptied VALUES (41, 'x');
DELETE FROM emptied;
