-- Views that translate, views over views, and views that do not.
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT);
CREATE TABLE sale (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, amount NUMERIC);
CREATE VIEW per_city AS SELECT c.city, count(*) AS sales, sum(s.amount) AS total
    FROM customer c LEFT JOIN sale s ON s.customer_id = c.id GROUP BY c.city;
CREATE VIEW big_city AS SELECT city FROM per_city WHERE sales > 1;
CREATE VIEW ranked AS SELECT name, row_number() OVER (ORDER BY name) AS n FROM customer;
CREATE VIEW odd AS SELECT soundex(name) AS s FROM customer;
CREATE TRIGGER sale_added AFTER INSERT ON sale BEGIN UPDATE customer SET city = city; END;
CREATE VIRTUAL TABLE search USING fts5(name, content = 'customer', content_rowid = 'id');
INSERT INTO customer VALUES (1, 'Ann', 'Rome'), (2, 'Bob', 'Rome'), (3, 'Cy', 'Oslo');
INSERT INTO sale VALUES (1, 1, 10), (2, 1, 2.5), (3, 2, 3);
