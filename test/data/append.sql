-- A small application's database, whose tables a PostgreSQL schema of its own has already: a tree,
-- two tables that refer to each other, and values that SQLite keeps as text or numbers.
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('a1b2c3');
CREATE TABLE "Category" (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES "Category" (id), name TEXT NOT NULL);
INSERT INTO "Category" VALUES (1, 3, 'Tea'), (2, 1, 'Green tea'), (3, NULL, 'Drinks'), (4, 2, 'Sencha');
CREATE TABLE department (id INTEGER PRIMARY KEY, name TEXT NOT NULL, head_id INTEGER REFERENCES employee (id));
CREATE TABLE employee (id INTEGER PRIMARY KEY, name TEXT NOT NULL, department_id INTEGER NOT NULL REFERENCES department (id));
INSERT INTO department VALUES (1, 'Sales', 2), (2, 'Stock', NULL), (3, 'Board', 1);
INSERT INTO employee VALUES (1, 'Ann', 3), (2, 'Bob', 1), (3, 'Cem', 2);
CREATE TABLE product (
    id INTEGER PRIMARY KEY,
    category_id INTEGER REFERENCES "Category" (id),
    sku TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL DEFAULT 'new',
    price DECIMAL,
    tags TEXT,
    details TEXT,
    address TEXT,
    created_at DATETIME,
    changed_at INTEGER,
    label TEXT GENERATED ALWAYS AS (sku || '!') VIRTUAL
);
INSERT INTO product (id, category_id, sku, state, price, tags, details, address, created_at, changed_at) VALUES
    (10, 2, 'A-1', 'new', 12.5, '["green", "a, \"b\""]', '{"a": [1, 2]}', '10.0.0.1', '2024-02-29 12:34:56.789654', 1709210096789),
    (11, 4, 'A-2', 'sold', '7.25', '[]', NULL, '::1', '2024-03-01T00:00:00Z', 1709251200000),
    (12, NULL, 'B-1', 'new', NULL, NULL, '[]', NULL, NULL, NULL);
CREATE INDEX product_state ON product (state);
CREATE TABLE "line" (product_id INTEGER NOT NULL REFERENCES product (id), place INTEGER NOT NULL, note TEXT, PRIMARY KEY (product_id, place));
INSERT INTO "line" VALUES (10, 1, 'one'), (10, 2, 'two'), (11, 1, NULL);
CREATE VIEW cheap AS SELECT * FROM product WHERE price < 10;
