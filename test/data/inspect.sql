-- Columns whose values say more, or something else, than their declarations.
CREATE TABLE mixed (id INTEGER PRIMARY KEY, stamp TEXT NOT NULL, flag INTEGER, doc TEXT, code TEXT,
    amount INTEGER, born TEXT, size NUMERIC, any_a, lone TEXT);
INSERT INTO mixed VALUES
    (1, '2024-01-02 03:04:05', 0, '{"a": 1}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 1, '2024-01-02', 1, 1, NULL),
    (2, '2024-01-02T03:04:05Z', 1, '[]', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', 'many', '2024-02-29', 2.5, 'x', NULL),
    (3, '2024-01-03 03:04:05.5', NULL, NULL, NULL, x'00', NULL, NULL, x'00', NULL);
CREATE TABLE no_rows (a INTEGER, b TEXT);
CREATE TABLE keyed (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
INSERT INTO keyed VALUES ('1', 1), ('2', 0);
