-- Keys and indexes of every kind.
CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT COLLATE NOCASE UNIQUE,
    name TEXT, rank INTEGER, is_deleted BOOLEAN NOT NULL DEFAULT 0, CONSTRAINT name_key UNIQUE (name, rank));
CREATE INDEX account_rank ON account (rank DESC, name);
CREATE UNIQUE INDEX account_live ON account (name) WHERE is_deleted = 0;
CREATE INDEX account_lower ON account (lower(name));
CREATE INDEX account_sum ON account (rank + 1);
CREATE TABLE nullable (k TEXT PRIMARY KEY, v);
CREATE TABLE composite (a INTEGER, b INTEGER, c TEXT, PRIMARY KEY (b, a));
CREATE TABLE keyed (k TEXT PRIMARY KEY, v INTEGER) WITHOUT ROWID;
INSERT INTO account (email, name, rank, is_deleted) VALUES
    ('A@x.org', 'ann', 1, 0), ('b@x.org', 'ann', 2, 1), (NULL, 'bob', NULL, 0);
DELETE FROM account WHERE id = 3;
INSERT INTO nullable VALUES ('a', 1), (NULL, 2), (NULL, 3);
INSERT INTO composite VALUES (1, 2, 'x'), (2, 1, 'y');
INSERT INTO keyed VALUES ('z', 26), ('a', 1);
