-- Text that PostgreSQL cannot hold: a NUL, bytes that are no UTF-8, and a neighbour that is fine.
CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO note VALUES (1, 'fine'), (2, 'a' || char(0) || 'b'),
    (3, CAST(x'61ff62' AS TEXT)), (4, 'übergröße');
CREATE TABLE latin (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO latin VALUES (1, 'plain'), (2, CAST(x'67726fdf' AS TEXT));
