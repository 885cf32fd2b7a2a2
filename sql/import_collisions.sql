-- Keys that hold in SQLite and not in PostgreSQL: never a row is lost for them.
\getenv srcdir PG_ABS_SRCDIR
\set helpers :srcdir '/test/regress_helpers.sql'
\i :helpers

SELECT table_name, rows_read, rows_loaded, notes FROM migrate.import_sqlite(pg_temp.file('collisions.db'), schema => 'collide');
SELECT * FROM pg_temp.columns_of('collide');
SELECT conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'collide'::regnamespace AND contype <> 'n' ORDER BY 1::text, 2;
SELECT indexdef FROM pg_indexes WHERE schemaname = 'collide' ORDER BY tablename, indexname;
SELECT object_type, source_name, status, reason FROM migrate.report(pg_temp.last_run()) WHERE status <> 'imported';
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('collisions.db'), schema => 'collide');
-- A sequence goes on where a table was emptied.
INSERT INTO collide.emptied DEFAULT VALUES RETURNING id;
DROP SCHEMA collide CASCADE;

-- citext: the column itself compares without case.
SELECT * FROM pg_temp.error_of($$ SELECT * FROM migrate.import_sqlite(pg_temp.file('indexes.db'), schema => 'ci', options => '{"nocase": "citext"}') $$);
CREATE SCHEMA "In Here";
CREATE EXTENSION citext SCHEMA "In Here";
SELECT table_name, notes FROM migrate.import_sqlite(pg_temp.file('indexes.db'), schema => 'ci', tables => '{account}', options => '{"nocase": "citext"}');
SELECT * FROM pg_temp.columns_of('ci');
SELECT indexdef FROM pg_indexes WHERE schemaname = 'ci' ORDER BY indexname;
SELECT table_name, matches, detail FROM migrate.verify_sqlite(pg_temp.file('indexes.db'), schema => 'ci', tables => '{account}');
INSERT INTO ci.account (email) VALUES ('B@X.ORG');
DROP SCHEMA ci CASCADE;
DROP SCHEMA "In Here" CASCADE;
