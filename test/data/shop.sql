-- A sample shop as a web application leaves it behind: sqlite3 shop.db < test/data/shop.sql
--
-- Read by `make demo` and by the tests. The same on every run: rows come from recursive CTEs and
-- arithmetic, never from random() or the clock. Needs SQLite 3.38 with FTS5 (Debian 12 has 3.40).
-- What makes it like the files that people have:
--   keys        AUTOINCREMENT ahead of max(id), composite and WITHOUT ROWID, self-referencing,
--               actions, a deferred one, text keys
--   columns     NOCASE, BOOLEAN, DATE, DATETIME as text and as Unix milliseconds, TIME,
--               DECIMAL(10,2), JSON, UUID, BLOB, generated, an undeclared one
--   indexes     partial UNIQUE, DESC, lower(...), several columns, a collation
--   others      a view with join and aggregate, one that has no translation, triggers, FTS5
--   dirty       the last section: values and rows that their declarations do not allow
PRAGMA foreign_keys = OFF;
PRAGMA page_size = 4096;
BEGIN;

CREATE TABLE customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL COLLATE NOCASE UNIQUE,
    first_name VARCHAR(40) NOT NULL,
    last_name VARCHAR(40) NOT NULL,
    phone VARCHAR(20),
    birthday DATE,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    wants_newsletter BOOLEAN DEFAULT 'f',
    credit DECIMAL(10, 2) NOT NULL DEFAULT 0.00,
    settings JSON DEFAULT '{}',
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT customers_email_check CHECK (email LIKE '%_@_%')
);

CREATE TABLE addresses (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    kind TEXT NOT NULL DEFAULT 'home' CHECK (kind IN ('home', 'work', 'delivery')),
    street TEXT NOT NULL,
    postcode CHAR(5) NOT NULL,
    city TEXT NOT NULL,
    country CHAR(2) NOT NULL DEFAULT 'DE',
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION
);

CREATE TABLE categories (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES categories ON UPDATE CASCADE ON DELETE SET NULL
        DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL DEFAULT 0,
    UNIQUE (parent_id, name)
);

CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    uuid UUID NOT NULL UNIQUE,
    category_id INTEGER NOT NULL REFERENCES categories (id) ON DELETE RESTRICT,
    sku VARCHAR(12) NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT,
    price DECIMAL(10, 2) NOT NULL CHECK (price >= 0),
    tax_rate REAL NOT NULL DEFAULT 0.19,
    gross_price DECIMAL(12, 4) GENERATED ALWAYS AS (price * 1.25) STORED,
    label TEXT GENERATED ALWAYS AS (sku || ': ' || name) VIRTUAL,
    weight_g INT,
    attributes JSON,
    picture BLOB,
    is_listed BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE stock (
    product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    warehouse TEXT NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 0,
    counted_at DATETIME,
    opens_at TIME,
    PRIMARY KEY (product_id, warehouse)
) WITHOUT ROWID;

CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL UNIQUE,
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON UPDATE CASCADE ON DELETE RESTRICT,
    address_id INTEGER REFERENCES addresses (id) ON DELETE SET NULL,
    status TEXT NOT NULL DEFAULT 'new'
        CHECK (status IN ('new', 'paid', 'shipped', 'delivered', 'cancelled')),
    total DECIMAL(10, 2) NOT NULL DEFAULT 0,
    note TEXT,
    ordered_at DATETIME NOT NULL, -- Unix milliseconds, as Prisma writes them
    shipped_at DATETIME,
    CHECK (shipped_at IS NULL OR shipped_at >= ordered_at)
);

CREATE TABLE order_items (
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    product_id INTEGER NOT NULL REFERENCES products (id),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 100),
    unit_price DECIMAL(10, 2) NOT NULL,
    amount DECIMAL(12, 2) AS (quantity * unit_price) VIRTUAL,
    PRIMARY KEY (order_id, line)
) WITHOUT ROWID;

CREATE TABLE payments (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders ON DELETE NO ACTION,
    method TEXT NOT NULL CHECK (method IN ('card', 'transfer', 'invoice')),
    amount MONEY NOT NULL,
    reference, -- no type declared: card payments have a text, transfers a number
    paid_at TIMESTAMP NOT NULL DEFAULT (datetime('now'))
);

CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    customer_id INTEGER REFERENCES customers (id) ON DELETE SET NULL,
    rating TINYINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    title TEXT COLLATE NOCASE,
    body TEXT NOT NULL DEFAULT '',
    is_published BOOLEAN NOT NULL DEFAULT 0,
    written_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);

CREATE TABLE shop_settings (name TEXT PRIMARY KEY NOT NULL, value TEXT) STRICT, WITHOUT ROWID;

CREATE INDEX addresses_customer_id ON addresses (customer_id);
CREATE INDEX customers_name ON customers (last_name COLLATE NOCASE, first_name);
CREATE INDEX orders_customer_date ON orders (customer_id, ordered_at DESC);
CREATE INDEX orders_open ON orders (ordered_at) WHERE status IN ('new', 'paid');
CREATE INDEX order_items_product_id ON order_items (product_id);
CREATE INDEX payments_order_id ON payments (order_id);
CREATE INDEX products_name_lower ON products (lower(name));
CREATE INDEX products_color ON products (json_extract(attributes, '$.color'));
CREATE UNIQUE INDEX reviews_once ON reviews (product_id, customer_id) WHERE is_published = 1;
CREATE INDEX reviews_latest ON reviews (product_id, written_at DESC);

INSERT INTO customers (id, email, first_name, last_name, phone, birthday, is_active,
                       wants_newsletter, credit, settings, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120),
first (i, name) AS (VALUES (0, 'Anna'), (1, 'Björn'), (2, 'Chloé'), (3, 'Dmitri'), (4, 'Élodie'),
    (5, 'Fatma'), (6, 'Güneş'), (7, 'Hana'), (8, 'Ivo'), (9, 'João'), (10, '美咲')),
last (i, name) AS (VALUES (0, 'Müller'), (1, 'O''Brien'), (2, 'Łukasz'), (3, 'de la Cruz'),
    (4, 'Nguyễn'), (5, 'Smith'), (6, 'Öztürk'))
SELECT n.i,
    CASE n.i % 3 WHEN 0 THEN 'Customer' ELSE 'customer' END || n.i || '@example.'
        || CASE n.i % 4 WHEN 0 THEN 'ORG' ELSE 'com' END,
    first.name, last.name,
    CASE WHEN n.i % 5 > 0 THEN printf('+49 30 %06d', n.i * 7919 % 1000000) END,
    CASE WHEN n.i % 7 > 0 THEN date('1950-01-01', '+' || (n.i * 331 % 20000) || ' days') END,
    n.i % 11 > 0,
    CASE n.i % 4 WHEN 0 THEN 1 WHEN 1 THEN 't' WHEN 2 THEN 'no' ELSE 0 END,
    round(n.i * 1.21, 2),
    CASE WHEN n.i % 6 > 0
        THEN json_object('language', CASE n.i % 2 WHEN 0 THEN 'de' ELSE 'en' END, 'page_size',
                         n.i % 3 * 10 + 10, 'tags', json_array('a', n.i)) END,
    datetime('2021-03-01 08:00:00', '+' || (n.i * 61331) || ' minutes', '-' || n.i || ' seconds')
FROM n JOIN first ON first.i = n.i % 11 JOIN last ON last.i = n.i % 7;

INSERT INTO addresses (id, customer_id, kind, street, postcode, city, country, latitude, longitude)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150),
town (i, postcode, name, country, latitude, longitude) AS (VALUES
    (0, '10115', 'Berlin', 'DE', 52.5323, 13.3846), (1, '01067', 'Dresden', 'DE', 51.0504, 13.7373),
    (2, '75001', 'Paris', 'FR', 48.8625, 2.3364), (3, '1010 ', 'Wien', 'AT', 48.2082, 16.3738),
    (4, '00100', 'Roma', 'IT', 41.8933, 12.4829))
SELECT n.i, (n.i - 1) % 120 + 1,
    CASE WHEN n.i <= 120 THEN 'home' WHEN n.i % 2 = 0 THEN 'work' ELSE 'delivery' END,
    'Straße ' || n.i || char(10) || 'c/o "Post"', town.postcode, town.name, town.country,
    town.latitude + n.i / 1000.0, town.longitude - n.i / 3.0
FROM n JOIN town ON town.i = n.i % 5;

