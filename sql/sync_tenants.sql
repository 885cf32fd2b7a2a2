-- sync_sqlite with option tenant_key: a file of one tenant in a schema that holds many.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

CREATE FUNCTION pg_temp.sync(file text, options jsonb DEFAULT '{}', tables text[] DEFAULT NULL)
    RETURNS TABLE (table_name text, inserted bigint, updated bigint, deleted bigint, unchanged bigint, notes text) LANGUAGE sql AS
$$ SELECT table_name, inserted, updated, deleted, unchanged, notes
   FROM migrate.sync_sqlite(pg_temp.file(file), 'ten', tables, NULL, '{"tenant_key": "account_id"}' || options) $$;
CREATE FUNCTION pg_temp.others() RETURNS text LANGUAGE plpgsql AS
$$ BEGIN RETURN (
    SELECT md5(string_agg(r, chr(10) ORDER BY r COLLATE "C")) FROM (
    SELECT to_jsonb(t)::text FROM ten.comments t WHERE account_id <> 2 UNION ALL
    SELECT to_jsonb(t)::text FROM ten.reactions t WHERE account_id <> 2 UNION ALL
    SELECT to_jsonb(t)::text FROM ten.reaction_log t WHERE account_id <> 2 UNION ALL
    SELECT to_jsonb(t)::text FROM ten.users t WHERE account_id <> 2 UNION ALL
    SELECT to_jsonb(t)::text FROM ten.countries t WHERE code <> 'it') q (r)); END $$;
SELECT count(*) FROM migrate.import_sqlite(pg_temp.file('tenants.db'), 'ten', options => '{"tenant_key": "account_id"}');
ALTER TABLE ten.reaction_log ADD PRIMARY KEY (account_id, comment_id, user_id);
SELECT pg_temp.others() AS others \gset
-- Nothing has changed: of the whole file, and of one tenant's.
SELECT bool_and(inserted + updated + deleted = 0), sum(unchanged) FROM pg_temp.sync('tenants.db', '{"delete": true}');
SELECT * FROM pg_temp.sync('tenants_one.db', '{"delete": true}');
-- The tenant's file of later; without deletes, then with them. Global rows stay.
SELECT * FROM pg_temp.sync('tenants_one_later.db', '{"dry_run": true}', '{comments,reactions,countries,accounts}');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.sync('tenants_one_later.db', '{"delete": true, "delete_limit": 10}') $$);
SELECT * FROM pg_temp.sync('tenants_one_later.db', '{"delete": true}');
SELECT bool_and(inserted + updated + deleted = 0) FROM pg_temp.sync('tenants_one_later.db', '{"delete": true}');
SELECT pg_temp.others() = :'others' AS is_untouched;
SELECT table_name, source_rows, target_rows, matches, detail FROM migrate.verify_sqlite(pg_temp.file('tenants_one_later.db'), 'ten');
-- The others' file leaves that tenant alone, and back to where all began.
SELECT bool_and(inserted + deleted = 0), sum(updated) FROM pg_temp.sync('tenants_others.db', '{"delete": true}');
SELECT table_name, inserted, updated, deleted FROM pg_temp.sync('tenants.db', '{"delete": true}') WHERE inserted + updated + deleted > 0;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('tenants.db'), 'ten', options => '{"subset": false}') WHERE NOT matches OR detail <> '';
-- No tenant loses all its rows of a table.
DELETE FROM ten.settings WHERE account_id <> 2;
INSERT INTO ten.coupons (account_id, id, code) VALUES (2, 70, 'x'), (1, 70, 'y');
DELETE FROM ten.uses WHERE account_id = 2;
UPDATE ten.coupons SET id = id + 100 WHERE account_id = 2;
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.sync('tenants_one.db', '{"delete": true, "delete_limit": "100%"}', '{coupons}') $$);
DELETE FROM ten.coupons WHERE account_id = 2;
-- A key that does not hold the tenant: the column tells all the same.
ALTER TABLE ten.reaction_log DROP CONSTRAINT reaction_log_pkey, ADD PRIMARY KEY (comment_id, user_id);
DELETE FROM ten.reaction_log WHERE account_id = 2 AND comment_id > 400;
SELECT * FROM pg_temp.sync('tenants_one_later.db', '{"delete": true, "delete_limit": "50%"}', '{reaction_log}');
SELECT account_id, count(*) FROM ten.reaction_log GROUP BY 1 ORDER BY 1;
-- A table that has no column of tenants loses nothing.
ALTER TABLE ten.uses DROP account_id CASCADE, ADD PRIMARY KEY (id);
SELECT * FROM pg_temp.sync('tenants_one.db', '{"delete": true, "foreign_keys": false}', '{uses}');
SELECT * FROM pg_temp.error_of($$ SELECT * FROM pg_temp.sync('tenants_one.db', '{"watermark": "id"}', '{comments}') $$);
DROP SCHEMA ten CASCADE;
