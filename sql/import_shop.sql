-- A whole shop: what the demo imports, all of its result but the seconds.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

SELECT table_name, rows_read, rows_loaded, rows_updated, rows_rejected, rows_skipped, notes
FROM migrate.import_sqlite(pg_temp.file('shop.db'), schema => 'shop');
SELECT * FROM pg_temp.columns_of('shop');
SELECT conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'shop'::regnamespace AND contype <> 'n' ORDER BY conrelid::regclass::text COLLATE "C", contype, conname;
SELECT indexdef FROM pg_indexes WHERE schemaname = 'shop' ORDER BY tablename COLLATE "C", indexname COLLATE "C";
SELECT object_type, source_name, target_name, status, reason FROM migrate.report(pg_temp.last_run())
WHERE object_type <> 'column' OR status <> 'imported';
SELECT relname, reltuples FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r' ORDER BY relname;
SELECT table_name, source_rows, target_rows, source_digest = target_digest AS same_digest, matches, detail
FROM migrate.verify_sqlite(pg_temp.file('shop.db'), schema => 'shop');
INSERT INTO shop.customers (email, first_name, last_name, created_at) VALUES ('new@example.org', 'N', 'N', now()) RETURNING id;
SELECT count(*), sum(total) FROM shop.order_totals;
SELECT count(*) FROM shop.listed_products;
DROP SCHEMA shop CASCADE;
