-- What `make demo` runs; :shop is the path of the sample database. By hand:
--
--     sqlite3 /tmp/shop.db < test/data/shop.sql
--     psql -v shop=/tmp/shop.db -f examples/demo.sql
\set QUIET on
\pset pager off
\pset footer off
\pset null '-'
\pset format wrapped
\pset columns 118
\pset border 1

CREATE EXTENSION IF NOT EXISTS migrate;

\echo
\echo 'Columns whose values are not what they are declared as (migrate.inspect_sqlite):'
\echo
SELECT table_name, column_name, declared_type, storage_classes, target_type, suggested_type
FROM migrate.inspect_sqlite(:'shop')
WHERE suggested_type IS NOT NULL
   OR (SELECT count(*) FROM jsonb_object_keys(storage_classes - 'null')) > 1;

\echo
\echo 'The import, in one transaction with the caller''s:'
\echo '    BEGIN;'
\echo '    SELECT * FROM migrate.import_sqlite(''shop.db'', schema => ''shop'');'
\echo
BEGIN;
SELECT table_name, rows_read, rows_loaded, rows_rejected AS rejected, rows_skipped AS skipped,
       seconds, notes
FROM migrate.import_sqlite(:'shop', schema => 'shop');

\echo
\echo 'What was not taken over as it was, and why (migrate.report):'
\echo
SELECT run_id AS run FROM migrate.runs ORDER BY run_id DESC LIMIT 1 \gset
SELECT object_type, source_name, target_name, status, reason
FROM migrate.report(:run)
WHERE status <> 'imported';

\echo
\echo 'Every value compared with the file, before COMMIT (migrate.verify_sqlite):'
\echo
SELECT table_name, source_rows, target_rows, matches, left(target_digest, 12) AS digest, detail
FROM migrate.verify_sqlite(:'shop', schema => 'shop');
COMMIT;

\echo
\echo 'Committed. The tables, as PostgreSQL has them now:'
\echo
SELECT c.relname AS name,
       CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind,
       (SELECT count(*) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid) AS indexes,
       (SELECT count(*) FROM pg_constraint f
        WHERE f.conrelid = c.oid AND f.contype = 'f') AS foreign_keys,
       (SELECT count(*) FROM pg_constraint k
        WHERE k.conrelid = c.oid AND k.contype = 'c') AS checks
FROM pg_class c
WHERE c.relnamespace = 'shop'::regnamespace AND c.relkind IN ('r', 'v')
ORDER BY c.relkind, c.relname;

\echo
\echo 'And its data: the customers who bought most'
\echo
SELECT c.first_name || ' ' || c.last_name AS customer, count(DISTINCT o.id) AS orders,
       sum(i.quantity * i.unit_price) AS spent, max(o.ordered_at) AS last_order
FROM shop.customers c
JOIN shop.orders o ON o.customer_id = c.id
JOIN shop.order_items i ON i.order_id = o.id
WHERE c.is_active AND o.status <> 'cancelled'
GROUP BY c.id
ORDER BY spent DESC, c.id
LIMIT 5;

\echo
\echo 'through a view of the file; and its partial indexes'
\echo
SELECT number, customer, items, total FROM shop.order_totals ORDER BY order_id LIMIT 3;
SELECT indexname, substring(indexdef from '\(.*') AS definition
FROM pg_indexes
WHERE schemaname = 'shop' AND indexdef LIKE '% WHERE %'
ORDER BY indexname;

\echo
\echo 'The run, as migrate keeps it (migrate.runs):'
\echo
\x on
SELECT run_id, function_name, source, source_size, target_schema, run_by, tables, rows_read,
       rows_loaded, rows_rejected
FROM migrate.runs;
\x off
