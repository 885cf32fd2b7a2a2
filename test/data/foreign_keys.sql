-- Foreign keys as SQLite lets them be, enforcement off: orphans, parents that are missing or not
-- unique, a cycle, a self-reference, and what is carried over.
CREATE TABLE parent (id INTEGER PRIMARY KEY, code TEXT UNIQUE, plain TEXT);
CREATE TABLE child (id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES parent ON DELETE CASCADE ON UPDATE SET NULL,
    parent_code TEXT REFERENCES parent (code) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE orphan (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id));
CREATE TABLE to_missing (id INTEGER PRIMARY KEY, x INTEGER REFERENCES nowhere (id));
CREATE TABLE to_plain (id INTEGER PRIMARY KEY, x TEXT REFERENCES parent (plain));
CREATE TABLE tree (id INTEGER PRIMARY KEY, up INTEGER REFERENCES tree (id));
CREATE TABLE chicken (id INTEGER PRIMARY KEY, egg_id INTEGER REFERENCES egg (id));
CREATE TABLE egg (id INTEGER PRIMARY KEY, chicken_id INTEGER REFERENCES chicken (id));
CREATE TABLE pair (a INTEGER, b TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID;
CREATE TABLE to_pair (id INTEGER PRIMARY KEY, a INTEGER, b TEXT,
    CONSTRAINT pair_fk FOREIGN KEY (b, a) REFERENCES pair);
INSERT INTO parent VALUES (1, 'one', 'p'), (2, 'two', 'p');
INSERT INTO child VALUES (1, 1, 'two'), (2, NULL, NULL);
INSERT INTO orphan VALUES (1, 1), (2, 99), (3, 98), (4, NULL);
INSERT INTO to_missing VALUES (1, 7);
INSERT INTO to_plain VALUES (1, 'p');
INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 3);
INSERT INTO chicken VALUES (1, 1);
INSERT INTO egg VALUES (1, 1);
INSERT INTO pair VALUES (1, 'x');
INSERT INTO to_pair VALUES (1, 1, 'x'), (2, NULL, 'y');
