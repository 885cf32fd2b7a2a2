-- Rows whose tenant is not known, or not the one of the rows they refer to; what is right beside it.
CREATE TABLE team (id TEXT PRIMARY KEY, org TEXT COLLATE NOCASE);
CREATE TABLE member (team_id TEXT REFERENCES team (id), name TEXT, org TEXT, UNIQUE (team_id, name));
CREATE TABLE badge (number INTEGER PRIMARY KEY, team_id TEXT REFERENCES team (id),
    name TEXT, FOREIGN KEY (team_id, name) REFERENCES member (team_id, name));
CREATE TABLE reply (id INTEGER PRIMARY KEY, team_id TEXT REFERENCES team, up INTEGER REFERENCES reply);
INSERT INTO team VALUES ('a', 'Ant'), ('b', 'Bee'), ('c', NULL), ('d', 'ant');
INSERT INTO member VALUES ('a', 'Ann', 'Ant'), ('b', 'Bob', 'Ant'), ('d', 'Dan', 'Ant'),
    (NULL, 'Eve', NULL), ('zz', 'Zoe', 'Bee');
INSERT INTO badge VALUES (1, 'a', 'Ann'), (2, 'b', 'Bob'), (3, NULL, 'x'), (4, 'zz', 'Zoe'), (5, 'c', NULL);
INSERT INTO reply VALUES (1, 'a', NULL), (2, 'b', 1), (3, NULL, 1);
