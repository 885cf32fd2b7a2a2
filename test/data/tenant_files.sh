#!/usr/bin/env bash
# Makes, of DIR/tenants.db, a file of its second tenant, one of all others, the first one as it is a
# week later, and one of an application whose orders lack the tenant of their customers.
set -euo pipefail
directory=$1

# part NAME CONDITION: the rows of the tenants that the condition on account_id lets in.
part() {
    local file=$directory/$1.db
    [ "$directory/tenants.db" -nt "$file" ] || [ "${BASH_SOURCE[0]}" -nt "$file" ] || return 0
    rm -f "$file"
    cp "$directory/tenants.db" "$file"
    sqlite3 -batch -bail -init /dev/null "$file" >/dev/null <<SQL
PRAGMA foreign_keys = OFF;
DELETE FROM accounts WHERE NOT (SELECT $2 FROM (SELECT accounts.id AS account_id));
DELETE FROM users WHERE NOT ($2);
DELETE FROM projects WHERE NOT ($2);
DELETE FROM settings WHERE NOT ($2);
DELETE FROM invoices WHERE NOT ($2);
DELETE FROM invoice_lines WHERE NOT ($2);
DELETE FROM coupons WHERE NOT ($2);
DELETE FROM tasks WHERE project_slug NOT IN (SELECT slug FROM projects);
DELETE FROM comments WHERE coalesce(task_id NOT IN (SELECT id FROM tasks), user_id NOT IN (SELECT id FROM users));
DELETE FROM reactions WHERE comment_id NOT IN (SELECT id FROM comments);
DELETE FROM reaction_log WHERE comment_id NOT IN (SELECT id FROM comments);
DELETE FROM uses WHERE code NOT IN (SELECT code FROM coupons);
${3-}
SQL
    touch "$file"
}

part tenants_one 'account_id = 2'
part tenants_others 'account_id <> 2'
part tenants_one_later 'account_id = 2' "
UPDATE comments SET body = body || '!' WHERE id % 5 = 0;
DELETE FROM reaction_log WHERE (comment_id, user_id) IN (SELECT comment_id, user_id FROM reactions WHERE comment_id BETWEEN 100 AND 130);
DELETE FROM reactions WHERE comment_id BETWEEN 100 AND 130;
DELETE FROM comments WHERE id BETWEEN 100 AND 110;
INSERT INTO comments SELECT 9000 + id, id, NULL, 'later' FROM tasks WHERE id < 20;
DELETE FROM countries WHERE code = 'fr';
UPDATE users SET country = NULL WHERE country = 'fr';
INSERT INTO countries VALUES ('it', 'Italy');"

file=$directory/tenant_orders.db
if [ "${BASH_SOURCE[0]}" -nt "$file" ]; then
    rm -f "$file"
    sqlite3 -batch -bail -init /dev/null "$file" >/dev/null <<'SQL'
CREATE TABLE Customers (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, name TEXT);
CREATE TABLE Orders (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL,
    customer_id INTEGER REFERENCES Customers (id), note TEXT);
CREATE TABLE Lines (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, text TEXT);
INSERT INTO Customers VALUES (1, 7, 'Ann'), (2, 8, 'Bob');
INSERT INTO Orders VALUES (1, 7, 1, 'a'), (2, 8, 2, 'b'), (3, 8, NULL, 'c');
INSERT INTO Lines VALUES (1, 1, 'x'), (2, 3, 'y');
SQL
fi
