-- Option tenant_key in modes append and truncate and in syncs: several files, one schema.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

-- The schema of a file's import, emptied; then every tenant of the file comes from another file.
CREATE FUNCTION pg_temp.load(file text, options jsonb DEFAULT '{}', tables text[] DEFAULT NULL)
    RETURNS TABLE (table_name text, read bigint, loaded bigint, updated bigint, skipped bigint, notes text) LANGUAGE sql AS
$$ SELECT table_name, rows_read, rows_loaded, rows_updated, rows_skipped, notes
   FROM migrate.import_sqlite(pg_temp.file(file), 'ten', tables, NULL, '{"mode": "append", "tenant_key": "account_id"}' || options) $$;
CREATE FUNCTION pg_temp.verify(file text, options jsonb DEFAULT '{}')
    RETURNS TABLE (table_name text, source bigint, target bigint, matches boolean, detail text) LANGUAGE sql AS
$$ SELECT table_name, source_rows, target_rows, matches, detail
   FROM migrate.verify_sqlite(pg_temp.file(file), 'ten', options => '{"mode": "append", "tenant_key": "account_id"}' || options) $$;
CREATE FUNCTION pg_temp.digest(OUT rows bigint, OUT digest text) LANGUAGE plpgsql AS
$$
DECLARE
    query text := (SELECT string_agg(format('SELECT %L || to_jsonb(t)::text AS r FROM %s t', oid::regclass, oid::regclass), ' UNION ALL ')
                   FROM pg_class WHERE relnamespace = 'ten'::regnamespace AND relkind = 'r');
BEGIN
    EXECUTE format('SELECT count(*), md5(string_agg(r, chr(10) ORDER BY r COLLATE "C")) FROM (%s) q', query) INTO rows, digest;
END
$$;
SELECT count(*) FROM migrate.import_sqlite(pg_temp.file('tenants.db'), 'ten', options => '{"tenant_key": "account_id"}');
SELECT * FROM pg_temp.digest() \gset whole_

-- The file of one tenant, in place of all; then the others' beside it. Global rows are there already.
SELECT * FROM pg_temp.load('tenants_one.db', '{"mode": "truncate", "verify": "digest"}');
SELECT * FROM pg_temp.verify('tenants_one.db', '{"mode": "truncate"}') WHERE NOT matches OR detail <> '';
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('tenants_others.db') $$);
SELECT step, phase, object_name, note FROM migrate.plan_sqlite(pg_temp.file('tenants_others.db'), 'ten',
    tables => '{tasks,comments,uses}', options => '{"mode": "append", "tenant_key": "account_id"}');
SELECT * FROM pg_temp.load('tenants_others.db', '{"on_conflict": "nothing"}', '{countries,currencies}');
SELECT * FROM pg_temp.load('tenants_others.db', '{"verify": "digest"}',
    '{accounts,users,projects,tasks,comments,reactions,reaction_log,settings,invoices,invoice_lines,coupons,uses}');
SELECT object_type, source_name, status, reason, source_sql FROM migrate.report(pg_temp.last_run()) WHERE source_name LIKE 'reaction_log%';
SELECT *, digest = :'whole_digest' AS is_whole FROM pg_temp.digest();
-- Of a shared table only the rows of the file are compared.
SELECT table_name, source, target, matches, detail FROM pg_temp.verify('tenants_one.db');
SELECT table_name, source, target, matches, detail FROM pg_temp.verify('tenants_others.db') WHERE table_name IN ('ten.comments', 'ten.countries');
UPDATE ten.comments SET body = 'other' WHERE (account_id, id) = (2, 1);
SELECT table_name, matches, detail FROM pg_temp.verify('tenants_one.db') WHERE NOT matches;
-- The keys of on_conflict are the target's.
SELECT table_name, loaded, updated, skipped FROM pg_temp.load('tenants_one.db', '{"on_conflict": "update"}', '{comments,reactions}');
SELECT *, digest = :'whole_digest' AS is_whole FROM pg_temp.digest();
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.load('tenants_one.db', '{"on_conflict": "update", "conflict_key": "id"}', '{comments}') $$);
-- Rows that do not fit are told before the first is loaded, and a child of the target may do without the column.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('tenant_gaps.db'), 'ten', '{team}', options => '{"mode": "append", "tenant_key": "org"}') $$);
ALTER TABLE ten.uses DROP account_id CASCADE, ADD PRIMARY KEY (id);
TRUNCATE ten.uses;
SELECT * FROM pg_temp.load('tenants_one.db', '{"verify": "digest"}', '{uses}');

-- A target's composite foreign keys fill what the file lacks, named as the target likes.
CREATE SCHEMA shop;
CREATE TABLE shop.customers (account_id bigint, id bigint, name text, PRIMARY KEY (account_id, id));
CREATE TABLE shop.orders (account_id bigint NOT NULL, id bigint, customer_account_id bigint, customer_id bigint, note text,
    PRIMARY KEY (account_id, id), FOREIGN KEY (customer_account_id, customer_id) REFERENCES shop.customers MATCH FULL);
CREATE TABLE shop.lines (order_account bigint NOT NULL, id bigint, order_id bigint NOT NULL, text text,
    PRIMARY KEY (order_account, id), FOREIGN KEY (order_account, order_id) REFERENCES shop.orders);
SELECT table_name, rows_loaded, notes FROM migrate.import_sqlite(pg_temp.file('tenant_orders.db'), 'shop',
    options => '{"mode": "append", "tenant_key": "account_id", "verify": "digest"}');
TABLE shop.orders;
TABLE shop.lines;
SELECT table_name, source_rows, target_rows, matches, detail FROM migrate.verify_sqlite(pg_temp.file('tenant_orders.db'), 'shop');
UPDATE shop.orders SET customer_account_id = NULL, customer_id = NULL WHERE id = 2;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('tenant_orders.db'), 'shop') WHERE NOT matches;
DROP SCHEMA ten, shop CASCADE;