INSERT INTO categories (id, parent_id, name, slug, position) VALUES
    (1, NULL, 'Books', 'books', 1), (2, 1, 'Novels', 'books/novels', 1),
    (3, 1, 'Science', 'books/science', 2), (4, NULL, 'Tea', 'tea', 2),
    (5, 4, 'Green', 'tea/green', 1), (6, 4, 'Black', 'tea/black', 2),
    (7, NULL, 'Games', 'games', 3), (8, 7, 'Board & card', 'games/board', 1),
    (9, 8, 'For two', 'games/board/two', 1);

INSERT INTO products (id, uuid, category_id, sku, name, description, price, tax_rate, weight_g,
                      attributes, picture, is_listed, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60),
color (i, name) AS (VALUES (0, 'red'), (1, 'green'), (2, 'dark "blue"'), (3, NULL))
SELECT n.i,
    printf('%08x-%04x-4%03x-a%03x-%012x', n.i * 2654435761 % 4294967296, n.i * 40503 % 65536,
           n.i, n.i * 7 % 4096, n.i * 1099511628211 % 281474976710656),
    n.i % 9 + 1, printf('SKU-%05d', n.i * 37), 'Product №' || n.i,
    CASE WHEN n.i % 8 > 0 THEN 'All about product ' || n.i || '. It''s 100 % "good".' END,
    round(n.i * 3.33, 2), CASE WHEN n.i % 9 + 1 <= 6 THEN 0.07 ELSE 0.19 END,
    CASE WHEN n.i % 6 > 0 THEN n.i * 25 END,
    CASE WHEN n.i % 10 > 0
        THEN json_object('color', color.name, 'size', json_array(n.i, n.i / 2.0), 'is_new',
                         json(CASE n.i % 2 WHEN 0 THEN 'true' ELSE 'false' END)) END,
    CASE WHEN n.i % 4 = 0 THEN CAST(x'89504e470d0a1a0a00' || char(n.i) AS BLOB) END,
    n.i % 13 > 0,
    strftime('%Y-%m-%dT%H:%M:%fZ', '2022-02-28 22:00:00.125', '+' || (n.i * 9) || ' hours')
FROM n JOIN color ON color.i = n.i % 4;

INSERT INTO stock (product_id, warehouse, quantity, counted_at, opens_at)
SELECT products.id, place.name, (products.id * place.factor) % 50,
    CASE WHEN products.id % 3 > 0
        THEN strftime('%Y-%m-%d %H:%M:%f', '2024-02-29 17:30:00.5',
                      '+' || products.id || ' minutes') || place.zone END,
    place.opens
FROM products, (SELECT 'Berlin' AS name, 7 AS factor, '+01:00' AS zone, '07:30' AS opens
    UNION ALL SELECT 'Wrocław', 11, '', '08:00:00.5') AS place
WHERE products.id % 2 = 0 OR place.name = 'Berlin';

INSERT INTO orders (id, number, customer_id, address_id, status, note, ordered_at, shipped_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200),
state (i, name) AS (VALUES (0, 'delivered'), (1, 'shipped'), (2, 'paid'), (3, 'new'),
    (4, 'cancelled'))
SELECT n.i, printf('R-%04d-%05d', 2023 + n.i / 120, n.i), n.i * 17 % 120 + 1,
    CASE WHEN n.i % 9 > 0 THEN n.i * 17 % 120 + 1 END, state.name,
    CASE n.i % 12 WHEN 0 THEN 'Bitte klingeln' WHEN 5 THEN '' END,
    1672531200000 + n.i * 172800123,
    CASE WHEN state.i < 2 THEN 1672531200000 + n.i * 172800123 + 86400000 END
FROM n JOIN state ON state.i = n.i % 5;

INSERT INTO order_items (order_id, line, product_id, quantity, unit_price)
SELECT orders.id, line.i, products.id, (orders.id + line.i) % 4 + 1, products.price
FROM orders
JOIN (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3) AS line ON line.i <= orders.id % 3 + 1
JOIN products ON products.id = (orders.id * 7 + line.i * 13) % 60 + 1;

UPDATE orders SET total = (SELECT round(sum(quantity * unit_price), 2) FROM order_items
    WHERE order_id = orders.id);

