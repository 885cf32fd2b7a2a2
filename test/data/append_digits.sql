-- Numbers as text, some of more digits than a column of two decimal places keeps.
CREATE TABLE bill (id INTEGER PRIMARY KEY, total TEXT, paid TEXT);
INSERT INTO bill VALUES (1, '12.30', '12.3'), (2, '12.345', NULL), (3, '1e2', '1.25'), (4, '7.250', '7');
