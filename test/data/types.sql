-- A table for each row of the table of types, with values that fit and that are easily lost.
CREATE TABLE integers (id INTEGER PRIMARY KEY, a INT, b TINYINT, c "UNSIGNED BIG INT", d INT8);
INSERT INTO integers VALUES (1, 9223372036854775807, 0, -1, 3.0),
    (2, -9223372036854775808, NULL, 4294967296, '12'), (-3, 0, 1, NULL, NULL);
CREATE TABLE no_identity (a INT PRIMARY KEY, b INTEGER); -- INT is not INTEGER: no alias of the rowid
INSERT INTO no_identity VALUES (5, 6);
CREATE TABLE empty_identity (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE negative_identity (id INTEGER PRIMARY KEY);
INSERT INTO negative_identity VALUES (-5);
CREATE TABLE last_identity (id INTEGER PRIMARY KEY);
INSERT INTO last_identity VALUES (9223372036854775807);
CREATE TABLE booleans (a BOOL, b BOOLEAN);
INSERT INTO booleans VALUES (0, 'f'), (1, 'TRUE'), ('No', 'Off'), ('yes', 'on'), ('t', NULL), (1.0, 'False');
CREATE TABLE dates (a DATE, b DATE);
INSERT INTO dates VALUES ('2024-02-29', '2024-02-29 00:00:00'), ('0001-01-01', '9999-12-31T00:00:00.000'),
    (NULL, NULL);
CREATE TABLE moments (a DATETIME, b TIMESTAMP, c "TIMESTAMP WITH TIME ZONE");
INSERT INTO moments VALUES ('2024-02-29 23:59:59', '2024-02-29T23:59:59Z', '2024-02-29 23:59:59+05:30'),
    ('2024-02-29 23:59:59.123456', '2024-02-29T23:59:59.000001-08:00', '1883-11-18 12:00'),
    ('2024-02-29', '0001-01-01 00:00:00', NULL);
CREATE TABLE times (a TIME);
INSERT INTO times VALUES ('23:59'), ('00:00:00'), ('12:30:00.25'), (NULL);
CREATE TABLE decimals (a DECIMAL(10, 2), b NUMERIC(5), c NUMERIC, d MONEY, e NUMBER);
INSERT INTO decimals VALUES (12345678.25, 12345, 0.1, 1e20, 9007199254740993),
    (-0.5, -99999, 1e-7, 123456789.125, '0.30'), (0, NULL, 1e300, 100, -0.0);
CREATE TABLE reals (a REAL, b FLOAT, c "DOUBLE PRECISION");
INSERT INTO reals VALUES (0.1, 1e308, 9e999), (-0.0, 5e-324, -9e999), (3, 0.30000000000000004, 1.0);
CREATE TABLE texts (a VARCHAR(5), b CHAR(3), c NVARCHAR(4), d "VARYING CHARACTER(20)", e TEXT, f CLOB, g STRING, h CHARACTER);
INSERT INTO texts VALUES ('grüße', 'a  ', '日本語', 'x', '', 'clob', 'word', 'y'),
    ('', 'abc', 12, NULL, 1.5, 7, '007', NULL);
CREATE TABLE documents (a JSON, b JSONB, c JSON, d JSON);
INSERT INTO documents VALUES ('{"b": 1, "a": [true, null, "é"]}', '[1.50, 2]', '{"k": 1, "k": 2}', '{no'),
    ('"text"', '{}', '[1e400]', '[]');
CREATE TABLE uuids (a UUID, b GUID, c UNIQUEIDENTIFIER);
INSERT INTO uuids VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}',
    x'a0eebc999c0b4ef8bb6d6bb9bd380a11'), ('a0eebc999c0b4ef8bb6d6bb9bd380a11', NULL, NULL);
CREATE TABLE bytes (a BLOB, b "LONG BLOB");
INSERT INTO bytes VALUES (x'', x'00ff5c27'), ('text', 'naïve'), (NULL, x'00');
CREATE TABLE undeclared (i, r, n, t, b, mixed, any_b ANY, nulls, odd GEOMETRY);
INSERT INTO undeclared VALUES (1, 1.5, 1, 'one', x'01', 1, x'ff', NULL, 'POINT(1 2)'),
    (2, 2.25, 0.1, 'two', x'02', 'two', 'text', NULL, NULL);
CREATE TABLE strict_one (id INTEGER PRIMARY KEY, a INT, b REAL, c TEXT, d BLOB, e ANY) STRICT;
INSERT INTO strict_one VALUES (1, 2, 3, 4, x'05', 6), (2, NULL, NULL, NULL, NULL, '7');
-- Widened: by their values alone, not to text at once.
CREATE TABLE widened (a INTEGER, b DATE, c BOOLEAN, d INTEGER, e UUID, f DATETIME, g INTEGER);
INSERT INTO widened VALUES (1, 20240229, 2, x'00ff', 'none', '2024-02-29', '2024-02-29'),
    (2.5, 20240301, 0, x'01', '1', 'soon', '2024-03-01');