INSERT INTO payments (id, order_id, method, amount, reference, paid_at)
SELECT orders.id + 1000, orders.id,
    CASE orders.id % 3 WHEN 0 THEN 'card' WHEN 1 THEN 'transfer' ELSE 'invoice' END, total,
    CASE orders.id % 3 WHEN 0 THEN printf('tok_%08x', orders.id * 2654435761 % 4294967296)
        WHEN 1 THEN orders.id * 100003 END,
    datetime(ordered_at / 1000 + 3600, 'unixepoch')
FROM orders WHERE status IN ('paid', 'shipped', 'delivered');

INSERT INTO reviews (id, product_id, customer_id, rating, title, body, is_published, written_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90)
SELECT n.i, n.i % 60 + 1, CASE WHEN n.i % 10 > 0 THEN n.i * 3 % 120 + 1 END, n.i % 5 + 1,
    CASE n.i % 4 WHEN 0 THEN 'Great' WHEN 1 THEN 'GREAT' WHEN 2 THEN 'Naïve café ☕' END,
    replace(substr(quote(zeroblob((n.i % 5 + 1) * 8)), 3, (n.i % 5 + 1) * 8), '0', 'so good. '),
    n.i % 3 > 0,
    strftime('%Y-%m-%dT%H:%M:%fZ', '2023-05-05 05:05:05.055', '+' || (n.i * 31) || ' hours')
FROM n;

INSERT INTO shop_settings (name, value) VALUES
    ('currency', 'EUR'), ('locale', 'de_DE'), ('motd', 'Überraschung! 🎁'), ('closed_until', NULL);

CREATE VIEW order_totals (order_id, number, customer, items, total) AS
SELECT o.id, o.number, c.first_name || ' ' || c.last_name, count(i.line),
    coalesce(sum(i.quantity * i.unit_price), 0)
FROM orders AS o
JOIN customers AS c ON c.id = o.customer_id
LEFT JOIN order_items AS i ON i.order_id = o.id
GROUP BY o.id, o.number, c.first_name, c.last_name;

CREATE VIEW listed_products AS
SELECT id, sku, name, price FROM products WHERE is_listed = 1;

-- No equivalent in PostgreSQL: a table-valued function of SQLite, and a rowid.
CREATE VIEW product_tags AS
SELECT p.rowid, p.name, tag.key, tag.value FROM products AS p, json_each(p.attributes) AS tag;

CREATE VIRTUAL TABLE products_search
    USING fts5 (name, description, content='products', content_rowid='id');
INSERT INTO products_search (rowid, name, description) SELECT id, name, description FROM products;

CREATE TRIGGER products_search_update AFTER UPDATE OF name, description ON products BEGIN
    INSERT INTO products_search (products_search, rowid, name, description)
    VALUES ('delete', old.id, old.name, old.description);
    INSERT INTO products_search (rowid, name, description)
    VALUES (new.id, new.name, new.description);
END;

CREATE TRIGGER orders_stock_take AFTER INSERT ON order_items BEGIN
    UPDATE stock SET quantity = quantity - new.quantity
    WHERE product_id = new.product_id AND warehouse = 'Berlin';
END;

-- Ids of customers and orders that were deleted long ago are never given again.
UPDATE sqlite_sequence SET seq = 5000 WHERE name = 'customers';
UPDATE sqlite_sequence SET seq = 1042 WHERE name = 'orders';

-- Dirty: what years of ad-hoc scripts leave behind. Each statement is one thing that does not fit.
UPDATE products SET weight_g = 'ca. 300' WHERE id = 17;                    -- text in an INT column
UPDATE customers SET birthday = '' WHERE id = 23;                          -- '' is no date
UPDATE customers SET phone = '+49 30 123456, after 17:00' WHERE id = 77;   -- over VARCHAR(20)
UPDATE addresses SET postcode = 'SW1A 1AA' WHERE id = 42;                  -- over CHAR(5)
UPDATE order_items SET unit_price = 7.125 WHERE order_id = 6 AND line = 1; -- over DECIMAL(10, 2)
INSERT INTO reviews (id, product_id, customer_id, rating, title, body, written_at)
VALUES (1001, 4711, 12, 4, 'Orphan', 'The product is gone.', '2023-12-24T18:00:00.000Z');
INSERT INTO addresses (id, customer_id, street, postcode, city)
VALUES (999, 4000, 'Nowhere 1', '99999', 'Lost'); -- its customer is gone
COMMIT;
