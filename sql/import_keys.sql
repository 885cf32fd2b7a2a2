-- Primary and unique keys, indexes with predicates, expressions and DESC, identities.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

SELECT table_name, rows_read, rows_loaded, rows_rejected, notes
FROM migrate.import_sqlite(pg_temp.file('indexes.db'), schema => 'keys');

SELECT * FROM pg_temp.columns_of('keys');
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'keys'::regnamespace AND contype IN ('p', 'u') ORDER BY 1::text, 2;
SELECT indexdef FROM pg_indexes WHERE schemaname = 'keys' ORDER BY tablename, indexname;

-- The identity goes on after sqlite_sequence, not after the highest key that is left.
INSERT INTO keys.account (name) VALUES ('new') RETURNING id, is_deleted;
-- NOCASE uniqueness holds.
INSERT INTO keys.account (email) VALUES ('B@X.ORG');

-- Only the row that this test added differs.
SELECT table_name, source_rows, target_rows, matches, detail FROM migrate.verify_sqlite(pg_temp.file('indexes.db'), schema => 'keys');
DROP SCHEMA keys CASCADE;

-- Kinds of objects can be left out.
SELECT table_name FROM migrate.import_sqlite(pg_temp.file('indexes.db'), schema => 'bare',
    options => '{"constraints": false, "indexes": false, "defaults": false, "sequences": false}');
SELECT count(*) FROM pg_constraint WHERE connamespace = 'bare'::regnamespace AND contype IN ('p', 'u');
SELECT count(*) FROM pg_indexes WHERE schemaname = 'bare';
SELECT * FROM pg_temp.columns_of('bare');
SELECT object_type, source_name, status, reason
FROM migrate.report(pg_temp.last_run()) WHERE status <> 'imported';
DROP SCHEMA bare CASCADE;
