-- A multi-tenant application: tenants of their own table, tables with the tenant's column, children
-- of three levels without it, global lookup tables, and keys of every kind.
CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    owner_id INTEGER REFERENCES users (id) ON DELETE SET NULL);
CREATE TABLE countries (code TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE currencies (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    email TEXT NOT NULL UNIQUE, nick TEXT COLLATE NOCASE,
    country TEXT REFERENCES countries (code));
CREATE UNIQUE INDEX users_nick ON users (nick);
CREATE TABLE projects (id INTEGER PRIMARY KEY, account_id INTEGER REFERENCES accounts,
    slug TEXT NOT NULL, lead_id INTEGER REFERENCES users ON DELETE SET NULL ON UPDATE CASCADE,
    parent_id INTEGER REFERENCES projects (id) ON UPDATE SET NULL,
    currency TEXT REFERENCES currencies (code),
    CONSTRAINT projects_slug UNIQUE (slug));
CREATE UNIQUE INDEX projects_open ON projects (lead_id) WHERE parent_id IS NULL;
CREATE INDEX projects_lead ON projects (lead_id);
-- First level: the tenant by its project; it refers to a UNIQUE.
CREATE TABLE tasks (id INTEGER PRIMARY KEY, project_slug TEXT NOT NULL REFERENCES projects (slug),
    title TEXT, number INTEGER, before_id INTEGER REFERENCES tasks (id),
    UNIQUE (project_slug, number));
-- Second level: by its task, else by its user.
CREATE TABLE comments (id INTEGER PRIMARY KEY, task_id INTEGER REFERENCES tasks (id),
    user_id INTEGER REFERENCES users (id), body TEXT);
-- Third level, by a key of two columns.
CREATE TABLE reactions (comment_id INTEGER NOT NULL REFERENCES comments ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users, emoji TEXT NOT NULL, PRIMARY KEY (comment_id, user_id))
    WITHOUT ROWID;
-- Fourth: without a key of its own.
CREATE TABLE reaction_log (comment_id INTEGER, user_id INTEGER, at DATETIME,
    FOREIGN KEY (comment_id, user_id) REFERENCES reactions ON DELETE SET DEFAULT);
-- The tenant is the key.
CREATE TABLE settings (account_id INTEGER PRIMARY KEY REFERENCES accounts (id), theme TEXT UNIQUE);
-- Keys that hold the tenant already.
CREATE TABLE invoices (number INTEGER, account_id INTEGER, total DECIMAL(10, 2),
    PRIMARY KEY (number, account_id));
CREATE TABLE invoice_lines (id INTEGER PRIMARY KEY, account_id INTEGER, number INTEGER, text TEXT,
    FOREIGN KEY (account_id, number) REFERENCES invoices (account_id, number) ON DELETE SET NULL);
-- A column of the tenant's type, computed.
CREATE TABLE coupons (id INTEGER PRIMARY KEY, ACCOUNT_ID INTEGER NOT NULL, code TEXT UNIQUE);
CREATE TABLE uses (id INTEGER PRIMARY KEY, code TEXT NOT NULL REFERENCES coupons (code));
CREATE VIEW open_tasks AS SELECT t.*, p.lead_id FROM tasks t JOIN projects p ON p.slug = t.project_slug;
CREATE VIEW joined AS SELECT account_id, title FROM projects JOIN tasks ON project_slug = slug;

INSERT INTO accounts VALUES (1, 'Ant', NULL), (2, 'Bee', NULL), (3, 'Cat', NULL);
INSERT INTO countries VALUES ('de', 'Germany'), ('fr', 'France');
INSERT INTO currencies VALUES (1, 'EUR'), (2, 'CHF');
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
INSERT INTO users SELECT i, 1 + i % 3, 'u' || i || '@x.org', 'Nick' || i,
    CASE i % 4 WHEN 0 THEN 'de' WHEN 1 THEN 'fr' END FROM n;
UPDATE accounts SET owner_id = id + 2;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO projects SELECT i, 1 + i % 3, 'p' || i, CASE WHEN i % 5 THEN 1 + (i - 1) % 30 END,
    CASE WHEN i > 30 THEN i - 30 END, CASE i % 2 WHEN 0 THEN 'EUR' END FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
INSERT INTO tasks SELECT i, 'p' || (1 + (i - 1) % 60), 'Task ' || i, i,
    CASE WHEN i > 60 THEN i - 60 END FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
INSERT INTO comments SELECT i, CASE WHEN i % 7 THEN 1 + (i - 1) % 600 END,
    CASE WHEN i % 7 = 0 OR i % 2 = 0 THEN 1 + (i - 1) % 30 END, 'Comment ' || i FROM n;
INSERT INTO reactions SELECT id, 1 + (id - 1) % 30, char(128512 + id % 9) FROM comments WHERE id % 3;
INSERT INTO reaction_log SELECT comment_id, user_id, '2024-01-01 00:00:' || (10 + comment_id % 50)
    FROM reactions WHERE comment_id < 500;
INSERT INTO settings VALUES (1, 'dark'), (2, 'light'), (3, NULL);
INSERT INTO invoices VALUES (1, 1, 10.5), (2, 1, 20), (1, 2, 7), (1, 3, 9.99);
INSERT INTO invoice_lines SELECT rowid, account_id, number, 'line' FROM invoices;
INSERT INTO invoice_lines VALUES (9, 1, NULL, 'loose');
INSERT INTO coupons VALUES (1, 1, 'A'), (2, 2, 'B'), (3, 3, 'C');
INSERT INTO uses VALUES (1, 'A'), (2, 'B'), (3, 'A');
